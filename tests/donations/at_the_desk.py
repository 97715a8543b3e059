"""The desk behind real HTTP, and somebody who sits at it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import requests

from donations_api.app import portal_for
from donations_api.clerk import Clerk
from donations_api.desk.app import create_desk
from donations_api.desk.door import Door
from donations_api.giving import load_giving
from donations_api.ledger import Ledger
from donations_api.settings import Settings
from tests.donations.busy_books import BusyBooks
from tests.donations.recipients import content_with_both
from tests.donations.running import Later, listening, make_books, settings_for

_TOKEN = re.compile(r'name="token" value="([^"]+)"')


@dataclass
class Treasurer:
    """A browser's session at the desk, in Chinese unless ``language`` says another."""

    url: str
    door: Door
    browser: requests.Session = field(default_factory=requests.Session)

    def open(self) -> requests.Response:
        return self.browser.get(self.door.address(), timeout=60)

    def sit_down(self, person: str = "林会计") -> "Treasurer":
        """Open the desk and say who is there."""
        self.open()
        assert self.send("/person", person=person).status_code == 303
        return self

    def look(self, path: str, language: str = "zh", **asked: str) -> requests.Response:
        given = {"language": language} | asked
        return self.browser.get(f"{self.url}{path}", params=given, timeout=60)

    def token(self) -> str:
        found = _TOKEN.search(self.browser.get(f"{self.url}/person", timeout=20).text)
        assert found
        return found[1]

    def send(
        self, path: str, headers: dict[str, str] | None = None, /, **typed: str
    ) -> requests.Response:
        """Send a form of the desk's as a browser does; redirects are not followed."""
        return self.browser.post(
            f"{self.url}{path}",
            {"token": self.token()} | typed,
            headers={"Origin": self.url} if headers is None else headers,
            allow_redirects=False,
            timeout=20,
        )

    def bring(self, path: str, name: str, content: bytes, **typed: str) -> requests.Response:
        """Send a form with a file in its field ``file``."""
        return self.browser.post(
            f"{self.url}{path}",
            {"token": self.token()} | typed,
            files={"file": (name, content)},
            headers={"Origin": self.url},
            allow_redirects=False,
            timeout=20,
        )


@dataclass(frozen=True)
class Office:
    """A desk over busy books, with a recipient in mainland China and one in the UK."""

    treasurer: Treasurer
    settings: Settings
    busy: BusyBooks

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.settings.database_url)

    @contextmanager
    def clerk(self) -> Iterator[Clerk]:
        """Something is booked; it lasts."""
        portal = portal_for(self.settings, lambda: datetime.now(UTC))
        with portal.ledger.books() as books:
            yield portal.clerk(books)
            books.commit()

    def acts(self, gift_id: str) -> list[tuple[str, str, str]]:
        """What was done to a gift, by whom and why."""
        with self.ledger.reading() as books:
            acts = books.acts_of(gift_id)
        return [(one.kind, one.entered_by, one.reason) for one in acts]


@contextmanager
def office_in(folder: Path, **changed: Any) -> Iterator[Office]:
    """``folder`` may hold a ledger in this version's shape already; ``changed`` are settings."""
    settings = settings_for(folder, content=content_with_both(folder), **changed)
    ledger = make_books(settings)
    busy = BusyBooks(ledger, load_giving(settings.content), settings, datetime.now(UTC)).fill()
    with desk_of(settings) as treasurer:
        yield Office(treasurer.sit_down(), settings, busy)


@contextmanager
def desk_of(settings: Settings) -> Iterator[Treasurer]:
    later = Later()
    with listening(later) as url:
        door = Door(int(url.rpartition(":")[2]))
        later.app = create_desk(settings, door)
        yield Treasurer(url, door)


def rows_of(page: requests.Response) -> list[str]:
    """The text of each row in the body of a page's table."""
    body = re.search(r"<tbody>(.*)</tbody>", page.text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL) if body else []
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]
