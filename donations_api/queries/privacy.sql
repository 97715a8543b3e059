-- What is held about a donor, by the gift, the pledge or the address; and how it is forgotten. What is
-- forgotten is emptied and its row stays, so that numbers, sums and keys hold.

-- name: held_addresses()
SELECT email FROM gifts UNION SELECT email FROM pledges
UNION SELECT address FROM outbox UNION SELECT email FROM declarations;

-- name: gifts_at(value)
SELECT id FROM gifts WHERE email = :value AND email <> '' ORDER BY created_at, id;

-- name: gifts_declared_at(value)
-- A gift may have lost its address before its declaration did.
SELECT DISTINCT d.gift_id AS id FROM declarations AS d
JOIN gifts AS g ON g.id = d.gift_id
WHERE d.email = :value AND g.email = '' ORDER BY d.gift_id;

-- name: gifts_written_to(value)
SELECT DISTINCT o.gift_id AS id FROM outbox AS o
JOIN gifts AS g ON g.id = o.gift_id
WHERE o.address = :value AND g.email = '' ORDER BY o.gift_id;

-- name: pledges_at(value)
SELECT id FROM pledges WHERE email = :value AND email <> '' ORDER BY created_at, id;

-- name: held_gifts_by_gift(value)
SELECT * FROM gifts WHERE id = :value;

-- name: held_pledges_by_pledge(value)
SELECT * FROM pledges WHERE id = :value;

-- name: held_entries_by_gift(value)
SELECT * FROM entries WHERE gift_id = :value ORDER BY booked_at, id;

-- name: held_receipts_by_gift(value)
SELECT * FROM receipts WHERE gift_id = :value ORDER BY year, serial;

-- name: held_payments_by_gift(value)
SELECT * FROM payments WHERE gift_id = :value ORDER BY payment_intent;

-- name: held_disputes_by_gift(value)
SELECT * FROM disputes WHERE gift_id = :value ORDER BY opened_at, id;

-- name: held_statement_by_gift(value)
SELECT s.* FROM statement AS s
JOIN payments AS p ON p.payment_intent = s.payment_intent
WHERE p.gift_id = :value ORDER BY s.created_at, s.id;

-- name: held_outbox_by_gift(value)
SELECT * FROM outbox WHERE gift_id = :value ORDER BY due_at, id;

-- name: held_outbox_by_pledge(value)
SELECT * FROM outbox WHERE pledge_id = :value ORDER BY due_at, id;

-- name: held_outbox_by_address(value)
SELECT * FROM outbox WHERE address = :value ORDER BY due_at, id;

-- name: held_tickets_by_gift(value)
SELECT * FROM tickets WHERE gift_id = :value;

-- name: held_declarations_by_gift(value)
SELECT * FROM declarations WHERE gift_id = :value ORDER BY declared_at, id;

-- name: held_declarations_by_address(value)
SELECT * FROM declarations WHERE email = :value ORDER BY declared_at, id;

-- name: held_bank_lines_by_gift(value)
SELECT * FROM bank_lines WHERE gift_id = :value ORDER BY booked_on, id;

-- name: held_search_words_by_gift(value)
SELECT * FROM search_words WHERE gift_id = :value;

-- name: held_acts_by_gift(value)
SELECT * FROM acts WHERE gift_id = :value ORDER BY acted_at, id;

-- name: held_acts_by_pledge(value)
SELECT * FROM acts WHERE about = :value ORDER BY acted_at, id;

-- name: held_events_by_gift(value)
SELECT * FROM events WHERE gift_id = :value ORDER BY created_at, id;

-- name: held_events_by_mention(value)
-- ``value`` is an address as JSON writes it, quotes and all, so that no longer one is meant by it.
SELECT * FROM events
WHERE replace(lower(payload), lower(CAST(:value AS text)), '') <> lower(payload) ORDER BY created_at, id;

-- name: held_event_failures_by_gift(value)
SELECT f.* FROM event_failures AS f
JOIN events AS e ON e.id = f.event_id
WHERE e.gift_id = :value ORDER BY f.failed_at, f.id;

-- name: held_event_failures_by_mention(value)
SELECT * FROM event_failures
WHERE replace(lower(payload), lower(CAST(:value AS text)), '') <> lower(payload) ORDER BY failed_at, id;

-- name: declarations_in_force()
-- Each declaration that still names a donor, with the last gift that it is needed for. The one of its own
-- gift may have been erased; the others are found by the address.
SELECT d.id, d.gift_id, d.email, d.scope, d.recipient, d.declared_at, (
    SELECT max(g.created_at) FROM gifts AS g
    WHERE g.state = 'received' AND (g.id = d.gift_id OR (
        d.scope = 'all' AND g.recipient = d.recipient AND lower(g.email) = lower(d.email)
        AND (d.cancelled_at IS NULL OR g.created_at <= d.cancelled_at)
    ))
) AS last_gift_at
FROM declarations AS d
WHERE d.last_name <> '' OR d.email <> '' OR d.postcode <> ''
ORDER BY d.id;

-- name: forget_gift(id, email)
-- ``email`` is what its address becomes: nothing, or itself when a declaration is found by it. Who has no name
-- is named nowhere.
UPDATE gifts SET name = '', email = :email, message = '', dedication = '', anonymous = TRUE
WHERE id = :id AND (name <> '' OR email <> :email OR message <> '' OR dedication <> '')
RETURNING id;

