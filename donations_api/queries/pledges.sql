-- name: add_pledge(id, state, frequency, amount, currency, fee_cover, fund, recipient, language, name, email, anonymous, message, dedication, consent_version, created_at, subscription_id, due_at, told)^
INSERT INTO pledges (
    id, state, frequency, amount, currency, fee_cover, fund, recipient, language, name, email,
    anonymous, message, dedication, consent_version, created_at, subscription_id, due_at, told
) VALUES (
    :id, :state, :frequency, :amount, :currency, :fee_cover, :fund, :recipient, :language, :name, :email,
    :anonymous, :message, :dedication, :consent_version, :created_at, :subscription_id, :due_at, :told
)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: pledge(id)^
SELECT * FROM pledges WHERE id = :id;

-- name: save_pledge(id, state, amount, fee_cover, subscription_id, due_at, told)!
UPDATE pledges
SET state = :state, amount = :amount, fee_cover = :fee_cover,
    subscription_id = :subscription_id, due_at = :due_at, told = :told
WHERE id = :id;

-- name: pledges_due(now)
SELECT * FROM pledges
WHERE frequency = 'reminder' AND state = 'active' AND due_at <= :now
ORDER BY due_at, id;
