"""The two databases that the books can lie in, and all that differs between them.

On both of them one transaction writes at a time, so that what is proven of one holds for the other:
SQLite locks its file for that, PostgreSQL a lock of our own.
"""

import sqlite3
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

_MIGRATIONS = Path(__file__).parent / "migrations"
_WAIT = 5  # seconds for other writers, each of which needs milliseconds; and for a connection

# The lock in which PostgreSQL's writers queue. Any number will do, but for ever the same.
_WRITERS = 2006


class Database(Protocol):
    """``driver``: the name of its driver for aiosql. ``address``: the one for yoyo."""

    driver: str
    address: str

    @property
    def migrations(self) -> tuple[Path, ...]:
        """Where the steps to this version's shape lie: those for both, and its own."""
        ...

    @property
    def unavailable(self) -> tuple[type[Exception], ...]:
        """What the driver raises when the database cannot be used: away, locked, full, not made."""
        ...

    def is_made(self) -> bool:
        """Whether there is a database at all; of a server's only the server knows."""
        ...

    def make_room(self) -> None:
        """Make what must be there before the first migration. Raises OSError or ``unavailable``."""
        ...

    def connect(self, *, to_read: bool = False) -> Any:
        """A connection (PEP 249) with rows by name, not in a transaction yet.

        ``to_read``: one that cannot write, for which leave to read is enough.
        """
        ...

    def begin(self, connection: Any) -> None:
        """Begin a transaction that nobody else writes in."""
        ...

    def begin_reading(self, connection: Any) -> None:
        """Begin a transaction that sees the books as they are now, while others go on writing."""
        ...


def database_at(url: str) -> Database:
    """The database behind ``DATABASE_URL``, which ``settings`` has checked. Nothing is opened."""
    if url.startswith("sqlite:///"):
        return SQLite(Path(url.removeprefix("sqlite:///")))
    return PostgreSQL(url)


class SQLite:
    """A file. ``path`` may be relative to the working directory."""

    driver = "sqlite3"
    unavailable = (sqlite3.OperationalError,)
    migrations = (_MIGRATIONS, _MIGRATIONS / "sqlite")

    def __init__(self, path: Path) -> None:
        self._path = path
        self.address = "sqlite:///" + quote(path.as_posix(), safe="/:")

    def is_made(self) -> bool:
        return self._path.exists()

    def make_room(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if self._path.exists():
            self.connect().close()  # so that a file which is none of SQLite's is told as such

    def connect(self, *, to_read: bool = False) -> sqlite3.Connection:
        try:
            return self._opened(to_read=to_read)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorname", "") != "SQLITE_READONLY_ROLLBACK":
                raise
        # Who was killed while writing has left a journal, which only a writer can roll back.
        self._opened(to_read=False).close()
        return self._opened(to_read=to_read)

    def _opened(self, *, to_read: bool) -> sqlite3.Connection:
        # mode=rw: a wrong path must not become a second, empty set of books.
        mode = "ro" if to_read else "rw"
        address = f"file:{quote(self._path.as_posix(), safe='/:')}?mode={mode}"
        connection = sqlite3.connect(address, timeout=_WAIT, isolation_level=None, uri=True)
        connection.row_factory = sqlite3.Row
        try:
            self._set_up(connection)
        except sqlite3.OperationalError:
            connection.close()
            raise
        except sqlite3.DatabaseError as error:  # a file that is none of SQLite's
            connection.close()
            raise sqlite3.OperationalError(str(error)) from error
        return connection

    @staticmethod
    def _set_up(connection: sqlite3.Connection) -> None:
        # SQLite before 3.51.3 can corrupt a file in WAL mode (the WAL-reset bug), and a rollback
        # journal is quick enough. EXTRA: what was committed outlives a power cut a moment later.
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA foreign_keys = ON")
        # What is removed from a row must not linger in the file's free pages.
        connection.execute("PRAGMA secure_delete = ON")
        # So that what refuses a DELETE refuses INSERT OR REPLACE as well.
        connection.execute("PRAGMA recursive_triggers = ON")

    def begin(self, connection: sqlite3.Connection) -> None:
        # Who reads first and asks for the lock later may be refused it; so ask at once.
        connection.execute("BEGIN IMMEDIATE")

    def begin_reading(self, connection: sqlite3.Connection) -> None:
        # Here a reader holds writers up, and they wait for five seconds: read on, do not linger.
        connection.execute("BEGIN")


class PostgreSQL:
    """A server, at once or behind a pooler in transaction mode: nothing outlives a transaction."""

    driver = "psycopg"
    migrations = (_MIGRATIONS, _MIGRATIONS / "postgresql")

    def __init__(self, url: str) -> None:
        self._url = url
        self.address = "postgresql+psycopg" + url[url.index("://") :]

    @property
    def unavailable(self) -> tuple[type[Exception], ...]:
        import psycopg

        return (
            psycopg.OperationalError,
            psycopg.InternalError,
            psycopg.InterfaceError,
            psycopg.errors.UndefinedTable,  # SQLite counts it among its operational errors
        )

    def is_made(self) -> bool:
        return True

    def make_room(self) -> None:
        """A database is made by who runs the server."""

    def connect(self, *, to_read: bool = False) -> Any:  # noqa: ARG002  # said at the beginning
        import psycopg  # a set-up on SQLite does not pay for it
        from psycopg.rows import dict_row

        # Prepared statements belong to one server connection, which a pooler changes under us.
        return psycopg.connect(
            self._url,
            autocommit=True,
            row_factory=dict_row,
            prepare_threshold=None,
            connect_timeout=_WAIT,
        )

    def begin(self, connection: Any) -> None:
        connection.execute("BEGIN")
        connection.execute(f"SET LOCAL lock_timeout = '{_WAIT}s'")
        # Who was stopped in the midst of it must not stop the others for good.
        connection.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{2 * _WAIT}s'")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_WRITERS,))

    def begin_reading(self, connection: Any) -> None:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
