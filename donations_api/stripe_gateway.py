"""The one place that calls Stripe: for a gift's payment page, a donor's subscription, our account.

``stripe`` is imported at the first call, so that a cold start which only takes a webhook does not
pay for it.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from email_validator import validate_email

from donations_api.errors import StripeUnavailable
from donations_api.gift import Gift
from donations_api.money import Money
from donations_api.settings import STRIPE_API_VERSION, Settings
from donations_api.subscription import Subscription, read_subscription

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

# How many donors may wait for Stripe at once. Half of a server's threads are left for webhooks,
# which are answered at once even while Stripe hangs; one donor more is asked to try again.
LINES = 12

# Counted from the gift's birth and not from now: the same key with another time would be an error.
# Long enough for a donor who is called away, short enough that a card thief's pages do not pile up.
PAGE_OPEN_FOR = timedelta(hours=2)

# The languages of Stripe's page, by the site's own codes; for any other the browser decides.
PAGE_LANGUAGES = re.compile(
    "bg|cs|da|de|el|en|es|et|fi|fil|fr|hr|hu|id|it|ja|ko|lt|lv|ms|mt|nb|nl|pl|pt|ro|ru|sk|sl|sv"
    "|th|tr|vi|zh"
)
_PAGE_LOCALES = {"zh-hant": "zh-HK", "zh-hk": "zh-HK", "zh-tw": "zh-TW"}


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """Stripe's Checkout Session of a gift, and the address where the donor pays."""

    session_id: str
    url: str


