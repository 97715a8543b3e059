"""The webhook: only what Stripe signed just now is taken, and what was taken is never lost."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import stripe

from donations_api import webhook
from donations_api.clerk import Outcome
from donations_api.errors import EventForged, EventRefused
from donations_api.gift import State
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.settings import STRIPE_API_VERSION, Settings
from donations_api.webhook import receive
from tests.donations.conftest import Deliver
from tests.donations.guards import Rows
from tests.donations.stripe_events import (
    COMPLETED,
    EXPIRED,
    NOW,
    a_gift,
    a_session,
    an_event,
    body_of,
    kept,
    signed,
)


def test_of_a_forged_event_nothing_is_kept(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger cannot book money or fill the books; with the check taken out, anybody could."""
    body = body_of(an_event(a_session(kept(ledger))))
    header = signed(body, secret="whsec_stranger")
    with pytest.raises(EventForged):
        receive(ledger, giving, settings, body, header, NOW)
    for table in ("events", "event_failures", "entries", "receipts", "outbox"):
        assert rows(f"SELECT * FROM {table}") == []

    monkeypatch.setattr(webhook, "verify", lambda *_: None)
    assert receive(ledger, giving, settings, body, header, NOW) == Outcome.BOOKED


def without(key: str) -> Callable[[dict[str, Any]], Any]:
    return lambda event: {name: value for name, value in event.items() if name != key}


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: [],
        lambda _: None,
        lambda _: 1,
        lambda _: "event",
        *map(without, ("id", "object", "type", "created", "livemode", "data", "api_version")),
        lambda event: event | {"object": "v2.core.event"},
        lambda event: event | {"id": ""},
        lambda event: event | {"id": 7},
        lambda event: event | {"id": "evt_\ud800"},
        lambda event: event | {"type": "签"},
        lambda event: event | {"created": "today"},
        lambda event: event | {"created": True},
        lambda event: event | {"created": 10**30},
        lambda event: event | {"livemode": "no"},
        lambda event: event | {"livemode": 0},
        lambda event: event | {"data": []},
        lambda event: event | {"data": {}},
        lambda event: event | {"data": {"object": []}},
    ],
)
def test_proven_bytes_that_are_no_event_are_refused(
    ledger: Ledger,
    giving: Giving,
    settings: Settings,
    damage: Callable[[dict[str, Any]], Any],
    rows: Rows,
) -> None:
    """Each field that an event must have is looked at before it is used."""
    body = json.dumps(damage(an_event(a_session(kept(ledger))))).encode()
    with pytest.raises(EventForged):
        receive(ledger, giving, settings, body, signed(body), NOW)
    assert rows("SELECT * FROM events") == rows("SELECT * FROM event_failures") == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"id": "\xe9"}',
        '{"id": "evt_1"}'.encode("utf-16"),
        b"[" * 200_000,
        b"1" * 5000,
        b"NaN",
    ],
)
def test_proven_bytes_that_are_no_json_are_refused(
    ledger: Ledger, giving: Giving, settings: Settings, body: bytes
) -> None:
    """Not UTF-8, not JSON, nested without end: an answer, never a trace."""
    with pytest.raises(EventForged):
        receive(ledger, giving, settings, body, signed(body), NOW)


def test_the_pinned_version_is_the_librarys() -> None:
    """One place says which version of the API we speak: the one that the library was made for."""
    assert stripe.api_version == STRIPE_API_VERSION


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"api_version": "2020-08-27"}, "webhook.api_version"),
        ({"api_version": None}, "webhook.api_version"),
        ({"livemode": True}, "webhook.live_event"),
    ],
)
def test_an_event_for_another_set_up_is_refused_and_kept(
    ledger: Ledger, deliver: Deliver, rows: Rows, changed: dict[str, Any], message: str
) -> None:
    """Another shape of events, or live beside test: not booked, and staff see what to change."""
    event = an_event(a_session(kept(ledger)), **changed)
    for _ in range(2):
        with pytest.raises(EventRefused) as caught:
            deliver(event)
        assert caught.value.message == message
    with ledger.books() as books:
        failures = books.failures()
    assert [(one.event_id, one.reason.message, one.outcome) for one in failures] == [
        (event["id"], message, None)  # one row, however often Stripe brings it
    ]
    assert rows("SELECT payload FROM event_failures")[0][0].encode() == body_of(event)
    assert rows("SELECT * FROM entries") == rows("SELECT * FROM events") == []


def test_a_test_event_is_no_money_in_a_live_portal(
    ledger: Ledger, giving: Giving, settings: Settings, rows: Rows
) -> None:
    """The other way round: a test payment must not be booked as real money."""
    live = replace(settings, stripe_api_key="sk_live_1", stripe_api_base="")
    body = body_of(an_event(a_session(kept(ledger))))
    with pytest.raises(EventRefused) as caught:
        receive(ledger, giving, live, body, signed(body), NOW)
    assert caught.value.message == "webhook.test_event"
    assert rows("SELECT * FROM entries") == []

    body = body_of(an_event(a_session(kept(ledger)), livemode=True))
    assert receive(ledger, giving, live, body, signed(body), NOW) == Outcome.BOOKED


