"""The guards that the database itself keeps, and how a test takes them away to see them missed."""

from contextlib import closing
from typing import Any

from donations_api.databases import database_at


class Rows:
    """Ask a database itself, past the program; what is changed lasts. Rows are tuples."""

    def __init__(self, database_url: str) -> None:
        self._database = database_at(database_url)
        self.on_sqlite = self._database.driver == "sqlite3"

    def __call__(self, sql: str, *values: object) -> list[Any]:
        if not self.on_sqlite:
            # Both keep the rows in the order in which they were added.
            sql = sql.replace("?", "%s").replace("rowid", "ctid")
        with closing(self._database.connect()) as connection:
            cursor = connection.execute(sql, values)
            rows = cursor.fetchall() if cursor.description else []
        return [tuple(row.values() if isinstance(row, dict) else row) for row in rows]

    def keys(self) -> list[str]:
        """The unique keys that stand for a rule: each of them is called ``…_once``."""
        names = self(
            "SELECT name FROM sqlite_master WHERE type = 'index'"
            if self.on_sqlite
            else "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
        )
        return [name for (name,) in names if name.endswith("_once")]

    def refuse_mails(self) -> None:
        """Let nothing be put into the outbox, as if the disk were full."""
        if self.on_sqlite:
            body = "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
            self(f"CREATE TRIGGER full_disk BEFORE INSERT ON outbox {body}")
        else:
            body = "BEGIN RAISE EXCEPTION 'disk is full'; END"
            self(f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
            self(
                "CREATE TRIGGER full_disk BEFORE INSERT ON outbox"
                " FOR EACH ROW EXECUTE FUNCTION refuse()"
            )

    def take_mails_again(self) -> None:
        self("DROP TRIGGER full_disk" + ("" if self.on_sqlite else " ON outbox"))

    def drop_keys(self) -> None:
        for key in self.keys():
            self(f"DROP INDEX {key}")

    def drop_triggers(self) -> None:
        if self.on_sqlite:
            for (name,) in self("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
                self(f"DROP TRIGGER {name}")
        else:
            for table in ("entries", "receipts", "acts"):
                self(f"ALTER TABLE {table} DISABLE TRIGGER USER")
