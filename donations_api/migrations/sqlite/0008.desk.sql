-- depends: 0007.desk

-- SQLite cannot change a CHECK, so these tables are made anew with what is in them.

-- A gift in kind is described and not valued: it has no amount, and ISO's currency for none.
CREATE TABLE new_gifts (
    id text PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('pending', 'confirming', 'received', 'expired', 'failed')),
    amount bigint NOT NULL,
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
    settled_at text,
    paid_out_at text,
    in_kind text NOT NULL,
    transfer_code text,
    CONSTRAINT gifts_amount_check
        CHECK (CASE WHEN in_kind = '' THEN amount > 0 ELSE amount = 0 AND currency = 'XXX' END)
);
INSERT INTO new_gifts (
    id, state, amount, currency, fee_cover, frequency, fund, recipient, language,
    name, email, anonymous, message, dedication, consent_version, created_at,
    pledge_id, period, session_id, invoice_id, settled_at, paid_out_at, in_kind
)
SELECT
    id, state, amount, currency, fee_cover, frequency, fund, recipient, language,
    name, email, anonymous, message, dedication, consent_version, created_at,
    pledge_id, period, session_id, invoice_id, settled_at, paid_out_at, ''
FROM gifts;
DROP TABLE gifts;
ALTER TABLE new_gifts RENAME TO gifts;
CREATE INDEX gifts_by_time ON gifts (created_at);
CREATE INDEX gifts_by_donor ON gifts (email);
CREATE INDEX gifts_by_pledge ON gifts (pledge_id);
CREATE UNIQUE INDEX gift_invoices_once ON gifts (invoice_id);
CREATE UNIQUE INDEX transfer_codes_once ON gifts (transfer_code);

-- Which letters there are is for the program to say.
-- ``replaced_by``: a later mail says the same to the right address, so this one is history.
CREATE TABLE new_outbox (
    id text PRIMARY KEY,
    kind text NOT NULL,
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
    reason text,
    bounced_at text,
    replaced_by text REFERENCES new_outbox (id)
);
INSERT INTO new_outbox (
    id, kind, cause, receipt_id, gift_id, pledge_id, said, address, message_id,
    due_at, attempts, sent_at, dead_at, reason, bounced_at
)
SELECT
    id, kind, cause, receipt_id, gift_id, pledge_id, said, address, message_id,
    due_at, attempts, sent_at, dead_at, reason, bounced_at
FROM outbox;
DROP TABLE outbox;
ALTER TABLE new_outbox RENAME TO outbox;
CREATE UNIQUE INDEX outbox_once ON outbox (kind, cause);
CREATE INDEX outbox_by_gift ON outbox (gift_id);
CREATE INDEX outbox_by_receipt ON outbox (receipt_id);

CREATE TRIGGER acts_never_change BEFORE UPDATE ON acts
BEGIN
    SELECT RAISE(ABORT, 'acts are never changed and never deleted');
END;

CREATE TRIGGER acts_never_go BEFORE DELETE ON acts
BEGIN
    SELECT RAISE(ABORT, 'acts are never changed and never deleted');
END;

CREATE TRIGGER acts_never_replaced BEFORE INSERT ON acts
WHEN EXISTS (SELECT 1 FROM acts WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'acts are never changed and never deleted');
END;

-- One thing may leave a receipt: the donor's name and the dedication, when the law needs them no longer.
DROP TRIGGER receipts_never_change;
CREATE TRIGGER receipts_never_change BEFORE UPDATE ON receipts
WHEN NOT (
    NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.cause = OLD.cause AND NEW.gift_id = OLD.gift_id
    AND NEW.recipient = OLD.recipient AND NEW.year = OLD.year AND NEW.serial = OLD.serial
    AND NEW.number = OLD.number AND NEW.issued_at = OLD.issued_at
    AND json(NEW.snapshot) = json_set(OLD.snapshot, '$.donor', '', '$.dedication', '')
)
BEGIN
    SELECT RAISE(ABORT, 'receipts are never changed and never deleted');
END;
