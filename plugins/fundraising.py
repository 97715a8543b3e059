"""Rule L3: modes that lack what they have to show, and content that asks where nobody may.

Whether a form may ask, ``Giving.asking`` decides, for the site and for the portal alike.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pelican import Pelican
from pelican.plugins import signals

from donations_api.frame import Frame
from donations_api.giving import Giving, Mode
from plugins import sources
from plugins.pictures import Picture
from plugins.problems import Problem, collected

_FORM = re.compile(r"<(?:form|input|button)\b", re.IGNORECASE)
_PAYMENTS = (
    # a card or account number; an IBAN
    re.compile(r"(?<![\d-])\d(?:[ -]?\d){15,18}(?![\d-])"),
    re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}"),
    # addresses that take payments
    re.compile(r"wxp://|qr\.alipay\.com|paypal\.me/|paypal\.com/donate", re.IGNORECASE),
    re.compile(r"(?:buy|donate)\.stripe\.com", re.IGNORECASE),
    re.compile(
        r"gofundme\.com|justgiving\.com|ko-fi\.com|patreon\.com|afdian\.(?:com|net)", re.IGNORECASE
    ),
)
_PAYMENT_CODE = re.compile(r"收款|付款码|赞赏码|二维码|payment code|QR code", re.IGNORECASE)


_DECLARED = "[[recipient]]"


def declarations(giving: Giving, frame: Frame, file: Path) -> Iterator[Problem]:
    """What the recipients of ``file`` (organisation.toml) declare and do not keep."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    starts = [number for number, line in enumerate(lines, 1) if line.strip() == _DECLARED]
    starts += [0] * len(giving.recipients)  # where they are written in another way
    hosts = ", ".join(one.host for one in giving.platforms.known)
    languages = ", ".join(one.code for one in frame.languages)
    for one, line in zip(giving.recipients, starts, strict=False):
        about = {"recipient": one.key, "mode": str(one.mode)}
        for fact in one.lacking:
            yield Problem("L3.lacks", file.as_posix(), line, about | {"fact": fact})
        if one.mode is Mode.PARTNER and one.partner and not giving.leads_to_partner(one):
            told = {"address": one.partner.url, "hosts": hosts}
            yield Problem("L3.platform", file.as_posix(), line, told)
        for code in one.appeals_in:
            if all(code != language.code for language in frame.languages):
                told = {"code": code, "languages": languages}
                yield Problem("L3.language", file.as_posix(), line, told)


def platforms(giving: Giving) -> Iterator[re.Pattern[str]]:
    """The fundraising platforms, which content may link to when a partner raises money there."""
    if not any(one.mode is Mode.PARTNER for one in giving.recipients):
        for one in giving.platforms.known:
            yield re.compile(rf"(?<![\w.-]){re.escape(one.host)}(?![\w-]|\.\w)", re.IGNORECASE)


def check(
    content: Path, pictures: list[Picture], *, asking: bool, closed: Sequence[re.Pattern[str]] = ()
) -> Iterator[Problem]:
    """Content that asks for money by itself: a form never may, the rest only where ``asking``.

    ``closed``: what never may be linked to, whoever asks.
    """
    for file in sources.files(content):
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if found := _FORM.search(line):
                yield Problem("L3.own_form", file.as_posix(), number, {"found": found[0]})
            for pattern in closed if asking else (*_PAYMENTS, *closed):
                if found := pattern.search(line):
                    yield Problem("L3.asks", file.as_posix(), number, {"found": found[0]})
    for picture in () if asking else pictures:
        if found := _PAYMENT_CODE.search(" ".join(picture.alt.values())):
            yield Problem("L3.asks", picture.original.as_posix(), params={"found": found[0]})


def look(pelican: Pelican) -> None:
    """Look through declarations and content, as this build may or may not ask."""
    settings = pelican.settings
    content, giving = Path(os.path.relpath(settings["PATH"])), settings["GIVING"]
    demo, today = settings["DEMO"], settings["TODAY"]
    found = collected(settings)
    found += declarations(giving, settings["FRAME"], content / "organisation.toml")
    asking = any(one.may_ask(sandbox=demo, today=today) for one in giving.recipients)
    closed = tuple(platforms(giving))
    found += check(content, settings["PICTURES"], asking=asking, closed=closed)


def register() -> None:
    signals.initialized.connect(look)