-- name: forget_pledge(id)
UPDATE pledges SET name = '', email = '', message = '', dedication = '', anonymous = TRUE
WHERE id = :id AND (name <> '' OR email <> '' OR message <> '' OR dedication <> '')
RETURNING id;

-- name: forget_receipt(id, snapshot)
UPDATE receipts SET snapshot = :snapshot WHERE id = :id RETURNING id;

-- name: forget_mail(id, now, reason)
-- A mail that has not gone out is a dead letter now.
UPDATE outbox
SET address = '', said = '{}',
    reason = CASE WHEN reason IS NULL AND sent_at IS NOT NULL THEN NULL ELSE :reason END,
    dead_at = CASE WHEN sent_at IS NULL THEN coalesce(dead_at, :now) ELSE dead_at END
WHERE id = :id AND address <> ''
RETURNING id;

-- name: forget_event(id)
-- One that waits is still to be booked from what it says.
UPDATE events SET payload = '{}' WHERE id = :id AND payload <> '{}' AND coalesce(outcome, '') <> 'waiting'
RETURNING id;

-- name: forget_failure(id, reason)
-- What an unforeseen error says may repeat what was in the event.
UPDATE event_failures
SET payload = '{}', reason = CASE WHEN substr(reason, 1, 17) = '["webhook.broken"' THEN :reason ELSE reason END
WHERE id = :id AND payload <> '{}'
RETURNING id;

-- name: forget_ticket(id)
UPDATE tickets SET title = '', tax_number = '' WHERE gift_id = :id AND (title <> '' OR tax_number <> '')
RETURNING gift_id;

-- name: forget_declaration(id)
UPDATE declarations SET email = '', title = '', first_name = '', last_name = '', house = '', postcode = ''
WHERE id = :id AND (last_name <> '' OR email <> '' OR postcode <> '')
RETURNING id;

-- name: forget_bank_line(id)
UPDATE bank_lines SET payer = '', payer_account = '', remark = ''
WHERE id = :id AND (payer <> '' OR payer_account <> '' OR remark <> '')
RETURNING id;

-- name: forget_search_words(id)
DELETE FROM search_words WHERE gift_id = :id RETURNING gift_id;

-- name: unpaid_gifts_before(moment)
SELECT id FROM gifts
WHERE state IN ('pending', 'expired', 'failed') AND created_at < :moment
AND (name <> '' OR email <> '' OR message <> '' OR dedication <> '')
ORDER BY id;

-- name: paid_gifts_before(recipient, moment, year)
-- Gifts of years that are over, none of whose receipts is of a later one.
SELECT id FROM gifts AS g
WHERE recipient = :recipient AND state = 'received' AND created_at < :moment
AND (name <> '' OR email <> '' OR message <> '' OR dedication <> '')
AND NOT EXISTS (SELECT 1 FROM receipts AS r WHERE r.gift_id = g.id AND r.year >= :year)
ORDER BY id;

-- name: erased_gifts()
-- What an erasing had to leave to a gift for its declaration, which is gone by now.
SELECT id FROM gifts AS g
WHERE email <> '' AND EXISTS (SELECT 1 FROM acts AS a WHERE a.gift_id = g.id AND a.kind = 'erase_donor')
AND NOT EXISTS (
    SELECT 1 FROM declarations AS d
    WHERE d.email <> '' AND (d.gift_id = g.id OR (
        d.scope = 'all' AND d.recipient = g.recipient AND lower(d.email) = lower(g.email)
    ))
)
ORDER BY id;

-- name: over_pledges_before(moment)
-- Pledges that ended, or never began, and whose gifts name nobody any more.
SELECT id FROM pledges AS p
WHERE state IN ('pending', 'ended') AND created_at < :moment
AND (name <> '' OR email <> '' OR message <> '' OR dedication <> '')
AND NOT EXISTS (SELECT 1 FROM gifts AS g WHERE g.pledge_id = p.id AND (g.name <> '' OR g.email <> ''))
ORDER BY id;

-- name: receipts_before(recipient, year)
SELECT * FROM receipts WHERE recipient = :recipient AND year < :year ORDER BY year, serial;

-- name: receiving()
-- The recipients that the books know, though they may not be declared any more.
SELECT recipient FROM receipts UNION SELECT recipient FROM gifts;

-- name: tickets_before(recipient, moment)
SELECT t.gift_id AS id FROM tickets AS t
JOIN gifts AS g ON g.id = t.gift_id
WHERE g.recipient = :recipient AND g.created_at < :moment AND (t.title <> '' OR t.tax_number <> '')
ORDER BY t.gift_id;

-- name: mails_before(moment)
SELECT id FROM outbox WHERE address <> '' AND coalesce(sent_at, dead_at) < :moment ORDER BY id;

-- name: events_before(moment)
SELECT id FROM events
WHERE payload <> '{}' AND received_at < :moment AND outcome NOT IN ('waiting', 'not_understood')
ORDER BY id;

-- name: failures_before(moment)
-- Only those whose event was booked later: the others wait for a person.
SELECT f.id FROM event_failures AS f
JOIN events AS e ON e.id = f.event_id
WHERE f.payload <> '{}' AND f.failed_at < :moment AND e.outcome NOT IN ('waiting', 'not_understood')
ORDER BY f.id;

-- name: bank_lines_before(day)
SELECT id FROM bank_lines
WHERE booked_on < :day AND (payer <> '' OR payer_account <> '' OR remark <> '')
ORDER BY id;
