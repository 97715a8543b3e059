-- The books. Times are UTC in ISO 8601 with microseconds, so that they sort as text; amounts are minor
-- units. Identifiers are made by the program, because the two databases count in different ways.

CREATE TABLE gifts (
    id text PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('pending', 'confirming', 'received', 'expired')),
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL CHECK (length(currency) = 3),
    frequency text NOT NULL,
    fund text NOT NULL,
    recipient text NOT NULL,
    language text NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    anonymous boolean NOT NULL,
    message text NOT NULL,
    consent_version text NOT NULL,
    created_at text NOT NULL,
    session_id text
);
CREATE INDEX gifts_by_time ON gifts (created_at);

-- What Stripe told us, as it was received.
CREATE TABLE events (
    id text NOT NULL,
    type text NOT NULL,
    created_at text NOT NULL,
    received_at text NOT NULL,
    livemode boolean NOT NULL,
    payload text NOT NULL,
    outcome text,
    gift_id text REFERENCES gifts (id)
);
CREATE UNIQUE INDEX events_once ON events (id);

-- Proven events that could not be booked; the reason is a message of the catalogs with its values, as JSON.
CREATE TABLE event_failures (
    id text PRIMARY KEY,
    event_id text NOT NULL,
    type text NOT NULL,
    failed_at text NOT NULL,
    reason text NOT NULL,
    payload text NOT NULL
);

-- Money that came. The reference is Stripe's payment intent, the source the event that told of it.
CREATE TABLE entries (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('gift')),
    gift_id text NOT NULL REFERENCES gifts (id),
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL CHECK (length(currency) = 3),
    fund text NOT NULL,
    recipient text NOT NULL,
    reference text NOT NULL,
    source text NOT NULL,
    received_at text NOT NULL,
    booked_at text NOT NULL
);
CREATE UNIQUE INDEX entries_once ON entries (kind, reference);
CREATE INDEX entries_by_gift ON entries (gift_id);

-- The last number given out, for each recipient and year. A row and not a sequence: a roll-back takes
-- its number back, so that the numbers have no gap.
CREATE TABLE receipt_numbers (
    recipient text NOT NULL,
    year integer NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    PRIMARY KEY (recipient, year)
);

-- What the donor was told, for ever: the snapshot holds all that the receipt says, as JSON.
CREATE TABLE receipts (
    id text PRIMARY KEY,
    kind text NOT NULL,
    gift_id text NOT NULL REFERENCES gifts (id),
    recipient text NOT NULL,
    year integer NOT NULL,
    serial integer NOT NULL CHECK (serial > 0),
    number text NOT NULL,
    issued_at text NOT NULL,
    snapshot text NOT NULL
);
CREATE UNIQUE INDEX receipts_once ON receipts (gift_id, kind);
CREATE UNIQUE INDEX receipt_numbers_once ON receipts (recipient, year, serial);

-- Mail that is still to be sent, and what became of it.
CREATE TABLE outbox (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('receipt')),
    receipt_id text NOT NULL REFERENCES receipts (id),
    address text NOT NULL,
    message_id text NOT NULL,
    due_at text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    sent_at text,
    dead_at text,
    reason text
);
CREATE UNIQUE INDEX outbox_once ON outbox (kind, receipt_id);
