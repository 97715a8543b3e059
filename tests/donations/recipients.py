"""A charity that is a legal body in mainland China and one in the UK, and gifts to them."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from donations_api.app import portal_for
from donations_api.clerk import Clerk
from donations_api.entry import Account, Kind
from donations_api.gift import Gift, Receipt
from donations_api.money import Money
from donations_api.offline import OfflineGift, enter_gift
from donations_api.records import Signed
from donations_api.settings import Settings
from tests.donations.running import CONTENT
from tests.donations.stripe_events import NOW

SIGNED = Signed("Wang Fang", "the donor wrote a mail")
IN_THE_UK = """
[[recipient]]
key = "uk"
mode = "undeclared"
country = "GB"
time_zone = "Europe/London"
receipt_prefix = "UK"
receipt = "uk_gift_aid"
currencies = ["GBP", "USD"]
appeals_in = ["zh", "en"]
legal_name.zh = "示例之友"
legal_name.en = "Friends of the Example"
registration = "0000000"
"""
# A clerk with open books, at a moment if one is given; what is done lasts.
Desk = Callable[..., AbstractContextManager[Clerk]]

_references = itertools.count(1)


def content_with_both(folder: Path) -> Path:
    """The project's content, with a second recipient, in the UK."""
    content = shutil.copytree(CONTENT, folder / "content")
    with (content / "organisation.toml").open("a", encoding="utf-8") as file:
        file.write(IN_THE_UK)
    return content


def content_that_is_late(folder: Path, today: date) -> Path:
    """The project's content: a year's report is there, its accounts are overdue, and the final
    report on a project is near. The year after is like it, and this one's is not due yet.
    """
    content = shutil.copytree(CONTENT, folder / "content")
    file = content / "organisation.toml"
    first, ended = today.year - 2, today - timedelta(days=80)
    text, before = file.read_text("utf-8"), "reports_from = 2026"
    assert before in text
    file.write_text(text.replace(before, f"reports_from = {first}"), "utf-8")
    (content / "reports.toml").write_text(
        f"""[[project]]
key = "roof"
name = {{ zh = "屋顶", en = "The roof" }}
started = {ended}
ends = {ended}

[[report]]
covers = ["annual"]
year = {first}
title = {{ zh = "年报", en = "Report" }}
page = "about"
published = {first + 1}-05-31
""",
        "utf-8",
    )
    return content


def desk_over(settings: Settings) -> Desk:
    @contextmanager
    def opened(now: datetime = NOW) -> Iterator[Clerk]:
        portal = portal_for(settings, lambda: now)
        with portal.ledger.books() as books:
            yield portal.clerk(books)
            books.commit()

    return opened


def given(clerk: Clerk, **changed: Any) -> tuple[Gift, Receipt]:
    """A gift by bank transfer and its receipt; to the UK, where nothing else is said."""
    fields: dict[str, Any] = {
        "amount": Money(2500, "GBP"),
        "account": Account.BANK,
        "reference": f"bank {next(_references)}",
        "name": "Ann Lee",
        "email": "ann@example.org",
        "language": "en",
        "fund": "most-needed",
        "recipient": "uk",
        "received_at": NOW,
        "entered_by": "Wang Fang",
        "reason": "on the bank statement",
    }
    gift = enter_gift(clerk, OfflineGift(**(fields | changed)))
    receipt = clerk.books.receipt_of(gift.id)
    assert receipt
    return gift, receipt


def given_in_china(clerk: Clerk, **changed: Any) -> tuple[Gift, Receipt]:
    own = {"recipient": "house", "amount": Money(20000, "CNY"), "language": "zh", "name": "张伟"}
    return given(clerk, **(own | changed))


def give_back(clerk: Clerk, gift: Gift, minor: int, at: datetime = NOW) -> None:
    """Post a refund."""
    reference = f"refund {next(_references)}"
    money = Money(minor, gift.amount.currency)
    assert clerk.post(Kind.REFUND, gift, money, reference, "evt_refund", at)
