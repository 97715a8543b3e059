"""The pages of the open books (rules D14, L4 and L6): months, donors, reports, deadlines.

They lie below the page ``transparency``, in each language that has it; what
``plugins.books.open_books`` read stands in ``settings["BOOKS"]``, and what each page shows in
``settings["AROUND"]``.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from babel.dates import format_skeleton
from babel.numbers import get_currency_name
from pelican import Pelican
from pelican.contents import Page
from pelican.generators import Generator, PagesGenerator
from pelican.plugins import signals

from donations_api.frame import Language
from donations_api.money import Money
from plugins import sources
from plugins.bilingual import pages_of
from plugins.books import open_books
from plugins.books.currency import CurrencyBooks, CurrencyMonth
from plugins.books.open_books import FIGURES, Books, Statement
from plugins.lists import Link
from plugins.made_pages import Maker
from plugins.problems import Problem, collected
from plugins.published_reports import published

KEY = "transparency"
PER_PAGE = 60  # donors, or payments
CROWDED = 24  # statements; with more a month's page has room for one drawing and no payments
_ALWAYS = ("opening", "received", "spent", "balance")  # told although they be nothing


@dataclass(frozen=True, slots=True)
class Turn:
    """Which page of several this is, and the paths of those beside it, or empty."""

    number: int
    count: int
    newer: str
    older: str


def read(pelican: Pelican) -> None:
    """Read the books; a page that shows them has to be there when there is something in them."""
    settings = pelican.settings
    content = sources.relative(settings["PATH"])
    place = open_books.folder(content, demo=settings["DEMO"])
    books, problems = open_books.read(
        place, settings["GIVING"], settings["FRAME"], settings["TODAY"], demo=settings["DEMO"]
    )
    settings["BOOKS"] = books
    collected(settings).extend(problems)
    anything = books.statements or any(one.duties.reports for one in settings["GIVING"].recipients)
    if anything and not any((content / "pages").glob(f"{KEY}.*.md")):
        collected(settings).append(Problem("D14.no_page", (content / "pages").as_posix()))


def make(generators: list[Generator]) -> None:
    """Make the pages below each language's first one."""
    generator = next(one for one in generators if isinstance(one, PagesGenerator))
    frame = generator.settings["FRAME"]
    for page in pages_of(generators):
        if page.translation_key == KEY:
            _Disclosure(generator, frame.language(page.lang), page).make()


