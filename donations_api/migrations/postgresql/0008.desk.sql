-- depends: 0007.desk

-- A gift in kind is described and not valued: it has no amount, and ISO's currency for none.
ALTER TABLE gifts DROP CONSTRAINT gifts_amount_check;
ALTER TABLE gifts
    ADD COLUMN in_kind text NOT NULL DEFAULT '',
    ADD COLUMN transfer_code text,
    ADD CONSTRAINT gifts_amount_check
        CHECK (CASE WHEN in_kind = '' THEN amount > 0 ELSE amount = 0 AND currency = 'XXX' END);
CREATE UNIQUE INDEX transfer_codes_once ON gifts (transfer_code);

-- Which letters there are is for the program to say.
-- ``replaced_by``: a later mail says the same to the right address, so this one is history.
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD COLUMN replaced_by text REFERENCES outbox (id);
CREATE INDEX outbox_by_gift ON outbox (gift_id);
CREATE INDEX outbox_by_receipt ON outbox (receipt_id);

CREATE TRIGGER acts_never_change BEFORE UPDATE OR DELETE ON acts
FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER acts_never_go BEFORE TRUNCATE ON acts
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One thing may leave a receipt: the donor's name and the dedication, when the law needs them no longer.
CREATE FUNCTION refuse_change_but_of_the_donor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - 'snapshot') = (to_jsonb(OLD) - 'snapshot')
        AND NEW.snapshot::jsonb = OLD.snapshot::jsonb || '{"donor": "", "dedication": ""}'::jsonb
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'receipts are never changed and never deleted'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

DROP TRIGGER receipts_never_change ON receipts;
CREATE TRIGGER receipts_never_change BEFORE UPDATE ON receipts
FOR EACH ROW EXECUTE FUNCTION refuse_change_but_of_the_donor();

CREATE TRIGGER receipts_never_deleted BEFORE DELETE ON receipts
FOR EACH ROW EXECUTE FUNCTION refuse_change();
