"""The donors of a run: they give as people do, and things happen to what they gave."""

import time
from dataclasses import dataclass, field
from threading import Lock

import requests

from donations_api.giving import load_giving
from tests.donations.running import CONTENT, FORM
from tests.faults.plan import Wish
from tests.faults.stand import Stand

_PATIENCE = 60  # seconds until a donor gives up, which none should have to
_SECOND_THOUGHT = 0.15  # seconds that a donor looks at an error before trying again
_ANSWER_WITHIN = 20
_CARD = {"number": "4242424242424242", "expiry": "12 / 40", "cvc": "123"}
_DECLINED = _CARD | {"number": "4000000000000002"}


@dataclass
class Donors:
    """``tried``: forms that were sent. ``paid``: gifts that were paid on Stripe's page."""

    stand: Stand
    tried: int = 0
    paid: int = 0
    in_vain: list[int] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._consent = load_giving(CONTENT).consent_version

    def give(self, wish: Wish) -> None:
        """One gift from the form to all that becomes of it."""
        page = self._ask_for_page(wish)
        if not page:
            with self._lock:
                self.in_vain.append(wish.number)
            return
        if wish.fate == "another_card":
            self._pay(page, wish, _DECLINED, 402)
        self._pay(page, wish, _CARD, 303)
        with self._lock:
            self.paid += 1
        session = page.rpartition("/")[2].partition("?")[0].partition("#")[0]
        charge = self.stand.stripe.statement.charge_of(session)
        self._become(wish, session, charge)
        if wish.told_again:
            statement, press = self.stand.stripe.statement, self.stand.stripe.press
            for event in statement.events_about(session):
                if event not in statement.events("dropped"):
                    press(f"/events/{event}", act="again")

    def _ask_for_page(self, wish: Wish) -> str | None:
        """Send the form until there is a payment page; each time it is another gift."""
        form = FORM | {
            "amount": str(wish.amount),
            "currency": wish.currency,
            "frequency": wish.frequency,
            "email": f"donor{wish.number}@example.org",
            "language": wish.language,
            "consent_version": self._consent,
        }
        give_up = time.monotonic() + _PATIENCE
        while time.monotonic() < give_up:
            with self._lock:
                self.tried += 1
            try:
                answer = requests.post(
                    f"{self.stand.portal.address}/donations",
                    form,
                    allow_redirects=False,
                    timeout=_ANSWER_WITHIN,
                )
            except requests.RequestException:
                time.sleep(_SECOND_THOUGHT)  # a person does not press again at once
                continue
            if answer.status_code == 303:
                return answer.headers["Location"]
            if answer.status_code == 422:
                raise AssertionError(f"the form of gift {wish.number} is not taken")
            time.sleep(_SECOND_THOUGHT)  # a person does not press again at once
        return None

    def _pay(self, page: str, wish: Wish, card: dict[str, str], expected: int) -> None:
        answer = requests.post(
            page,
            card | {"outcome": "pay", "method": wish.method},
            headers={"Origin": self.stand.stripe.address},
            allow_redirects=False,
            timeout=_ANSWER_WITHIN,
        )
        if answer.status_code != expected:
            raise AssertionError(f"gift {wish.number} cannot be paid: {answer.status_code}")

    def _become(self, wish: Wish, session: str, charge: str) -> None:
        """What the donor, the bank and time do to the gift."""
        stripe = self.stand.stripe

        def act(name: str, **form: str) -> None:
            stripe.press(f"/charges/{charge}", act=name, **form)

        match wish.fate:
            case "refunded":
                act("refund_all")
            case "partly_refunded":
                act("refund", amount=str(wish.part))
            case "refund_failed":
                act("refund", amount=str(wish.part))
                act("fail_refund", refund=stripe.statement.about("refund", charge))
            case "dispute_won" | "dispute_lost":
                act("dispute")
                dispute = stripe.statement.about("dispute", charge)
                act("win" if wish.fate == "dispute_won" else "lose", dispute=dispute)
            case "debit_settled":
                act("settle")
            case "debit_failed":
                act("fail_debit")
            case "renewed" | "renewal_failed":
                pledge = f"/subscriptions/{stripe.statement.session(session)['subscription']}"
                if wish.fate == "renewed":
                    stripe.press(pledge, act="renew")
                else:
                    stripe.press(pledge, act="fail_renewal")
                    stripe.press(pledge, act="retry_ok")
