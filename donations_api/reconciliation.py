"""Stripe's balance against the books: whose money is at our disposal by now.

A charge is paid at once, but Stripe holds its money for some days. Until then a gift has been
received; after that it is settled, which its donor can see.
"""

from donations_api.portal import Portal

GIFTS_A_RUN = 100  # three questions to Stripe each, so that a scheduled run stays short


def settle(portal: Portal) -> int:
    """Ask Stripe about gifts that are received and not settled yet; how many are settled now.

    Raises StripeUnavailable; what was noted before stays noted.
    """
    with portal.ledger.books() as books:
        waiting = books.unsettled(GIFTS_A_RUN)
    settled = 0
    for paid in waiting:
        moment = portal.gateway.available_since(paid.payment_intent)
        if moment and moment <= portal.clock():
            with portal.ledger.books() as books:
                books.note_settled(paid.gift_id, moment)
                books.commit()
            settled += 1
    return settled
