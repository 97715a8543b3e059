-- name: keep_line(id, category, about, payment_intent, kind, reference, amount, fee, currency, moved, moved_currency, undecided, created_at, available_at, payout_id)^
INSERT INTO statement (
    id, category, about, payment_intent, kind, reference, amount, fee, currency,
    moved, moved_currency, undecided, created_at, available_at, payout_id
) VALUES (
    :id, :category, :about, :payment_intent, :kind, :reference, :amount, :fee, :currency,
    :moved, :moved_currency, :undecided, :created_at, :available_at, :payout_id
)
ON CONFLICT (id) DO UPDATE SET
    kind = excluded.kind, amount = excluded.amount, fee = excluded.fee, currency = excluded.currency,
    moved = excluded.moved, moved_currency = excluded.moved_currency,
    undecided = excluded.undecided, available_at = excluded.available_at
RETURNING id;

-- name: unbooked_lines()
-- What Stripe has and the ledger has not.
SELECT * FROM statement_lines
WHERE kind <> '' AND entry_id IS NULL AND NOT corrected
ORDER BY created_at, id;

-- name: lines_without_fee()
SELECT id, gift_id, coalesce(fund, '') AS fund, coalesce(recipient, '') AS recipient,
    amount, fee, currency, moved, moved_currency, created_at
FROM statement_lines
WHERE fee <> 0 AND (entry_id IS NOT NULL OR (kind = '' AND NOT undecided))
AND NOT EXISTS (SELECT 1 FROM entries AS f WHERE f.kind = 'fee' AND f.reference = statement_lines.id)
ORDER BY created_at, id;

-- name: lines_without_exchange()
SELECT id, gift_id, coalesce(fund, '') AS fund, coalesce(recipient, '') AS recipient,
    amount, fee, currency, moved, moved_currency, created_at
FROM statement_lines
WHERE currency <> moved_currency AND entry_id IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM entries AS x WHERE x.kind = 'exchange_in' AND x.reference = statement_lines.id)
ORDER BY created_at, id;

-- name: lines_of_stripes_own()
-- What Stripe moves by itself: payouts, and fees that are not of a payment.
SELECT * FROM statement_lines
WHERE kind IN ('payout', 'payout_failed', 'fee') AND entry_id IS NULL AND NOT corrected
ORDER BY created_at, id;

-- name: payouts_to_read()
-- Those that are new, on their way, or have come back.
SELECT s.about AS id FROM statement AS s
LEFT JOIN payouts AS p ON p.id = s.about
WHERE s.category = 'payout'
AND (
    p.id IS NULL
    OR p.state IN ('pending', 'in_transit')
    OR (p.state = 'paid' AND EXISTS (
        SELECT 1 FROM statement AS r WHERE r.category = 'payout_reversal' AND r.about = p.id
    ))
)
ORDER BY s.created_at, s.id;

-- name: keep_payout(id, state, amount, counted, currency, created_at, arrives_at)^
INSERT INTO payouts (id, state, amount, counted, currency, created_at, arrives_at)
VALUES (:id, :state, :amount, :counted, :currency, :created_at, :arrives_at)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, counted = excluded.counted, arrives_at = excluded.arrives_at
RETURNING id;

-- name: payouts()
SELECT * FROM payouts ORDER BY created_at, id;

-- name: note_payout(id, payout_id)!
UPDATE statement SET payout_id = :payout_id WHERE id = :id;

-- name: take_along(id, payout_id)!
-- The money of a payout that came back goes with the payout that holds its return.
UPDATE statement SET payout_id = :payout_id
WHERE category <> 'payout'
AND payout_id = (SELECT r.about FROM statement AS r WHERE r.id = :id AND r.category = 'payout_reversal');

-- name: settle_gifts(now)!
UPDATE gifts SET settled_at = l.settled_at
FROM (
    SELECT gift_id, min(available_at) AS settled_at FROM statement_lines
    WHERE kind = 'gift' AND gift_id IS NOT NULL AND available_at <= :now
    GROUP BY gift_id
) AS l
WHERE l.gift_id = gifts.id AND gifts.settled_at IS NULL;

-- name: pay_out_gifts()!
UPDATE gifts SET paid_out_at = l.arrived_at
FROM (
    SELECT s.gift_id, min(p.arrives_at) AS arrived_at
    FROM statement_lines AS s JOIN payouts AS p ON p.id = s.payout_id
    WHERE s.kind = 'gift' AND s.gift_id IS NOT NULL AND p.state = 'paid'
    GROUP BY s.gift_id
) AS l
WHERE l.gift_id = gifts.id AND gifts.paid_out_at IS NULL;

