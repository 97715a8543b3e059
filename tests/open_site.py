"""The open books proved from the gift to the page: ``python -m tests.open_site 5000``.

So many fictional gifts come in six currencies, for two funds, over half a year; some are returned,
some disputed, all by signed events, as Stripe tells of them. The ledger is published, the site is
built from it, and each figure on its pages is compared with sums in plain SQL over the database.
"""

import random
import re
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

from donations_api.clerk import Outcome
from donations_api.entry import ROUTES, Entry, Kind
from donations_api.gift import Gift
from donations_api.giving import Giving, load_giving
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.open_books import publish
from donations_api.settings import Settings
from donations_api.webhook import receive
from tests.donations.running import make_books, settings_for
from tests.donations.stripe_events import (
    a_dispute,
    a_gift,
    a_refund,
    a_session,
    an_event,
    body_of,
    signed,
)
from tests.site.tiny_site import TinySite, make_site

CURRENCIES = ("CNY", "HKD", "USD", "EUR", "GBP", "JPY")
FUNDS = ("roof", "lamp")
NAMES = (
    "张伟",
    "示例人甲",
    "Anna Example",
    "欧阳示例",
    "B. Sample",
    "wei@example.org",
    "人民路12号",
)
BEGAN = datetime(2026, 5, 31, 12, tzinfo=UTC)  # so that months end at some gifts' midnight
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
SPAN = timedelta(days=175)
_WHOLE = ("JPY",)  # currencies without cents
_FIGURE = re.compile(r'<data value="(-?[\d.]+)" data-sum="([^"]+)">([^<]+)</data>')
_NAMED = re.compile(r'<li><span lang="" translate="no">([^<]*)</span> <strong>')

# Each month as Shanghai counts it; what is ours is at Stripe, in the bank, in the cash box.
_SUMS = """
SELECT strftime('%Y-%m', received_at, '+8 hours') AS month, fund, currency,
    sum(CASE WHEN kind IN ('gift', 'offline_gift') THEN amount ELSE 0 END) AS received,
    sum(CASE kind WHEN 'refund' THEN amount WHEN 'refund_failed' THEN -amount ELSE 0 END),
    sum(CASE kind WHEN 'dispute_withdrawn' THEN amount
        WHEN 'dispute_reinstated' THEN -amount ELSE 0 END),
    sum(CASE WHEN kind = 'fee' THEN amount ELSE 0 END) AS fees,
    sum(CASE WHEN put_into IN ('stripe', 'bank', 'cash') THEN amount ELSE 0 END
        - CASE WHEN taken_from IN ('stripe', 'bank', 'cash') THEN amount ELSE 0 END) AS gained
FROM entries GROUP BY 1, 2, 3 ORDER BY 1
"""
_NAMED_GIFTS = """
SELECT g.name, count(*) FROM gifts AS g WHERE g.anonymous = 0 AND instr(g.name, '@') = 0
AND instr(g.name, '号') = 0 AND (
    SELECT coalesce(sum(CASE WHEN taken_from IN ('donors', 'disputed') THEN amount ELSE 0 END
        - CASE WHEN put_into IN ('donors', 'disputed') THEN amount ELSE 0 END), 0)
    FROM entries WHERE gift_id = g.id) > 0
AND (SELECT coalesce(sum(CASE kind WHEN 'dispute_withdrawn' THEN 1
    WHEN 'dispute_reinstated' THEN -1 ELSE 0 END), 0) FROM entries WHERE gift_id = g.id) = 0
GROUP BY g.name
"""


@dataclass(frozen=True)
class Proof:
    """What came of it: how many figures were compared, and those that differ."""

    gifts: int
    pages: int
    figures: int
    named: int
    kinds: frozenset[str]
    differ: list[str]
    seconds: float


def prove(folder: Path, gifts: int, seed: int = 1) -> tuple[TinySite, Proof]:
    """Give, publish, build, compare."""
    began = time.monotonic()
    site = a_site(folder / "site")
    settings = replace(settings_for(folder), content=site.folder / "content")
    make_books(settings)
    _Donors(settings, load_giving(settings.content), seed).give(gifts)
    data = site.folder / "var" / "demo-data"
    data.mkdir(parents=True)
    spent = spend(data / "spending.csv", random.Random(seed), gifts)  # noqa: S311  no secret
    publish(Ledger(settings.database_url), data, ZoneInfo("Asia/Shanghai"), NOW, demo=True)
    run = site.run("build", "--demo", timeout=600, SITE_DAY=f"{NOW:%Y-%m-%d}")
    assert run.code == 0, run.said
    with database_of(settings) as database:
        found = compared(site, database, spent)
        kinds = frozenset(kind for (kind,) in database.execute("SELECT kind FROM entries"))
    pages, figures, named, differ = found
    seconds = time.monotonic() - began
    return site, Proof(gifts, pages, figures, named, kinds, differ, seconds)


