"""Rules D14 and L6: what the open books say, counted again, against what each page says.

By a way of its own: from the movements alone, never from the balances that the ledger names, and
from the files, without a word of those who wrote the pages.
"""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_precision
from python_calamine import CalamineWorkbook

from plugins.problems import Problem
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Element, Page, Site

_FIRST, _DONORS = "transparency", "transparency/donors"
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
    """Figures that differ or lack, donors that nobody named, and ways to reach somebody."""
    firsts = [page for page in site.by_key.get(_FIRST, []) if not page.written_in]
    for first in firsts:
        own = [page for page in site.pages if page.language == first.language]
        pages = [page for page in own if page.key == _FIRST or page.key.startswith(f"{_FIRST}/")]
        wanted = _sums(expected.books)
        for page in pages:
            yield from _of_page(page, wanted)
        for name, right in wanted.items():
            yield first.problem("D14.figure", name=name, shown="-", right=f"{right}")
        yield from _donors(pages, first, expected.books)
    for page in site.pages:
        if page.key.startswith(_DONORS):
            yield from _reached(page)


def _of_page(page: Page, wanted: Sums) -> Iterator[Problem]:
    """Take from ``wanted`` what the page says; each figure stands on one page."""
    for element in page.all("data"):
        name, value, text = element["data-sum"], element["value"], element.text
        right = wanted.pop(name, None)
        if right is None or value != f"{right}" or _plain(text) != _plain(value):
            shown = f"{text} ({value})"
            yield page.problem("D14.figure", name=name, shown=shown, right=f"{right}")


def _plain(text: str) -> str:
    return re.sub(r"[^\d-]", "", text)


def _sums(folder: Path) -> Sums:
    """Every figure that the pages of a language have to say, by its name."""
    moved: defaultdict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(dict)
    for row in _told(folder, "ledger.json").get("months", []):
        of_month = moved[row["fund"], row["currency"]].setdefault(row["month"], Counter())
        for figure, sign in _SIGNS.items():
            of_month[figure] += sign * row[figure]
    for month, fund, currency, minor in _spent(folder):
        moved[fund, currency].setdefault(month, Counter())["spent"] -= minor
    months = sorted({month for flows in moved.values() for month in flows})
    sums: Sums = {}
    overview: Counter[str] = Counter()
    for (fund, currency), flows in moved.items():
        left = 0
        for month in months:
            opening, now = left, flows.get(month) or Counter[str]()
            left += now.total()
            if month not in flows and not left:
                continue
            figures = {"opening": opening, **{one: now[one] for one in _SIGNS}}
            figures |= {"spent": now["spent"], "balance": left}
            for name, minor in figures.items():
                if minor or name in _ALWAYS:
                    sums[f"{month}/{fund}/{currency}/{name}"] = _whole(minor, currency)
            if month in months[-_SHOWN:]:
                of_all = f"{month}/{currency}"
                overview[f"{of_all}/came"] += sum(max(0, one) for one in now.values())
                overview[f"{of_all}/went"] += sum(max(0, -one) for one in now.values())
                overview[f"{of_all}/balance"] += left
    return sums | {name: _whole(minor, name.split("/")[1]) for name, minor in overview.items()}


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
