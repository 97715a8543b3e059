"""Who may ask, in which version and which encoding, and how a call that is not understood ends."""

import pytest
import requests
import stripe

from tests.donations.test_sandbox.rig import API_KEY, Rig


@pytest.mark.parametrize("key", ["sk_test_other", "sk_live_rig", "clé"])
def test_wrong_key_is_refused(rig: Rig, key: str) -> None:
    """Another key gets 401, whatever it asks for."""
    answer = rig.post("/v1/checkout/sessions", {}, Authorization=f"Bearer {key}")

    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_client_sees_a_wrong_key_as_such(rig: Rig) -> None:
    """The library raises its own AuthenticationError."""
    with pytest.raises(stripe.AuthenticationError):
        rig.client(key="sk_test_other").v1.checkout.sessions.create(rig.request())


def test_key_may_come_as_basic_authentication(rig: Rig) -> None:
    """The key is also taken as a user name, and no key at all is not."""
    common = {"Stripe-Version": stripe.api_version}
    address = f"{rig.url}/v1/charges/ch_none"

    with_key = requests.get(address, auth=(API_KEY, ""), headers=common, timeout=20)
    without = requests.get(address, headers=common, timeout=20)

    assert (with_key.status_code, without.status_code) == (404, 401)


@pytest.mark.parametrize("version", ["2020-08-27", ""])
def test_other_version_is_refused(rig: Rig, version: str) -> None:
    """Only the version of the installed library is spoken; any other, or none, gets 400."""
    answer = rig.post("/v1/checkout/sessions", {"mode": "payment"}, Stripe_Version=version)

    assert answer.status_code == 400
    assert stripe.api_version in answer.json()["error"]["message"]


def test_only_form_encoding_is_read(rig: Rig) -> None:
    """A JSON body, which Stripe's v1 does not take, is refused and not read as empty."""
    answer = rig.post("/v1/checkout/sessions", {}, Content_Type="application/json")
    assert answer.json()["error"]["code"] == "parameter_missing"  # no body at all: read as empty

    answer = requests.post(
        f"{rig.url}/v1/checkout/sessions",
        json={"mode": "payment"},
        headers={"Authorization": f"Bearer {API_KEY}", "Stripe-Version": stripe.api_version},
        timeout=20,
    )
    assert answer.status_code == 400
    assert "form-encoded" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "data",
    [
        {"a[": "1"},
        {"mode": "payment", "mode[x]": "1"},
        {"metadata" + "[x]" * 3000: "1"},
        {"line_items": "x"},
    ],
)
def test_unreadable_forms_are_refused(rig: Rig, data: dict[str, str]) -> None:
    """Brackets that do not close, contradict or nest without end get 400, never 500."""
    assert rig.post("/v1/checkout/sessions", data).status_code == 400


def test_too_large_a_form_is_refused(rig: Rig) -> None:
    """A body beyond any sensible size gets an error object, not a stack trace."""
    answer = rig.post("/v1/checkout/sessions", {"metadata[a]": "v" * 100_000})

    assert answer.status_code == 413
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/tokens"), ("DELETE", "/v1/charges/ch")])
def test_unknown_routes_say_so(rig: Rig, method: str, path: str) -> None:
    """What the sandbox has no part for is a 404 error object that names the request."""
    answer = requests.request(
        method,
        rig.url + path,
        headers={"Authorization": f"Bearer {API_KEY}", "Stripe-Version": stripe.api_version},
        timeout=20,
    )

    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert f"{method}: {path}" in answer.json()["error"]["message"]


def test_every_answer_names_its_request(rig: Rig) -> None:
    """Request-Id is there on success and on refusal, and is never the same twice."""
    answers = [
        rig.post("/v1/checkout/sessions", {}),
        rig.post("/v1/checkout/sessions", {}, Authorization="Bearer x"),
        rig.post("/v1/nothing", {}),
    ]
    made = rig.create().last_response
    assert made is not None

    names = [answer.headers["Request-Id"] for answer in answers] + [made.request_id]
    assert len(set(names)) == 4
    assert all(name is not None and name.startswith("req_") for name in names)
