-- name: next_serial(recipient, year)^
INSERT INTO receipt_numbers (recipient, year, serial)
VALUES (:recipient, :year, 1)
ON CONFLICT (recipient, year) DO UPDATE SET serial = receipt_numbers.serial + 1
RETURNING serial;

-- name: add_receipt(id, kind, cause, gift_id, recipient, year, serial, number, issued_at, snapshot)^
INSERT INTO receipts (id, kind, cause, gift_id, recipient, year, serial, number, issued_at, snapshot)
VALUES (:id, :kind, :cause, :gift_id, :recipient, :year, :serial, :number, :issued_at, :snapshot)
ON CONFLICT DO NOTHING
RETURNING id;

-- name: receipts_of(gift_id)
SELECT * FROM receipts WHERE gift_id = :gift_id ORDER BY year, serial;

-- name: receipt(id)^
SELECT * FROM receipts WHERE id = :id;

-- name: receipt_numbered(number)^
SELECT * FROM receipts WHERE number = :number;
