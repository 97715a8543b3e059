"""Webhooks: signed, sent again until they are accepted, never lost."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
import stripe

from donations_api.sandbox import signature
from tests.donations.test_sandbox.rig import NOT_HERE, SECRET, Rig, Webhook, running

SIGNER = Path(__file__).parents[1] / "signer" / "sign.mjs"


def test_event_is_signed_so_that_stripes_library_accepts_it(rig: Rig) -> None:
    """The payment is told with a signature that holds for our secret and for no other."""
    session = pay(rig)

    assert rig.deliveries.deliver_due() == 1

    headers, body = rig.webhook.told[0]
    event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET)
    assert (event.type, event.livemode) == ("checkout.session.completed", False)
    assert event.api_version == stripe.api_version
    assert event.data.object["id"] == session
    assert event.data.object["payment_status"] == "paid"
    assert headers["Content-Type"].startswith("application/json")
    for forged, secret in ((body + b" ", SECRET), (body, "whsec_other")):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(forged, headers["Stripe-Signature"], secret)


@pytest.mark.parametrize("payload", ["{}", '{"name": "示例", "amount": 20000}\n'])
def test_signature_equals_that_of_stripes_npm_library(payload: str) -> None:
    """Another library in another language signs the same bytes to the same header."""
    told = json.dumps({"payload": payload, "secret": SECRET, "timestamp": 1_700_000_000})
    signed = subprocess.run(
        ["node", SIGNER], input=told, capture_output=True, text=True, check=True, timeout=60
    )

    assert signature(payload.encode(), SECRET, 1_700_000_000) == signed.stdout
    assert signature(payload.encode(), SECRET, 1_700_000_001) != signed.stdout


@pytest.mark.parametrize("status", [500, 404, 302])
def test_anything_but_yes_is_sent_again_later(rig: Rig, status: int) -> None:
    """After an error, or a redirect (not followed), the same event comes again when it is due."""
    pay(rig)
    rig.webhook.answers = [status]

    assert rig.deliveries.deliver_due() == 1
    assert rig.deliveries.deliver_due() == 0  # not yet due
    rig.clock.forward(10)
    assert rig.deliveries.deliver_due() == 1
    rig.clock.forward(1000)
    assert rig.deliveries.deliver_due() == 0  # accepted: never again

    (first, body), (second, same_body) = rig.webhook.told
    assert same_body == body
    assert first["Stripe-Signature"] != second["Stripe-Signature"]  # signed anew, at the new time


def test_silence_counts_as_no(tmp_path: Path, webhook: Webhook) -> None:
    """A webhook that does not answer in time is tried again, and holds nothing else up for long."""
    webhook.hold = Event()
    with running(tmp_path / "sandbox.db", webhook, answer_within=0.2) as rig:
        pay(rig)
        rig.deliveries.deliver_due()
        webhook.hold.set()
        rig.clock.forward(10)

        assert rig.deliveries.deliver_due() == 1
        assert len(webhook.told) == 2


def test_waits_grow_and_end(rig: Rig) -> None:
    """An event is tried once more than there are waits, then given up; a person can revive it."""
    event = json.loads(told_after(rig, [500] * 9))["id"]
    for wait in (10, 100, 10_000):
        rig.clock.forward(wait - 1)
        assert rig.deliveries.deliver_due() == 0
        rig.clock.forward(1)
        rig.deliveries.deliver_due()

    assert len(rig.webhook.told) == 3
    rig.deliveries.redeliver(event)
    assert rig.deliveries.deliver_due() == 1


def test_default_waits_stay_within_three_days(tmp_path: Path, webhook: Webhook) -> None:
    """Unless told otherwise the sandbox tries ever more slowly, for up to Stripe's three days."""
    with running(tmp_path / "sandbox.db", webhook) as rig:
        pass
    waits = type(rig.settings)(
        public_url=rig.url,
        api_key=rig.settings.api_key,
        webhook_secret=SECRET,
        webhook_url=webhook.url,
        database=rig.settings.database,
    ).retry_after

    assert list(waits) == sorted(waits)
    assert 2 * 86_400 < sum(waits) <= 3 * 86_400


