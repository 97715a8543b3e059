"""The ledger: where the books lie, how they are opened, and how their shape is kept up to date.

    with ledger.books() as books:
        books.add_gift(gift)
        books.commit()

What was not committed is rolled back.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from donations_api.books import Books
from donations_api.errors import Explained

_HERE = Path(__file__).parent
_MIGRATIONS = (_HERE / "migrations", _HERE / "migrations" / "sqlite")
_BUSY_FOR = 5  # seconds to wait for other writers; each of them needs milliseconds
_MIGRATED_WITHIN = 5  # seconds for another program that is migrating the same database


class Ledger:
    """The database behind ``database_url``. Nothing happens until it is used.

    ``sqlite:///var/donations.db`` is a path from the working directory,
    ``sqlite:////srv/donations.db`` an absolute one.
    """

    def __init__(self, database_url: str) -> None:
        self._path = Path(database_url.removeprefix("sqlite:///"))

    def migrate(self) -> None:
        """Bring the database to this version's shape; make it, and its folder, if there is none.

        Raises Explained when its folder cannot be made, and when another program has been at it for
        long, or was stopped half-way.
        """
        if self.ready():
            return
        import yoyo  # slow to load, and no request needs it

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Explained("cli.database", reason=str(error)) from None
        address = "sqlite:///" + quote(self._path.as_posix(), safe="/:")
        try:
            with yoyo.get_backend(address) as backend, backend.lock(timeout=_MIGRATED_WITHIN):
                migrations = yoyo.read_migrations(*map(str, _MIGRATIONS))
                backend.apply_migrations(backend.to_apply(migrations))
        except yoyo.exceptions.LockTimeout as error:
            raise Explained("ledger.migration_locked", address=address) from error

    def ready(self) -> bool:
        """Whether the database is there and in this version's shape."""
        wanted = {file.stem for folder in _MIGRATIONS for file in folder.glob("*.sql")}
        try:
            with closing(self._connect()) as connection:
                rows = connection.execute("SELECT migration_id FROM _yoyo_migration").fetchall()
        except sqlite3.Error:
            return False
        return wanted <= {row["migration_id"] for row in rows}

    @contextmanager
    def books(self) -> Iterator[Books]:
        """Open the books for one transaction; it is rolled back unless ``commit()`` was called."""
        with closing(self._connect()) as connection:
            # Who reads first and asks for the lock later may be refused it; so ask at once.
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Books(connection)
            finally:
                connection.rollback()

    def _connect(self) -> sqlite3.Connection:
        # mode=rw: a wrong path must not become a second, empty set of books.
        address = f"file:{quote(self._path.as_posix(), safe='/:')}?mode=rw"
        connection = sqlite3.connect(address, timeout=_BUSY_FOR, isolation_level=None, uri=True)
        connection.row_factory = sqlite3.Row
        # SQLite before 3.51.3 can corrupt a file in WAL mode (the WAL-reset bug), and a rollback
        # journal is quick enough. EXTRA: what was committed outlives a power cut a moment later.
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection
