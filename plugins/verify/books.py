"""Rules D14 and L6: what the open books say, counted again, against what each page says.

By a way of its own: from the movements alone, never from the balances that the ledger names, and
from the files, without a word of those who wrote the pages.
"""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_precision
from python_calamine import CalamineWorkbook

from plugins.problems import Problem
from plugins.verify import drawings
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Element, Page, Site

_FIRST, _DONORS = "transparency", "transparency/donors"
_OF_MONTH = re.compile(rf"{_FIRST}/\d{{4}}-\d\d(?:/p\d+)?")
_SHOWN = 12  # months on the first page
_SIGNS = {"received": 1, "returned": -1, "disputed": -1, "fees": -1, "exchanged": 1, "corrected": 1}
_ALWAYS = ("opening", "received", "spent", "balance")
_DATE = re.compile(r"(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?")
# How somebody can be reached: an address for mail, a long number, a link, a house.
_REACHED = (
    re.compile(r"\S\s*[@＠]\s*\S"),
    re.compile(r"\d(?:[\s\-./()]*\d){6,}"),
    re.compile(r"https?://|www\.", re.IGNORECASE),
    re.compile(r"\d\s*(?:号楼|单元|栋|幢|室)|(?:路|街|巷|弄|胡同|大道)\s*\d+\s*(?:号|弄)"),
    re.compile(
        r"\b\d+[a-z]?(?:\s+[a-z]+){1,3}\s+(?:street|st|road|rd|avenue|ave|lane)\b(?!\s+\w)",
        re.IGNORECASE,
    ),
)

Sums = dict[str, Decimal]


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Figures that differ, on whatever page, or lack where the books are; bars of another length,
    donors that nobody named, and ways to reach somebody.
    """
    counted = _count(expected.books)
    for page in site.pages:
        yield from _wrong(page, counted)
        if page.key.startswith(_DONORS):
            yield from _reached(page)
    firsts = [page for page in site.by_key.get(_FIRST, []) if not page.written_in]
    for first in firsts:
        own = [page for page in site.pages if page.language == first.language]
        pages = [page for page in own if page.key == _FIRST or page.key.startswith(f"{_FIRST}/")]
        yield from _lacking(pages, first, counted)
        yield from _donors(pages, first, expected.books)


def _wrong(page: Page, counted: "_Counted") -> Iterator[Problem]:
    """No page has ``<data>`` for anything else, and no text that somebody wrote has it."""
    for element in page.all("data"):
        name, value, text = element["data-sum"], element["value"], element.text
        right = f"{counted.figures.get(name, '-')}"
        known = name in counted.figures
        if not known or value != right or _plain(text) != _plain(value):
            shown = f"{text} ({value})"
            yield page.problem("D14.figure", name=name, shown=shown, right=right)


def _lacking(pages: list[Page], first: Page, counted: "_Counted") -> Iterator[Problem]:
    """What the books' own pages neither say nor draw, or draw otherwise."""
    lacking = {True: set(counted.of_months), False: set(counted.of_all)}
    for page in pages:
        of_month = bool(_OF_MONTH.fullmatch(page.key))
        said = {element["data-sum"] for element in page.all("data")}
        lacking[of_month] -= said
        undrawn = set() if of_month else said & counted.drawn
        yield from drawings.problems(page, counted.figures, undrawn)
        yield from (_lacks(page, name, counted) for name in sorted(undrawn))
    yield from (_lacks(first, name, counted) for name in sorted(lacking[True] | lacking[False]))


def _lacks(page: Page, name: str, counted: "_Counted") -> Problem:
    right = f"{counted.figures[name]}"
    return page.problem("D14.figure", name=name, shown="-", right=right)


def _plain(text: str) -> str:
    return re.sub(r"[^\d-]", "", text.replace("−", "-"))


@dataclass(slots=True)
class _Counted:
    """Every figure by its name; the names of those that pages have to say, and to draw."""

    figures: Sums = field(default_factory=dict)
    of_months: set[str] = field(default_factory=set)
    of_all: set[str] = field(default_factory=set)

    @property
    def drawn(self) -> set[str]:
        """What came and went, but for what is in all, and where there is but one to be drawn."""
        columns = Counter(_column(name) for name in self.of_all if name.endswith("/came"))
        return {
            name
            for name in self.of_all
            if name.endswith(("/came", "/went"))
            and self.figures[name]
            and columns[_column(name)] > 1
        }


def _column(name: str) -> str:
    """Which table's a figure is: by the month, the year or the fund, of a currency."""
    period, *fund, code, _ = name.split("/")
    return f"{len(period)} {len(fund)} {code}"


def _count(folder: Path) -> _Counted:
    """Count all that the pages of a language have to say."""
    flows = _flows(folder)
    months = sorted({month for own in flows.values() for month in own})
    counted, sums = _Counted(), Counter[str]()
    ends: dict[tuple[str, str], int] = {}
    funds = Counter(currency for _, currency in flows)
    for (fund, currency), own in flows.items():
        left = 0
        for month in months:
            opening, now = left, own.get(month) or Counter[str]()
            left += now.total()
            if month not in own and not left:
                continue
            figures = {"opening": opening, **{one: now[one] for one in _SIGNS}}
            figures |= {"spent": now["spent"], "balance": left}
            for name, minor in figures.items():
                if minor or name in _ALWAYS:
                    sums[f"{month}/{fund}/{currency}/{name}"] = minor
                    counted.of_months.add(f"{month}/{fund}/{currency}/{name}")
            ways = {
                "came": sum(max(0, one) for one in now.values()),
                "went": sum(max(0, -one) for one in now.values()),
            }
            sums[f"{month}/{currency}/opening"] += opening
            for name, minor in ways.items():
                for period in (month, month[:4], "*", f"*/{fund}"):
                    sums[f"{period}/{currency}/{name}"] += minor
            for period in (month, month[:4], "*", f"*/{fund}"):
                ends[f"{period}/{currency}/balance", fund] = left
    for (name, _), left in ends.items():
        sums[name] += left
    counted.figures = {name: _whole(minor, name.split("/")[-2]) for name, minor in sums.items()}
    counted.of_months |= {name for name in sums if re.fullmatch(r"[\d-]{7}/[A-Z]{3}/\w+", name)}
    shown = {"*", *months[-_SHOWN:], *({one[:4] for one in months} if months[_SHOWN:] else ())}
    for name in sums:
        period, *own_fund, currency, figure = name.split("/")
        if (
            figure != "opening"
            and period in shown
            and (not own_fund or (period == "*" and funds[currency] > 1))
        ):
            counted.of_all.add(name)
    return counted


def _flows(folder: Path) -> Mapping[tuple[str, str], Mapping[str, Counter[str]]]:
    """What moved each month, in minor units, below zero where it went; by fund and currency."""
    moved: defaultdict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(dict)
    for row in _told(folder, "ledger.json").get("months", []):
        of_month = moved[row["fund"], row["currency"]].setdefault(row["month"], Counter())
        for figure, sign in _SIGNS.items():
            of_month[figure] += sign * row[figure]
    for month, fund, currency, minor in _spent(folder):
        moved[fund, currency].setdefault(month, Counter())["spent"] -= minor
    return moved


def _whole(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def _spent(folder: Path) -> Iterator[tuple[str, str, str, int]]:
    """Month, fund, currency and minor units of each payment on the sheet."""
    rows: list[list[Any]] = []
    if (file := folder / "spending.xlsx").exists():
        rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    elif (file := folder / "spending.csv").exists():
        data = file.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        rows = [*csv.reader(StringIO(text, newline=""))]
    at = {str(word).strip().lower(): number for number, word in enumerate(rows[0] if rows else [])}
    day, fund, code, amount = (
        next((at[word] for word in words if word in at), -1)
        for words in (("date", "日期"), ("fund", "项目"), ("currency", "币种"), ("amount", "金额"))
    )
    for row in rows[1:]:
        if any(str(cell).strip() for cell in row):
            year, month = re.findall(r"\d+", str(row[day]))[:2]
            currency = str(row[code]).strip().upper()
            digits = re.sub(r"[^\d.]", "", str(row[amount]))
            minor = round(Decimal(digits).scaleb(get_currency_precision(currency)))
            yield f"{year}-{int(month):02}", str(row[fund]).strip(), currency, minor


def _donors(pages: list[Page], first: Page, folder: Path) -> Iterator[Problem]:
    """The names by month are those of the file, each as often."""
    told = _told(folder, "donors.json").get("donors", [])
    wanted = Counter((one["month"], one["name"]) for one in told)
    shown: Counter[tuple[str, str]] = Counter()
    for page in pages:
        found = re.fullmatch(rf"{_DONORS}/(\d{{4}}-\d\d)(?:/p\d+)?", page.key)
        for element in page.all("span"):
            if found and element["translate"] == "no":
                shown[found[1], element.text] += 1
    for month, name in (wanted - shown) + (shown - wanted):
        yield first.problem("D14.donors", what=f"{month} {name}")


def _reached(page: Page) -> Iterator[Problem]:
    if page.indexed or any("data-pagefind-body" in one.attributes for one in page.elements):
        yield page.problem("L6.indexed")
    for element in _written(page):
        text = _DATE.sub(" ", element.text)
        for pattern in _REACHED:
            if found := pattern.search(text):
                yield page.problem("L6.donor", found=found[0])


def _written(page: Page) -> Iterator[Element]:
    """What donors wrote themselves."""
    return (one for one in page.elements if one["translate"] == "no" and "main" in one.around)


def _told(folder: Path, name: str) -> dict[str, Any]:
    file = folder / name
    told: dict[str, Any] = json.loads(file.read_bytes()) if file.exists() else {}
    return told