def database_of(settings: Settings) -> closing[sqlite3.Connection]:
    """The portal's database, past the portal, to be read and no more."""
    file = settings.database_url.removeprefix("sqlite:///")
    return closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True))


def a_site(folder: Path) -> TinySite:
    """A tiny site whose charity takes six currencies for two funds, and shows its books."""
    site = make_site(folder)
    for code in CURRENCIES:
        if code not in ("CNY", "GBP"):
            added = (
                f'\n[[currency]]\ncode = "{code}"\nsuggested = [10, 20, 30]\nsmallest = 1\n'
                'largest = 1000\nfee.percent = "2.9"\nfee.fixed = "0"\n'
            )
            append(site, "content/donations.toml", added)
    fund = '\n[[fund]]\nkey = "lamp"\nname.zh = "灯"\nname.en = "The lamp"\n'
    append(site, "content/donations.toml", fund)
    taken = ", ".join(f'"{code}"' for code in CURRENCIES)
    site.edit("content/organisation.toml", '["CNY", "GBP"]', f"[{taken}]")
    for language, title in {"zh": "账目公开示例。", "en": "The books of the house."}.items():
        site.write(
            f"content/pages/transparency.{language}.md",
            f"---\ntitle: {title[:-1]}\ndescription: {title}\n---\n\n{title}\n",
        )
    return site


def append(site: TinySite, path: str, text: str) -> None:
    with (site.folder / path).open("a", encoding="utf-8") as file:
        file.write(text)


class _Donors:
    def __init__(self, settings: Settings, giving: Giving, seed: int) -> None:
        self._settings, self._giving = settings, giving
        self._ledger, self._random = Ledger(settings.database_url), random.Random(seed)  # noqa: S311
        self._events = 0

    def give(self, gifts: int) -> None:
        for number in range(gifts):
            when = BEGAN + SPAN * number / gifts
            currency = CURRENCIES[number % len(CURRENCIES)]
            gift = a_gift(
                amount=Money(self._random.randrange(100, 100_000), currency),
                fund=self._random.choice(FUNDS),
                recipient="house",
                name=NAMES[number % len(NAMES)],
                anonymous=number % 3 > 0,
                created_at=when,
            )
            with self._ledger.books() as books:
                assert books.add_gift(gift)
                books.commit()
            self._tell(a_session(gift), "checkout.session.completed", when)
            self._afterwards(gift, number, when)

    def _afterwards(self, gift: Gift, number: int, when: datetime) -> None:
        """Every tenth is returned, in part or whole; every fifteenth disputed; each costs a fee."""
        intent, minor = f"pi_{gift.id}", gift.amount.minor
        code = {"currency": gift.amount.currency.lower()}
        later = min(when + timedelta(days=self._random.randrange(20)), NOW - timedelta(days=2))
        later = max(later, when)
        self._fee(gift, later)
        if number % 10 == 3:
            part = minor if number % 20 == 3 else self._random.randrange(1, minor)
            refund = a_refund(intent, part, **code)
            self._tell(refund, "refund.created", later)
            if number % 40 == 13:
                self._tell(refund | {"status": "failed"}, "refund.failed", later)
        elif number % 15 == 4:
            dispute = a_dispute(intent, minor, **code, created=int(later.timestamp()))
            self._tell(dispute, "charge.dispute.funds_withdrawn", later)
            if number % 30 == 4:
                won = dispute | {"status": "won"}
                self._tell(won, "charge.dispute.funds_reinstated", later + timedelta(days=1))

    def _fee(self, gift: Gift, when: datetime) -> None:
        fee = Money(self._random.randrange(1, 60), gift.amount.currency)
        about = gift.fund, gift.recipient, f"txn_{gift.id}", f"txn_{gift.id}"
        entry = Entry(Kind.FEE, gift.id, *ROUTES[Kind.FEE], fee, *about, when, when)
        with self._ledger.books() as books:
            assert books.post(entry)
            books.commit()

    def _tell(self, about: dict[str, object], type_: str, when: datetime) -> None:
        self._events += 1
        name = f"evt_open_{self._events}"
        body = body_of(an_event(about, type_, created=int(when.timestamp()), id=name))
        given = self._ledger, self._giving, self._settings, body
        assert receive(*given, signed(body, at=when), when) is Outcome.BOOKED, type_


