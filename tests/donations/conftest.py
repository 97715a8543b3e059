"""A ledger of its own for each test, and the project's own content."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from donations_api.clerk import Outcome
from donations_api.frame import Frame, load_frame
from donations_api.giving import Giving, load_giving
from donations_api.ledger import Ledger
from donations_api.settings import ROOT, Settings
from donations_api.webhook import receive
from tests.compiled_templates import compile_once
from tests.donations.at_the_desk import Office, office_in
from tests.donations.guards import Rows
from tests.donations.running import CONTENT, Rig, rig, settings_for
from tests.donations.stripe_events import NOW, body_of, signed
from tests.postgres import QUICK, Server, postgresql

Deliver = Callable[..., Outcome]


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hundreds of portals are started here, of the same templates."""
    compile_once(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server for all tests of one process."""
    with postgresql(QUICK) as server:
        yield server


@pytest.fixture(scope="session")
def empty_books(server: Server) -> str:
    """A database in this version's shape, after which the others are made."""
    name = server.new_database()
    Ledger(server.url(name)).migrate()
    return name


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in this version's shape, of which the others are copies."""
    file = tmp_path_factory.mktemp("sqlite") / "donations.db"
    Ledger(f"sqlite:///{file}").migrate()
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a portal with an empty ledger of its own, once on each database."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "donations.db")
        return settings_for(tmp_path)
    server: Server = request.getfixturevalue("server")
    name = server.new_database(request.getfixturevalue("empty_books"))
    return settings_for(tmp_path, database_url=server.url(name))


@pytest.fixture
def ledger(settings: Settings) -> Ledger:
    return Ledger(settings.database_url)


# Not from the settings: what asks for these alone would run once on each database for nothing.
@pytest.fixture(scope="session")
def giving() -> Giving:
    return load_giving(CONTENT)


@pytest.fixture(scope="session")
def frame() -> Frame:
    return load_frame(CONTENT, ROOT / "theme")


@pytest.fixture
def rows(settings: Settings) -> Rows:
    return Rows(settings.database_url)


@pytest.fixture
def deliver(ledger: Ledger, giving: Giving, settings: Settings) -> Deliver:
    """Bring an event to the webhook, signed, at ``now``."""

    def bring(event: dict[str, Any], now: Any = NOW, using: Any = None) -> Outcome:
        body = body_of(event)
        return receive(ledger, using or giving, settings, body, signed(body, at=now), now)

    return bring


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[Office]:
    """A desk that the tests of a module share; each has gifts of its own."""
    folder = tmp_path_factory.mktemp("office")
    shutil.copy(empty_file, folder / "donations.db")
    with office_in(folder) as office:
        yield office


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    changed = {}
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        name = server.new_database(request.getfixturevalue("empty_books"))
        changed["database_url"] = server.url(name)
    with rig(tmp_path, **changed) as both:
        yield both
