-- depends: 0003.every_way_to_give

-- The same shape as on SQLite, which has to make its tables anew for it.

ALTER TABLE gifts DROP CONSTRAINT gifts_state_check;
ALTER TABLE gifts ADD CONSTRAINT gifts_state_check
    CHECK (state IN ('pending', 'confirming', 'received', 'expired', 'failed'));
ALTER TABLE gifts ADD CONSTRAINT gifts_frequency_check CHECK (frequency IN ('once', 'monthly', 'reminder'));
ALTER TABLE gifts
    ADD COLUMN fee_cover bigint NOT NULL DEFAULT 0 CHECK (fee_cover >= 0),
    ADD COLUMN dedication text NOT NULL DEFAULT '',
    ADD COLUMN pledge_id text REFERENCES pledges (id),
    ADD COLUMN period text NOT NULL DEFAULT '',
    ADD COLUMN invoice_id text,
    ADD COLUMN settled_at text;
CREATE INDEX gifts_by_donor ON gifts (email);
CREATE INDEX gifts_by_pledge ON gifts (pledge_id);
CREATE UNIQUE INDEX gift_invoices_once ON gifts (invoice_id);

-- Amounts are signed: what came is above zero, what went back is below.
ALTER TABLE entries DROP CONSTRAINT entries_kind_check;
ALTER TABLE entries DROP CONSTRAINT entries_amount_check;
ALTER TABLE entries ADD CONSTRAINT entries_kind_check CHECK (
    kind IN ('gift', 'refund', 'refund_failed', 'dispute_withdrawn', 'dispute_reinstated')
);
ALTER TABLE entries ADD CONSTRAINT entries_amount_check CHECK (
    CASE WHEN kind IN ('refund', 'dispute_withdrawn') THEN amount < 0 ELSE amount > 0 END
);

-- The cause is the reference of the entry that the receipt documents.
ALTER TABLE receipts DISABLE TRIGGER USER;
ALTER TABLE receipts ADD COLUMN cause text;
UPDATE receipts SET cause = (
    SELECT e.reference FROM entries AS e WHERE e.gift_id = receipts.gift_id ORDER BY e.booked_at, e.id LIMIT 1
);
ALTER TABLE receipts ALTER COLUMN cause SET NOT NULL;
ALTER TABLE receipts ENABLE TRIGGER USER;
DROP INDEX receipts_once;
CREATE UNIQUE INDEX receipts_once ON receipts (gift_id) WHERE kind NOT IN ('cancellation', 'restoration');
CREATE INDEX receipts_by_gift ON receipts (gift_id);
CREATE UNIQUE INDEX receipt_causes_once ON receipts (kind, cause);

DROP INDEX outbox_once;
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN (
    'receipt', 'cancellation', 'restoration', 'debit_failed',
    'renewal_failed', 'pledge_ended', 'pledge_changed', 'reminder'
));
ALTER TABLE outbox
    ADD COLUMN cause text,
    ADD COLUMN gift_id text REFERENCES gifts (id),
    ADD COLUMN pledge_id text REFERENCES pledges (id),
    ADD COLUMN said text NOT NULL DEFAULT '{}';
UPDATE outbox SET cause = r.cause, gift_id = r.gift_id FROM receipts AS r WHERE r.id = outbox.receipt_id;
ALTER TABLE outbox ALTER COLUMN cause SET NOT NULL;
ALTER TABLE outbox ALTER COLUMN receipt_id DROP NOT NULL;
CREATE UNIQUE INDEX outbox_once ON outbox (kind, cause);
