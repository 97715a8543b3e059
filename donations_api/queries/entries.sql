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
