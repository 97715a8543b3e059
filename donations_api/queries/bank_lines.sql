-- name: bank_line_ids(account, since, until)
SELECT id FROM bank_lines WHERE account = :account AND booked_on BETWEEN :since AND :until;

-- name: add_bank_line(id, account, recipient, file, row_number, booked_on, amount, currency, payer, payer_account, remark, bank_reference, state, gift_id, payout_id, imported_at)^
INSERT INTO bank_lines (
    id, account, recipient, file, row_number, booked_on, amount, currency, payer, payer_account,
    remark, bank_reference, state, gift_id, payout_id, imported_at
) VALUES (
    :id, :account, :recipient, :file, :row_number, :booked_on, :amount, :currency, :payer, :payer_account,
    :remark, :bank_reference, :state, :gift_id, :payout_id, :imported_at
)
ON CONFLICT (id) DO NOTHING
RETURNING id;

-- name: bank_line(id)^
SELECT * FROM bank_lines WHERE id = :id;

-- name: open_bank_lines()
SELECT * FROM bank_lines WHERE state = 'open' ORDER BY booked_on, account, row_number, id;

-- name: bank_line_of_reference(recipient, reference)^
SELECT id FROM bank_lines
WHERE recipient = :recipient AND bank_reference = :reference AND state = 'gift'
LIMIT 1;

-- name: bank_line_of_gift(gift_id)^
SELECT id FROM bank_lines WHERE gift_id = :gift_id;

-- name: decide_bank_line(id, state, gift_id, payout_id)!
UPDATE bank_lines SET state = :state, gift_id = :gift_id, payout_id = :payout_id WHERE id = :id;

-- name: gifts_without_bank_line(recipient, since, until)
-- What people entered as money at the bank, and no line of a statement has shown yet.
SELECT e.gift_id, e.amount, e.currency, e.reference, e.received_at, g.name
FROM entries AS e JOIN gifts AS g ON g.id = e.gift_id
WHERE e.kind = 'offline_gift' AND e.put_into = 'bank' AND e.recipient = :recipient
AND e.received_at BETWEEN :since AND :until
AND NOT EXISTS (SELECT 1 FROM bank_lines AS l WHERE l.gift_id = e.gift_id)
ORDER BY e.received_at, e.id;

-- name: payouts_without_bank_line(currency, since, until)
SELECT p.* FROM payouts AS p
WHERE p.currency = :currency AND p.state NOT IN ('failed', 'canceled')
AND p.arrives_at BETWEEN :since AND :until
AND NOT EXISTS (SELECT 1 FROM bank_lines AS l WHERE l.payout_id = p.id)
ORDER BY p.arrives_at, p.id;

-- name: givers_of_open_bank_lines(line_id)
-- For each open line, or for one, the latest gift that came from the same name and the same account before.
SELECT o.id AS line_id, g.*
FROM bank_lines AS o
JOIN gifts AS g ON g.id = (
    SELECT k.gift_id FROM bank_lines AS k
    WHERE k.payer = o.payer AND k.payer_account = o.payer_account AND k.state = 'gift'
    ORDER BY k.booked_on DESC, k.id DESC
    LIMIT 1
)
WHERE o.state = 'open' AND o.payer <> '' AND o.payer_account <> ''
AND (CAST(:line_id AS text) = '' OR o.id = :line_id);
