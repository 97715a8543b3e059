"""What the content files promise about the built site."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from babel.messages.pofile import read_po

from donations_api.frame import Frame, load_frame
from donations_api.giving import load_giving
from plugins import old_addresses, pictures
from plugins.old_addresses import OldAddress


@dataclass(frozen=True, slots=True)
class Expectations:
    """``asking``: codes of the languages whose donation page may have a form (rule L3).

    ``contacts``: all of organisation.toml in one text; ``messages``: ids of the theme's catalogs.
    """

    frame: Frame
    content: Path
    site_url: str
    demo: bool
    asking: frozenset[str]
    icp_number: str
    contacts: str
    pictures: frozenset[str]
    messages: frozenset[str]
    old_addresses: tuple[OldAddress, ...]

    @property
    def old_pages(self) -> dict[str, str]:
        """The language's code of each page that stands at an old address, by its path."""
        return {old.page: old.language for old in self.old_addresses if old.page}

    def may_ask(self, key: str, language: str) -> bool:
        """Whether the page ``key`` in ``language`` (its code) may ask for money."""
        return key == "donate" and language in self.asking

    @classmethod
    def of_content(cls, content: Path, theme: Path, site_url: str, *, demo: bool) -> Self:
        """Read them from the content. Raises FileWrong."""
        frame, giving = load_frame(content, theme), load_giving(content)
        codes = tuple(language.code for language in frame.languages)
        facts = giving.organisation.facts
        shown, _ = pictures.read(content, codes)
        old, _ = old_addresses.read(content, codes)
        catalog = theme / "locale" / f"{frame.default.code}.po"
        with catalog.open("rb") as file:
            messages = frozenset(str(message.id) for message in read_po(file) if message.id)
        return cls(
            frame=frame,
            content=content,
            site_url=site_url,
            demo=demo,
            asking=frozenset(code for code in codes if giving.asking(code, sandbox=demo)),
            icp_number=str(facts.get("icp_number", "")),
            contacts=re.sub(r"[ -]", "", "\n".join(_texts(facts))).lower(),
            pictures=frozenset(picture.path for picture in shown),
            messages=messages,
            old_addresses=tuple(old),
        )


def _texts(values: Mapping[str, Any]) -> Iterator[str]:
    for value in values.values():
        entries = value if isinstance(value, list) else [value]
        for entry in entries:
            if isinstance(entry, Mapping):
                yield from _texts(entry)
            else:
                yield str(entry)
