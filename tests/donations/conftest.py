"""A ledger of its own for each test, and the project's own content."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from donations_api.clerk import Outcome
from donations_api.frame import Frame, load_frame
from donations_api.giving import Giving, load_giving
from donations_api.ledger import Ledger
from donations_api.settings import Settings
from donations_api.webhook import receive
from tests.donations.running import settings_for
from tests.donations.stripe_events import NOW, body_of, signed

Rows = Callable[..., list[Any]]
Deliver = Callable[..., Outcome]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


@pytest.fixture
def ledger(settings: Settings) -> Ledger:
    """An empty ledger in a real file."""
    ledger = Ledger(settings.database_url)
    ledger.migrate()
    return ledger


@pytest.fixture
def giving(settings: Settings) -> Giving:
    return load_giving(settings.content)


@pytest.fixture
def frame(settings: Settings) -> Frame:
    return load_frame(settings.content, settings.theme)


@pytest.fixture
def rows(settings: Settings) -> Rows:
    """Ask the database file itself, past the program; what is changed lasts."""

    def ask(sql: str, *values: object) -> list[Any]:
        with sqlite3.connect(settings.database_url.removeprefix("sqlite:///")) as connection:
            found = connection.execute(sql, values).fetchall()
        connection.close()
        return found

    return ask


@pytest.fixture
def deliver(ledger: Ledger, giving: Giving, settings: Settings) -> Deliver:
    """Bring an event to the webhook, signed, at ``now``."""

    def bring(event: dict[str, Any], now: Any = NOW, using: Any = None) -> Outcome:
        body = body_of(event)
        return receive(ledger, using or giving, settings, body, signed(body, at=now), now)

    return bring
