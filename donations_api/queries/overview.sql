-- name: waiting_counts()^
-- How much of each kind waits for a person.
SELECT
    (
        SELECT count(*) FROM events AS e
        WHERE e.outcome IN ('paid_twice', 'not_understood', 'gift_made_anew', 'not_ours', 'waiting')
        AND NOT EXISTS (SELECT 1 FROM acts AS a WHERE a.kind = 'seen' AND a.about = e.id)
    ) + (
        SELECT count(DISTINCT f.event_id) FROM event_failures AS f
        WHERE NOT EXISTS (SELECT 1 FROM events AS e WHERE e.id = f.event_id AND e.outcome IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM acts AS a WHERE a.kind = 'seen' AND a.about = f.event_id)
    ) AS events,
    (SELECT count(*) FROM disputes WHERE state = 'open') AS disputes,
    (
        SELECT count(*) FROM outbox
        WHERE sent_at IS NULL AND dead_at IS NOT NULL AND replaced_by IS NULL AND address <> ''
    ) AS dead_letters,
    (
        SELECT count(*) FROM outbox
        WHERE sent_at IS NULL AND dead_at IS NULL AND attempts > 1 AND replaced_by IS NULL AND address <> ''
    ) AS delayed_mails,
    (
        SELECT count(*) FROM outbox AS o
        WHERE o.bounced_at IS NOT NULL AND o.replaced_by IS NULL AND o.address <> ''
        AND NOT EXISTS (SELECT 1 FROM acts AS a WHERE a.kind = 'seen' AND a.about = o.id)
    ) AS bounced_mails,
    (SELECT count(*) FROM pledges WHERE state = 'failing') AS failing_pledges,
    (
        SELECT count(*) FROM gifts AS g
        WHERE g.message <> '' AND g.state = 'received' AND NOT EXISTS (
            SELECT 1 FROM acts AS a
            WHERE a.gift_id = g.id AND a.kind IN ('message_published', 'message_declined')
        )
    ) AS messages,
    (SELECT count(*) FROM bank_lines WHERE state = 'open') AS bank_lines,
    (
        SELECT count(*) FROM tickets AS t JOIN gifts AS g ON g.id = t.gift_id
        WHERE t.wish = 'requested' AND t.number IS NULL AND (
            g.in_kind <> '' OR 0 < (
                SELECT sum(
                    CASE WHEN e.taken_from IN ('donors', 'disputed') THEN e.amount ELSE 0 END
                    - CASE WHEN e.put_into IN ('donors', 'disputed') THEN e.amount ELSE 0 END
                )
                FROM entries AS e WHERE e.gift_id = t.gift_id
            )
        )
    ) AS tickets,
    (SELECT count(*) FROM gifts WHERE state = 'pending' AND transfer_code IS NOT NULL) AS transfers;

-- name: received_totals(today, month)
-- What donors gave since a moment, less what went back, in each currency.
SELECT
    currency,
    CAST(sum(CASE WHEN received_at >= :today THEN moved ELSE 0 END) AS bigint) AS today,
    CAST(sum(moved) AS bigint) AS month
FROM (
    SELECT currency, received_at, amount AS moved FROM entries WHERE kind IN ('gift', 'offline_gift', 'refund_failed')
    UNION ALL
    SELECT currency, received_at, -amount AS moved FROM entries
    WHERE kind = 'refund' OR (kind = 'correction' AND put_into = 'donors')
) AS moves
WHERE received_at >= :month
GROUP BY currency
ORDER BY currency;

-- name: words_missing()^
-- Each gift has words once, so that counting tells whether one has none.
SELECT (SELECT count(*) FROM gifts) - (SELECT count(*) FROM search_words) AS missing;

-- name: gifts_without_words(after, most)
-- In the order of their ids, so that a walk through all of them reads each one once.
SELECT g.* FROM gifts AS g
WHERE g.id > :after AND NOT EXISTS (SELECT 1 FROM search_words AS w WHERE w.gift_id = g.id)
ORDER BY g.id
LIMIT :most;

