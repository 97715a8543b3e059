"""The tables of the sandbox's file, and the indexes that keep ten thousand gifts quick."""

# Of each kind, the fields that its objects are looked up by. A path steps into an object with "__".
_LOOKED_UP: dict[str, tuple[str, ...]] = {
    "balance_transaction": ("currency", "source", "type"),
    "charge": ("customer", "payment_intent", "status"),
    "checkout.session": ("invoice", "payment_intent", "status", "subscription"),
    "dispute": ("charge", "payment_intent"),
    "event": (),
    "invoice": ("customer", "parent__subscription_details__subscription", "status"),
    "invoice_payment": ("invoice", "payment__payment_intent", "status"),
    "payout": ("status",),
    "refund": ("charge", "payment_intent"),
    "subscription": ("customer", "status"),
}

_TABLES = """
CREATE TABLE IF NOT EXISTS object (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, created INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS session_order (
    session TEXT PRIMARY KEY REFERENCES object (id), body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS event_delivery (
    event TEXT PRIMARY KEY REFERENCES object (id), about TEXT NOT NULL, type TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'given_up', 'held', 'dropped')),
    attempts INTEGER NOT NULL, due REAL NOT NULL, answer TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS holding (since REAL NOT NULL);
CREATE TABLE IF NOT EXISTS losing (since REAL NOT NULL);
CREATE TABLE IF NOT EXISTS paid_out (
    transaction_id TEXT PRIMARY KEY REFERENCES object (id),
    payout TEXT NOT NULL REFERENCES object (id));
CREATE TABLE IF NOT EXISTS kept_answer (
    idempotency_key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL, created REAL NOT NULL);

CREATE INDEX IF NOT EXISTS delivery_due ON event_delivery (state, due);
CREATE INDEX IF NOT EXISTS delivery_about ON event_delivery (about);
CREATE INDEX IF NOT EXISTS paid_out_in ON paid_out (payout);
CREATE INDEX IF NOT EXISTS answer_kept ON kept_answer (created);
CREATE INDEX IF NOT EXISTS session_lapses ON object (
    body ->> '$.status', body ->> '$.expires_at') WHERE kind = 'checkout.session';
CREATE INDEX IF NOT EXISTS subscription_wakes ON object (
    body ->> '$.status', body ->> '$.pause_collection.resumes_at') WHERE kind = 'subscription';
"""


def path(field: str) -> str:
    """The SQL expression of a field, letter for letter as the indexes have it."""
    if not field.replace("_", "").isalpha():
        raise ValueError(field)
    return f"body ->> '$.{field.replace('__', '.')}'"


def definition() -> str:
    """The SQL that makes what is missing in a file, new or old."""
    # Each index is of one kind alone: an index of every kind would be read through for each.
    ordered = [
        f"CREATE INDEX IF NOT EXISTS \"{kind}\" ON object (created) WHERE kind = '{kind}';"
        for kind in _LOOKED_UP
    ]
    by_field = [
        f'CREATE INDEX IF NOT EXISTS "{kind} {field}" ON object ({path(field)}, created)'
        f" WHERE kind = '{kind}';"
        for kind, fields in _LOOKED_UP.items()
        for field in fields
    ]
    return "\n".join([_TABLES, *ordered, *by_field])
