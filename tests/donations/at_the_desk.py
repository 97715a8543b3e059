"""The desk behind real HTTP, and somebody who sits at it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape

import requests

from donations_api.desk.app import create_desk
from donations_api.desk.door import Door
from donations_api.settings import Settings
from tests.donations.running import Later, listening

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
