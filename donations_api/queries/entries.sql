-- name: post(id, kind, gift_id, amount, currency, fund, recipient, reference, source, received_at, booked_at)^
INSERT INTO entries (
    id, kind, gift_id, amount, currency, fund, recipient, reference, source, received_at, booked_at
) VALUES (
    :id, :kind, :gift_id, :amount, :currency, :fund, :recipient, :reference, :source, :received_at, :booked_at
)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: entries()
SELECT * FROM entries ORDER BY booked_at, id;
