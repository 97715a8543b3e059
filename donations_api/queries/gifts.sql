-- name: add_gift(id, state, amount, currency, frequency, fund, recipient, language, name, email, anonymous, message, consent_version, created_at)^
INSERT INTO gifts (
    id, state, amount, currency, frequency, fund, recipient, language,
    name, email, anonymous, message, consent_version, created_at
) VALUES (
    :id, :state, :amount, :currency, :frequency, :fund, :recipient, :language,
    :name, :email, :anonymous, :message, :consent_version, :created_at
)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: gift(id)^
SELECT * FROM gifts WHERE id = :id;

-- name: note_session(id, session_id)!
UPDATE gifts SET session_id = :session_id WHERE id = :id;

-- name: move_gift(id, state)!
UPDATE gifts SET state = :state WHERE id = :id;

-- name: gifts_since(moment, email)^
SELECT
    count(*) AS in_all,
    count(CASE WHEN email = :email THEN 1 END) AS by_address
FROM gifts
WHERE created_at >= :moment;
