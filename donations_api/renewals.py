"""What Stripe says of a pledge beside its money: it goes on, pauses, fails, or has ended."""

from dataclasses import replace

from donations_api.clerk import Booked, Clerk, Outcome, Waits
from donations_api.events import PledgeTold, RenewalFailed
from donations_api.pledge import PledgeState


def note_pledge(clerk: Clerk, told: PledgeTold) -> Booked:
    """Bring a pledge to what its subscription is now, and thank the donor when it has ended.

    Old news that comes late changes nothing; an end is an end, whatever comes after it.
    """
    pledge = clerk.books.pledge(told.pledge_id)
    if not pledge:
        raise Waits(told.pledge_id)
    newer = told.told > pledge.told
    ended = PledgeState.ENDED in (told.state, pledge.state)
    if newer or ended:
        pledge = replace(
            pledge,
            state=PledgeState.ENDED if ended else told.state,
            amount=told.amount if newer else pledge.amount,
            fee_cover=told.fee_cover if newer else pledge.fee_cover,
            subscription_id=told.subscription_id,
            told=max(told.told, pledge.told),
        )
        clerk.books.save_pledge(pledge)
    if told.ended_for:
        clerk.write("pledge_ended", pledge.id, pledge, {"reason": told.ended_for})
    return Booked(Outcome.NOTED)


def note_failure(clerk: Clerk, failed: RenewalFailed) -> Booked:
    """Tell the donor kindly that a month could not be charged, once for each month."""
    pledge = clerk.books.pledge(failed.pledge_id)
    if not pledge:
        raise Waits(failed.pledge_id)
    # The first month fails before the donor's eyes, and what was paid since needs no telling.
    if not failed.first and not clerk.books.gift_of_invoice(failed.invoice_id):
        said = {
            "amount": failed.amount.minor,
            "currency": failed.amount.currency,
            "next_try": failed.next_try.isoformat() if failed.next_try else None,
            "last_try": failed.next_try is None,
        }
        clerk.write("renewal_failed", failed.invoice_id, pledge, said)
    return Booked(Outcome.NOTED)
