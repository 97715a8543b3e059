"""What a page stands in: languages, menu, catalogs, and the templates' words for money and dates.

Pelican renders the theme's templates when the site is built, and the donation portal renders the
same files for the pages that know a gift. Both prepare their Jinja environment here and give each
page the context that ``page_context`` makes, so that one frame looks and links the same from both.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_currency_name
from babel.support import Translations
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from donations_api.errors import FileWrong
from donations_api.money import Money

PAYMENT_PAGE = "https://checkout.stripe.com"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the site: ``code`` inside, ``tag`` in HTML, ``locale`` for Babel.

    ``made_from``: the code of the language from whose texts the build makes it; empty for one that
    people write.
    """

    code: str
    tag: str
    name: str
    folder: str
    locale: str
    made_from: str = ""

    @property
    def root(self) -> str:
        """The path of this language's home page: ``/`` or ``/en/``."""
        return f"/{self.folder}/" if self.folder else "/"

    @property
    def territorial(self) -> str:
        """Language and territory as Open Graph writes them: ``zh_CN``."""
        locale = Locale.parse(self.locale)
        return "_".join(filter(None, (locale.language, locale.territory)))

    @property
    def direction(self) -> str:
        return Locale.parse(self.locale).text_direction

    def page(self, key: str) -> str:
        """The path of the page ``key``: ``/en/about/``."""
        return self.root if key == "home" else f"{self.root}{key}/"


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A link of the menu or the foot: a page's key and its label in each language."""

    page: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Frame:
    """How the site is arranged, from ``content/site.toml``. The first language is the default."""

    languages: tuple[Language, ...]
    menu: tuple[MenuEntry, ...]
    footer: tuple[MenuEntry, ...]
    theme: Path

    @property
    def default(self) -> Language:
        return self.languages[0]

    def language(self, code: str | None) -> Language:
        """The language named by its ``code``; the default one for a name that is not known."""
        return next((one for one in self.languages if one.code == code), self.default)

    def text(self, texts: Mapping[str, str], language: Language) -> str:
        """A text of the content files in this language, else in the first one that has it."""
        wanted = (language, *self.languages)
        return next(texts[one.code] for one in wanted if texts.get(one.code))

    def stylesheet(self) -> str:
        """The stylesheet's address; it changes with the text, so no browser keeps an old one."""
        digest = hashlib.sha256((self.theme / "static" / "site.css").read_bytes()).hexdigest()
        return f"/theme/site.css?{digest[:10]}"


def content_policy(donations_url: str = "") -> str:
    """The Content-Security-Policy of every page: our own files, no script, no other host.

    Browsers hold a form's redirect to ``form-action`` too, so Stripe's payment page is named.
    ``frame-ancestors`` counts in a header only; the servers add it there.
    """
    targets = " ".join(filter(None, ["'self'", donations_url, PAYMENT_PAGE]))
    return (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; "
        f"form-action {targets}; base-uri 'none'"
    )


def load_frame(content: Path, theme: Path) -> Frame:
    """Read ``content/site.toml``. Raises FileWrong."""
    file = content / "site.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        return Frame(
            languages=tuple(Language(**entry) for entry in table["language"]),
            menu=tuple(MenuEntry(**entry) for entry in table.get("menu", [])),
            footer=tuple(MenuEntry(**entry) for entry in table.get("footer", [])),
            theme=theme,
        )
    except FileNotFoundError:
        raise FileWrong("file.missing", file=str(file)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, KeyError) as error:
        raise FileWrong("file.unreadable", file=str(file), reason=str(error)) from None


def page_context(
    frame: Frame,
    language: Language,
    *,
    organisation: object,
    site_url: str,
    demo: bool,
    donations_url: str = "",
    page_key: str = "",
    alternates: Mapping[str, str] | None = None,
    otherwise: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The context that the frame's template needs on every page.

    ``alternates`` gives the path of the same page in each language where it exists, by code; for
    a language that is not among them the switch leads to the path that ``otherwise`` gives, or
    else to its home page. ``page_key`` marks the menu's current entry. ``demo`` puts the ribbon on
    the page. ``donations_url`` is the portal's address where it is not the site's own.
    """
    alternates, otherwise = alternates or {}, otherwise or {}
    return {
        "frame": frame,
        "language": language,
        "organisation": organisation,
        "site_url": site_url,
        "demo": demo,
        "donations_url": donations_url,
        "content_policy": content_policy(donations_url),
        "page_key": page_key,
        "alternates": [
            (one, alternates[one.code]) for one in frame.languages if one.code in alternates
        ],
        "switch": [
            (one, alternates.get(one.code) or otherwise.get(one.code, one.root))
            for one in frame.languages
            if one.code != language.code
        ],
    }


def prepare(environment: Environment, *folders: Path) -> None:
    """Give a Jinja environment the catalogs in ``folders`` and the filters of the templates.

    A template asks with ``_("id")`` and is answered in the ``language`` of its context; so a macro
    is imported ``with context``, or it speaks no language.
    """
    environment.add_extension("jinja2.ext.i18n")

    @pass_context
    def gettext(context: Context, message: str) -> str:
        return translate(folders, context["language"].code, message)

    @pass_context
    def ngettext(context: Context, one: str, many: str, number: int) -> str:
        return catalog(folders, context["language"].code).ungettext(one, many, number)

    @pass_context
    def method_name(context: Context, key: str) -> str:
        return translate(folders, context["language"].code, f"method.{key}")

    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["money"] = _money
    environment.filters["currency_name"] = _currency_name
    environment.filters["day"] = _day
    environment.filters["method_name"] = method_name
    environment.filters["in_language"] = _in_language


def translate(folders: tuple[Path, ...], language: str, message: str) -> str:
    """The text of ``message``. An id that no catalog has is an error, not a text to be shown."""
    text = catalog(folders, language).ugettext(message)
    if text == message:
        raise LookupError(f"{message!r} is in no catalog for {language!r}")
    return text


@cache
def catalog(folders: tuple[Path, ...], language: str) -> Translations:
    """The texts of ``<folder>/<language>.po`` of all folders, read without compiled files."""
    merged = Translations()
    for folder in folders:
        compiled = BytesIO()
        with (folder / f"{language}.po").open("rb") as file:
            write_mo(compiled, read_po(file, locale=language))
        compiled.seek(0)
        one = Translations(compiled)
        merged.plural = one.plural  # merging takes the texts alone, and Chinese has no plural
        merged.merge(one)
    return merged


@pass_context
def _money(context: Context, amount: Money, whole: bool = False) -> str:
    return amount.display(context["language"].locale, whole=whole)


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
def _in_language(context: Context, texts: Mapping[str, str]) -> str:
    frame: Frame = context["frame"]
    return frame.text(texts, context["language"])
