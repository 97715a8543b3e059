"""Money that goes back: refunds, and objections at the donor's bank, in the caller's transaction.

A refund is one entry, known by its own id: Stripe's cumulative figure falls again when one fails.
Nothing here edits what was booked; each step adds an entry, and a document where a receipt changes.
"""

from donations_api import receipts
from donations_api.clerk import Booked, Clerk, Outcome, Waits
from donations_api.entry import Kind
from donations_api.events import DisputeStep, DisputeTold, RefundMade, RefundUndone
from donations_api.gift import CANCELLATION, Gift, Receipt
from donations_api.records import Dispute, Paid


def book_refund(clerk: Clerk, refund: RefundMade) -> Booked:
    """Book money that is on its way back to the donor, and cancel that much of the receipt."""
    gift, paid = _gift_of(clerk, refund.payment_intent)
    if not clerk.post(Kind.REFUND, gift, refund.amount, refund.refund_id, refund.source, refund.at):
        return Booked(Outcome.ALREADY_BOOKED, gift.id)
    if receipt := _receipt_for(clerk, paid):
        receipts.cancel(
            clerk,
            gift,
            receipt,
            refund.amount.minor,
            cause=refund.refund_id,
            reason="refund",
        )
    return Booked(Outcome.BOOKED, gift.id, (refund.refund_id,))


def undo_refund(clerk: Clerk, undone: RefundUndone) -> Booked:
    """A refund could not be paid out: the money is back with us, and the receipt stands again."""
    made = clerk.books.entry(Kind.REFUND, undone.refund_id)
    gift = made and made.gift_id and clerk.books.gift(made.gift_id)
    if not made or not gift:
        raise Waits(undone.refund_id)
    if not clerk.post(
        Kind.REFUND_FAILED, gift, made.amount, undone.refund_id, undone.source, undone.at
    ):
        return Booked(Outcome.ALREADY_BOOKED, gift.id)
    cancelled = next(
        (
            one
            for one in clerk.books.receipts_of(gift.id)
            if one.kind == CANCELLATION and one.cause == undone.refund_id
        ),
        None,
    )
    if cancelled and (receipt := clerk.books.receipt_of(gift.id)):
        receipts.restore(clerk, gift, receipt, made.amount.minor, cause=undone.refund_id)
    return Booked(Outcome.BOOKED, gift.id)


def book_dispute(clerk: Clerk, told: DisputeTold) -> Booked:
    """Follow a donor's objection: opened, the money taken or given again, decided."""
    gift, paid = _gift_of(clerk, told.payment_intent)
    clerk.books.add_dispute(Dispute(told.dispute_id, gift.id, "open", told.amount, told.opened_at))
    match told.step:
        case DisputeStep.WITHDRAWN | DisputeStep.REINSTATED:
            withdrawn = told.step is DisputeStep.WITHDRAWN
            kind = Kind.DISPUTE_WITHDRAWN if withdrawn else Kind.DISPUTE_REINSTATED
            posted = clerk.post(kind, gift, told.amount, told.dispute_id, told.source, told.at)
            return Booked(Outcome.BOOKED if posted else Outcome.ALREADY_BOOKED, gift.id)
        case DisputeStep.WON | DisputeStep.CLOSED:
            clerk.books.close_dispute(told.dispute_id, told.step.value)
        case DisputeStep.LOST:
            clerk.books.close_dispute(told.dispute_id, told.step.value)
            if receipt := _receipt_for(clerk, paid):
                receipts.cancel(
                    clerk,
                    gift,
                    receipt,
                    told.amount.minor,
                    cause=told.dispute_id,
                    reason="dispute",
                )
    return Booked(Outcome.NOTED, gift.id)


def _gift_of(clerk: Clerk, payment_intent: str) -> tuple[Gift, Paid]:
    """The gift that a payment was for. Raises Waits while the payment has not come."""
    paid = clerk.books.payment(payment_intent)
    gift = paid and clerk.books.gift(paid.gift_id)
    if not paid or not gift:
        raise Waits(payment_intent)
    return gift, paid


def _receipt_for(clerk: Clerk, paid: Paid) -> Receipt | None:
    """The receipt of this very payment: of a gift that was paid twice, the second one has none."""
    receipt = clerk.books.receipt_of(paid.gift_id)
    return receipt if receipt and receipt.cause == paid.reference else None