class _Disclosure:
    """The pages of one language."""

    def __init__(self, generator: PagesGenerator, language: Language, first: Page) -> None:
        self._settings, self._language, self._first = generator.settings, language, first
        self._books: Books = self._settings["BOOKS"]
        self._months = Maker(generator, language, "ledger_month")
        self._currency = Maker(generator, language, "ledger_currency")
        self._donors = Maker(generator, language, "donors")
        self._names = dict(self._funds())
        self._way = (Link(first.title, first.url),)

    def make(self) -> None:
        shown = [
            CurrencyBooks.of(own, self._books.months, self._names)
            for own in self._by_currency(self._books.statements)
        ]
        common = {
            "months": {one: self._month(one) for one in self._books.months},
            "funds": self._names,
        }
        self._settings["AROUND"][KEY, self._language.code] = {
            "books": self._books,
            "currencies": shown,
            "currency": shown[0] if shown else None,
            "calendar": _calendar(self._books.months),
            "pages": {one.code: self._currency_link(one.code) for one in shown},
            "recipients_duties": [
                (one, one.duties.open(self._settings["TODAY"]))
                for one in self._settings["GIVING"].recipients
                if one.duties.reports_from
            ],
            "today": self._settings["TODAY"],
            "reports": list(published(self._settings, self._language)),
            "donors": self._donor_link() if self._books.donor_months else None,
            **common,
        }
        for one in shown:
            link = self._currency_link(one.code)
            said = self._currency.say("books.currency.description", currency=link.text)
            page = self._currency.page(
                f"{KEY}/{one.code.lower()}",
                link.path,
                self._currency.say("books.currency.title", currency=link.text),
                said,
            )
            around = {"books": self._books, "currency": one, "trail": self._way, **common}
            self._settings["AROUND"][page.translation_key, self._language.code] = around
        beside = ["", *self._books.months, ""]
        for at, month in enumerate(self._books.months):
            self._make_month(beside[at], month, beside[at + 2])
        if self._books.donor_months:
            self._make_donors()

    def _make_month(self, newer: str, month: str, older: str) -> None:
        link = self._month(month)
        title = self._months.say("books.month.title", month=link.text)
        said = self._months.say("books.month.description", month=link.text)
        first = self._months.page(f"{KEY}/{month}", link.path, title, said)
        statements = [one for one in self._books.statements if one.month == month]
        spent = [one for one in self._books.spent if one.month == month]
        crowded = len(statements) > CROWDED
        for key, payments, turn in self._turned(self._months, first, spent, after=crowded):
            self._settings["AROUND"][key, self._language.code] = {
                "month": month,
                "currencies": [
                    (CurrencyMonth.of(own), [_told(one) for one in own])
                    for own in self._by_currency(statements)
                ],
                "crowded": crowded,
                "funds": self._names,
                "payments": payments,
                "turn": turn,
                "trail": self._way if turn.number == 1 else (*self._way, link),
                "newer": self._month(newer) if newer else None,
                "older": self._month(older) if older else None,
            }

    def _make_donors(self) -> None:
        books, index = self._books, self._donor_link()
        title = self._donors.say("donors.title")
        page = self._donors.page(
            f"{KEY}/donors", index.path, title, self._donors.say("donors.description")
        )
        names = self._donor_link("names")
        around: dict[str, Any]
        around = {
            "months": {one: self._donor_link(one) for one in books.donor_months},
            "calendar": _calendar(books.donor_months),
            "names": names if books.donors else None,
            "trail": self._way,
        }
        self._settings["AROUND"][page.translation_key, self._language.code] = around
        way = (*self._way, index)
        for month in books.donor_months:
            link = self._donor_link(month)
            told = {"month": link.text}
            first = self._donors.page(
                f"{KEY}/donors/{month}",
                link.path,
                self._donors.say("donors.month.title", **told),
                self._donors.say("donors.month.description", **told),
            )
            named = [one for one in books.donors if one.month == month]
            for key, part, turn in self._turned(self._donors, first, named):
                last = turn.number == turn.count
                unnamed = [one for one in books.unnamed if one.month == month] if last else []
                around = {"named": part, "unnamed": unnamed, "turn": turn, "trail": way}
                self._settings["AROUND"][key, self._language.code] = around
        if books.donors:
            self._make_names(names, way)

    def _make_names(self, link: Link, way: tuple[Link, ...]) -> None:
        months: dict[str, list[Link]] = defaultdict(list)
        for one in self._books.donors:
            month = self._donor_link(one.month)
            if month not in months[one.name]:
                months[one.name].append(month)
        # In this encoding the common characters stand in the order of their sounds.
        names = sorted(months.items(), key=lambda one: one[0].encode("gb18030"))
        said = self._donors.say("donors.names.description")
        first = self._donors.page(f"{KEY}/donors/names", link.path, link.text, said)
        for key, part, turn in self._turned(self._donors, first, names):
            around = {"by_name": part, "turn": turn, "trail": way}
            self._settings["AROUND"][key, self._language.code] = around

    def _turned(
        self, maker: Maker, first: Page, items: Sequence[Any], *, after: bool = False
    ) -> Iterator[tuple[str, Sequence[Any], Turn]]:
        """The items on as many pages as they need, each with its key; or ``after`` the first."""
        parts = [items[at : at + PER_PAGE] for at in range(0, len(items), PER_PAGE)] or [items]
        if after and items:
            parts = [[], *parts]
        keys, paths = maker.further(first, len(parts))
        for at, part in enumerate(parts):
            beside = ["", *paths, ""]
            yield keys[at], part, Turn(at + 1, len(parts), beside[at], beside[at + 2])

    def _by_currency(self, statements: Sequence[Statement]) -> Iterator[Sequence[Statement]]:
        """In the order of donations.toml; behind them what is not taken any more."""
        own: dict[str, list[Statement]] = defaultdict(list)
        for one in statements:
            own[one.currency].append(one)
        order = [one.code for one in self._settings["GIVING"].currencies]
        yield from (own[one] for one in order if one in own)
        yield from (own[one] for one in sorted(own.keys() - {*order}))

    def _funds(self) -> Iterator[tuple[str, str]]:
        """The name of each fund that the books know, by its key."""
        giving, frame = self._settings["GIVING"], self._settings["FRAME"]
        for key in {one.fund for one in self._books.statements}:
            known = giving.fund(key)
            name = frame.text(known.name, self._language) if known else key
            yield key, name or self._months.say("books.no_fund")

    def _month(self, month: str) -> Link:
        day = date.fromisoformat(f"{month}-01")
        text = format_skeleton("yMMMM", day, locale=self._language.locale)
        return Link(text, self._language.page(f"{KEY}/{month}"))

    def _currency_link(self, code: str) -> Link:
        name = get_currency_name(code, locale=self._language.locale)
        return Link(name, self._language.page(f"{KEY}/{code.lower()}"))

    def _donor_link(self, part: str = "") -> Link:
        if not part:
            return Link(self._donors.say("donors.title"), self._language.page(f"{KEY}/donors"))
        path = self._language.page(f"{KEY}/donors/{part}")
        if part == "names":
            return Link(self._donors.say("donors.names.title"), path)
        return Link(self._month(part).text, path)


def _calendar(months: Sequence[str]) -> dict[str, list[str]]:
    """The months of each year, the newest year first, the first month first."""
    return {year: sorted(own) for year, own in groupby(months, lambda one: one[:4])}


def _told(one: Statement) -> tuple[Statement, list[tuple[str, Money]]]:
    figures = ((figure, one.money(figure)) for figure in ("opening", *FIGURES, "balance"))
    return one, [(name, money) for name, money in figures if money.minor or name in _ALWAYS]


def register() -> None:
    signals.initialized.connect(read)
    signals.all_generators_finalized.connect(make)
