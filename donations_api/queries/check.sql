-- name: failures()
-- What staff should look at. An event that failed and was booked later is shown with its outcome.
SELECT f.event_id, f.type, f.failed_at, f.reason, e.outcome
FROM event_failures AS f
LEFT JOIN events AS e ON e.id = f.event_id
ORDER BY f.failed_at, f.id;

-- name: events_with(outcome)
SELECT id, type, received_at, outcome, gift_id, waits_for FROM events WHERE outcome = :outcome ORDER BY received_at, id;

-- name: unsent()
SELECT o.id, o.address, o.due_at, o.attempts, o.dead_at IS NOT NULL AS dead, o.reason, coalesce(r.number, o.kind) AS number
FROM outbox AS o
LEFT JOIN receipts AS r ON r.id = o.receipt_id
WHERE o.sent_at IS NULL AND o.replaced_by IS NULL AND o.address <> ''
ORDER BY o.due_at, o.id;

-- name: bounced()
SELECT o.address, o.bounced_at, o.reason, coalesce(r.number, o.kind) AS number
FROM outbox AS o
LEFT JOIN receipts AS r ON r.id = o.receipt_id
WHERE o.bounced_at IS NOT NULL AND o.replaced_by IS NULL AND o.address <> ''
ORDER BY o.bounced_at, o.id;

-- name: open_disputes()
SELECT * FROM disputes WHERE state = 'open' ORDER BY opened_at, id;

-- name: received_without_entry()
SELECT g.id AS which FROM gifts AS g
WHERE g.state = 'received' AND g.in_kind = ''
AND NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.gift_id = g.id AND e.kind IN ('gift', 'offline_gift'))
ORDER BY g.id;

-- name: entries_of_gifts_in_kind()
-- What is not valued brings no money.
SELECT DISTINCT g.id AS which FROM gifts AS g
JOIN entries AS e ON e.gift_id = g.id
WHERE g.in_kind <> ''
ORDER BY which;

-- name: entries_without_receipt()
-- Also gifts in kind, whose coming is no entry.
SELECT came.gift_id AS which
FROM (
    SELECT gift_id FROM entries WHERE kind IN ('gift', 'offline_gift')
    UNION
    SELECT id AS gift_id FROM gifts WHERE in_kind <> '' AND state = 'received'
) AS came
WHERE NOT EXISTS (
    SELECT 1 FROM receipts AS r
    WHERE r.gift_id = came.gift_id AND r.kind NOT IN ('cancellation', 'restoration')
)
ORDER BY which;

-- name: receipts_without_entry()
-- The verdict of a dispute may be told before its money has moved; what came in kind moves none.
SELECT r.number AS which FROM receipts AS r
WHERE NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.gift_id = r.gift_id AND e.reference = r.cause)
AND NOT EXISTS (SELECT 1 FROM disputes AS d WHERE d.id = r.cause)
AND NOT EXISTS (SELECT 1 FROM gifts AS g WHERE g.id = r.gift_id AND g.id = r.cause AND g.in_kind <> '')
ORDER BY which;

-- name: receipts_without_mail()
SELECT r.number AS which FROM receipts AS r
JOIN gifts AS g ON g.id = r.gift_id
WHERE g.email <> '' AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.receipt_id = r.id)
ORDER BY which;

-- name: more_went_back_than_came()
-- A gift cannot be refunded twice over. (A dispute of a refunded gift can take more; Stripe says so then.)
SELECT e.gift_id AS which FROM entries AS e
WHERE e.kind IN ('gift', 'offline_gift', 'refund', 'refund_failed')
OR (e.kind = 'correction' AND e.gift_id IS NOT NULL AND 'donors' IN (e.taken_from, e.put_into))
GROUP BY e.gift_id, e.currency
HAVING sum(CASE WHEN e.put_into = 'donors' THEN -e.amount ELSE e.amount END) < 0
ORDER BY which;

-- name: broken_numbering()
-- Serials run from 1 to the counter, each once, or the recipient's year is listed here.
SELECT n.recipient || ' ' || n.year AS which
FROM receipt_numbers AS n
LEFT JOIN receipts AS r ON r.recipient = n.recipient AND r.year = n.year
GROUP BY n.recipient, n.year, n.serial
HAVING count(r.id) <> n.serial OR count(DISTINCT r.serial) <> n.serial OR max(r.serial) <> n.serial
ORDER BY which;
