"""The ledger: where the books lie, how they are opened, and how their shape is kept up to date.

    with ledger.books() as books:
        books.add_gift(gift)
        books.commit()

What was not committed is rolled back.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from donations_api.books import Books
from donations_api.databases import database_at
from donations_api.errors import Explained, LedgerUnavailable

_MIGRATED_WITHIN = 5  # seconds for another program that is migrating the same database


class Ledger:
    """The database behind ``database_url``. Nothing happens until it is used.

    ``sqlite:///var/donations.db`` is a path from the working directory,
    ``sqlite:////srv/donations.db`` an absolute one; ``postgresql://…`` a server's database.
    """

    def __init__(self, database_url: str) -> None:
        self._database = database_at(database_url)

    def migrate(self) -> None:
        """Bring the database to this version's shape; on SQLite, make it and its folder too.

        Raises LedgerUnavailable when it cannot be had, and Explained when another program has been
        at it for long, or was stopped half-way.
        """
        if self.ready():
            return
        import yoyo  # slow to load, and no request needs it

        database = self._database
        try:
            database.make_room()
            with (
                yoyo.get_backend(database.address) as backend,
                backend.lock(timeout=_MIGRATED_WITHIN),
            ):
                migrations = yoyo.read_migrations(*map(str, database.migrations))
                backend.apply_migrations(backend.to_apply(migrations))
        except yoyo.exceptions.LockTimeout as error:
            raise Explained("ledger.migration_locked", address=database.address) from error
        except OSError as error:
            raise _unavailable(error) from error
        except database.unavailable as error:
            raise _unavailable(error) from error

    def ready(self) -> bool:
        """Whether the database is there and in this version's shape.

        Raises LedgerUnavailable when that cannot be seen, since its server is away, say.
        """
        database = self._database
        wanted = {file.stem for folder in database.migrations for file in folder.glob("*.sql")}
        if not database.is_made():
            return False
        try:
            connection = database.connect()
        except database.unavailable as error:
            raise _unavailable(error) from error
        try:
            with closing(connection):
                rows = connection.execute("SELECT migration_id FROM _yoyo_migration").fetchall()
        except database.unavailable:
            return False
        return wanted <= {row["migration_id"] for row in rows}

    @contextmanager
    def books(self) -> Iterator[Books]:
        """Open the books for one transaction; it is rolled back unless ``commit()`` was called.

        Raises LedgerUnavailable when the database is away, locked for long, or full.
        """
        with self._opened(to_read=False) as books:
            yield books

    @contextmanager
    def reading(self) -> Iterator[Books]:
        """Open the books to look into them, with a credential that may do no more.

        They are as they were at this moment, however long it takes. Raises LedgerUnavailable.
        """
        with self._opened(to_read=True) as books:
            yield books

    @contextmanager
    def _opened(self, *, to_read: bool) -> Iterator[Books]:
        database = self._database
        try:
            with closing(database.connect(to_read=to_read)) as connection:
                (database.begin_reading if to_read else database.begin)(connection)
                try:
                    yield Books(connection, database.driver)
                finally:
                    connection.rollback()
        except database.unavailable as error:
            raise _unavailable(error) from error


def _unavailable(error: Exception) -> LedgerUnavailable:
    # Its first line alone: below it PostgreSQL quotes the row, which may be a donor's (rule L8).
    said = next(iter(str(error).splitlines()), type(error).__name__)
    return LedgerUnavailable("ledger.unavailable", reason=" ".join(said.split()))
