-- name: keep_event(id, type, created_at, received_at, livemode, payload)^
INSERT INTO events (id, type, created_at, received_at, livemode, payload)
VALUES (:id, :type, :created_at, :received_at, :livemode, :payload)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: event(id)^
SELECT id FROM events WHERE id = :id;

-- name: note_outcome(id, outcome, gift_id, waits_for)!
UPDATE events SET outcome = :outcome, gift_id = :gift_id, waits_for = :waits_for WHERE id = :id;

-- name: waiting_for(key)
SELECT * FROM events WHERE waits_for = :key ORDER BY created_at, id;

-- name: keep_failure(id, event_id, type, failed_at, reason, payload)^
-- Stripe brings an event again and again; one row says all of it, as long as the reason is the same.
INSERT INTO event_failures (id, event_id, type, failed_at, reason, payload)
SELECT :id, :event_id, :type, :failed_at, :reason, :payload
WHERE NOT EXISTS (SELECT 1 FROM event_failures WHERE event_id = :event_id AND reason = :reason)
RETURNING id;
