-- depends: 0004.every_way_to_give

-- An entry takes from one account what it puts into another, so that the ledger balances by its form.
-- Amounts are above zero; which way they went, the accounts say.

ALTER TABLE entries DISABLE TRIGGER USER;
ALTER TABLE entries DROP CONSTRAINT entries_kind_check;
ALTER TABLE entries DROP CONSTRAINT entries_amount_check;
ALTER TABLE entries ALTER COLUMN gift_id DROP NOT NULL;
ALTER TABLE entries
    ADD COLUMN taken_from text,
    ADD COLUMN put_into text,
    ADD COLUMN entered_by text NOT NULL DEFAULT '',
    ADD COLUMN reason text NOT NULL DEFAULT '';
UPDATE entries SET
    taken_from = CASE kind WHEN 'refund' THEN 'stripe' WHEN 'dispute_withdrawn' THEN 'stripe'
        WHEN 'dispute_reinstated' THEN 'disputed' ELSE 'donors' END,
    put_into = CASE kind WHEN 'refund' THEN 'donors' WHEN 'dispute_withdrawn' THEN 'disputed' ELSE 'stripe' END,
    amount = abs(amount);
ALTER TABLE entries
    ALTER COLUMN taken_from SET NOT NULL,
    ALTER COLUMN put_into SET NOT NULL,
    ADD CONSTRAINT entries_kind_check CHECK (kind IN (
        'gift', 'offline_gift', 'refund', 'refund_failed', 'dispute_withdrawn', 'dispute_reinstated',
        'fee', 'exchange_out', 'exchange_in', 'payout', 'payout_failed', 'correction'
    )),
    ADD CHECK (taken_from IN ('donors', 'stripe', 'bank', 'cash', 'fees', 'disputed', 'exchange')),
    ADD CHECK (put_into IN ('donors', 'stripe', 'bank', 'cash', 'fees', 'disputed', 'exchange')),
    ADD CONSTRAINT entries_amount_check CHECK (amount > 0),
    ADD CONSTRAINT entry_moves CHECK (taken_from <> put_into),
    ADD CONSTRAINT entry_of_a_gift CHECK (
        gift_id IS NOT NULL
        OR kind IN ('fee', 'exchange_out', 'exchange_in', 'payout', 'payout_failed', 'correction')
    ),
    -- What no event tells, a person enters, and says why.
    ADD CONSTRAINT entry_source CHECK (
        CASE WHEN kind IN ('offline_gift', 'correction')
        THEN source = 'person' AND entered_by <> '' AND reason <> ''
        ELSE source NOT IN ('', 'person') AND entered_by = '' AND reason = '' END
    );
ALTER TABLE entries ENABLE TRIGGER USER;
