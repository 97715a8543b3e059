"""From the form to the payment page: check everything, keep a pending gift, ask Stripe.

Nothing in the form is trusted, and what is wrong is said for all fields at once.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email

from donations_api.errors import FieldError, FormRefused, GivingClosed
from donations_api.frame import Frame, Language
from donations_api.gift import Gift, State, new_gift_id
from donations_api.giving import Fund, Giving, Recipient
from donations_api.ledger import Ledger
from donations_api.money import AmountUnreadable, Money, parse_amount
from donations_api.stripe_gateway import StripeGateway

LONGEST_NAME = 100  # characters, as in the form
LONGEST_EMAIL = 254  # RFC 5321 allows no more
LONGEST_MESSAGE = 500

# Card thieves try stolen numbers on small gifts, on one payment page after another. No donor asks
# for twenty pages in ten minutes, and two hundred from all would be a small charity's best hour.
BRAKE_WINDOW = timedelta(minutes=10)
PAGES_PER_ADDRESS = 20
PAGES_IN_ALL = 200

# Control characters, and bytes that were no UTF-8: nobody means them, and they disturb a receipt.
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ufffd]")
# What a form parser makes of bytes that were no UTF-8, such as a name in GBK.
_NOT_UTF8 = re.compile("%[89A-F][0-9A-F]")
# Marks that turn the direction of what is written after them: unseen, pasted without meaning to.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

T = TypeVar("T")


class TooManyPages(Exception):
    """Too many payment pages were asked for within a short time; a later try is welcome."""


@dataclass(frozen=True, slots=True)
class GiftRequest:
    """A form that was checked: what the donor wants to give, and who the donor is."""

    amount: Money
    frequency: str
    fund: Fund
    recipient: Recipient
    language: Language
    name: str
    email: str
    anonymous: bool
    message: str
    consent_version: str


def parse_form(
    form: Mapping[str, str], giving: Giving, frame: Frame, *, sandbox: bool
) -> GiftRequest:
    """Check a form as it was sent. Raises FormRefused and GivingClosed."""
    language = frame.language(form.get("language"))
    recipients = {r.key: r for r in giving.asking(language.code, sandbox=sandbox)}
    named = giving.recipient(form.get("recipient", ""))
    if not recipients or (named and named.key not in recipients):
        raise GivingClosed

    reading = _Reading(form, language)
    recipient = reading.choice("recipient", recipients)
    amount = reading.amount(giving, recipient)
    fund = reading.choice("fund", {fund.key: fund for fund in giving.funds})
    frequency = reading.choice("frequency", {"once": "once"})
    name, email, message = reading.name(), reading.email(), reading.message()
    consent_version = reading.consent(giving.consent_version)
    if reading.errors or not (recipient and amount and fund and frequency):
        raise FormRefused(reading.errors)
    return GiftRequest(
        amount=amount,
        frequency=frequency,
        fund=fund,
        recipient=recipient,
        language=language,
        name=name,
        email=email,
        anonymous=form.get("anonymous") != "no",
        message=message,
        consent_version=consent_version,
    )


def begin(
    request: GiftRequest,
    *,
    ledger: Ledger,
    gateway: StripeGateway,
    frame: Frame,
    addresses: Callable[[Gift], tuple[str, str]],
    now: datetime,
) -> str:
    """Keep a pending gift, then ask for its payment page; the page's address.

    ``addresses`` says where the donor comes back to: after paying, and after leaving without.
    ``now`` is UTC. Raises TooManyPages and PaymentPageUnavailable.
    """
    gift = Gift(
        id=new_gift_id(),
        state=State.PENDING,
        amount=request.amount,
        frequency=request.frequency,
        fund=request.fund.key,
        recipient=request.recipient.key,
        language=request.language.code,
        name=request.name,
        email=request.email,
        anonymous=request.anonymous,
        message=request.message,
        consent_version=request.consent_version,
        created_at=now,
    )
    with ledger.books() as books:
        asked = books.gifts_since(now - BRAKE_WINDOW, gift.email)
        if asked.by_address >= PAGES_PER_ADDRESS or asked.in_all >= PAGES_IN_ALL:
            raise TooManyPages
        books.add_gift(gift)
        books.commit()
    # Between the two transactions, so that nobody waits for Stripe with the books open.
    success_url, cancel_url = addresses(gift)
    page = gateway.create_checkout_session(
        gift,
        purpose=frame.text(request.fund.name, request.language),
        success_url=success_url,
        cancel_url=cancel_url,
    )
    with ledger.books() as books:
        books.note_session(gift.id, page.session_id)
        books.commit()
    return page.url


class _Reading:
    """Reads one form field by field and gathers what the donor has to mend, in the form's order."""

    def __init__(self, form: Mapping[str, str], language: Language) -> None:
        self._form = form
        self._language = language
        self.errors: list[FieldError] = []

    def choice(self, field: str, choices: Mapping[str, T]) -> T | None:
        """One of ``choices``; where there is only one, the field may be absent."""
        given = self._text(field)
        if not given and len(choices) == 1:
            return next(iter(choices.values()))
        if given not in choices:
            self._refuse(field, f"{field}.unknown")
        return choices.get(given)

    def amount(self, giving: Giving, recipient: Recipient | None) -> Money | None:
        """What was typed, or else the suggested amount that was picked, in the chosen currency."""
        currency = giving.currency(self._text("currency"))
        if not currency or (recipient and currency.code not in recipient.currencies):
            self._refuse("currency", "currency.unknown")
            return None
        typed = self._text("amount") or self._text(f"amount_{currency.code}")
        try:
            amount = parse_amount(typed, currency.code)
        except AmountUnreadable as error:
            self._refuse("amount", f"amount.{error.reason}")
            return None
        if amount.minor < currency.smallest.minor:
            self._refuse("amount", "amount.too_small", smallest=self._shown(currency.smallest))
        if amount.minor > currency.largest.minor:
            self._refuse("amount", "amount.too_large", largest=self._shown(currency.largest))
        return amount

    def name(self) -> str:
        name = " ".join(self._written("name").split())
        if not any(letter.isprintable() for letter in name):
            self._refuse("name", "name.empty")
        elif _NOT_TEXT.search(name) or _NOT_UTF8.search(name):
            self._refuse("name", "name.not_text")
        elif len(name) > LONGEST_NAME:
            self._refuse("name", "name.too_long", most=str(LONGEST_NAME))
        return name

    def email(self) -> str:
        """The address, forgiving what a Chinese keyboard makes of it: ``ｌｉ＠example。org``."""
        typed = unicodedata.normalize("NFKC", self._text("email")).replace("。", ".")
        typed = "".join(typed.split())
        if not typed:
            self._refuse("email", "email.empty")
        elif len(typed) <= LONGEST_EMAIL and "=?" not in typed:  # no mail could be sent there
            try:
                return validate_email(typed, check_deliverability=False).normalized
            except EmailNotValidError:
                self._refuse("email", "email.not_an_address")
        else:
            self._refuse("email", "email.not_an_address")
        return ""

    def message(self) -> str:
        """The donor's words, their lines kept."""
        lines = self._written("message").replace("\t", " ").splitlines()
        message = "\n".join(line.rstrip() for line in lines)
        if any(_NOT_TEXT.search(line) for line in lines):
            self._refuse("message", "message.not_text")
        elif len(message) > LONGEST_MESSAGE:
            self._refuse("message", "message.too_long", most=str(LONGEST_MESSAGE))
        return message

    def consent(self, version: str) -> str:
        """The version of the consent text that was ticked: only the one that stands there now."""
        given = self._text("consent_version")
        if given != version:
            self._refuse("consent_version", "consent.changed" if given else "consent.missing")
        return given

    def _text(self, field: str) -> str:
        return self._form.get(field, "").strip()

    def _written(self, field: str) -> str:
        return _TURNING.sub("", unicodedata.normalize("NFC", self._text(field))).strip()

    def _shown(self, amount: Money) -> str:
        return amount.display(self._language.locale, whole=True)

    def _refuse(self, field: str, message: str, **values: str) -> None:
        self.errors.append(FieldError(field, f"error.{message}", values))
