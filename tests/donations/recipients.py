"""A charity that is a legal body in mainland China and one in the UK, and gifts to them."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
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
