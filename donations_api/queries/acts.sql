-- name: add_act(id, kind, gift_id, about, said, entered_by, reason, acted_at)^
INSERT INTO acts (id, kind, gift_id, about, said, entered_by, reason, acted_at)
VALUES (:id, :kind, :gift_id, :about, :said, :entered_by, :reason, :acted_at)
RETURNING id;

-- name: acts_of(gift_id)
SELECT * FROM acts WHERE gift_id = :gift_id ORDER BY acted_at, id;

-- name: acts_about(kind, about)
SELECT * FROM acts WHERE kind = :kind AND about = :about ORDER BY acted_at, id;