def test_undelivered_event_survives_a_restart(tmp_path: Path, webhook: Webhook) -> None:
    """What could not be told before the sandbox stopped is told after its next start."""
    database = tmp_path / "sandbox.db"
    with running(database, webhook, webhook_url=NOT_HERE) as rig:
        session = pay(rig)
        rig.deliveries.deliver_due()
    assert webhook.told == []

    with running(database, webhook) as rig:
        rig.clock.forward(10)
        rig.deliveries.deliver_due()

        assert json.loads(webhook.told[0][1])["data"]["object"]["id"] == session
        assert rig.client().v1.checkout.sessions.retrieve(session).payment_status == "paid"


def test_duplicates_can_be_caused(rig: Rig) -> None:
    """``redeliver`` sends a delivered event once more, to the byte; an unknown one is an error."""
    event = json.loads(told_after(rig, []))["id"]

    rig.deliveries.redeliver(event)
    rig.deliveries.deliver_due()

    assert rig.webhook.told[0][1] == rig.webhook.told[1][1]
    with pytest.raises(LookupError):
        rig.deliveries.redeliver("evt_none")


def test_event_can_be_fetched_and_knows_whether_it_was_told(rig: Rig) -> None:
    """GET /v1/events shows one webhook pending until it has accepted the event."""
    event = json.loads(told_after(rig, [500]))["id"]
    events = rig.client().v1.events

    assert events.retrieve(event).pending_webhooks == 1
    rig.clock.forward(10)
    rig.deliveries.deliver_due()
    assert events.retrieve(event).pending_webhooks == 0


def test_one_refused_event_does_not_hold_up_the_next(rig: Rig) -> None:
    """Each event has its own schedule."""
    pay(rig)
    rig.webhook.answers = [500]
    rig.deliveries.deliver_due()
    second = pay(rig)

    rig.deliveries.deliver_due()

    assert json.loads(rig.webhook.told[-1][1])["data"]["object"]["id"] == second


def test_no_proxy_is_asked(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment is not used: the event stays on this machine."""
    pay(rig)  # the test's own client would go through the proxy
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, NOT_HERE)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)

    rig.deliveries.deliver_due()

    assert rig.webhook.types == ["checkout.session.completed"]


def test_background_thread_tells_promptly_and_stops(rig: Rig) -> None:
    """Started, the deliveries send by themselves, expire what has lapsed, and stop when told."""
    rig.deliveries.start()
    try:
        pay(rig)
        wait_until(lambda: rig.webhook.types == ["checkout.session.completed"])
        rig.create()
        rig.clock.forward(24 * 60 * 60 + 1)
        wait_until(lambda: rig.webhook.types[1:] == ["checkout.session.expired"])
    finally:
        rig.deliveries.stop()

    pay(rig)
    assert rig.deliveries.deliver_due() == 1  # nobody else had sent it


def test_background_thread_outlives_a_bad_round(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """A file that cannot be used for a moment does not end the deliveries."""
    kept = rig.settings.database.rename(rig.settings.database.with_suffix(".away"))
    rig.settings.database.mkdir()
    rig.deliveries.start()
    try:
        wait_until(lambda: len(caplog.records) > 1)  # rounds that failed
        rig.settings.database.rmdir()
        kept.rename(rig.settings.database)
        pay(rig)
        wait_until(lambda: bool(rig.webhook.told))
    finally:
        rig.deliveries.stop()


def pay(rig: Rig) -> str:
    """A paid session's id."""
    session = rig.create().id
    assert rig.press(session).status_code == 303
    return session


def told_after(rig: Rig, answers: list[int]) -> bytes:
    """The first event of a payment, told to a webhook that gives ``answers``."""
    rig.webhook.answers = answers
    pay(rig)
    rig.deliveries.deliver_due()
    return rig.webhook.told[0][1]


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline, "it did not happen within 10 s"
        time.sleep(0.02)  # between two looks, never instead of one
