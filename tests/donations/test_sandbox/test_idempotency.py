"""One idempotency key, one effect."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing, contextmanager

import pytest
import stripe

from tests.donations.test_sandbox.rig import Rig, running

FORM = {
    "mode": "payment",
    "success_url": "http://127.0.0.1/thanks",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "usd",
    "line_items[0][price_data][unit_amount]": "500",
    "line_items[0][price_data][product_data][name]": "Gift",
}


def test_same_key_same_request_is_replayed(rig: Rig) -> None:
    """The second answer is the first one again, and says so; another key makes another session."""
    sessions = rig.client().v1.checkout.sessions
    first = sessions.create(rig.request(), {"idempotency_key": "gift-1"})
    again = sessions.create(rig.request(), {"idempotency_key": "gift-1"})
    other = sessions.create(rig.request(), {"idempotency_key": "gift-2"})

    assert again.to_dict() == first.to_dict()
    assert other.id != first.id
    assert [replayed(each) for each in (first, again, other)] == [None, "true", None]


def test_same_key_other_request_is_refused(rig: Rig) -> None:
    """A key belongs to its first parameters and its first address."""
    sessions = rig.client().v1.checkout.sessions
    made = sessions.create(rig.request(), {"idempotency_key": "gift-1"})

    with pytest.raises(stripe.IdempotencyError):
        sessions.create(rig.request(locale="zh"), {"idempotency_key": "gift-1"})
    with pytest.raises(stripe.IdempotencyError):
        sessions.expire(made.id, options={"idempotency_key": "gift-1"})


def test_refusal_of_the_shape_uses_no_key_up(rig: Rig) -> None:
    """A request that was never carried out can be mended and sent with the same key."""
    refused = rig.post("/v1/checkout/sessions", FORM | {"foo": "1"}, Idempotency_Key="k")
    mended = rig.post("/v1/checkout/sessions", FORM, Idempotency_Key="k")

    assert (refused.status_code, mended.status_code) == (400, 200)


def test_refusal_of_the_deed_is_replayed(rig: Rig) -> None:
    """What was refused when it was carried out stays refused under its key."""
    made = rig.post("/v1/checkout/sessions", FORM).json()["id"]
    path = f"/v1/checkout/sessions/{made}/expire"
    rig.post(path, {})

    answers = [rig.post(path, {}, Idempotency_Key="end") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert [answer.headers.get("Idempotent-Replayed") for answer in answers] == [None, "true"]


def test_same_key_at_the_same_time_conflicts(rig: Rig) -> None:
    """While the first request is under way, a second one with its key gets 409; one is made."""
    with ThreadPoolExecutor(2) as pool, held_up(rig) as let_go:
        racing = [
            pool.submit(rig.post, "/v1/checkout/sessions", FORM, Idempotency_Key="k")
            for _ in range(2)
        ]
        refused = next(as_completed(racing)).result()
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "idempotency_key_in_use"
        let_go()
        assert sorted(each.result().status_code for each in racing) == [200, 409]

    assert rig.post("/v1/checkout/sessions", FORM, Idempotency_Key="k").status_code == 200


def test_other_keys_at_the_same_time_do_not_conflict(rig: Rig) -> None:
    """The control: two keys under way at once both succeed."""
    with ThreadPoolExecutor(2) as pool, held_up(rig) as let_go:
        racing = [
            pool.submit(rig.post, "/v1/checkout/sessions", FORM, Idempotency_Key=key)
            for key in ("k", "l")
        ]
        let_go()
        assert [each.result().status_code for each in racing] == [200, 200]


def test_long_keys_are_refused(rig: Rig) -> None:
    """255 characters are the limit."""
    taken = rig.post("/v1/checkout/sessions", FORM, Idempotency_Key="k" * 255)
    refused = rig.post("/v1/checkout/sessions", FORM, Idempotency_Key="k" * 256)

    assert (taken.status_code, refused.status_code) == (200, 400)


def test_keys_survive_a_restart_and_are_forgotten_after_a_day(rig: Rig) -> None:
    """A key is kept in the file for 24 hours, whichever process answers."""
    first = rig.post("/v1/checkout/sessions", FORM, Idempotency_Key="k").json()

    with running(rig.settings.database, rig.webhook) as restarted:
        again = restarted.post("/v1/checkout/sessions", FORM, Idempotency_Key="k")
        assert again.json() == first
        restarted.clock.forward(24 * 60 * 60 + 1)
        anew = restarted.post("/v1/checkout/sessions", FORM, Idempotency_Key="k")
        assert anew.json()["id"] != first["id"]


def replayed(made: stripe.checkout.Session) -> str | None:
    assert made.last_response is not None
    return made.last_response.headers.get("Idempotent-Replayed")


@contextmanager
def held_up(rig: Rig) -> Iterator[Callable[[], None]]:
    """No transaction of the sandbox can begin until the yielded function is called."""
    with closing(sqlite3.connect(rig.settings.database, check_same_thread=False)) as file:
        file.execute("BEGIN IMMEDIATE")
        yield file.rollback
