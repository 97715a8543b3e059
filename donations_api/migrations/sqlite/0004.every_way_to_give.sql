-- depends: 0003.every_way_to_give

-- SQLite cannot change a CHECK, so these tables are made anew with what is in them.

CREATE TABLE new_gifts (
    id text PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('pending', 'confirming', 'received', 'expired', 'failed')),
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL CHECK (length(currency) = 3),
    fee_cover bigint NOT NULL CHECK (fee_cover >= 0),
    frequency text NOT NULL CHECK (frequency IN ('once', 'monthly', 'reminder')),
    fund text NOT NULL,
    recipient text NOT NULL,
    language text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    anonymous boolean NOT NULL,
    message text NOT NULL,
    dedication text NOT NULL,
    consent_version text NOT NULL,
    created_at text NOT NULL,
    pledge_id text REFERENCES pledges (id),
    period text NOT NULL,
    session_id text,
    invoice_id text,
    settled_at text
);
INSERT INTO new_gifts (
    id, state, amount, currency, fee_cover, frequency, fund, recipient, language,
    name, email, anonymous, message, dedication, consent_version, created_at, period, session_id
)
SELECT
    id, state, amount, currency, 0, frequency, fund, recipient, language,
    name, email, anonymous, message, '', consent_version, created_at, '', session_id
FROM gifts;
DROP TABLE gifts;
ALTER TABLE new_gifts RENAME TO gifts;
CREATE INDEX gifts_by_time ON gifts (created_at);
CREATE INDEX gifts_by_donor ON gifts (email);
CREATE INDEX gifts_by_pledge ON gifts (pledge_id);
CREATE UNIQUE INDEX gift_invoices_once ON gifts (invoice_id);

-- Amounts are signed: what came is above zero, what went back is below.
CREATE TABLE new_entries (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (
        kind IN ('gift', 'refund', 'refund_failed', 'dispute_withdrawn', 'dispute_reinstated')
    ),
    gift_id text NOT NULL REFERENCES gifts (id),
    amount bigint NOT NULL CHECK (
        CASE WHEN kind IN ('refund', 'dispute_withdrawn') THEN amount < 0 ELSE amount > 0 END
    ),
    currency text NOT NULL CHECK (length(currency) = 3),
    fund text NOT NULL,
    recipient text NOT NULL,
    reference text NOT NULL,
    source text NOT NULL,
    received_at text NOT NULL,
    booked_at text NOT NULL
);
INSERT INTO new_entries SELECT * FROM entries;
DROP TABLE entries;
ALTER TABLE new_entries RENAME TO entries;
CREATE UNIQUE INDEX entries_once ON entries (kind, reference);
CREATE INDEX entries_by_gift ON entries (gift_id);

-- The cause is the reference of the entry that the receipt documents.
CREATE TABLE new_receipts (
    id text PRIMARY KEY,
    kind text NOT NULL,
    cause text NOT NULL,
    gift_id text NOT NULL REFERENCES gifts (id),
    recipient text NOT NULL,
    year integer NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    number text NOT NULL,
    issued_at text NOT NULL,
    snapshot text NOT NULL
);
INSERT INTO new_receipts
SELECT
    r.id, r.kind,
    (SELECT e.reference FROM entries AS e WHERE e.gift_id = r.gift_id ORDER BY e.booked_at, e.id LIMIT 1),
    r.gift_id, r.recipient, r.year, r.serial, r.number, r.issued_at, r.snapshot
FROM receipts AS r;

CREATE TABLE new_outbox (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN (
        'receipt', 'cancellation', 'restoration', 'debit_failed',
        'renewal_failed', 'pledge_ended', 'pledge_changed', 'reminder'
    )),
    cause text NOT NULL,
    receipt_id text REFERENCES receipts (id),
    gift_id text REFERENCES gifts (id),
    pledge_id text REFERENCES pledges (id),
    said text NOT NULL,
    address text NOT NULL,
    message_id text NOT NULL,
    due_at text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    sent_at text,
    dead_at text,
    reason text
);
INSERT INTO new_outbox
SELECT
    o.id, o.kind, r.cause, o.receipt_id, r.gift_id, NULL, '{}',
    o.address, o.message_id, o.due_at, o.attempts, o.sent_at, o.dead_at, o.reason
FROM outbox AS o
JOIN new_receipts AS r ON r.id = o.receipt_id;
DROP TABLE outbox;
ALTER TABLE new_outbox RENAME TO outbox;
CREATE UNIQUE INDEX outbox_once ON outbox (kind, cause);

DROP TABLE receipts;
ALTER TABLE new_receipts RENAME TO receipts;
CREATE UNIQUE INDEX receipts_once ON receipts (gift_id) WHERE kind NOT IN ('cancellation', 'restoration');
CREATE INDEX receipts_by_gift ON receipts (gift_id);
CREATE UNIQUE INDEX receipt_causes_once ON receipts (kind, cause);
CREATE UNIQUE INDEX receipt_numbers_once ON receipts (recipient, year, serial);

CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries are never changed');
END;

CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries are never deleted');
END;

CREATE TRIGGER receipts_never_change BEFORE UPDATE ON receipts
BEGIN
    SELECT RAISE(ABORT, 'receipts are never changed');
END;

CREATE TRIGGER receipts_never_go BEFORE DELETE ON receipts
BEGIN
    SELECT RAISE(ABORT, 'receipts are never deleted');
END;
