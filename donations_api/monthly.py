"""What monthly donors do by themselves, from a link in a mail: change, pause, end, or give again.

Of a pledge that Stripe charges, Stripe is told, and the books follow by its events; a pledge by
reminder is kept here alone.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from donations_api.checkout import keep, open_page
from donations_api.errors import FieldError, GivingClosed
from donations_api.form import read_amount
from donations_api.frame import Language
from donations_api.gift import Gift, State
from donations_api.methods import fitting
from donations_api.money import Money
from donations_api.pledge import Pledge, PledgeState, gift_of, months_after
from donations_api.portal import Portal
from donations_api.stripe_gateway import PAGE_OPEN_FOR
from donations_api.subscription import Subscription

PAUSES = (1, 2, 3, 6)  # how many months a pause may last

# A page that closes soon is not opened again: there must be time to pay.
_TIME_TO_PAY = timedelta(minutes=30)


def change_amount(
    portal: Portal,
    pledge: Pledge,
    subscription: Subscription | None,
    typed: str,
    language: Language,
    key: str,
) -> list[FieldError]:
    """Give another amount from the next month on; what the donor has to mend, if anything.

    ``typed`` is the gift itself; who covers the fee covers that of the new amount. ``key``: of the
    page on which the wish was sent, so that it acts once. Raises GivingClosed and
    StripeUnavailable.
    """
    currency = portal.giving.currency(pledge.amount.currency)
    if not currency or not may_ask(portal, pledge):
        raise GivingClosed  # no longer taken; stopping is still possible
    gift = read_amount(typed, currency, language)
    if isinstance(gift, FieldError):
        return [gift]
    cover = currency.fee_cover(gift).minor if pledge.fee_cover else 0
    total = Money(gift.minor + cover, gift.currency)
    key = f"{key}-amount-{total.minor}"
    if subscription:
        portal.gateway.change_amount(subscription, total, fee_cover=cover, key=key)
    changed = replace(pledge, amount=total, fee_cover=cover)
    _tell(portal, changed, "amount", key, save=not subscription)
    return []


def pause(
    portal: Portal, pledge: Pledge, subscription: Subscription, months: int, key: str
) -> None:
    """Charge nothing for some months. Raises StripeUnavailable."""
    # From the day that the next month would be charged: that many of them are left out.
    start = subscription.next_at or portal.clock()
    until = months_after(start, months, _zone(portal, pledge)) - timedelta(hours=1)
    key = f"{key}-pause-{months}"
    portal.gateway.pause(subscription, until, key=key)
    _tell(portal, pledge, "paused", key, resumes_at=until)


def resume(portal: Portal, pledge: Pledge, subscription: Subscription, key: str) -> None:
    """Charge again from the next month on. Raises GivingClosed and StripeUnavailable."""
    if not may_ask(portal, pledge):
        raise GivingClosed
    key = f"{key}-resume"
    portal.gateway.resume(subscription, key=key)
    _tell(portal, pledge, "resumed", key)


def end(portal: Portal, pledge: Pledge, subscription: Subscription | None) -> None:
    """End monthly giving. Stripe's event brings the farewell; for reminders it is written here."""
    if subscription:
        portal.gateway.cancel(subscription)
        return
    with portal.ledger.books() as books:
        kept = books.pledge(pledge.id) or pledge
        books.save_pledge(replace(kept, state=PledgeState.ENDED, due_at=None))
        portal.clerk(books).write("pledge_ended", pledge.id, pledge, {"reason": "asked"})
        books.commit()


def remind(portal: Portal, by: datetime) -> int:
    """Queue the reminders that are due by ``by`` (UTC), one a pledge and month; how many.

    To remind is to ask: where nobody may ask any more (rule L3) they wait.
    """
    with portal.ledger.books() as books:
        due = [one for one in books.pledges_due(by) if may_ask(portal, one)]
        for pledge in due:
            zone = _zone(portal, pledge)
            due_at = pledge.due_at or by
            period = f"{due_at.astimezone(zone):%Y-%m}"
            clerk = portal.clerk(books)
            clerk.write("reminder", f"{pledge.id} {period}", pledge, {"period": period})
            books.save_pledge(replace(pledge, due_at=_following(pledge, due_at, by, portal)))
        books.commit()
    return len(due)


def next_gift(portal: Portal, pledge: Pledge, period: str) -> str | Gift:
    """The payment page of this month's gift; or that gift, if it has been given already.

    Raises GivingClosed, TooManyPages and StripeUnavailable.
    """
    recipient = portal.giving.recipient(pledge.recipient)
    if not recipient or not may_ask(portal, pledge):
        raise GivingClosed
    now = portal.clock()
    with portal.ledger.reading() as books:
        gift = books.gift_of_period(pledge.id, period)
    if gift and gift.state in (State.RECEIVED, State.CONFIRMING):
        return gift
    open_until = gift.created_at + PAGE_OPEN_FOR - _TIME_TO_PAY if gift else now
    if not gift or gift.state is not State.PENDING or now >= open_until:
        gift = gift_of(pledge, State.PENDING, now, period=period)
        keep(portal, gift)
    fit = fitting(recipient.methods, pledge.amount.currency, "reminder")
    return open_page(portal, gift, [method.key for method in fit.offered])


def _tell(
    portal: Portal,
    pledge: Pledge,
    change: str,
    key: str,
    *,
    resumes_at: datetime | None = None,
    save: bool = False,
) -> None:
    """Confirm a change by mail, so that nobody changes a donor's giving unseen."""
    with portal.ledger.books() as books:
        if save:
            # The amount alone: since the page was asked for, it may have been ended.
            kept = books.pledge(pledge.id) or pledge
            books.save_pledge(replace(kept, amount=pledge.amount, fee_cover=pledge.fee_cover))
        said = {"change": change, "resumes_at": resumes_at.isoformat() if resumes_at else None}
        portal.clerk(books).write("pledge_changed", key, pledge, said)
        books.commit()


def _following(pledge: Pledge, due_at: datetime, by: datetime, portal: Portal) -> datetime:
    """The next time after ``by``: who was not reminded for long is reminded once, not thrice."""
    zone = _zone(portal, pledge)
    start = pledge.created_at.astimezone(zone)
    due = due_at.astimezone(zone)
    months = (due.year - start.year) * 12 + due.month - start.month + 1
    while (following := months_after(pledge.created_at, months, zone)) <= by:
        months += 1
    return following


def _zone(portal: Portal, pledge: Pledge) -> ZoneInfo:
    recipient = portal.giving.recipient(pledge.recipient)
    return recipient.time_zone if recipient else ZoneInfo("UTC")


def may_ask(portal: Portal, pledge: Pledge) -> bool:
    """Whether the donor of a pledge may be asked for more than to let it end (rule L3)."""
    sandbox, today = portal.settings.sandbox, portal.today
    asking = portal.giving.asking(pledge.language, sandbox=sandbox, today=today)
    return pledge.recipient in (one.key for one in asking)
