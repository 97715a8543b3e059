-- name: ticket(gift_id)^
SELECT * FROM tickets WHERE gift_id = :gift_id;

-- name: keep_wish(gift_id, wish, title, tax_number, wished_at)^
-- Changeable until there is a number.
INSERT INTO tickets (gift_id, wish, title, tax_number, wished_at)
VALUES (:gift_id, :wish, :title, :tax_number, :wished_at)
ON CONFLICT (gift_id) DO UPDATE
SET wish = excluded.wish, title = excluded.title, tax_number = excluded.tax_number, wished_at = excluded.wished_at
WHERE tickets.number IS NULL
RETURNING gift_id;

-- name: issue_ticket(gift_id, number, issued_on, imported_at)^
UPDATE tickets SET number = :number, issued_on = :issued_on, imported_at = :imported_at
WHERE gift_id = :gift_id AND number IS NULL
RETURNING gift_id;

-- name: ticket_numbered(number)^
SELECT * FROM tickets WHERE number = :number;

-- name: tickets_wanted()
-- What was returned in full needs no ticket. A gift in kind has no entries, and may well need one.
SELECT * FROM (
    SELECT r.number, t.title, t.tax_number, g.fund, g.recipient, g.email, g.in_kind,
        coalesce(e.currency, g.currency) AS currency,
        coalesce(min(CASE WHEN e.kind IN ('gift', 'offline_gift') THEN e.received_at END), g.created_at) AS received_at,
        coalesce(CAST(sum(CASE
            WHEN e.taken_from IN ('donors', 'disputed') AND e.put_into NOT IN ('donors', 'disputed') THEN e.amount
            WHEN e.put_into IN ('donors', 'disputed') AND e.taken_from NOT IN ('donors', 'disputed') THEN -e.amount
            ELSE 0
        END) AS bigint), 0) AS amount
    FROM tickets AS t
    JOIN gifts AS g ON g.id = t.gift_id
    JOIN receipts AS r ON r.gift_id = g.id AND r.kind = 'cn'
    LEFT JOIN entries AS e ON e.gift_id = g.id
    WHERE t.wish = 'requested' AND t.number IS NULL
    GROUP BY r.number, t.title, t.tax_number, g.fund, g.recipient, g.email, g.in_kind, g.currency, g.created_at, e.currency
) AS wanted
WHERE amount > 0 OR in_kind <> ''
ORDER BY number;

-- name: add_declaration(id, recipient, gift_id, email, scope, title, first_name, last_name, house, postcode, statement, language, declared_at, cancelled_at)^
INSERT INTO declarations (
    id, recipient, gift_id, email, scope, title, first_name, last_name, house, postcode,
    statement, language, declared_at, cancelled_at
) VALUES (
    :id, :recipient, :gift_id, :email, :scope, :title, :first_name, :last_name, :house, :postcode,
    :statement, :language, :declared_at, :cancelled_at
)
RETURNING id;

-- name: declarations_about(recipient, gift_id, email)
-- Of this gift, and of all gifts of its donor, however large the letters of the address were written; an empty one is
-- nobody's, so it joins nothing.
SELECT * FROM declarations
WHERE recipient = :recipient
AND (gift_id = :gift_id OR (scope = 'all' AND email <> '' AND lower(email) = lower(CAST(:email AS text))))
ORDER BY declared_at DESC, id;

-- name: cancel_declarations(recipient, gift_id, email, cancelled_at)!
UPDATE declarations SET cancelled_at = :cancelled_at
WHERE recipient = :recipient AND cancelled_at IS NULL
AND (gift_id = :gift_id OR (scope = 'all' AND email <> '' AND lower(email) = lower(CAST(:email AS text))));

-- name: given_to(recipient)
-- Each gift of money, and what is left of it in the currency in which it came.
SELECT g.id AS gift_id, g.email, e.currency,
    min(CASE WHEN e.kind IN ('gift', 'offline_gift') THEN e.put_into END) AS account,
    min(CASE WHEN e.kind IN ('gift', 'offline_gift') THEN e.received_at END) AS received_at,
    CAST(sum(CASE
        WHEN e.taken_from IN ('donors', 'disputed') AND e.put_into NOT IN ('donors', 'disputed') THEN e.amount
        WHEN e.put_into IN ('donors', 'disputed') AND e.taken_from NOT IN ('donors', 'disputed') THEN -e.amount
        ELSE 0
    END) AS bigint) AS amount
FROM gifts AS g
JOIN entries AS e ON e.gift_id = g.id
WHERE g.recipient = :recipient
GROUP BY g.id, g.email, e.currency
HAVING min(CASE WHEN e.kind IN ('gift', 'offline_gift') THEN e.received_at END) IS NOT NULL
ORDER BY received_at, gift_id;
