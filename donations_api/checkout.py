"""From a checked form to the payment page: keep a pending gift, ask Stripe; or announce a transfer.

A gift that is to come again has a pledge beside it, and each reminder's gift begins here as well.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from donations_api import offline
from donations_api.books import Books
from donations_api.form import GiftRequest
from donations_api.frame import Language, translate
from donations_api.gift import Gift, State, new_gift_id
from donations_api.money import Money
from donations_api.pledge import Pledge, PledgeState, new_pledge_id
from donations_api.portal import Portal

# Card thieves try stolen numbers on small gifts, on one payment page after another. No donor asks
# for twenty pages in ten minutes, and two hundred from all would be a small charity's best hour.
BRAKE_WINDOW = timedelta(minutes=10)
PAGES_PER_ADDRESS = 20
PAGES_IN_ALL = 200

CATALOGS = (Path(__file__).parent / "locale",)


class TooManyPages(Exception):
    """Too many payment pages were asked for within a short time; a later try is welcome."""


def begin(portal: Portal, request: GiftRequest) -> str:
    """Keep a pending gift, and its pledge if it is to come again; its payment page's address.

    Raises TooManyPages and StripeUnavailable.
    """
    now = portal.clock()
    gift, pledge = _gift(request, now), None
    if request.frequency != "once":
        pledge = _pledge(request, now)
        gift = replace(gift, pledge_id=pledge.id)
    keep(portal, gift, pledge)
    return open_page(portal, gift, request.methods)


def announce(portal: Portal, request: GiftRequest) -> Gift:
    """Keep a pending gift by bank transfer, and queue the letter with its code and the account.

    Raises TooManyPages: its page costs us a mail.
    """
    gift = _gift(request, portal.clock())
    with portal.ledger.books() as books:
        _brake(books, gift)
        announced = offline.announce(portal.clerk(books), gift)
        books.commit()
    return announced


def keep(portal: Portal, gift: Gift, pledge: Pledge | None = None) -> None:
    """Keep a pending gift. Raises TooManyPages."""
    with portal.ledger.books() as books:
        _brake(books, gift)
        if pledge:
            books.add_pledge(pledge)
        books.add_gift(gift)
        books.commit()


def open_page(portal: Portal, gift: Gift, methods: Sequence[str]) -> str:
    """The payment page of a gift that is kept; asked again, it is the same page.

    Raises StripeUnavailable.
    """
    fund, language = portal.giving.fund(gift.fund), portal.frame.language(gift.language)
    success_url, cancel_url = portal.addresses(gift)
    # Between two transactions, so that nobody waits for Stripe with the books open.
    page = portal.gateway.create_checkout_session(
        gift,
        methods=methods,
        purpose=portal.frame.text(fund.name, language) if fund else gift.fund,
        note=_note(gift, language),
        success_url=success_url,
        cancel_url=cancel_url,
    )
    with portal.ledger.books() as books:
        books.note_session(gift.id, page.session_id)
        books.commit()
    return page.url


def _brake(books: Books, gift: Gift) -> None:
    asked = books.gifts_since(gift.created_at - BRAKE_WINDOW, gift.email)
    if asked.by_address >= PAGES_PER_ADDRESS or asked.in_all >= PAGES_IN_ALL:
        raise TooManyPages


def _gift(request: GiftRequest, now: datetime) -> Gift:
    return Gift(
        id=new_gift_id(),
        state=State.PENDING,
        amount=request.amount,
        fee_cover=request.fee_cover,
        frequency=request.frequency,
        fund=request.fund.key,
        recipient=request.recipient.key,
        language=request.language.code,
        name=request.name,
        email=request.email,
        anonymous=request.anonymous,
        message=request.message,
        dedication=request.dedication,
        consent_version=request.consent_version,
        created_at=now,
    )


def _pledge(request: GiftRequest, now: datetime) -> Pledge:
    return Pledge(
        id=new_pledge_id(),
        state=PledgeState.PENDING,
        frequency=request.frequency,
        amount=request.amount,
        fee_cover=request.fee_cover,
        fund=request.fund.key,
        recipient=request.recipient.key,
        language=request.language.code,
        name=request.name,
        email=request.email,
        anonymous=request.anonymous,
        message=request.message,
        dedication=request.dedication,
        consent_version=request.consent_version,
        created_at=now,
    )


def _note(gift: Gift, language: Language) -> str:
    """What the payment page says of the cost that the donor covers; empty when there is none."""
    if not gift.fee_cover:
        return ""
    currency = gift.amount.currency
    return translate(CATALOGS, language, "checkout.fee_cover") % {
        "gift": Money(gift.amount.minor - gift.fee_cover, currency).display(language.locale),
        "cover": Money(gift.fee_cover, currency).display(language.locale),
    }