class StripeGateway:
    """Asks Stripe, or the sandbox where the settings name one. Made without any call.

    Every method raises StripeUnavailable.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lines = BoundedSemaphore(LINES)

    def create_checkout_session(
        self,
        gift: Gift,
        *,
        methods: Sequence[str],
        purpose: str,
        note: str,
        success_url: str,
        cancel_url: str,
    ) -> PaymentPage:
        """Ask for the payment page of ``gift``; ``session_of`` says what is asked.

        The gift's id is the idempotency key: asked twice, Stripe answers with the same page.
        """
        params = session_of(
            gift,
            methods=methods,
            purpose=purpose,
            note=note,
            success_url=success_url,
            cancel_url=cancel_url,
        )
        asked: SessionCreateParams = params  # type: ignore[assignment]  # checked by the sandbox
        page = self._ask(
            lambda client: client.v1.checkout.sessions.create(asked, {"idempotency_key": gift.id})
        )
        if not page.get("id") or not page.get("url"):
            raise StripeUnavailable("the answer is no session", worth_retrying=False)
        return PaymentPage(page["id"], page["url"])

    def look_up(self, path: str, **params: Any) -> Mapping[str, Any]:
        """What Stripe answers to GET ``path`` (``/v1/charges/ch_1``), as plain JSON values."""
        answer = self._call(lambda client: client.raw_request("get", path, **params))
        found: Mapping[str, Any] = json.loads(answer.body)
        return found

    def subscription(self, subscription_id: str) -> Subscription:
        """How a donor's subscription stands."""
        return read_subscription(
            self._ask(lambda client: client.v1.subscriptions.retrieve(subscription_id))
        )

    def change_amount(
        self, subscription: Subscription, amount: Money, *, fee_cover: int, key: str
    ) -> Subscription:
        """Charge ``amount`` from the next month on. ``key``: of this wish, so that it acts once."""
        price: Any = {
            "currency": amount.currency.lower(),
            "product": subscription.product,
            "recurring": {"interval": "month"},
            "unit_amount": amount.minor,
        }
        return self._update(
            subscription,
            {
                "items": [{"id": subscription.item, "price_data": price}],
                "proration_behavior": "none",
                "metadata": {"fee_cover": str(fee_cover) if fee_cover else ""},
            },
            key,
        )

    def pause(self, subscription: Subscription, until: datetime, *, key: str) -> Subscription:
        """Charge nothing until ``until`` (UTC); the months in between are waived."""
        pause = {"behavior": "void", "resumes_at": int(until.timestamp())}
        return self._update(subscription, {"pause_collection": pause}, key)

    def resume(self, subscription: Subscription, *, key: str) -> Subscription:
        return self._update(subscription, {"pause_collection": ""}, key)

    def cancel(self, subscription: Subscription) -> Subscription:
        """End a subscription for good; nothing more is charged."""
        return read_subscription(
            self._ask(lambda client: client.v1.subscriptions.cancel(subscription.id))
        )

    def card_page(self, subscription: Subscription, return_url: str) -> str:
        """The address of Stripe's page on which the donor puts another card in place."""
        page = self._ask(
            lambda client: client.v1.billing_portal.sessions.create(
                {
                    "customer": subscription.customer,
                    "return_url": return_url,
                    "flow_data": {"type": "payment_method_update"},
                }
            )
        )
        return str(page["url"])

    def _update(self, subscription: Subscription, params: dict[str, Any], key: str) -> Subscription:
        asked: Any = params
        return read_subscription(
            self._ask(
                lambda client: client.v1.subscriptions.update(
                    subscription.id, asked, {"idempotency_key": key}
                )
            )
        )

    def _ask(self, call: Callable[["StripeClient"], Any]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self._call(call).to_dict()
        return answer

    def _call(self, call: Callable[["StripeClient"], Any]) -> Any:
        import stripe

        if not self._lines.acquire(blocking=False):
            log.warning("too many calls to Stripe wait already")
            raise StripeUnavailable("busy", worth_retrying=True)
        try:
            return call(self._client)
        except stripe.StripeError as error:
            raise _unavailable(error) from error
        finally:
            self._lines.release()

    @cached_property
    def _client(self) -> "StripeClient":
        import requests
        import stripe
        from urllib3 import Timeout

        # Below this it writes down each request, with the donor's address in it (rule L8).
        logging.getLogger("stripe").setLevel(logging.WARNING)
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


def _page_locale(language: str) -> str:
    if PAGE_LANGUAGES.fullmatch(language):
        return language
    return _PAGE_LOCALES.get(language, "auto")


def session_of(
    gift: Gift,
    *,
    methods: Sequence[str],
    purpose: str,
    note: str,
    success_url: str,
    cancel_url: str,
) -> dict[str, Any]:
    """What Stripe is asked for: a payment of ``gift``, or a subscription if it is ``monthly``.

    ``methods`` are Stripe's names of the ways to pay; ``purpose`` is the fund's name in the donor's
    language, ``note`` what the page says under it.
    """
    metadata = {
        "gift_id": gift.id,
        "fund": gift.fund,
        "language": gift.language,
        "recipient": gift.recipient,
    }
    if gift.pledge_id:
        metadata["pledge_id"] = gift.pledge_id
    if gift.fee_cover:
        metadata["fee_cover"] = str(gift.fee_cover)
    product = {"name": purpose} | ({"description": note} if note else {})
    price: dict[str, Any] = {
        "currency": gift.amount.currency.lower(),
        "unit_amount": gift.amount.minor,
        "product_data": product,
    }
    params: dict[str, Any] = {
        "submit_type": "donate",
        "allowed_payment_method_types": list(methods),
        "line_items": [{"quantity": 1, "price_data": price}],
        "locale": _page_locale(gift.language),
        "client_reference_id": gift.id,
        "metadata": metadata,
        "success_url": success_url,
        "cancel_url": cancel_url,
        "expires_at": int((gift.created_at + PAGE_OPEN_FOR).timestamp()),
    }
    if gift.frequency == "monthly":
        price["recurring"] = {"interval": "month"}
        params |= {"mode": "subscription", "subscription_data": {"metadata": metadata}}
    else:
        params |= {"mode": "payment", "payment_intent_data": {"metadata": metadata}}
        if "wechat_pay" in methods:
            params["payment_method_options"] = {"wechat_pay": {"client": "web"}}
    # In ASCII; who has an address that cannot be written so types one on Stripe's page.
    if address := validate_email(gift.email, check_deliverability=False).ascii_email:
        params["customer_email"] = address
    return params


def _unavailable(error: "StripeError") -> StripeUnavailable:
    """What a failed call means to the donor; the operator's line in the log holds no donor data."""
    status = error.http_status
    worth_retrying = status is None or status in (409, 429) or status >= 500
    log.log(
        logging.WARNING if worth_retrying else logging.ERROR,
        "no answer of use from Stripe: status %s, code %s, request %s",
        status or "none",
        error.code or type(error).__name__,
        error.request_id or "none",
    )
    return StripeUnavailable(error.code or type(error).__name__, worth_retrying=worth_retrying)
