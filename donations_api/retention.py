"""What is past its time goes: the same on each day, so that a second run finds nothing more."""

from collections import Counter
from datetime import UTC

from donations_api import keeping
from donations_api.clerk import Clerk
from donations_api.records import Signed

ACT = "retention"


def remove_what_is_over(clerk: Clerk, signed: Signed) -> dict[str, int]:
    """Empty what is past its time, as ``keeping`` says; how many rows of which table.

    One transaction, the caller's, with one act if anything went. Raises Explained without who and
    why.
    """
    removed: Counter[str] = Counter()
    for part in (_unpaid, _documents, _declarations, _erased, _pledges, _post):
        removed += part(clerk)
    if removed:
        clerk.act(ACT, f"{clerk.now:%F}", signed, None, **removed)
    return dict(removed)


def _unpaid(clerk: Clerk) -> Counter[str]:
    """Gifts that were begun and never paid."""
    privacy = clerk.books.privacy
    found = privacy.unpaid_gifts(clerk.now - keeping.UNPAID)
    return Counter(gifts=sum(map(privacy.forget_gift, found)))


def _documents(clerk: Clerk) -> Counter[str]:
    """Gifts, receipts and tickets of years whose books need not be kept any longer."""
    privacy, giving = clerk.books.privacy, clerk.giving
    removed: Counter[str] = Counter()
    for recipient in privacy.recipients():
        zone = keeping.zone_of(giving, recipient)
        year = keeping.first_kept_year(clerk.now, keeping.receipt_years(giving, recipient), zone)
        before = keeping.beginning(year, zone)
        removed += Counter(
            receipts=sum(map(privacy.forget_receipt, privacy.receipts(recipient, year))),
            tickets=sum(map(privacy.forget_ticket, privacy.tickets(recipient, before))),
            gifts=sum(map(privacy.forget_gift, privacy.paid_gifts(recipient, before, year))),
        )
    oldest = keeping.first_kept_year(clerk.now, keeping.longest(giving), UTC)
    lines = privacy.bank_lines(keeping.beginning(oldest, UTC))
    return removed + Counter(bank_lines=sum(map(privacy.forget_bank_line, lines)))


def _declarations(clerk: Clerk) -> Counter[str]:
    privacy = clerk.books.privacy
    over = [
        one.id
        for one in privacy.declarations_in_force()
        if keeping.declaration_is_over(one.declared_at, one.last_gift_at, clerk.now)
    ]
    return Counter(declarations=sum(map(privacy.forget_declaration, over)))


def _erased(clerk: Clerk) -> Counter[str]:
    """The address that an erased donor's gift kept, once its declaration is gone."""
    privacy = clerk.books.privacy
    return Counter(gifts=sum(map(privacy.forget_gift, privacy.erased_gifts())))


def _pledges(clerk: Clerk) -> Counter[str]:
    """Promises that are over, once none of their gifts names the donor."""
    privacy = clerk.books.privacy
    found = privacy.over_pledges(clerk.now - keeping.UNPAID)
    return Counter(pledges=sum(map(privacy.forget_pledge, found)))


def _post(clerk: Clerk) -> Counter[str]:
    """Letters that went out, and what Stripe's events said word by word."""
    privacy, now = clerk.books.privacy, clerk.now
    events = now - keeping.EVENTS
    return Counter(
        outbox=sum(privacy.forget_mail(one, now) for one in privacy.mails(now - keeping.LETTERS)),
        # Failures first: whether an event was booked is told by the event.
        event_failures=sum(map(privacy.forget_failure, privacy.failures(events))),
        events=sum(map(privacy.forget_event, privacy.events(events))),
    )
