"""Records to rows and back: how times, money and reasons are written into columns."""

import json
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from donations_api.entry import Account, Kind
from donations_api.errors import Explained
from donations_api.gift import State
from donations_api.money import Money
from donations_api.pledge import PledgeState

T = TypeVar("T")


def stamp(moment: datetime) -> str:
    """UTC with a fixed number of digits, so that times sort as text on every database."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def written(reason: Explained) -> str:
    return json.dumps([reason.message, reason.values], ensure_ascii=False)


def explained(text: str) -> Explained:
    message, values = json.loads(text)
    return Explained(message, **values)


def columns(record: Any) -> dict[str, Any]:
    """The fields of a record (a dataclass), as columns of the same names."""
    named: dict[str, Any] = {}
    for field in _fields(type(record)):
        match value := getattr(record, field.name):
            case Money():
                named |= {"amount": value.minor, "currency": value.currency}
            case datetime():
                named[field.name] = stamp(value)
            case date():
                named[field.name] = value.isoformat()
            case StrEnum():
                named[field.name] = value.value
            case Mapping():
                named[field.name] = json.dumps(value, ensure_ascii=False)
            case _:
                named[field.name] = value
    return named


# How a column becomes a field of a type that the database does not have.
_READ: Mapping[Any, Callable[[Any], Any]] = {
    datetime: datetime.fromisoformat,
    datetime | None: lambda text: text and datetime.fromisoformat(text),
    date: date.fromisoformat,
    bool: bool,
    State: State,
    Kind: Kind,
    Account: Account,
    PledgeState: PledgeState,
    Mapping[str, Any]: json.loads,
    Explained: explained,
    Explained | None: lambda text: text and explained(text),
}


def made(kind: type[T], row: Any) -> T:
    """A row as a record; columns that the record has no field for are left aside."""
    values: dict[str, Any] = {}
    for field in _fields(kind):
        if field.type is Money:
            values[field.name] = Money(row["amount"], row["currency"])
        else:
            read = _READ.get(field.type, lambda value: value)
            values[field.name] = read(row[field.name])
    return kind(**values)


@cache  # asked for each row; dataclasses make the answer anew each time
def _fields(kind: Any) -> tuple[Field[Any], ...]:
    return fields(kind)