def spend(file: Path, chance: random.Random, gifts: int) -> Counter[tuple[str, str, str]]:
    """A sheet of payments, as staff keep it; the sums of its cells, in minor units."""
    sums: Counter[tuple[str, str, str]] = Counter()
    rows = ["日期,项目,币种,金额,用途.zh,用途.en,单据号"]
    for number in range(gifts // 10):
        day = (BEGAN + SPAN * number * 10 / gifts).date()
        fund, code = chance.choice(FUNDS), CURRENCIES[number % len(CURRENCIES)]
        minor = chance.randrange(1, 20_000)
        sums[f"{day:%Y-%m}", fund, code] += minor
        amount = minor if code in _WHOLE else Decimal(minor).scaleb(-2)
        typed = f'"{amount:,}"'  # with commas, as people write it
        rows.append(f"{day:%Y/%m/%d},{fund},{code},{typed},示例用途,a sample,S-{number:04}")
    file.write_bytes(("\r\n".join(rows) + "\r\n").encode("gb18030"))
    return sums


def compared(
    site: TinySite, database: sqlite3.Connection, spent: Counter[tuple[str, str, str]]
) -> tuple[int, int, int, list[str]]:
    """How many pages and figures there are, how many names, and what differs."""
    right = wanted(database.execute(_SUMS).fetchall(), spent)
    names = Counter(dict(database.execute(_NAMED_GIFTS).fetchall()))
    differ: list[str] = []
    pages = 0
    for root in ("", "en/"):
        shown: dict[str, str] = {}
        listed: Counter[str] = Counter()
        folder = site.output / root / "transparency"
        for page in sorted(folder.rglob("index.html")):
            html = page.read_text(encoding="utf-8")
            pages += 1
            for value, name, text in _FIGURE.findall(html):
                shown[name] = text.replace(",", "").replace("−", "-")
                differ += [] if shown[name] == value else [f"/{root} {name}: {text} and {value}"]
            if "donors/2" in page.as_posix():
                listed.update(unescape(name) for name in _NAMED.findall(html))
        for name in sorted(shown.keys() | right.keys()):
            if shown.get(name) != right.get(name):
                differ.append(f"/{root} {name}: {shown.get(name)}, not {right.get(name)}")
        if listed != names:
            differ.append(f"/{root} names: {listed} and {names}")
    return pages, 2 * len(right), names.total(), differ


def wanted(
    rows: list[tuple[str, str, str, int, int, int, int, int]],
    spent: Counter[tuple[str, str, str]],
) -> dict[str, str]:
    """Each figure that a page has to show, by its name, as its digits."""
    by_cell = {row[:3]: row[3:] for row in rows}
    months = sorted({row[0] for row in (*by_cell, *spent)})
    figures: Counter[str] = Counter()
    left: Counter[tuple[str, str]] = Counter()
    for month in months:
        for key in sorted({cell[1:] for cell in (*by_cell, *spent)}):
            cell = (month, *key)
            received, returned, disputed, fees, gained = by_cell.get(cell, (0, 0, 0, 0, 0))
            opening = left[key]
            left[key] += gained - spent[cell]
            told = {"returned": -returned, "disputed": -disputed, "fees": -fees}
            told = {name: minor for name, minor in told.items() if minor}
            told |= {"received": received, "spent": -spent[cell]}
            if cell not in by_cell and not spent[cell] and not opening:
                continue
            place = f"{month}/{key[0]}/{key[1]}"
            for name, minor in (told | {"opening": opening, "balance": left[key]}).items():
                figures[f"{place}/{name}"] = minor
            moved = {
                "came": sum(max(0, one) for one in told.values()),
                "went": sum(max(0, -one) for one in told.values()),
            }
            moved["balance"] = moved["came"] - moved["went"]
            for name, minor in (moved | {"balance": left[key], "opening": opening}).items():
                figures[f"{month}/{key[1]}/{name}"] += minor
            for period in ("*", f"*/{key[0]}"):
                for name, minor in moved.items():
                    figures[f"{period}/{key[1]}/{name}"] += minor
    return {name: _digits(name, minor) for name, minor in figures.items()}


def _digits(name: str, minor: int) -> str:
    whole = any(f"/{code}/" in name for code in _WHOLE)
    return f"{minor}" if whole else f"{Decimal(minor).scaleb(-2):.2f}"


def main(gifts: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        _, proof = prove(Path(folder), gifts)
    sys.stdout.write(
        f"{proof.gifts} gifts in {len(CURRENCIES)} currencies: {proof.figures} figures and "
        f"{proof.named} names on {proof.pages} pages, {len(proof.differ)} differ; "
        f"{proof.seconds:.0f} s\n"
    )
    sys.stdout.write("".join(f"{one}\n" for one in proof.differ[:20]))
    return 1 if proof.differ else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
