"""Asking the database by the named queries of ``queries/``, within a transaction."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import aiosql

from donations_api.rows import made

_QUERIES = Path(__file__).parent / "queries"

T = TypeVar("T")


class Asking:
    """``driver``: the name of the database's driver for aiosql."""

    def __init__(self, connection: Any, driver: str) -> None:
        self._connection = connection
        self._driver = driver
        self._queries = _queries(driver)

    def _one(self, query: str, /, **values: object) -> Any:
        return getattr(self._queries, query)(self._connection, **values)

    def _maybe(self, record: type[T], query: str, /, **values: object) -> T | None:
        row = self._one(query, **values)
        return made(record, row) if row else None

    def _all(self, query: str, /, **values: object) -> Iterator[Any]:
        rows: Iterator[Any] = getattr(self._queries, query)(self._connection, **values)
        return rows

    def _run(self, query: str, /, **values: object) -> None:
        getattr(self._queries, query)(self._connection, **values)

    def _run_each(self, query: str, rows: Sequence[Mapping[str, object]], /) -> None:
        """Run a query once for each of ``rows``, without waiting for a server at each one."""
        getattr(self._queries, query)(self._connection, rows)


@cache
def _queries(driver: str) -> Any:
    return aiosql.from_path(_QUERIES, driver)
