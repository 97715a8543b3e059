"""The one place that calls Stripe: it asks for the payment page of a gift.

``stripe`` is imported at the first call, so that a cold start which only takes a webhook does
not pay for it.
"""

import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from email_validator import validate_email

from donations_api.errors import PaymentPageUnavailable
from donations_api.gift import Gift
from donations_api.settings import STRIPE_API_VERSION, Settings

if TYPE_CHECKING:
    from stripe import StripeClient, StripeError
    from stripe.params.checkout import SessionCreateParams

log = logging.getLogger(__name__)

# A donor waits for the answer, and so does a serverless host: seconds. Stripe's name has several
# addresses, each tried for CONNECT_WITHIN. With the library's half second between the two tries the
# whole call ends within 8 s.
CONNECT_WITHIN = 1.2
TRY_WITHIN = 3.7
RETRIES = 1

# Counted from the gift's birth and not from now: the same key with another time would be an error.
# Long enough for a donor who is called away, short enough that a card thief's pages do not pile up.
PAGE_OPEN_FOR = timedelta(hours=2)

# The languages of Stripe's page, by the site's own codes; for any other the browser decides.
PAGE_LANGUAGES = re.compile(
    "bg|cs|da|de|el|en|es|et|fi|fil|fr|hr|hu|id|it|ja|ko|lt|lv|ms|mt|nb|nl|pl|pt|ro|ru|sk|sl|sv"
    "|th|tr|vi|zh"
)


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """Stripe's Checkout Session of a gift, and the address where the donor pays."""

    session_id: str
    url: str


class StripeGateway:
    """Asks Stripe, or the sandbox where the settings name one. Made without any call."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def create_checkout_session(
        self, gift: Gift, *, purpose: str, success_url: str, cancel_url: str
    ) -> PaymentPage:
        """Ask for the payment page of ``gift``.

        ``purpose`` is the fund's name in the donor's language. The gift's id is the idempotency
        key: asked twice, Stripe answers with the same page. Raises PaymentPageUnavailable.
        """
        import stripe

        metadata = {
            "gift_id": gift.id,
            "fund": gift.fund,
            "language": gift.language,
            "recipient": gift.recipient,
        }
        params: SessionCreateParams = {
            "mode": "payment",
            "submit_type": "donate",
            "allowed_payment_method_types": ["card"],
            "line_items": [
                {
                    "quantity": 1,
                    "price_data": {
                        "currency": gift.amount.currency.lower(),
                        "unit_amount": gift.amount.minor,
                        "product_data": {"name": purpose},
                    },
                }
            ],
            "locale": gift.language if PAGE_LANGUAGES.fullmatch(gift.language) else "auto",
            "client_reference_id": gift.id,
            "metadata": metadata,
            "payment_intent_data": {"metadata": metadata},
            "success_url": success_url,
            "cancel_url": cancel_url,
            "expires_at": int((gift.created_at + PAGE_OPEN_FOR).timestamp()),
        }
        # In ASCII; who has an address that cannot be written so types one on Stripe's page.
        if address := validate_email(gift.email, check_deliverability=False).ascii_email:
            params["customer_email"] = address
        try:
            session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": gift.id})
        except stripe.StripeError as error:
            raise _unavailable(error) from error
        page = session.to_dict()
        if not page.get("id") or not page.get("url"):
            raise PaymentPageUnavailable("the answer is no session", worth_retrying=False)
        return PaymentPage(page["id"], page["url"])

    @cached_property
    def _client(self) -> "StripeClient":
        import requests
        import stripe
        from urllib3 import Timeout

        connection = requests.Session()
        # The sandbox is this very machine; a proxy of the environment would not find it.
        connection.trust_env = not self._settings.sandbox
        within = Timeout(connect=CONNECT_WITHIN, total=TRY_WITHIN)
        return stripe.StripeClient(
            self._settings.stripe_api_key,
            stripe_version=STRIPE_API_VERSION,
            base_addresses={"api": self._settings.stripe_api_base}
            if self._settings.sandbox
            else {},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(
                timeout=within,  # type: ignore[arg-type]  # requests takes it, which stripe does not say
                session=connection,
            ),
        )


def _unavailable(error: "StripeError") -> PaymentPageUnavailable:
    """What a failed call means to the donor; the operator's line in the log holds no donor data."""
    status = error.http_status
    worth_retrying = status is None or status in (409, 429) or status >= 500
    log.log(
        logging.WARNING if worth_retrying else logging.ERROR,
        "no payment page: status %s, code %s, request %s",
        status or "none",
        error.code or type(error).__name__,
        error.request_id or "none",
    )
    return PaymentPageUnavailable(error.code or type(error).__name__, worth_retrying=worth_retrying)
