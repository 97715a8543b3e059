-- depends: 0005.balanced

-- Stripe's own account of the money, as reconciliation has read it: a row a balance transaction.
-- ``amount`` and ``fee`` are signed minor units of ``currency``; ``moved`` is what it is about in the
-- currency of the payment. ``kind`` and ``reference`` name the entry that it should have in the
-- ledger; of a payment the reference is found by its payment intent.
CREATE TABLE statement (
    id text PRIMARY KEY,
    category text NOT NULL,
    about text NOT NULL,
    payment_intent text,
    kind text NOT NULL,
    reference text NOT NULL,
    amount bigint NOT NULL,
    fee bigint NOT NULL,
    currency text NOT NULL CHECK (length(currency) = 3),
    moved bigint NOT NULL,
    moved_currency text NOT NULL CHECK (length(moved_currency) = 3),
    undecided boolean NOT NULL,
    created_at text NOT NULL,
    available_at text NOT NULL,
    payout_id text
);
CREATE INDEX statement_by_payment ON statement (payment_intent);
CREATE INDEX statement_by_entry ON statement (kind, reference);
CREATE INDEX statement_by_payout ON statement (payout_id);

-- Each row of the statement with the entry that it has in the ledger, if it has one. ``corrected``: a
-- person has entered a correction for it.
CREATE VIEW statement_lines AS
SELECT
    s.*, e.id AS entry_id, e.gift_id, e.fund, e.recipient, e.amount AS entry_amount, e.currency AS entry_currency,
    EXISTS (SELECT 1 FROM entries AS c WHERE c.kind = 'correction' AND c.reference = s.id) AS corrected
FROM statement AS s
LEFT JOIN payments AS p ON p.payment_intent = s.payment_intent AND s.kind = 'gift'
LEFT JOIN entries AS e ON e.kind = s.kind AND e.reference = coalesce(p.reference, s.reference);

-- What Stripe sent to the charity's bank. ``counted`` is what its transactions add up to.
CREATE TABLE payouts (
    id text PRIMARY KEY,
    state text NOT NULL,
    amount bigint NOT NULL,
    counted bigint NOT NULL,
    currency text NOT NULL CHECK (length(currency) = 3),
    created_at text NOT NULL,
    arrives_at text NOT NULL
);

-- How far a list of Stripe's has been read, newest first: everything until ``complete_until``; of what
-- is newer, what comes before ``after``; ``newest`` is where the present walk began.
CREATE TABLE walks (
    name text PRIMARY KEY,
    complete_until text,
    newest text,
    after text
);

ALTER TABLE gifts ADD COLUMN paid_out_at text;

-- A mail that was taken by the server and came back later.
ALTER TABLE outbox ADD COLUMN bounced_at text;
