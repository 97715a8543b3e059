"""The webhook over HTTP: what Stripe is answered."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from donations_api.gift import State
from donations_api.ledger import Ledger
from donations_api.sandbox import signature
from donations_api.settings import STRIPE_API_VERSION
from tests.donations.running import CONTENT, WEBHOOK_SECRET, Rig, rig, until


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as both:
        yield both


def signed(body: bytes, **changed: Any) -> dict[str, str]:
    now = changed.get("at", int(time.time()))
    return {"Stripe-Signature": signature(body, changed.get("secret", WEBHOOK_SECRET), now)}


def an_event(**changed: Any) -> bytes:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "payout.paid",
        "api_version": STRIPE_API_VERSION,
        "created": int(time.time()),
        "livemode": False,
        "data": {"object": {"id": "po_1", "object": "payout"}},
    }
    return json.dumps(event | changed).encode()


def post(both: Rig, body: bytes, headers: dict[str, str]) -> requests.Response:
    return requests.post(f"{both.portal}/webhooks/stripe", body, headers=headers, timeout=10)


def test_an_authentic_event_is_answered_in_one_line(both: Rig) -> None:
    """200 and a word, also for what this portal does not use; a second time too."""
    body = an_event()
    for _ in range(2):
        answer = post(both, body, signed(body))
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
        assert len(answer.text.splitlines()) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Stripe-Signature": ""},
        {"Stripe-Signature": "t=1,v1=\xe9"},
        {"Stripe-Signature": "t=99999999999999999999,v1=00"},
        {"Stripe-Signature": signature(b"other bytes", WEBHOOK_SECRET, 1)},
    ],
)
def test_a_forged_event_is_a_bad_request(both: Rig, headers: dict[str, str]) -> None:
    """400, one plain line, no trace, and nothing in the books."""
    body = an_event()
    answer = post(both, body, headers)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text
    assert post(both, body, signed(body)).status_code == 200


def test_an_event_for_another_set_up_is_refused_and_tried_again(both: Rig) -> None:
    """A live event at a test portal is no success: Stripe shows it to the operator, and retries."""
    body = an_event(livemode=True)
    assert post(both, body, signed(body)).status_code == 422


def test_an_event_of_more_than_a_mebibyte_is_not_read(both: Rig) -> None:
    """413; a body that does not say its length is cut there, and so is no signed event."""
    body = b"x" * (1024 * 1024 + 1)
    assert post(both, body, signed(body)).status_code == 413
    parts = (body[start : start + 4096] for start in range(0, len(body), 4096))
    address = f"{both.portal}/webhooks/stripe"
    assert requests.post(address, parts, headers=signed(body), timeout=10).status_code == 400


def test_our_own_fault_makes_stripe_come_again(both: Rig) -> None:
    """The books are gone: 503, so that Stripe repeats the event; with them back it is taken."""
    file = Path(both.settings.database_url.removeprefix("sqlite:///"))
    file.rename(file.with_suffix(".away"))
    body = an_event()
    answer = post(both, body, signed(body))
    assert answer.status_code == 503
    assert len(answer.text.splitlines()) == 1
    file.with_suffix(".away").rename(file)
    assert post(both, body, signed(body)).status_code == 200


def test_mail_that_cannot_go_does_not_undo_the_answer(both: Rig) -> None:
    """The mail folder cannot be written: the gift is booked all the same, and the mail waits."""
    Path(both.settings.smtp_url.removeprefix("file:")).write_text("in the way")
    both.paid()
    both.deliveries.deliver_due()
    assert both.gifts()[0].state is State.RECEIVED
    with Ledger(both.settings.database_url).books() as books:
        assert len(books.unsent()) == 1


def test_a_drain_that_fails_does_not_undo_the_answer_either(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A content file is spoiled while the portal runs: events are taken, and the log says why
    no mail goes.
    """
    content = shutil.copytree(CONTENT, tmp_path / "content")
    with rig(tmp_path, content=content) as both:
        (content / "site.toml").write_text("spoiled")
        body = an_event()
        assert post(both, body, signed(body)).status_code == 200
        until(lambda: "the outbox could not be drained" in caplog.text)
