"""Money that comes: state, entry, receipt and mail, in the caller's transaction.

Whether a payment is new is not looked up first: the entry is tried, and its unique key decides.
"""

from dataclasses import replace
from datetime import datetime

from donations_api import receipts
from donations_api.clerk import Booked, Clerk, Outcome, Waits
from donations_api.entry import Kind
from donations_api.events import CheckoutTold, InvoiceLinked, InvoicePaid, Payment
from donations_api.gift import Gift, News, State, after
from donations_api.pledge import Pledge, PledgeState, gift_of, months_after
from donations_api.records import Paid


def book_payment(clerk: Clerk, payment: Payment) -> Booked:
    """Book the money of a one-time gift. Raises EventRefused for a recipient nobody declared."""
    gift = clerk.books.gift(payment.gift_id)
    anew = gift is None
    if not gift:
        gift = _gift_anew(payment, payment.gift_id, "once")
        clerk.books.add_gift(gift)
    outcome = _book(clerk, gift, payment, payment.payment_intent, anew=anew)
    clerk.books.add_payment(Paid(payment.payment_intent, gift.id, payment.payment_intent))
    if gift.pledge_id and (pledge := clerk.books.pledge(gift.pledge_id)):
        _begin_reminders(clerk, pledge, payment.received_at)
    return Booked(outcome, gift.id, (payment.payment_intent,))


def book_invoice(clerk: Clerk, invoice: InvoicePaid) -> Booked:
    """Book one month of a pledge that Stripe charges: the first one, or a renewal as a new gift.

    Raises EventRefused for a recipient nobody declared.
    """
    books = clerk.books
    pledge = books.pledge(invoice.pledge_id)
    # Whatever the books have lost is made anew; only a renewal of a known pledge is new by nature.
    anew = pledge is None
    if not pledge:
        pledge = _pledge_anew(invoice)
        books.add_pledge(pledge)
    gift = books.gift_of_invoice(invoice.invoice_id)
    if not gift and invoice.first:
        gift = books.gift(invoice.gift_id)
        anew = gift is None
    if not gift:
        gift = (
            _gift_anew(invoice, invoice.gift_id, "monthly", pledge.id)
            if invoice.first
            else _renewal(pledge, invoice)
        )
        books.add_gift(gift)
    outcome = _book(clerk, gift, invoice, invoice.invoice_id, anew=anew)
    books.note_invoice(gift.id, invoice.invoice_id)
    begun = PledgeState.ACTIVE if pledge.state is PledgeState.PENDING else pledge.state
    books.save_pledge(replace(pledge, state=begun, subscription_id=invoice.subscription_id))
    return Booked(outcome, gift.id, (invoice.invoice_id, pledge.id))


def link_invoice(clerk: Clerk, linked: InvoiceLinked) -> Booked:
    """Note by which payment an invoice was paid: refunds and disputes know that name only."""
    gift = clerk.books.gift_of_invoice(linked.invoice_id)
    if not gift:
        raise Waits(linked.invoice_id)
    clerk.books.add_payment(Paid(linked.payment_intent, gift.id, linked.invoice_id))
    return Booked(Outcome.NOTED, gift.id, (linked.payment_intent,))


def book_checkout(clerk: Clerk, told: CheckoutTold) -> Booked:
    """Move a gift for news from its payment page that bring no money."""
    gift = clerk.books.gift(told.gift_id)
    if not gift:
        return Booked(Outcome.KEPT)
    state = after(gift.state, told.news)
    clerk.books.move_gift(gift.id, state)
    if told.news is News.PAYMENT_FAILED and state is State.FAILED:
        clerk.write("debit_failed", gift.id, gift, {})
    return Booked(Outcome.NOTED, gift.id)


def _book(
    clerk: Clerk, gift: Gift, payment: Payment | InvoicePaid, reference: str, *, anew: bool
) -> Outcome:
    """The gift's move, its entry, its receipt and its mail."""
    recipient = clerk.recipient_of(gift)
    clerk.books.move_gift(gift.id, after(gift.state, News.MONEY_CAME))
    entry = clerk.post(
        Kind.GIFT, gift, payment.amount, reference, payment.source, payment.received_at
    )
    if not entry:
        return Outcome.ALREADY_BOOKED
    if not receipts.issue(clerk, recipient, gift, entry):
        return Outcome.PAID_TWICE
    return Outcome.GIFT_MADE_ANEW if anew else Outcome.BOOKED


def _begin_reminders(clerk: Clerk, pledge: Pledge, received_at: datetime) -> None:
    """The first gift of a pledge by reminder has come: the first mail is due in a month."""
    recipient = clerk.giving.recipient(pledge.recipient)
    if pledge.state is not PledgeState.PENDING or not recipient:
        return
    due_at = months_after(received_at, 1, recipient.time_zone)
    clerk.books.save_pledge(replace(pledge, state=PledgeState.ACTIVE, due_at=due_at))


def _renewal(pledge: Pledge, invoice: InvoicePaid) -> Gift:
    """This month's gift of a pledge. What was paid is the invoice's word."""
    gift = gift_of(pledge, State.RECEIVED, invoice.received_at)
    return replace(gift, amount=invoice.amount, fee_cover=invoice.fee_cover)


def _gift_anew(
    payment: Payment | InvoicePaid, gift_id: str, frequency: str, pledge_id: str | None = None
) -> Gift:
    """The gift of a payment that the books do not know, so that no money is without one.

    What Stripe was never told cannot come back: the message, and whether the name may be shown.
    """
    return Gift(
        id=gift_id,
        state=State.RECEIVED,
        amount=payment.amount,
        fee_cover=payment.fee_cover,
        frequency=frequency,
        fund=payment.fund,
        recipient=payment.recipient,
        language=payment.language,
        name=payment.name,
        email=payment.email,
        anonymous=True,
        message="",
        dedication="",
        consent_version="",
        created_at=payment.received_at,
        pledge_id=pledge_id,
    )


def _pledge_anew(invoice: InvoicePaid) -> Pledge:
    """The pledge of an invoice that the books do not know, as far as Stripe can tell."""
    return Pledge(
        id=invoice.pledge_id,
        state=PledgeState.PENDING,
        frequency="monthly",
        amount=invoice.amount,
        fee_cover=invoice.fee_cover,
        fund=invoice.fund,
        recipient=invoice.recipient,
        language=invoice.language,
        name=invoice.name,
        email=invoice.email,
        anonymous=True,
        message="",
        dedication="",
        consent_version="",
        created_at=invoice.received_at,
        subscription_id=invoice.subscription_id,
    )
