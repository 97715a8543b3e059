"""Whom a recipient raises money through (rule L3): a qualified charity, on a platform of the list.

``content/platforms.toml`` is that list: where the authorities let charities ask in public online.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from donations_api.tables import Table, Texts

PLATFORMS = "platforms.toml"


@dataclass(frozen=True, slots=True)
class Partner:
    """The charity that receives the money, and ``url``, the page where it asks for it."""

    name: Texts
    url: str


@dataclass(frozen=True, slots=True)
class Platform:
    """A place where charities may ask. ``host`` is its whole name, ``gongyi.example``."""

    name: Texts
    host: str


@dataclass(frozen=True, slots=True)
class Platforms:
    """``confirmed``: the day on which somebody held the list against the authority's; or empty."""

    known: tuple[Platform, ...] = ()
    confirmed: str = ""

    def of(self, url: str) -> Platform | None:
        """The platform that ``url`` leads to; None where that is none, or cannot be told."""
        try:
            parts = urlsplit(url)
            plain = parts.port is None and parts.username is None and parts.password is None
        except ValueError:
            return None
        if parts.scheme != "https" or not plain:
            return None
        return next((one for one in self.known if one.host == parts.hostname), None)


def read_platforms(content: Path) -> Platforms:
    """Read the list; without the file nowhere is allowed. Raises FileWrong."""
    if not (content / PLATFORMS).exists():
        return Platforms()
    table = Table.read(content / PLATFORMS)
    known = (Platform(one.texts("name"), one.text("host")) for one in table.tables("platform"))
    return Platforms(tuple(known), table.text("confirmed") if table.values.get("confirmed") else "")


def read_partner(recipient: Table, languages: Sequence[str]) -> Partner:
    """The table ``[recipient.partner]``, of which parts may still be open. Raises FileWrong."""
    values = recipient.need("partner")
    if not isinstance(values, dict):
        recipient.refuse("partner", "file.texts")
    table = Table(recipient.file, f"{recipient.where}.partner", values)
    return Partner(
        name=table.told("name", languages) if values.get("name") else {},
        url=table.text("url") if values.get("url") else "",
    )
