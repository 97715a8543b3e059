"""The call to Stripe: what is asked for, once however often asked, and what a failure means."""

import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe

from donations_api.errors import StripeUnavailable
from donations_api.gift import Gift
from donations_api.money import Money
from donations_api.sandbox import SandboxSettings, create_sandbox
from donations_api.settings import STRIPE_API_VERSION
from donations_api.stripe_gateway import PaymentPage, StripeGateway
from tests.donations import stripe_events
from tests.donations.running import API_KEY, WEBHOOK_SECRET, Later, listening, settings_for


def a_gift(**changed: Any) -> Gift:
    """A gift of just now: the payment page of an older one would be closed already."""
    return stripe_events.a_gift(**{"created_at": datetime.now(UTC)} | changed)


def ask(gateway: StripeGateway, gift: Gift) -> PaymentPage:
    return gateway.create_checkout_session(
        gift,
        methods=["card"],
        purpose="用于最需要的地方",
        note="",
        success_url="http://127.0.0.1:9/donations/thanks?gift=x",
        cancel_url="http://127.0.0.1:9/donations/cancelled?gift=x",
    )


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[str]:
    """A sandbox on a port of its own; its address."""
    later = Later()
    with listening(later) as address:
        later.app = create_sandbox(
            SandboxSettings(
                public_url=address,
                api_key=API_KEY,
                webhook_secret=WEBHOOK_SECRET,
                webhook_url="http://127.0.0.1:9/webhooks/stripe",
                database=tmp_path / "sandbox.db",
            )
        )
        yield address


@pytest.fixture
def gateway(tmp_path: Path, sandbox: str) -> StripeGateway:
    return StripeGateway(settings_for(tmp_path, stripe_api_base=sandbox))


def session_of(sandbox: str, page: PaymentPage) -> dict[str, Any]:
    answer = requests.get(
        f"{sandbox}/v1/checkout/sessions/{page.session_id}",
        headers={"Authorization": f"Bearer {API_KEY}", "Stripe-Version": STRIPE_API_VERSION},
        timeout=10,
    )
    session: dict[str, Any] = answer.json()
    return session


def test_the_version_that_we_speak_is_the_librarys() -> None:
    """The pinned API version is the one whose shapes the installed stripe package has."""
    assert stripe.api_version == STRIPE_API_VERSION


@pytest.mark.parametrize(
    ("amount", "language", "locale"),
    [
        (Money(20050, "CNY"), "zh", "zh"),
        (Money(2500, "GBP"), "en", "en"),
        (Money(3000, "JPY"), "zh-hant", "zh-HK"),
        (Money(2500, "GBP"), "ar", "auto"),
    ],
)
def test_the_page_asks_for_the_gift_exactly(
    gateway: StripeGateway, sandbox: str, amount: Money, language: str, locale: str
) -> None:
    """Amount in minor units (yen have none), currency, language; open for two hours."""
    gift = a_gift(amount=amount, language=language)
    session = session_of(sandbox, ask(gateway, gift))
    assert (session["amount_total"], session["currency"]) == (amount.minor, amount.currency.lower())
    assert session["mode"] == "payment"
    assert session["submit_type"] == "donate"
    assert session["locale"] == locale
    assert session["customer_email"] == gift.email
    assert session["client_reference_id"] == gift.id
    assert session["expires_at"] == int((gift.created_at + timedelta(hours=2)).timestamp())


@pytest.mark.parametrize(
    ("email", "sent"),
    [("li@例子.中国", "li@xn--fsqu00a.xn--fiqs8s"), ("张伟@例子.中国", None)],
)
def test_stripe_gets_an_address_in_ascii_or_none(
    gateway: StripeGateway, sandbox: str, email: str, sent: str | None
) -> None:
    """An address that Stripe might not take must not cost the gift: its page asks for one."""
    assert session_of(sandbox, ask(gateway, a_gift(email=email)))["customer_email"] == sent


def test_stripe_learns_nothing_about_the_donor_in_metadata(
    gateway: StripeGateway, sandbox: str
) -> None:
    """Metadata say which gift, fund, language and recipient: no name, no address, no message."""
    gift = a_gift()
    session = session_of(sandbox, ask(gateway, gift))
    assert session["metadata"] == {
        "gift_id": gift.id,
        "fund": "most-needed",
        "language": "zh",
        "recipient": "house",
    }
    assert gift.name not in str(session)
    assert gift.message not in str(session)


def test_asking_twice_for_one_gift_is_one_page(tmp_path: Path, sandbox: str) -> None:
    """The gift's id is the idempotency key, and nothing else in the request changes with time."""
    gift = a_gift()
    settings = settings_for(tmp_path, stripe_api_base=sandbox)
    first = ask(StripeGateway(settings), gift)
    time.sleep(1.1)  # an expiry counted from now would have changed by now
    assert ask(StripeGateway(settings), gift) == first
    assert ask(StripeGateway(settings), a_gift()) != first


