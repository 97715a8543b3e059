"""Rule L3: content that asks for money where nobody may; ``Giving.asking`` decides on the form."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from pelican import Pelican
from pelican.plugins import signals

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
)
_PAYMENT_CODE = re.compile(r"收款|付款码|赞赏码|二维码|payment code|QR code", re.IGNORECASE)


def check(content: Path, pictures: list[Picture], *, asking: bool) -> Iterator[Problem]:
    """Content that asks for money by itself: a form never may, the rest only where ``asking``."""
    for file in sources.files(content):
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if found := _FORM.search(line):
                yield Problem("L3.own_form", file.as_posix(), number, {"found": found[0]})
            for pattern in () if asking else _PAYMENTS:
                if found := pattern.search(line):
                    yield Problem("L3.asks", file.as_posix(), number, {"found": found[0]})
    for picture in () if asking else pictures:
        if found := _PAYMENT_CODE.search(" ".join(picture.alt.values())):
            yield Problem("L3.asks", picture.original.as_posix(), params={"found": found[0]})


def look(pelican: Pelican) -> None:
    """Look through the content, as this build may or may not ask."""
    settings = pelican.settings
    content = Path(os.path.relpath(settings["PATH"]))
    demo, today = settings["DEMO"], settings["TODAY"]
    recipients = settings["GIVING"].recipients
    asking = any(one.may_ask(sandbox=demo, today=today) for one in recipients)
    collected(settings).extend(check(content, settings["PICTURES"], asking=asking))


def register() -> None:
    signals.initialized.connect(look)
