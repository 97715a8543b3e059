-- name: take_over(receipt_id, kind, mail_id)!
-- Mails of this letter that did not arrive; the new one stands for them from now on.
UPDATE outbox SET replaced_by = :mail_id
WHERE receipt_id = :receipt_id AND kind = :kind AND id <> :mail_id AND replaced_by IS NULL
AND (sent_at IS NULL OR bounced_at IS NOT NULL);

-- name: correct_pledge(pledge_id, email)!
UPDATE pledges SET email = :email WHERE id = :pledge_id;

-- name: correct_gifts(gift_id, pledge_id, email)!
UPDATE gifts SET email = :email WHERE id = :gift_id OR pledge_id = :pledge_id;

-- name: forget_words(gift_id, pledge_id)!
-- The search finds them by the address that they have; it makes its words anew.
DELETE FROM search_words
WHERE gift_id = :gift_id OR gift_id IN (SELECT id FROM gifts WHERE pledge_id = :pledge_id);

-- name: correct_declarations(gift_id, pledge_id, email)!
UPDATE declarations SET email = :email
WHERE gift_id = :gift_id OR gift_id IN (SELECT id FROM gifts WHERE pledge_id = :pledge_id);

-- name: redirect_mails(gift_id, pledge_id, address)!
UPDATE outbox SET address = :address
WHERE sent_at IS NULL AND replaced_by IS NULL
AND (gift_id = :gift_id OR pledge_id = :pledge_id);