-- name: keep_words*!
INSERT INTO search_words (gift_id, words) VALUES (:gift_id, :words);

-- name: gifts_called(name, number)
-- The gifts that have this very name of ours or Stripe's; ``number`` is the same in capital letters.
SELECT g.* FROM gifts AS g
WHERE g.id IN (
    SELECT id FROM gifts WHERE id = :name OR transfer_code = :number OR session_id = :name OR invoice_id = :name
    UNION SELECT id FROM gifts WHERE pledge_id = :name
    UNION SELECT gift_id FROM receipts WHERE number = :number
    UNION SELECT gift_id FROM payments WHERE payment_intent = :name OR reference = :name
    UNION SELECT gift_id FROM entries WHERE reference = :name
    UNION SELECT gift_id FROM disputes WHERE id = :name
)
ORDER BY g.created_at DESC, g.id;

-- name: gifts_between(since, until, amounts, most, after)
-- ``amounts`` is a list such as `` CNY:10000 HKD:10000 ``; empty: any.
SELECT * FROM gifts AS g
WHERE g.created_at >= :since AND g.created_at < :until
AND (
    CAST(:amounts AS text) = ''
    OR replace(CAST(:amounts AS text), ' ' || g.currency || ':' || CAST(g.amount AS text) || ' ', '') <> CAST(:amounts AS text)
)
ORDER BY g.created_at DESC, g.id
LIMIT :most OFFSET :after;

-- name: gifts_with_words(first, second, third, most, after)
-- The words are patterns for LIKE. CROSS JOIN lets SQLite read the words first, which lie close together.
SELECT g.* FROM search_words AS w CROSS JOIN gifts AS g
WHERE g.id = w.gift_id
AND w.words LIKE :first ESCAPE '!' AND w.words LIKE :second ESCAPE '!' AND w.words LIKE :third ESCAPE '!'
ORDER BY g.created_at DESC, g.id
LIMIT :most OFFSET :after;

-- name: gifts_like(name, amount, currency, since, until)
-- Gifts that a person may be about to enter a second time.
SELECT * FROM gifts
WHERE name = :name AND amount = :amount AND currency = :currency
AND created_at >= :since AND created_at < :until
AND state IN ('received', 'confirming', 'pending')
ORDER BY created_at, id;

-- name: mails_of(gift_id)
SELECT o.id, o.kind, o.gift_id, o.address, o.due_at, o.attempts, o.sent_at, o.dead_at, o.bounced_at, o.reason,
    coalesce(r.number, '') AS number
FROM outbox AS o
LEFT JOIN receipts AS r ON r.id = o.receipt_id
WHERE o.gift_id = :gift_id OR r.gift_id = :gift_id
ORDER BY o.due_at, o.id;

-- name: mail(id)^
SELECT o.id, o.kind, coalesce(o.gift_id, r.gift_id) AS gift_id, o.address, o.due_at, o.attempts, o.sent_at, o.dead_at,
    o.bounced_at, o.reason, coalesce(r.number, '') AS number
FROM outbox AS o
LEFT JOIN receipts AS r ON r.id = o.receipt_id
WHERE o.id = :id;

-- name: troubled_mails()
-- Dead letters first, then those that came back, then those that are tried again. What a later mail stands
-- for is nobody's trouble any more, and to a donor who was erased nothing can be sent.
SELECT o.id, o.kind, coalesce(o.gift_id, r.gift_id) AS gift_id, o.address, o.due_at, o.attempts, o.sent_at, o.dead_at,
    o.bounced_at, o.reason, coalesce(r.number, '') AS number
FROM outbox AS o
LEFT JOIN receipts AS r ON r.id = o.receipt_id
WHERE o.replaced_by IS NULL AND o.address <> ''
AND (
    (o.sent_at IS NULL AND (o.dead_at IS NOT NULL OR o.attempts > 1))
    OR (o.bounced_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM acts AS a WHERE a.kind = 'seen' AND a.about = o.id))
)
ORDER BY CASE WHEN o.dead_at IS NOT NULL THEN 0 WHEN o.bounced_at IS NOT NULL THEN 1 ELSE 2 END, o.due_at, o.id;