def test_the_same_key_for_another_amount_is_refused(gateway: StripeGateway) -> None:
    """Were a gift ever asked for with another amount, Stripe says so and nothing is charged."""
    gift = a_gift()
    ask(gateway, gift)
    with pytest.raises(StripeUnavailable) as caught:
        ask(gateway, replace(gift, amount=Money(1, "CNY")))
    assert not caught.value.worth_retrying


Answer = tuple[int, str]


@contextmanager
def misbehaving(answers: Callable[[int], Answer]) -> Iterator[tuple[str, list[int]]]:
    """A Stripe that answers the n-th request as told; what it was asked is counted."""
    asked: list[int] = []

    def app(environ: Any, start_response: Any) -> list[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        asked.append(len(asked) + 1)
        status, body = answers(len(asked))
        start_response(
            f"{status} -",
            [("Content-Type", "application/json"), ("Request-Id", "req_misbehaving")],
        )
        return [body.encode()]

    with listening(app) as address:
        yield address, asked


ERROR = '{"error": {"type": "api_error", "message": "about zhang@example.org"}}'


@pytest.mark.parametrize(
    ("status", "worth_retrying", "calls"),
    [
        (400, False, 1),
        (401, False, 1),
        (402, False, 1),
        (403, False, 1),
        (404, False, 1),
        (409, True, 2),
        (429, True, 1),
        (500, True, 2),
        (503, True, 2),
    ],
)
def test_a_failure_says_whether_a_later_try_may_help(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    status: int,
    worth_retrying: bool,
    calls: int,
) -> None:
    """Our mistakes stay, Stripe's own troubles pass. The log has the request, not the donor."""
    with misbehaving(lambda _: (status, ERROR)) as (address, asked):
        gateway = StripeGateway(settings_for(tmp_path, stripe_api_base=address))
        with (
            caplog.at_level(logging.WARNING, "donations_api"),
            pytest.raises(StripeUnavailable) as caught,
        ):
            ask(gateway, a_gift())
    assert caught.value.worth_retrying is worth_retrying
    assert len(asked) == calls
    assert f"status {status}" in caplog.text
    assert "req_misbehaving" in caplog.text
    assert "zhang" not in caplog.text


@pytest.mark.parametrize("body", ["", "<html>a proxy's page</html>", "{}"])
def test_an_answer_that_is_no_session_is_a_failure(tmp_path: Path, body: str) -> None:
    """A proxy's page in place of Stripe's answer leads to words for the donor, never to a crash."""
    with misbehaving(lambda _: (200, body)) as (address, _):
        gateway = StripeGateway(settings_for(tmp_path, stripe_api_base=address))
        with pytest.raises(StripeUnavailable):
            ask(gateway, a_gift())


def test_a_passing_failure_is_tried_once_more_under_the_same_key(tmp_path: Path) -> None:
    """One hiccup is not shown to the donor."""
    with misbehaving(
        lambda n: (
            (503, ERROR)
            if n == 1
            else (
                200,
                '{"id": "cs_1", "object": "checkout.session", "url": "https://pay.example.org"}',
            )
        )
    ) as (address, asked):
        gateway = StripeGateway(settings_for(tmp_path, stripe_api_base=address))
        assert ask(gateway, a_gift()) == PaymentPage("cs_1", "https://pay.example.org")
        assert len(asked) == 2


def test_a_silent_stripe_keeps_the_donor_waiting_eight_seconds_at_most(tmp_path: Path) -> None:
    """A server that takes the call and never answers: both tries together end in time."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        gateway = StripeGateway(settings_for(tmp_path, stripe_api_base=address))
        began = time.monotonic()
        with pytest.raises(StripeUnavailable) as caught:
            ask(gateway, a_gift())
        assert time.monotonic() - began <= 8
        assert caught.value.worth_retrying


def test_a_stripe_that_is_down_is_worth_a_later_try(tmp_path: Path) -> None:
    """Nobody listens at the address: said at once, and not for good."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(StripeUnavailable) as caught:
        ask(StripeGateway(settings_for(tmp_path, stripe_api_base=address)), a_gift())
    assert caught.value.worth_retrying


def test_a_proxy_of_the_environment_does_not_hide_the_sandbox(
    tmp_path: Path, sandbox: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTTP_PROXY is set on many computers; the sandbox is on this very one and needs none."""
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    ask(StripeGateway(settings_for(tmp_path, stripe_api_base=sandbox)), a_gift())