-- name: take_back_paid_out()!
-- Those whose payout came back, and has not gone again with a later one.
UPDATE gifts SET paid_out_at = NULL
FROM (
    SELECT s.gift_id FROM statement_lines AS s JOIN payouts AS p ON p.id = s.payout_id
    WHERE s.kind = 'gift' AND s.gift_id IS NOT NULL AND p.state <> 'paid'
    GROUP BY s.gift_id
) AS l
WHERE l.gift_id = gifts.id AND gifts.paid_out_at IS NOT NULL;

-- name: counts()^
SELECT
    (SELECT count(*) FROM statement) AS lines,
    (SELECT count(*) FROM entries) AS entries,
    (SELECT count(*) FROM gifts WHERE settled_at IS NOT NULL) AS settled,
    (SELECT count(*) FROM gifts WHERE paid_out_at IS NOT NULL) AS paid_out;

-- name: walk(name)^
SELECT * FROM walks WHERE name = :name;

-- name: save_walk(name, complete_until, newest, after)^
INSERT INTO walks (name, complete_until, newest, after) VALUES (:name, :complete_until, :newest, :after)
ON CONFLICT (name) DO UPDATE SET
    complete_until = excluded.complete_until, newest = excluded.newest, after = excluded.after
RETURNING name;

-- name: missing_in_ledger()
SELECT CASE WHEN kind = 'unknown' THEN 'unknown' ELSE 'missing_in_ledger' END AS what,
    id AS which, NULL AS minor, NULL AS currency, amount AS other_minor, currency AS other_currency
FROM statement_lines
WHERE kind <> '' AND entry_id IS NULL AND NOT corrected AND NOT undecided
ORDER BY created_at, id;

-- name: missing_at_stripe(until)
SELECT 'missing_at_stripe' AS what, e.reference AS which,
    e.amount AS minor, e.currency, NULL AS other_minor, NULL AS other_currency
FROM entries AS e
WHERE e.kind IN (
    'gift', 'refund', 'refund_failed', 'dispute_withdrawn', 'dispute_reinstated', 'payout', 'payout_failed'
)
AND e.received_at < :until
AND NOT EXISTS (SELECT 1 FROM statement_lines AS l WHERE l.entry_id = e.id)
AND NOT EXISTS (SELECT 1 FROM entries AS c WHERE c.kind = 'correction' AND c.reference = e.reference)
ORDER BY e.received_at, e.id;

-- name: other_amounts()
SELECT 'other_amount' AS what, id AS which,
    entry_amount AS minor, entry_currency AS currency, moved AS other_minor, moved_currency AS other_currency
FROM statement_lines
WHERE entry_id IS NOT NULL AND (entry_amount <> moved OR entry_currency <> moved_currency) AND NOT corrected
ORDER BY created_at, id;

-- name: other_fees()
-- Also the fee of a line that Stripe no longer names.
SELECT 'other_fee' AS what, f.reference AS which,
    CASE WHEN f.taken_from = 'stripe' THEN f.amount ELSE -f.amount END AS minor, f.currency,
    l.fee AS other_minor, l.currency AS other_currency
FROM entries AS f
LEFT JOIN statement AS l ON l.id = f.reference
WHERE f.kind = 'fee' AND (l.id IS NULL OR l.kind <> 'fee')
AND (
    l.id IS NULL OR l.currency <> f.currency
    OR l.fee <> CASE WHEN f.taken_from = 'stripe' THEN f.amount ELSE -f.amount END
)
AND NOT EXISTS (SELECT 1 FROM entries AS c WHERE c.kind = 'correction' AND c.reference = f.reference)
ORDER BY f.received_at, f.id;

-- name: lines_twice()
SELECT 'twice' AS what, min(id) AS which,
    NULL AS minor, NULL AS currency, min(moved) AS other_minor, min(moved_currency) AS other_currency
FROM statement_lines
WHERE kind NOT IN ('', 'unknown') AND NOT corrected
GROUP BY kind, reference, coalesce(payment_intent, '')
HAVING count(*) > 1
ORDER BY which;

-- name: other_payouts()
SELECT 'other_payout' AS what, id AS which, counted AS minor, currency, amount AS other_minor, currency AS other_currency
FROM payouts
WHERE counted <> amount
ORDER BY created_at, id;

-- name: stated_balances()
-- What the statement adds up to, by currency: it must be what Stripe says that we have there.
SELECT currency, CAST(sum(amount - fee) AS bigint) AS amount FROM statement GROUP BY currency ORDER BY currency;
