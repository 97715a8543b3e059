"""Receipts: numbers without a gap, snapshots that never change, and the letters that bring them."""

import secrets
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_name
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from donations_api.books import Books
from donations_api.frame import Frame, prepare
from donations_api.gift import Entry, Gift, Receipt
from donations_api.giving import Giving, Recipient
from donations_api.mailer import Letter

_HERE = Path(__file__).parent


def issue(
    books: Books,
    giving: Giving,
    recipient: Recipient,
    gift: Gift,
    entry: Entry,
    now: datetime,
    *,
    demo: bool,
) -> Receipt | None:
    """Number and keep the receipt for an entry; None when the gift has one already.

    ``now`` is UTC. ``demo``: no money moves here, and the receipt says so.
    """
    year = now.astimezone(recipient.time_zone).year
    names = giving.organisation.name
    with books.tentatively() as take_back:
        serial = books.next_serial(recipient.key, year)
        number = f"{recipient.receipt_prefix}-{year}-{serial:06}"
        fund = giving.fund(gift.fund)
        receipt = Receipt(
            id=f"receipt_{secrets.token_hex(12)}",
            kind=recipient.receipt,
            gift_id=gift.id,
            recipient=recipient.key,
            year=year,
            serial=serial,
            number=number,
            issued_at=now,
            snapshot={
                "number": number,
                "kind": recipient.receipt,
                "demo": demo,
                "language": gift.language,
                "donor": gift.name,
                "amount": entry.amount.minor,
                "currency": entry.amount.currency,
                "frequency": gift.frequency,
                # A fund that has been taken out of donations.toml keeps its key as its name.
                "fund": dict(fund.name if fund else dict.fromkeys(names, gift.fund)),
                "recipient": recipient.key,
                "legal_name": dict(recipient.legal_name),
                "organisation": dict(names),
                "organisation_short": dict(giving.organisation.short_name),
                "received_at": entry.received_at.isoformat(),
                "issued_at": now.isoformat(),
                "time_zone": recipient.time_zone.key,
            },
        )
        if not books.add_receipt(receipt):
            take_back()
            return None
    return receipt


def compose(frame: Frame, receipt: Receipt) -> Letter:
    """The letter that brings a receipt, in the donor's language, from the snapshot alone."""
    said = dict(receipt.snapshot)
    language = frame.language(said["language"])
    context = said | {
        "frame": frame,
        "language": language,
        "amount": receipt.amount,
        "received_at": datetime.fromisoformat(said["received_at"]),
        "issued_at": datetime.fromisoformat(said["issued_at"]),
        "time_zone": ZoneInfo(said["time_zone"]),
    }

    def rendered(template: str) -> str:
        return _environment().get_template(template).render(context)

    return Letter(
        sender=frame.text(said["organisation_short"], language),
        subject=rendered("receipt.subject.txt"),
        text=rendered("receipt.txt"),
        html=rendered("receipt.html"),
        language=language.tag,
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    prepare(environment, _HERE / "locale")
    environment.filters["zone_name"] = _zone_name
    return environment


@pass_context
def _zone_name(context: Context, moment: datetime, zone: ZoneInfo) -> str:
    return get_timezone_name(moment.astimezone(zone), locale=context["language"].locale)
