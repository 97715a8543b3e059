"""What every page of the desk works with: the portal, the words, who sits here, and the act."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_skeleton
from babel.numbers import get_currency_name
from flask import Flask, Response, redirect, request, session, url_for
from jinja2 import pass_context
from jinja2.runtime import Context
from werkzeug.wrappers import Response as AnyResponse

from donations_api import frame as framing
from donations_api.clerk import Clerk
from donations_api.errors import Explained, FieldError
from donations_api.frame import Language
from donations_api.gift import Gift
from donations_api.giving import Fund, Recipient
from donations_api.money import Money
from donations_api.pages import Pages
from donations_api.periods import YEARS
from donations_api.portal import Portal
from donations_api.records import Signed

SHOWN = 50  # rows of a page


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be done to a gift: a link of its story.

    ``endpoint`` takes ``gift_id``; its words are the message ``desk.offer.<endpoint>``. ``fits`` is
    asked with the gift and its recipient (None: one that content no longer has).
    """

    endpoint: str
    fits: Callable[[Gift, Recipient | None], bool]


@dataclass(frozen=True, slots=True)
class Desk:
    """Made once by ``app``. ``offers``: what the pages can do to a gift."""

    portal: Portal
    pages: Pages
    catalogs: tuple[Path, ...]
    offers: list[Offer] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which days are read and written here: the first recipient's."""
        return self.portal.giving.recipients[0].time_zone

    @property
    def language(self) -> Language:
        return self.pages.language(session.get("language") or request.args.get("language"))

    @property
    def person(self) -> str:
        """Who sits at the desk, or empty."""
        return str(session.get("person", ""))

    def signed(self) -> Signed:
        """Who sends this form, and why."""
        return Signed(self.person, request.form.get("why", ""))

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page of ``templates/desk/``."""
        asked = {
            name: text for name, text in request.args.items() if name not in ("language", "key")
        }
        here = f"{request.script_root}{request.path}"
        frame, giving = self.portal.frame, self.portal.giving
        # What most forms let choose, as pairs of what is sent and what is read.
        choices = {
            "spoken": [(one.code, one.name) for one in frame.languages],
            "recipients": [
                (one.key, frame.text(one.legal_name or giving.organisation.name, self.language))
                for one in giving.recipients
            ],
        }
        return self.pages.page(
            f"desk/{template}",
            self.language,
            status,
            alternates={
                one.code: _with(here, asked | {"language": one.code}) for one in frame.languages
            },
            person=self.person,
            time_zone=self.zone,
            notice=self._notice(),
            giving=giving,
            **({"errors": [], "typed": {}} | choices | context),
        )

    def say(self, message: str, **values: str) -> str:
        """A text of the catalogs in the reader's language."""
        return framing.translate(self.catalogs, self.language, message) % values

    def _notice(self) -> str:
        """What was done, as the address asks; it is told in words of ours, or not at all."""
        try:
            return self.say(f"desk.notice.{request.args.get('notice', '')}")
        except LookupError:
            return ""

    @contextmanager
    def acting(self) -> Iterator[Clerk]:
        """One transaction for one act; it lasts when nothing was raised."""
        with self.portal.ledger.books() as books:
            yield self.portal.clerk(books)
            books.commit()

    def done(self, notice: str, endpoint: str, **values: Any) -> AnyResponse:
        """On to ``endpoint``, which tells by the message ``desk.notice.<notice>`` what was done."""
        return redirect(url_for(endpoint, notice=notice, **values), 303)

    def midnight(self, day: date) -> datetime:
        """When ``day`` begins here, in UTC."""
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)

    def today(self) -> date:
        return self.portal.clock().astimezone(self.zone).date()

    def month(self, first: date) -> tuple[datetime, datetime]:
        """From when to when (UTC) the month lasts here that ``first`` is a day of."""
        first = first.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        return self.midnight(first), self.midnight(following)


def mistake(field: str, error: Explained) -> FieldError:
    """What the books refused, to be told at a field of the form."""
    return FieldError(field, error.message, error.values)


def page_number() -> int:
    """The page of a long list that is asked for, from 1."""
    asked = request.args.get("page", "1")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def month_asked() -> date | None:
    """The month (``2026-11``) that the address asks for; None: no month that there is."""
    try:
        first = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return None
    return first if first.year in YEARS else None


def dress(app: Flask, desk: Desk) -> None:
    """Give the templates the words that only the desk has."""

    @pass_context
    def moment(context: Context, when: datetime) -> str:
        """A moment (UTC) to the minute, as a clock here shows it."""
        local = when.astimezone(desk.zone)
        return format_datetime(local, "yyyy-MM-dd HH:mm", locale=context["language"].locale)

    @pass_context
    def word(context: Context, name: str, about: str) -> str:
        """The message ``<about>.<name>``; the name where a newer part of the books made it up."""
        try:
            return framing.translate(desk.catalogs, context["language"], f"{about}.{name}")
        except LookupError:
            return name

    @pass_context
    def explained(context: Context, reason: Explained | FieldError) -> str:
        text = framing.translate(desk.catalogs, context["language"], reason.message)
        values: Mapping[str, str] = reason.values
        return text % values

    @pass_context
    def fund_name(context: Context, key: str) -> str:
        fund = desk.portal.giving.fund(key)
        return desk.portal.frame.text(fund.name, context["language"]) if fund else key

    @pass_context
    def currency_choices(context: Context, codes: Iterable[str]) -> list[tuple[str, str]]:
        locale = context["language"].locale
        return [(code, f"{get_currency_name(code, locale=locale)} {code}") for code in codes]

    @pass_context
    def account_choices(context: Context, accounts: Iterable[str]) -> list[tuple[str, str]]:
        return [(one, word(context, one, "account")) for one in accounts]

    @pass_context
    def fund_choices(context: Context, funds: Iterable[Fund]) -> list[tuple[str, str]]:
        return [(one.key, fund_name(context, one.key)) for one in funds]

    @pass_context
    def month_name(context: Context, first: date) -> str:
        """The month of its first day, with the year."""
        return format_skeleton("yMMMM", first, locale=context["language"].locale)

    filters = (
        *(moment, month_name, word, explained, fund_name),
        *(currency_choices, account_choices, fund_choices),
    )
    app.jinja_env.filters |= {one.__name__: one for one in filters}
    app.jinja_env.globals["money_of"] = Money
    app.jinja_env.globals["has_page"] = lambda endpoint: endpoint in app.view_functions


def _with(path: str, asked: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(asked)}"
