"""Thousands of random amounts a currency: form, Stripe, books, receipt and mail agree exactly.

Ten thousand with ``WHOLE=1``, as the proofs have it; a tenth of them in each run of the tests.
"""

import random
import re
from dataclasses import replace

import pytest

from donations_api import letters
from donations_api.checkout import _gift
from donations_api.clerk import Clerk
from donations_api.currencies import Currency
from donations_api.events import Told
from donations_api.form import TotalNotAgreed, parse_form
from donations_api.frame import Frame
from donations_api.giving import Giving, load_giving
from donations_api.inbox import book
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.reading import read
from donations_api.stripe_gateway import session_of
from tests.donations.orderings import WHOLE, quick_folder
from tests.donations.running import CONTENT, FORM, settings_for
from tests.donations.stripe_events import COMPLETED, NOW, a_session

AMOUNTS = 10_000 if WHOLE else 1_000
A_TRANSACTION = 500  # gifts; a commit for each would prove the disk, not the money
CURRENCIES = [one.code for one in load_giving(CONTENT).currencies]


def digits(text: str) -> int:
    """The minor units that a text shows, whatever stands between its digits."""
    return int(re.sub(r"\D", "", text))


@pytest.mark.parametrize("code", CURRENCIES)
def test_every_station_says_the_same_amount(code: str, giving: Giving, frame: Frame) -> None:
    """Half of the donors cover the fee, and each of them has seen the exact total."""
    chance = random.Random(f"exact money {code}")  # noqa: S311  # to be replayed, not to be secret
    currency = giving.currency(code)
    assert currency
    with quick_folder() as folder:
        settings = settings_for(folder)
        ledger = Ledger(settings.database_url)
        ledger.migrate()
        for _ in range(AMOUNTS // A_TRANSACTION):
            with ledger.books() as books:
                clerk = Clerk(books, giving, settings, NOW)
                for _ in range(A_TRANSACTION):
                    minor = chance.randint(currency.smallest.minor, currency.largest.minor)
                    one_gift(clerk, frame, currency, Money(minor, code), chance)
                books.commit()
        with ledger.books() as books:
            total = sum(entry.amount.minor for entry in books.entries())
            told = sum(entry.amount.minor for entry in books.entries() if entry.source)
            assert len(books.entries()) == AMOUNTS
            assert total == told


def one_gift(
    clerk: Clerk, frame: Frame, currency: Currency, gift: Money, chance: random.Random
) -> None:
    language = frame.language(chance.choice(["zh", "en"]))
    shown = gift.display(language.locale)
    typed = str(gift.decimal) if chance.random() < 0.5 else shown
    covers = chance.random() < 0.5
    form = FORM | {
        "amount": typed,
        "currency": gift.currency,
        "language": language.code,
        "cover_fee": "yes" if covers else "",
    }
    cover = currency.fee_cover(gift).minor if covers else 0
    total = Money(gift.minor + cover, gift.currency)
    if cover:
        # The review shows what will be asked; the form comes again with that total.
        with pytest.raises(TotalNotAgreed) as asked:
            parse_form(form, clerk.giving, frame, sandbox=True, today=NOW.date())
        review = asked.value.request
        assert (review.gift, review.cover.minor, review.amount) == (gift, cover, total)
        assert digits(review.amount.display(language.locale)) == total.minor
        form["agreed_total"] = f"{total.minor} {total.currency}"
    wanted = parse_form(form, clerk.giving, frame, sandbox=True, today=NOW.date())
    assert (wanted.amount, wanted.fee_cover) == (total, cover)

    pending = _gift(wanted, NOW)
    asked_of_stripe = session_of(
        pending, methods=wanted.methods, purpose="x", note="", success_url="x", cancel_url="x"
    )
    (item,) = asked_of_stripe["line_items"]
    assert item["quantity"] == 1
    assert item["price_data"]["unit_amount"] == total.minor
    assert item["price_data"]["currency"] == total.currency.lower()

    clerk.books.add_gift(pending)
    session = a_session(
        replace(pending, amount=Money(item["price_data"]["unit_amount"], total.currency))
    )
    news = read(Told(f"evt_{pending.id}", COMPLETED, NOW, session))
    book(clerk, news)
    (entry,) = clerk.books.entries_of(pending.id)
    receipt = clerk.books.receipt_of(pending.id)
    assert receipt
    assert entry.amount == receipt.amount == total
    if chance.random() < 0.1:
        # Every tenth mail is written: to write them all takes longer than everything before it.
        letter = letters.compose(frame, letters.Addresses(), "receipt", dict(receipt.snapshot))
        for part in (letter.text, letter.html):
            assert total.display(language.locale) in part
            if cover:
                assert Money(cover, total.currency).display(language.locale) in part
