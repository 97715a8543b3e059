-- depends: 0006.statement

-- What a person did, at the desk or by a command: who, when and why. ``about`` is what it was done to (a
-- receipt, a mail, a line of the bank's statement); ``said`` holds what else belongs to it, as JSON, and
-- never a donor's name or address. What a person enters into the books themselves is in the entries.
CREATE TABLE acts (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind <> ''),
    gift_id text REFERENCES gifts (id),
    about text NOT NULL,
    said text NOT NULL,
    entered_by text NOT NULL CHECK (entered_by <> ''),
    reason text NOT NULL CHECK (reason <> ''),
    acted_at text NOT NULL
);
CREATE INDEX acts_by_gift ON acts (gift_id);
CREATE INDEX acts_by_kind ON acts (kind, about);

-- Mainland China: whether a donor wants the finance ministry's ticket, in which name, and its number once
-- it was issued. ``tax_number`` is that of an organisation; people have none here.
CREATE TABLE tickets (
    gift_id text PRIMARY KEY REFERENCES gifts (id),
    wish text NOT NULL CHECK (wish IN ('requested', 'waived')),
    title text NOT NULL,
    tax_number text NOT NULL,
    wished_at text NOT NULL,
    number text,
    issued_on text,
    imported_at text
);
CREATE UNIQUE INDEX ticket_numbers_once ON tickets (number);

-- Gift Aid: what a donor declared, in the words that stood there. ``scope``: this ``gift``, or ``all``:
-- those of the four years before, and those to come.
CREATE TABLE declarations (
    id text PRIMARY KEY,
    recipient text NOT NULL,
    gift_id text NOT NULL REFERENCES gifts (id),
    email text NOT NULL,
    scope text NOT NULL CHECK (scope IN ('gift', 'all')),
    title text NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    house text NOT NULL,
    postcode text NOT NULL,
    statement text NOT NULL,
    language text NOT NULL,
    declared_at text NOT NULL,
    cancelled_at text
);
CREATE INDEX declarations_by_donor ON declarations (email);

-- What came in by the bank's own statement, line by line. ``id`` is made of what the line says, and of which
-- one it is among lines that say the same on one day; so a file that is imported twice adds nothing.
CREATE TABLE bank_lines (
    id text PRIMARY KEY,
    account text NOT NULL,
    recipient text NOT NULL,
    file text NOT NULL,
    row_number integer NOT NULL,
    booked_on text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL CHECK (length(currency) = 3),
    payer text NOT NULL,
    payer_account text NOT NULL,
    remark text NOT NULL,
    bank_reference text NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'gift', 'payout', 'no_gift')),
    gift_id text REFERENCES gifts (id),
    payout_id text REFERENCES payouts (id),
    imported_at text NOT NULL,
    CHECK ((state = 'gift') = (gift_id IS NOT NULL)),
    CHECK ((state = 'payout') = (payout_id IS NOT NULL))
);
CREATE INDEX bank_lines_by_state ON bank_lines (state, booked_on);
-- The money of a gift, and that of a payout, came in one line.
CREATE UNIQUE INDEX bank_lines_of_gifts_once ON bank_lines (gift_id);
CREATE UNIQUE INDEX bank_lines_of_payouts_once ON bank_lines (payout_id);
CREATE INDEX bank_lines_by_payer ON bank_lines (payer, payer_account);

-- What a gift is found by: its donor's name in characters and in pinyin, the address, the numbers. It is made
-- from the gifts, and may be thrown away.
CREATE TABLE search_words (
    gift_id text PRIMARY KEY REFERENCES gifts (id),
    words text NOT NULL
);

-- In which order the entries are read by the day.
CREATE INDEX entries_by_time ON entries (received_at, id);
