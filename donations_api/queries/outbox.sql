-- name: queue(id, kind, cause, receipt_id, gift_id, pledge_id, said, address, message_id, attempts, due_at)^
INSERT INTO outbox (
    id, kind, cause, receipt_id, gift_id, pledge_id, said, address, message_id, attempts, due_at
) VALUES (
    :id, :kind, :cause, :receipt_id, :gift_id, :pledge_id, :said, :address, :message_id, :attempts, :due_at
)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: claim(now, lease_until)^
-- The conditions stand twice, so that of two who chose the same row only the first one still finds it due.
UPDATE outbox SET due_at = :lease_until, attempts = attempts + 1
WHERE id = (
    SELECT id FROM outbox
    WHERE sent_at IS NULL AND dead_at IS NULL AND replaced_by IS NULL AND due_at <= :now
    ORDER BY due_at, id
    LIMIT 1
)
AND sent_at IS NULL AND dead_at IS NULL AND replaced_by IS NULL AND due_at <= :now
RETURNING id, kind, cause, receipt_id, gift_id, pledge_id, said, address, message_id, attempts;

-- name: mark_sent(id, sent_at)!
UPDATE outbox SET sent_at = :sent_at, reason = NULL WHERE id = :id;

-- name: postpone(id, due_at, reason)!
UPDATE outbox SET due_at = :due_at, reason = :reason
WHERE id = :id AND sent_at IS NULL AND address <> '';

-- name: bury(id, dead_at, reason)!
UPDATE outbox SET dead_at = :dead_at, reason = :reason
WHERE id = :id AND sent_at IS NULL AND address <> '';

-- name: revive(due_at)!
-- Dead letters are tried again, from the first wait on; but for those whose donor was erased.
UPDATE outbox SET dead_at = NULL, attempts = 0, due_at = :due_at
WHERE dead_at IS NOT NULL AND sent_at IS NULL AND replaced_by IS NULL AND address <> '';

-- name: note_bounce(message_id, bounced_at, reason)^
-- What a mail server says repeats the address, which may have been erased by now.
UPDATE outbox SET bounced_at = :bounced_at, reason = CASE WHEN address = '' THEN reason ELSE :reason END
WHERE message_id = :message_id
RETURNING id;
