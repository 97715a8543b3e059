-- depends: 0002.kept_for_ever

-- A donor's promise to give each month: charged by Stripe, or by a reminder.
CREATE TABLE pledges (
    id text PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('pending', 'active', 'paused', 'failing', 'ended')),
    frequency text NOT NULL CHECK (frequency IN ('monthly', 'reminder')),
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL CHECK (length(currency) = 3),
    fee_cover bigint NOT NULL CHECK (fee_cover >= 0),
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
    subscription_id text,
    due_at text,
    told text NOT NULL
);

-- How Stripe calls the payment of a gift; the reference is that of the gift's entry (for a monthly
-- gift its invoice). A refund and a dispute know the payment intent only.
CREATE TABLE payments (
    payment_intent text PRIMARY KEY,
    gift_id text NOT NULL REFERENCES gifts (id),
    reference text NOT NULL
);
INSERT INTO payments (payment_intent, gift_id, reference)
SELECT reference, gift_id, reference FROM entries WHERE kind = 'gift';

-- What became of a donor's objection at the bank. The money of it is in the entries.
CREATE TABLE disputes (
    id text PRIMARY KEY,
    gift_id text NOT NULL REFERENCES gifts (id),
    state text NOT NULL CHECK (state IN ('open', 'won', 'lost', 'closed')),
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL CHECK (length(currency) = 3),
    opened_at text NOT NULL
);

-- What an event waits for, by Stripe's name: it came before the thing that it is about.
ALTER TABLE events ADD COLUMN waits_for text;
CREATE INDEX events_waiting ON events (waits_for);
