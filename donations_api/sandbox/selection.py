"""Which objects a reader wants, as SQL that the indexes of the file can answer; newest first."""

from collections.abc import Collection
from typing import Self

from donations_api.sandbox.tables import path

# The number of the first event since a moment, or one that no event reaches.
_FIRST_SINCE = """
coalesce((
    SELECT told.rowid FROM object AS made JOIN event_delivery AS told ON told.event = made.id
    WHERE made.kind = 'event' AND made.created >= ? ORDER BY made.created, made.rowid LIMIT 1
), 1 << 62)"""


class Selection:
    """All objects of a kind; each call narrows it further and hands it back.

    A field is named by its path, with ``__`` for a step into it: ``payment__payment_intent``.
    """

    source = "object"
    order = "created DESC, object.rowid DESC"

    def __init__(self, kind: str) -> None:
        # The kind stands in the text, and not as a parameter, so that its own indexes apply.
        if not kind.replace("_", "").replace(".", "").isalpha():
            raise ValueError(kind)
        self._conditions = [f"kind = '{kind}'"]
        self._values: list[object] = []

    def where(self, **fields: object) -> Self:
        for field, value in fields.items():
            self.only(f"{path(field)} = ?", value)
        return self

    def where_not(self, field: str, value: object) -> Self:
        return self.only(f"{path(field)} <> ?", value)

    def due(self, field: str, moment: float) -> Self:
        """Whose ``field`` is a time (epoch seconds) that has come at ``moment``."""
        return self.only(f"{path(field)} <= ?", moment)

    def since(self, moment: int) -> Self:
        """Created at ``moment`` (epoch seconds) or later."""
        return self.only("created >= ?", moment)

    def before(self, moment: int) -> Self:
        """Created earlier than ``moment`` (epoch seconds)."""
        return self.only("created < ?", moment)

    def after(self, identifier: str) -> Self:
        """What follows this object in the list."""
        return self.only(
            "(created, object.rowid) < (SELECT created, rowid FROM object WHERE id = ?)", identifier
        )

    def only(self, condition: str, *values: object) -> Self:
        self._conditions.append(condition)
        self._values += values
        return self

    def query(self, count: int) -> tuple[str, list[object]]:
        """The SQL for at most ``count`` bodies (below zero: all), and its values."""
        # No value stands in the text of a query.
        query = f"SELECT body FROM {self._wanted} ORDER BY {self.order} LIMIT ?"  # noqa: S608
        return query, [*self._values, count]

    def totals(self, amount: str, by: str) -> tuple[str, list[object]]:
        """The SQL for each value of the field ``by`` and the sum of ``amount`` with it."""
        fields = f"{path(by)} AS shared, sum({path(amount)})"
        query = f"SELECT {fields} FROM {self._wanted} GROUP BY shared"  # noqa: S608
        return query, [*self._values]

    @property
    def _wanted(self) -> str:
        return f"{self.source} WHERE {' AND '.join(self._conditions)}"


class Events(Selection):
    """Events, by the narrow table of their deliveries: to look into each would take too long."""

    source = "event_delivery CROSS JOIN object ON object.id = event_delivery.event"
    order = "event_delivery.rowid DESC"

    def __init__(self) -> None:
        super().__init__("event")

    def of_types(self, types: Collection[str]) -> Self:
        return self.only(f"event_delivery.type IN ({', '.join('?' * len(types))})", *types)

    def delivered(self, *, is_so: bool) -> Self:
        return self.only(f"(event_delivery.state = 'delivered') = {int(is_so)}")

    # Events are queued in the order in which they are made.

    def since(self, moment: int) -> Self:
        return self.only(f"event_delivery.rowid >= {_FIRST_SINCE}", moment)

    def before(self, moment: int) -> Self:
        return self.only(f"event_delivery.rowid < {_FIRST_SINCE}", moment)

    def after(self, identifier: str) -> Self:
        return self.only(
            "event_delivery.rowid < (SELECT rowid FROM event_delivery WHERE event = ?)", identifier
        )


class PaidOut(Selection):
    """The balance transactions of one payout, its own among them."""

    source = "paid_out CROSS JOIN object ON object.id = paid_out.transaction_id"
    order = "paid_out.rowid DESC"

    def __init__(self, payout: str) -> None:
        super().__init__("balance_transaction")
        self.only("paid_out.payout = ?", payout)

    def after(self, identifier: str) -> Self:
        return self.only(
            "paid_out.rowid < (SELECT rowid FROM paid_out WHERE transaction_id = ?)", identifier
        )