-- name: revive_mail(id, due_at)^
UPDATE outbox SET dead_at = NULL, attempts = 0, due_at = :due_at
WHERE id = :id AND dead_at IS NOT NULL AND sent_at IS NULL AND replaced_by IS NULL AND address <> ''
RETURNING id;

-- name: troubled_events()
-- Events that a person should look at and nobody has yet. ``reason``: why one could not be booked.
SELECT id, type, received_at, outcome, gift_id, waits_for, NULL AS reason FROM events AS e
WHERE e.outcome IN ('paid_twice', 'not_understood', 'gift_made_anew', 'not_ours', 'waiting')
AND NOT EXISTS (SELECT 1 FROM acts AS a WHERE a.kind = 'seen' AND a.about = e.id)
UNION ALL
SELECT f.event_id AS id, f.type, f.failed_at AS received_at, 'failed' AS outcome, NULL AS gift_id, NULL AS waits_for, f.reason
FROM event_failures AS f
WHERE NOT EXISTS (SELECT 1 FROM events AS e WHERE e.id = f.event_id AND e.outcome IS NOT NULL)
AND NOT EXISTS (SELECT 1 FROM acts AS a WHERE a.kind = 'seen' AND a.about = f.event_id)
AND NOT EXISTS (
    SELECT 1 FROM event_failures AS later
    WHERE later.event_id = f.event_id AND (later.failed_at > f.failed_at OR (later.failed_at = f.failed_at AND later.id > f.id))
)
ORDER BY received_at, id;

-- name: disputes_of(gift_id)
SELECT * FROM disputes WHERE gift_id = :gift_id ORDER BY opened_at, id;

-- name: failing_pledges()
-- ``said``: what the donor was told last of it, with the next try.
SELECT p.*,
    (SELECT g.id FROM gifts AS g WHERE g.pledge_id = p.id ORDER BY g.created_at DESC, g.id LIMIT 1) AS gift_id,
    (
        SELECT o.said FROM outbox AS o
        WHERE o.pledge_id = p.id AND o.kind = 'renewal_failed'
        ORDER BY o.due_at DESC, o.id LIMIT 1
    ) AS said
FROM pledges AS p
WHERE p.state = 'failing'
ORDER BY p.created_at, p.id;

-- name: messages(judged, most, after)
-- The messages of gifts that were received: those that nobody has judged yet, or (``judged`` 1) the others.
SELECT * FROM (
    SELECT g.id AS gift_id, g.name, g.anonymous, g.message, g.language, g.created_at,
        coalesce((
            SELECT a.kind FROM acts AS a
            WHERE a.gift_id = g.id AND a.kind IN ('message_published', 'message_declined')
            ORDER BY a.acted_at DESC, a.id DESC LIMIT 1
        ), '') AS verdict
    FROM gifts AS g
    WHERE g.message <> '' AND g.state = 'received'
) AS m
WHERE CASE WHEN m.verdict = '' THEN 0 ELSE 1 END = :judged
ORDER BY m.created_at, m.gift_id
LIMIT :most OFFSET :after;

-- name: journal(person, since, until, most, after)
-- What people did and entered; an empty ``person`` is anybody.
SELECT * FROM (
    SELECT id, acted_at AS at, kind, gift_id, about, entered_by, reason, NULL AS amount, NULL AS currency FROM acts
    UNION ALL
    SELECT id, booked_at AS at, kind, gift_id, reference AS about, entered_by, reason, amount, currency FROM entries
    WHERE kind IN ('offline_gift', 'correction')
) AS j
WHERE j.at >= :since AND j.at < :until AND (CAST(:person AS text) = '' OR j.entered_by = :person)
ORDER BY j.at DESC, j.id
LIMIT :most OFFSET :after;

-- name: people()
SELECT entered_by FROM acts
UNION SELECT entered_by FROM entries WHERE entered_by <> ''
ORDER BY entered_by;
