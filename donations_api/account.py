"""Our account at Stripe, read: lists in pages that can be taken up again, and single objects."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from donations_api.errors import StripeUnavailable
from donations_api.events import Told
from donations_api.portal import Portal
from donations_api.reading import EVENT_TYPES
from donations_api.records import Line

Object = Mapping[str, Any]

_A_PAGE = 100  # the most that Stripe gives at once
# What Stripe lists late is seen by the next walk all the same.
_OVERLAP = timedelta(days=1)


def walk(
    portal: Portal, name: str, path: str, keep: Callable[[list[Object]], None], **params: Any
) -> None:
    """Read what is new in a list of Stripe's, newest first, handing each page to ``keep``.

    The place is kept after each page: a walk that is stopped goes on where it was. ``keep`` may be
    given an object again. Raises StripeUnavailable.
    """
    while not _walk_on(portal, name, path, keep, params):
        pass


def _walk_on(
    portal: Portal, name: str, path: str, keep: Callable[[list[Object]], None], params: Any
) -> bool:
    """Walk to the end; whether this walk began with the newest of all."""
    with portal.ledger.reading() as books:
        place = books.statement.walk(name)
    from_the_top = place.after is None
    asked = {"limit": _A_PAGE, **params}
    if place.complete_until:
        asked["created"] = {"gte": int((place.complete_until - _OVERLAP).timestamp())}
    while True:
        here = {"starting_after": place.after} if place.after else {}
        try:
            page = portal.gateway.look_up(path, **asked, **here)
        except StripeUnavailable as error:
            if error.worth_retrying or not place.after:
                raise
            # The object at which the last walk stopped is no more: from the top again.
            place, from_the_top, page = replace(place, newest=None, after=None), False, {}
            with portal.ledger.books() as books:
                books.statement.save_walk(place)
                books.commit()
            continue
        found = page["data"]
        keep(found)
        newest = place.newest
        if found and not newest:
            newest = datetime.fromtimestamp(found[0]["created"], UTC)
        if page["has_more"]:
            place = replace(place, newest=newest, after=found[-1]["id"])
        else:
            place = replace(
                place, complete_until=newest or place.complete_until, newest=None, after=None
            )
        with portal.ledger.books() as books:
            books.statement.save_walk(place)
            books.commit()
        if not page["has_more"]:
            return from_the_top


def walk_events(portal: Portal, keep: Callable[[list[Object]], None]) -> None:
    """Read what Stripe has told, or wanted to tell, of the last thirty days."""
    walk(portal, "events", "/v1/events", keep, types=list(EVENT_TYPES))


def walk_statement(portal: Portal, keep: Callable[[list[Object]], None]) -> None:
    """Read the balance transactions, each with its source."""
    walk(portal, "statement", "/v1/balance_transactions", keep, expand=["data.source"])


def transactions_of(portal: Portal, payout_id: str) -> Iterator[Object]:
    """What an automatic payout holds; its own transaction may be among them."""
    after: dict[str, str] = {}
    while True:
        page = portal.gateway.look_up(
            "/v1/balance_transactions", payout=payout_id, limit=_A_PAGE, **after
        )
        yield from page["data"]
        if not page["has_more"]:
            return
        after = {"starting_after": page["data"][-1]["id"]}


def payout(portal: Portal, payout_id: str) -> Object:
    return portal.gateway.look_up(f"/v1/payouts/{payout_id}")


def charge(portal: Portal, charge_id: str) -> Object:
    return portal.gateway.look_up(f"/v1/charges/{charge_id}")


def balances(portal: Portal) -> dict[str, int]:
    """What Stripe says that we have there, available or not, in minor units by currency."""
    found = portal.gateway.look_up("/v1/balance")
    sums: dict[str, int] = {}
    for part in (*found["available"], *found["pending"]):
        currency = part["currency"].upper()
        sums[currency] = sums.get(currency, 0) + part["amount"]
    return sums


def told_again(portal: Portal, line: Line) -> list[Told]:
    """What Stripe would have told of a line's money, asked for anew; empty for what is not ours.

    The news are those of the events, so that they are booked in the same way.
    """

    def told(type_: str, about: Object) -> Told:
        return Told(line.id, type_, line.created_at, about)

    ask = portal.gateway.look_up
    match line.category:
        case "charge" if line.payment_intent:
            sessions = ask("/v1/checkout/sessions", payment_intent=line.payment_intent)["data"]
            if sessions:
                return [told("checkout.session.completed", sessions[0])]
            paid_by = {"type": "payment_intent", "payment_intent": line.payment_intent}
            links = ask("/v1/invoice_payments", payment=paid_by)["data"]
            return [
                news
                for link in links
                for news in (
                    told("invoice.paid", ask(f"/v1/invoices/{link['invoice']}")),
                    told("invoice_payment.paid", link),
                )
            ]
        case "refund":
            return [told("refund.created", ask(f"/v1/refunds/{line.about}"))]
        case "refund_failure":
            return [told("refund.failed", ask(f"/v1/refunds/{line.about}"))]
        case "dispute" | "dispute_reversal":
            step = "withdrawn" if line.category == "dispute" else "reinstated"
            about = ask(f"/v1/disputes/{line.about}")
            news = [told(f"charge.dispute.funds_{step}", about)]
            if about["status"] in ("won", "lost"):
                news.append(told("charge.dispute.closed", about))
            return news
    return []
