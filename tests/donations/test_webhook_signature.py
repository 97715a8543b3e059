"""The signature: only what Stripe signed just now passes, whatever bytes somebody sends."""

import json
import subprocess
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from donations_api import webhook
from donations_api.app import create_app
from donations_api.errors import EventForged
from donations_api.ledger import Ledger
from donations_api.settings import ROOT, Settings
from donations_api.webhook import LARGEST_EVENT, TOLERANCE, verify
from tests.donations.running import WEBHOOK_SECRET, listening
from tests.donations.stripe_events import NOW, a_gift, a_session, an_event, body_of, signed

BODY = b'{"any": "bytes"}'
OTHER_SECRET = "whsec_next"


def forged(signature: str, body: bytes = BODY) -> bool:
    try:
        verify(body, signature, (WEBHOOK_SECRET, OTHER_SECRET), NOW)
    except EventForged:
        return True
    return False


def digest(header: str) -> str:
    return header.partition("v1=")[2]


def test_what_stripe_signed_is_taken() -> None:
    assert not forged(signed(BODY))


def test_stripes_own_signer_agrees() -> None:
    """Stripe's npm library signs, independently of any Python here, and the signature is taken."""
    order = {"payload": BODY.decode(), "secret": WEBHOOK_SECRET, "timestamp": int(NOW.timestamp())}
    signer = subprocess.run(
        ["node", ROOT / "tests/donations/signer/sign.mjs"],
        input=json.dumps(order).encode(),
        capture_output=True,
        check=True,
    )
    assert not forged(signer.stdout.decode())
    assert forged(signer.stdout.decode(), BODY + b" ")


def test_either_of_two_secrets_counts_while_they_change() -> None:
    """While the operator rotates the secret both are known, and Stripe may sign with both."""
    old, new = signed(BODY), signed(BODY, secret=OTHER_SECRET)
    assert not forged(new)
    assert not forged(f"{old},v1={digest(new)}")
    assert not forged(f"{old.split(',')[0]},v1={'0' * 64},v1={digest(new)}")


GOOD = signed(BODY)
STAMP = GOOD.split(",")[0]


@pytest.mark.parametrize(
    "signature",
    [
        "",
        " ",
        ",",
        "t=,v1=",
        STAMP,
        f"v1={digest(GOOD)}",
        f"t=now,v1={digest(GOOD)}",
        f"t=-{STAMP[2:]},v1={digest(GOOD)}",
        f"t={'9' * 5000},v1={digest(GOOD)}",
        f"t=１７９５４２０８００,v1={digest(GOOD)}",
        f"{STAMP},{STAMP},v1={digest(GOOD)}",
        f"{STAMP},v1={digest(GOOD)[:-1]}",
        f"{STAMP},v1={digest(GOOD).upper()}",
        f"{STAMP},v1=é{digest(GOOD)[1:]}",
        f"{STAMP},v1={digest(GOOD)},v1=签名",
        f"{STAMP},v1=\udcff",
        signed(BODY, scheme="v0"),
        signed(BODY, secret="whsec_somebody"),
        signed(BODY, secret=""),
        signed(BODY + b"\n"),
        signed(b""),
    ],
)
def test_any_other_signature_is_forged(signature: str) -> None:
    """Missing, malformed, not ASCII, another scheme, another secret, other bytes: never a trace."""
    assert forged(signature)


@pytest.mark.parametrize("seconds", [TOLERANCE + 1, -TOLERANCE - 1, 365 * 86400, -365 * 86400])
def test_only_what_was_signed_just_now_counts(
    seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No old delivery is played again, nor one of next year taken; without the bound it would."""
    header = signed(BODY, at=NOW + timedelta(seconds=seconds))
    assert forged(header)
    monkeypatch.setattr(webhook, "TOLERANCE", float("inf"))
    assert not forged(header)


@pytest.mark.parametrize("seconds", [TOLERANCE, -TOLERANCE])
def test_clocks_may_differ_a_little(seconds: int) -> None:
    assert not forged(signed(BODY, at=NOW + timedelta(seconds=seconds)))


def test_a_body_larger_than_any_event_is_not_even_hashed() -> None:
    assert not forged(signed(b"x" * LARGEST_EVENT), b"x" * LARGEST_EVENT)
    assert forged(signed(b"x" * (LARGEST_EVENT + 1)), b"x" * (LARGEST_EVENT + 1))


def test_over_http_a_forged_event_gets_400(settings: Settings, ledger: Ledger) -> None:
    """Whatever bytes stand in the header, the answer is 400 and shows nothing of the program."""
    assert ledger.ready()
    body = body_of(an_event(a_session(a_gift())))
    headers: list[bytes | None] = [None, b"", b"t=1,v1=\xe9", b"t=\xff", GOOD.encode()]
    with listening(create_app(settings, clock=lambda: NOW)) as address:
        for header in headers:
            connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
            connection.putrequest("POST", "/webhooks/stripe")
            connection.putheader("Content-Length", str(len(body)))
            if header is not None:
                connection.putheader("Stripe-Signature", header)
            connection.endheaders(body)
            response = connection.getresponse()
            said = response.read()
            connection.close()
            assert response.status == 400, header
            assert b"Traceback" not in said


@pytest.mark.parametrize(
    ("signature", "body", "reason"),
    [
        (GOOD, b"x" * (LARGEST_EVENT + 1), "larger than any event"),
        (f"{STAMP},v1=签名", BODY, "the signature is not ASCII"),
        ("v1=00", BODY, "no time in the signature"),
        ("t=now,v1=00", BODY, "no time in the signature"),
        ("t=1,v1=00", BODY, "signed too long ago, or in the future"),
        (signed(BODY, secret="whsec_somebody"), BODY, "not signed with our secret"),
    ],
)
def test_the_operator_reads_why_it_was_not_taken(signature: str, body: bytes, reason: str) -> None:
    """A clock that is wrong and a secret that was not changed look alike from outside."""
    with pytest.raises(EventForged) as caught:
        verify(body, signature, (WEBHOOK_SECRET,), NOW)
    assert str(caught.value) == reason


def test_a_time_that_is_told_twice_is_no_time() -> None:
    """Also where one of the two has a second sign of equality and so might be overlooked."""
    assert forged(f"{STAMP},t=1=1,v1={digest(GOOD)}")
    assert not forged(f"{STAMP}, v1={digest(GOOD)}")
