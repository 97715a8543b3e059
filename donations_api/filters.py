"""The filters of the templates: money, days and declared texts, as the page's language writes them.

Each reads ``language`` or ``frame`` from the context that ``templating.page_context`` makes.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_percent,
    get_currency_name,
)
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from donations_api.money import Money

_HUNDRED = 100
_MINUS = "−"  # as wide as a digit, where a hyphen is hardly seen


@pass_context
def _money(context: Context, amount: Money, whole: bool = False) -> str:
    return amount.display(context["language"].locale, whole=whole)


@pass_context
def _figure(context: Context, amount: Money) -> str:
    """The amount without its sign, for a table that names the currency: ``1,234.50``."""
    locale = context["language"].locale
    written = format_currency(amount.decimal, amount.currency, format="#,##0.00", locale=locale)
    return written.replace("-", _MINUS)


@pass_context
def _about(context: Context, amount: Money) -> str:
    """The amount in three figures or so, as people say it: ``¥1.2万``, ``£12K``."""
    # Without the place: in Hong Kong's Chinese the words would be those of English.
    locale = "_".join(context["language"].locale.split("_")[:2])
    whole, places = amount.decimal, 0
    if abs(whole) >= _HUNDRED:  # nobody says "about" to the cent
        whole, places = whole.quantize(Decimal(1)), 1
    return format_compact_currency(whole, amount.currency, locale=locale, fraction_digits=places)


@pass_context
def _rounded(context: Context, amount: Money) -> str:
    """A round amount beside a line of a drawing, without its currency: ``1.5万``, ``15K``."""
    whole = amount.decimal
    places = 1 if abs(whole) >= 1 else max(0, -whole.normalize().as_tuple().exponent)  # type: ignore[operator]
    locale = "_".join(context["language"].locale.split("_")[:2])
    return format_compact_decimal(whole, locale=locale, fraction_digits=places)


@pass_context
def _share(context: Context, part: float) -> str:
    """A part of a whole, from 0 to 1, in hundredths; what is there is never said to be nothing."""
    hundredths = min(max(part, 0.01), 0.99) if 0 < part < 1 else part
    return format_percent(hundredths, locale=context["language"].locale)


@pass_context
def _month(context: Context, month: str, year: bool = False) -> str:
    """The short name of a month such as ``2026-11``: ``11月``, ``Nov``; or ``Nov 2026``."""
    day = date.fromisoformat(f"{month}-01")
    return format_skeleton("yMMM" if year else "MMM", day, locale=context["language"].locale)


@pass_context
def _year(context: Context, year: str) -> str:
    day = date(int(year), 1, 1)
    return format_skeleton("y", day, locale=context["language"].locale)


@pass_context
def _listed(context: Context, names: Sequence[str]) -> str:
    """Several names as one says them: ``支付宝和微信支付``, ``card, Alipay and WeChat Pay``."""
    return format_list(names, locale=context["language"].locale)


@pass_context
def _currency_name(context: Context, code: str) -> str:
    return get_currency_name(code, locale=context["language"].locale)


@pass_context
def _day(context: Context, when: date, zone: ZoneInfo | None = None) -> Markup:
    """A day as the reader writes it, in a ``<time>`` element.

    ``when`` is the day itself, or a moment (UTC) whose day in ``zone`` is meant.
    """
    day, exact = when, when.isoformat()
    if isinstance(when, datetime):
        local = when.astimezone(zone or UTC)
        day, exact = local.date(), local.isoformat(timespec="seconds")
    shown = format_date(day, "long", locale=context["language"].locale)
    return Markup('<time datetime="{}">{}</time>').format(exact, shown)


@pass_context
def _language_name(context: Context, locale: str) -> str:
    """What the reader calls the language of ``locale``, Babel's name of it."""
    named = Locale.parse(locale).get_language_name(context["language"].locale)
    return named or locale


@pass_context
def _in_language(context: Context, texts: Mapping[str, str]) -> str:
    text: str = context["frame"].text(texts, context["language"])
    return text


@pass_context
def _as_declared(context: Context, texts: Mapping[str, str]) -> str:
    text: str = context["frame"].declared(texts, context["language"])
    return text


FILTERS: dict[str, Callable[..., Any]] = {
    "money": _money,
    "figure": _figure,
    "about": _about,
    "rounded": _rounded,
    "share": _share,
    "month": _month,
    "year": _year,
    "listed": _listed,
    "currency_name": _currency_name,
    "day": _day,
    "language_name": _language_name,
    "in_language": _in_language,
    "as_declared": _as_declared,
}