def test_a_fault_of_ours_leaves_evidence_and_the_next_delivery_is_booked(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """The disk is full, say: nothing is half booked, staff see the event, Stripe's retry works."""
    event = an_event(a_session(kept(ledger)))
    rows.refuse_mails()
    with pytest.raises(Exception, match="disk is full"):
        deliver(event)
    for table in ("events", "entries", "receipts", "receipt_numbers", "outbox"):
        assert rows(f"SELECT * FROM {table}") == []
    rows.take_mails_again()

    assert deliver(event) == Outcome.BOOKED
    with ledger.books() as books:
        (failure,) = books.failures()
    assert failure.reason.message == "webhook.broken"
    error = failure.reason.values["error"]
    assert re.match(r"\w+ at \w+\.py:\d+ < ", error)
    assert "disk is full" not in error  # a database's words may quote a donor's row (rule L8)
    assert failure.outcome == "booked"


def test_an_event_is_kept_as_it_was_received(ledger: Ledger, deliver: Deliver, rows: Rows) -> None:
    """The inbox holds the very bytes, both times, and what became of the event."""
    gift = kept(ledger)
    event = an_event(a_session(gift), created=int(NOW.timestamp()) - 5)
    deliver(event)
    ((id_, created, received, live, payload, outcome, gift_id),) = rows(
        "SELECT id, created_at, received_at, livemode, payload, outcome, gift_id FROM events"
    )
    assert (id_, outcome, gift_id, live) == (event["id"], "booked", gift.id, 0)
    assert payload.encode() == body_of(event)
    assert created == "2026-11-23T07:59:55.000000+00:00"
    assert received == "2026-11-23T08:00:00.000000+00:00"


@pytest.mark.parametrize(
    ("type_", "about"),
    [
        ("payment_intent.created", {"object": "payment_intent", "metadata": {}}),
        ("charge.succeeded", {}),
        ("checkout.session.async_payment_failed", a_session(a_gift())),
    ],
)
def test_what_concerns_no_gift_is_kept(
    ledger: Ledger, deliver: Deliver, type_: str, about: dict[str, Any]
) -> None:
    """Authentic, and nothing for us to do: in the inbox, and answered with a yes."""
    event = an_event(about, type_)
    assert deliver(event) == Outcome.KEPT
    with ledger.books() as books:
        assert [one.id for one in books.events_with("kept")] == [event["id"]]


@pytest.mark.parametrize("type_", [COMPLETED, EXPIRED])
@pytest.mark.parametrize(
    "metadata", [None, [], {}, {"gift_id": 5}, {"gift_id": "order-77"}, {"gift_id": "gift_' OR 1"}]
)
def test_a_payment_page_of_somebody_else_is_kept_as_such(
    deliver: Deliver, rows: Rows, type_: str, metadata: object
) -> None:
    """The Stripe account may sell books too; those payments are not gifts."""
    session = a_session(a_gift(), metadata=metadata)
    assert deliver(an_event(session, type_)) == Outcome.NOT_OURS
    assert rows("SELECT * FROM gifts") == rows("SELECT * FROM entries") == []


@pytest.mark.parametrize(
    "changed",
    [
        {"amount_total": None},
        {"amount_total": 0},
        {"amount_total": -5},
        {"amount_total": 200.5},
        {"amount_total": True},
        {"currency": None},
        {"currency": "CNY "},
        {"payment_intent": None},
        {"payment_intent": {"id": "pi_1"}},
        {"payment_status": "no_payment_required"},
        {"payment_status": None},
    ],
)
def test_a_payment_that_does_not_say_how_much_is_shown_to_staff(
    ledger: Ledger, deliver: Deliver, rows: Rows, changed: dict[str, Any]
) -> None:
    """Nothing is guessed about money: the event is kept, the gift waits, a person looks."""
    gift = kept(ledger)
    assert deliver(an_event(a_session(gift, **changed))) == Outcome.NOT_UNDERSTOOD
    assert rows("SELECT * FROM entries") == []
    with ledger.books() as books:
        waiting = books.gift(gift.id)
    assert waiting
    assert waiting.state == State.PENDING


@pytest.mark.parametrize("body", [b"{", body_of({"object": "event"}), body_of(an_event({}, "签"))])
def test_proven_bytes_are_told_to_be_no_event(
    ledger: Ledger, giving: Giving, settings: Settings, body: bytes
) -> None:
    """The operator reads another reason than that of a wrong secret."""
    with pytest.raises(EventForged) as caught:
        receive(ledger, giving, settings, body, signed(body), NOW)
    assert str(caught.value) == "not an event"


@pytest.mark.parametrize("version", ["2020-08-27", None])
def test_the_operator_is_told_both_versions(
    ledger: Ledger, deliver: Deliver, version: str | None
) -> None:
    """The one that the endpoint at Stripe is set to, and the one that it must be set to."""
    with pytest.raises(EventRefused) as caught:
        deliver(an_event(a_session(kept(ledger)), api_version=version))
    assert caught.value.values == {"version": str(version), "wanted": STRIPE_API_VERSION}


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose clock shows the time of New York."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_times_are_utc_wherever_the_server_stands(
    ledger: Ledger, deliver: Deliver, rows: Rows
) -> None:
    """In the inbox, in the entry and on the receipt: an hour of there would be another day's."""
    gift = kept(ledger)
    deliver(an_event(a_session(gift)))
    written = "2026-11-23T08:00:00.000000+00:00"
    assert rows("SELECT created_at FROM events") == [(written,)]
    assert rows("SELECT received_at FROM entries") == [(written,)]
    with ledger.books() as books:
        receipt = books.receipt_of(gift.id)
    assert receipt
    assert receipt.snapshot["received_at"] == "2026-11-23T08:00:00+00:00"
