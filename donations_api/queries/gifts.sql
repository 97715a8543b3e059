-- name: add_gift(id, state, amount, currency, fee_cover, frequency, fund, recipient, language, name, email, anonymous, message, dedication, consent_version, created_at, pledge_id, period, settled_at, paid_out_at, in_kind, transfer_code)^
INSERT INTO gifts (
    id, state, amount, currency, fee_cover, frequency, fund, recipient, language,
    name, email, anonymous, message, dedication, consent_version, created_at, pledge_id, period, settled_at, paid_out_at,
    in_kind, transfer_code
) VALUES (
    :id, :state, :amount, :currency, :fee_cover, :frequency, :fund, :recipient, :language,
    :name, :email, :anonymous, :message, :dedication, :consent_version, :created_at, :pledge_id, :period, :settled_at, :paid_out_at,
    :in_kind, :transfer_code
)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: gift(id)^
SELECT * FROM gifts WHERE id = :id;

-- name: gift_of_invoice(invoice_id)^
SELECT * FROM gifts WHERE invoice_id = :invoice_id;

-- name: gift_of_period(pledge_id, period)^
SELECT * FROM gifts WHERE pledge_id = :pledge_id AND period = :period
ORDER BY created_at DESC, id
LIMIT 1;

-- name: gifts_of(email)
-- Gifts without an address are nobody's in particular. A telephone writes its first letter large.
SELECT * FROM gifts WHERE lower(email) = lower(CAST(:email AS text)) AND email <> '' ORDER BY created_at, id;

-- name: note_session(id, session_id)!
UPDATE gifts SET session_id = :session_id WHERE id = :id;

-- name: note_invoice(id, invoice_id)!
UPDATE gifts SET invoice_id = :invoice_id WHERE id = :id;

-- name: move_gift(id, state)!
UPDATE gifts SET state = :state WHERE id = :id;

-- name: note_at_bank(id, at)!
UPDATE gifts SET state = 'received', settled_at = :at, paid_out_at = :at WHERE id = :id;

-- name: announced()
SELECT * FROM gifts WHERE transfer_code IS NOT NULL ORDER BY created_at, id;

-- name: gifts_since(moment, email)^
-- Only what donors asked for: a renewal has an invoice and never had a payment page, and what the bank's statement or
-- a person brings has no consent.
SELECT
    count(*) AS in_all,
    count(CASE WHEN email = :email THEN 1 END) AS by_address
FROM gifts
WHERE created_at >= :moment AND consent_version <> '' AND (invoice_id IS NULL OR session_id IS NOT NULL);
