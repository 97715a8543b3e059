-- name: post(id, kind, gift_id, taken_from, put_into, amount, currency, fund, recipient, reference, source, received_at, booked_at, entered_by, reason)^
INSERT INTO entries (
    id, kind, gift_id, taken_from, put_into, amount, currency, fund, recipient,
    reference, source, received_at, booked_at, entered_by, reason
) VALUES (
    :id, :kind, :gift_id, :taken_from, :put_into, :amount, :currency, :fund, :recipient,
    :reference, :source, :received_at, :booked_at, :entered_by, :reason
)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: entries()
SELECT * FROM entries ORDER BY booked_at, id;

-- name: entered_by_hand()
SELECT * FROM entries WHERE kind IN ('offline_gift', 'correction') ORDER BY booked_at, id;

-- name: balances()
-- An entry takes from one account what it puts into another: of each currency all this adds up to nothing.
SELECT account, currency, CAST(sum(moved) AS bigint) AS amount
FROM (
    SELECT put_into AS account, currency, amount AS moved FROM entries
    UNION ALL
    SELECT taken_from AS account, currency, -amount AS moved FROM entries
) AS moves
GROUP BY account, currency
ORDER BY account, currency;

-- name: entry(kind, reference)^
SELECT * FROM entries WHERE kind = :kind AND reference = :reference;

-- name: entries_of(gift_id)
SELECT * FROM entries WHERE gift_id = :gift_id ORDER BY received_at, booked_at, id;

-- name: add_payment(payment_intent, gift_id, reference)^
INSERT INTO payments (payment_intent, gift_id, reference)
VALUES (:payment_intent, :gift_id, :reference)
ON CONFLICT DO NOTHING
RETURNING payment_intent;

-- name: payment(payment_intent)^
SELECT * FROM payments WHERE payment_intent = :payment_intent;

-- name: add_dispute(id, gift_id, state, amount, currency, opened_at)^
INSERT INTO disputes (id, gift_id, state, amount, currency, opened_at)
VALUES (:id, :gift_id, :state, :amount, :currency, :opened_at)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: close_dispute(id, state)!
UPDATE disputes SET state = :state WHERE id = :id;
