"""The keepsake: a picture that thanks, for a donor to keep and to pass on (rule D12).

It says no more than the donor chose to show, and documents nothing: papers do. It is drawn when
somebody looks at it, and kept nowhere but among the last ones of this process.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from donations_api.frame import Frame, Language, translate
from donations_api.giving import Organisation
from donations_api.money import Money
from donations_api.typesetting import FONTS, code_drawn, mark_drawn, typeset

CATALOGS = (Path(__file__).parent / "locale",)
WIDTH, HEIGHT = 1080, 1440  # pixels

_TEMPLATE = Path(__file__).parent / "templates" / "keepsake" / "keepsake.typ"

# A picture takes a moment of a processor: one at a time, and who looks again finds the same one.
_DRAWN = 32
_drawing = Lock()


@dataclass(frozen=True, slots=True)
class Keepsake:
    """What stands on one. ``facts`` are labels and what they are of, in order."""

    language: str
    region: str
    mark: str
    name: str
    thanks: str
    words: str
    organisation: str
    facts: tuple[tuple[str, str], ...]
    note: str
    address: str
    code: str
    demo: str


def keepsake(
    frame: Frame,
    language: Language,
    organisation: Organisation,
    *,
    name: str,
    fund: Mapping[str, str],
    received_at: datetime,
    zone: ZoneInfo | None,
    amount: Money | None,
    site_url: str,
    demo: bool,
) -> Keepsake:
    """That of one gift, in ``language``, or in English where the portal has no words for it.

    ``name``: the donor's, empty for one who stays anonymous; ``amount``: None when it is not to be
    shown. The QR code leads to the home page.
    """
    spoken = frame.spoken(language.code, *CATALOGS)
    locale = Locale.parse(spoken.locale)
    home = f"{site_url}{spoken.root}"

    def say(message: str) -> str:
        return translate(CATALOGS, spoken, f"keepsake.{message}")

    facts = [
        (say("fund"), frame.text(fund, spoken)),
        (say("date"), format_date(received_at.astimezone(zone), "long", locale=locale)),
    ]
    if amount:
        facts.append((say("amount"), amount.display(spoken.locale)))
    return Keepsake(
        language=locale.language,
        region=locale.territory or "",
        mark=mark_drawn(organisation.facts.get("mark")),
        name=_drawable(name),
        thanks=say("thanks"),
        words=say("words"),
        organisation=frame.text(organisation.name, spoken),
        facts=tuple(facts),
        note=say("note"),
        address=home.partition("://")[2].rstrip("/"),
        code=code_drawn(home),
        demo=say("demo") if demo else "",
    )


def picture(shown: Keepsake) -> bytes:
    """The keepsake as PNG, ``WIDTH`` by ``HEIGHT`` pixels."""
    with _drawing:
        return _picture(shown)


@lru_cache(maxsize=_DRAWN)
def _picture(shown: Keepsake) -> bytes:
    return typeset(_TEMPLATE, asdict(shown), "png")


def _drawable(name: str) -> str:
    """The name as our font can write it: without emoji; not at all where letters are missing."""
    from PIL import ImageFont

    font = ImageFont.truetype(next(FONTS.glob("*.otf")), 16)
    none = bytes(font.getmask("\ufffe"))
    missing = {one for one in name if not one.isspace() and bytes(font.getmask(one)) == none}
    if any(one.isalnum() for one in missing):
        return ""
    return " ".join("".join(one for one in name if one not in missing).split())
