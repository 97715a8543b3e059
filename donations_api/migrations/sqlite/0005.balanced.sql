-- depends: 0004.every_way_to_give

-- An entry takes from one account what it puts into another, so that the ledger balances by its form.
-- Amounts are above zero; which way they went, the accounts say. SQLite makes the table anew for it.

CREATE TABLE new_entries (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN (
        'gift', 'offline_gift', 'refund', 'refund_failed', 'dispute_withdrawn', 'dispute_reinstated',
        'fee', 'exchange_out', 'exchange_in', 'payout', 'payout_failed', 'correction'
    )),
    gift_id text REFERENCES gifts (id),
    taken_from text NOT NULL CHECK (
        taken_from IN ('donors', 'stripe', 'bank', 'cash', 'fees', 'disputed', 'exchange')
    ),
    put_into text NOT NULL CHECK (
        put_into IN ('donors', 'stripe', 'bank', 'cash', 'fees', 'disputed', 'exchange')
    ),
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL CHECK (length(currency) = 3),
    fund text NOT NULL,
    recipient text NOT NULL,
    reference text NOT NULL,
    source text NOT NULL,
    received_at text NOT NULL,
    booked_at text NOT NULL,
    entered_by text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT entry_moves CHECK (taken_from <> put_into),
    CONSTRAINT entry_of_a_gift CHECK (
        gift_id IS NOT NULL
        OR kind IN ('fee', 'exchange_out', 'exchange_in', 'payout', 'payout_failed', 'correction')
    ),
    -- What no event tells, a person enters, and says why.
    CONSTRAINT entry_source CHECK (
        CASE WHEN kind IN ('offline_gift', 'correction')
        THEN source = 'person' AND entered_by <> '' AND reason <> ''
        ELSE source NOT IN ('', 'person') AND entered_by = '' AND reason = '' END
    )
);
INSERT INTO new_entries
SELECT
    id, kind, gift_id,
    CASE kind WHEN 'refund' THEN 'stripe' WHEN 'dispute_withdrawn' THEN 'stripe'
    WHEN 'dispute_reinstated' THEN 'disputed' ELSE 'donors' END,
    CASE kind WHEN 'refund' THEN 'donors' WHEN 'dispute_withdrawn' THEN 'disputed' ELSE 'stripe' END,
    abs(amount), currency, fund, recipient, reference, source, received_at, booked_at, '', ''
FROM entries;
DROP TABLE entries;
ALTER TABLE new_entries RENAME TO entries;
CREATE UNIQUE INDEX entries_once ON entries (kind, reference);
CREATE INDEX entries_by_gift ON entries (gift_id);

CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries are never changed and never deleted');
END;

CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
BEGIN
    SELECT RAISE(ABORT, 'entries are never changed and never deleted');
END;

-- A row that is replaced is deleted without a word, unless this is said too.
CREATE TRIGGER entries_never_replaced BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'entries are never changed and never deleted');
END;

CREATE TRIGGER receipts_never_replaced BEFORE INSERT ON receipts
WHEN EXISTS (SELECT 1 FROM receipts WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'receipts are never changed and never deleted');
END;
