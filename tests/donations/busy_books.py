"""Books as they are after a busy month: fictional donors, and something of all that can happen.

For the desk's tests and for pictures of its pages.
"""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from donations_api.clerk import Outcome
from donations_api.errors import MailRefused
from donations_api.gift import Gift
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.settings import Settings
from donations_api.webhook import receive
from tests.donations.stripe_events import (
    a_dispute,
    a_pledge,
    a_refund,
    a_session,
    a_subscription,
    an_event,
    an_invoice,
    an_invoice_payment,
    body_of,
    kept,
    signed,
)

# Name, e-mail, amount, message: by turns.
_DONORS = (
    ("张伟", "zhang.wei@example.org", Money(20000, "CNY"), "愿孩子们平安"),
    ("王芳", "wang.fang@example.org", Money(10000, "CNY"), ""),
    ("单小雨", "shan.xiaoyu@example.com", Money(50000, "CNY"), "加油，山里的小星星！"),
    ("Eleanor Whitfield", "eleanor@example.net", Money(2500, "GBP"), "In memory of my mother."),
    (
        "曾国强",
        "zeng@example.org",
        Money(100000, "CNY"),
        "我家明明在育才小学读三年级，电话13800138000",
    ),
    ("仇英", "qiu.ying@example.com", Money(20000, "HKD"), ""),
    ("欧阳静", "ouyang@example.org", Money(300000, "JPY"), ""),
    ("李娜", "li.na@example.org", Money(6600, "CNY"), "一点心意"),
)


class BusyBooks:
    """Fills a ledger that is in this version's shape. ``now`` is UTC; all of it was before."""

    def __init__(self, ledger: Ledger, giving: Giving, settings: Settings, now: datetime) -> None:
        self._ledger, self._giving, self._settings = ledger, giving, settings
        self.now = now.replace(microsecond=0)  # as Stripe tells the time
        self._ids = count(1)
        self.gifts: list[Gift] = []

    def fill(self) -> "BusyBooks":
        for at, (name, email, amount, message) in enumerate(_DONORS):
            self.gifts.append(
                self.given(
                    self.now - timedelta(days=2 * at, hours=3),
                    name=name,
                    email=email,
                    amount=amount,
                    message=message,
                )
            )
        self._refunded(self.gifts[1], 4000)
        self._disputed(self.gifts[2])
        self._failing()
        self._dead_letter(self.gifts[0])
        self._bounced(self.gifts[3])
        self._unknown()
        return self

    def given(self, when: datetime, **about: Any) -> Gift:
        """A gift that was paid on Stripe's page."""
        gift = kept(self._ledger, created_at=when, **about)
        assert self._tell(a_session(gift), "checkout.session.completed", when) is Outcome.BOOKED
        return gift

    def _refunded(self, gift: Gift, minor: int) -> None:
        refund = a_refund(f"pi_{gift.id}", minor)
        self._tell(refund, "refund.created", self.now - timedelta(hours=2))

    def _disputed(self, gift: Gift) -> None:
        dispute = a_dispute(f"pi_{gift.id}", gift.amount.minor)
        self._tell(dispute, "charge.dispute.created", self.now - timedelta(hours=1))

    def _failing(self) -> None:
        """A monthly gift whose second month could not be charged."""
        begun = self.now - timedelta(days=31)
        about: dict[str, Any] = {
            "name": "刘洋",
            "email": "liu.yang@example.org",
            "created_at": begun,
            "message": "",
        }
        pledge = a_pledge(**about)
        with self._ledger.books() as books:
            books.add_pledge(pledge)
            books.commit()
        gift = kept(self._ledger, frequency="monthly", pledge_id=pledge.id, **about)
        self._tell(an_invoice(pledge, gift), "invoice.paid", begun)
        self._tell(an_invoice_payment(gift), "invoice_payment.paid", begun)
        next_try = int((self.now + timedelta(days=3)).timestamp())
        failed = an_invoice(pledge, gift, 2, status="open", next_payment_attempt=next_try)
        self._tell(failed, "invoice.payment_failed", self.now - timedelta(hours=5))
        late = a_subscription(pledge, gift, status="past_due")
        self._tell(late, "customer.subscription.updated", self.now - timedelta(hours=5))

    def _dead_letter(self, gift: Gift) -> None:
        with self._ledger.books() as books:
            mail = books.overview.mails_of(gift.id)[0]
            refusal = MailRefused("mail.refused_by_server", answer="550 mailbox unavailable")
            books.bury(mail.id, self.now - timedelta(hours=1), refusal)
            books.commit()

    def _bounced(self, gift: Gift) -> None:
        with self._ledger.books() as books:
            receipt = books.receipt_of(gift.id)
            assert receipt
            mail = books.overview.mails_of(gift.id)[0]
            books.mark_sent(mail.id, self.now - timedelta(days=5))
            domain = self._settings.mail_from.rpartition("@")[2]
            came_back = MailRefused("mail.bounced", answer="5.1.1 no such user")
            assert books.note_bounce(f"<{receipt.id}@{domain}>", self.now, came_back)
            books.commit()

    def _unknown(self) -> None:
        """A refund whose payment nobody has told of."""
        self._tell(a_refund("pi_elsewhere", 500), "refund.created", self.now - timedelta(hours=4))

    def _tell(self, about: dict[str, Any], type_: str, when: datetime) -> Outcome:
        event = an_event(
            about, type_, created=int(when.timestamp()), id=f"evt_busy_{next(self._ids)}"
        )
        body = body_of(event)
        return receive(
            self._ledger, self._giving, self._settings, body, signed(body, at=when), when
        )
