"""The letters to donors: what each says comes from a snapshot alone, its words from the catalogs.

A letter is written once, in ``templates/letters/<kind>.jinja``, and set twice: as HTML and as plain
text, with the words of ``html/`` and of ``text/``. So both parts always say the same. The HTML
wears the site's colours, by day and by night; it fetches nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_name
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from donations_api.colours import read_colours
from donations_api.frame import Frame
from donations_api.mailer import Attachment, Letter
from donations_api.money import Money
from donations_api.templating import prepare

_HERE = Path(__file__).parent
_LETTERS = _HERE / "templates" / "letters"

# Of what a letter says, the moments in ISO 8601 (UTC); they may be absent, or null.
_MOMENTS = ("received_at", "issued_at", "next_try", "resumes_at", "ticket_day")


@dataclass(frozen=True, slots=True)
class Addresses:
    """The signed links of a letter's own donor; empty where there is none.

    ``unsubscribe`` is for mail programs, which end the reminders with one click.
    """

    gift: str = ""
    pledge: str = ""
    give: str = ""
    stop: str = ""
    unsubscribe: str = ""


def compose(
    frame: Frame,
    addresses: Addresses,
    kind: str,
    said: Mapping[str, Any],
    attachments: tuple[Attachment, ...] = (),
) -> Letter:
    """The letter ``kind`` in the donor's language. ``said`` is its snapshot, plain JSON values.

    The kinds: receipt, cancellation, restoration, yearly, debit_failed, renewal_failed,
    pledge_ended, pledge_changed, reminder, ticket, transfer. The letter names the files of
    ``attachments``.
    """
    language = frame.spoken(said["language"], _HERE / "locale")
    context: dict[str, Any] = {
        # Receipts of earlier versions did not say these.
        "fee_cover": 0,
        "dedication": "",
        "in_kind": "",
        "registration": "",
        "copy": False,
        "gift_aid": False,
        **said,
        "frame": frame,
        "colours": read_colours(frame.theme),
        "language": language,
        "letter": kind,
        "amount": Money(said["amount"], said["currency"]),
        "time_zone": ZoneInfo(said["time_zone"]),
        "addresses": addresses,
        "file": ", ".join(one.name for one in attachments),
    }
    for name in _MOMENTS:
        if context.get(name):
            context[name] = datetime.fromisoformat(context[name])
    for name in ("fee_cover", "gift_amount", "remaining"):
        if name in context:
            context[name] = Money(context[name], said["currency"])
    if "totals" in said:
        context["totals"] = [
            Money(one["amount"] - one["returned"], one["currency"]) for one in said["totals"]
        ]
    if said.get("period"):
        context["month"] = format_date(
            datetime.fromisoformat(f"{said['period']}-01"), "MMMM", locale=language.locale
        )
    text = _environment("text").get_template(f"{kind}.jinja").render(context)
    return Letter(
        sender=frame.text(said["organisation_short"], language),
        subject=_environment("text").get_template("subject.jinja").render(context).strip(),
        text=re.sub(r"\n{3,}", "\n\n", text).strip() + "\n",
        html=_environment("html").get_template(f"{kind}.jinja").render(context),
        language=language.tag,
        unsubscribe=addresses.unsubscribe,
        attachments=attachments,
    )


@cache
def _environment(medium: str) -> Environment:
    """The templates as one part of a mail has them: ``html`` or ``text``."""
    environment = Environment(
        loader=FileSystemLoader([_LETTERS / medium, _LETTERS]),
        autoescape=medium == "html",  # noqa: S701  # a plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    prepare(environment, _HERE / "locale")
    environment.filters["zone_name"] = _zone_name
    if medium == "text":
        marked_up = environment.filters["day"]
        environment.filters["day"] = pass_context(
            lambda context, *given: marked_up(context, *given).striptags()
        )
    return environment


@pass_context
def _zone_name(context: Context, moment: datetime, zone: ZoneInfo) -> str:
    return get_timezone_name(moment.astimezone(zone), locale=context["language"].locale)
