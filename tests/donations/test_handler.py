"""The ways in from a host: an API Gateway event, a WSGI server, a schedule, missing settings."""

import base64
import io
import os
from pathlib import Path
from typing import Any

import pytest

from donations_api import handler
from donations_api.app import portal_for
from donations_api.errors import SettingWrong
from donations_api.ledger import Ledger
from donations_api.settings import Settings
from tests.donations.recipients import given_in_china
from tests.donations.running import CONTENT

ENVIRONMENT = {
    "STRIPE_API_KEY": "sk_test_host",
    "STRIPE_WEBHOOK_SECRET": "whsec_host",
    "SECRET_KEY": "0123456789abcdef",
    "SITE_URL": "https://example.org",
    "MAIL_FROM": "gifts@example.org",
}


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a host, with an empty database; each test starts cold."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'donations.db'}")
    monkeypatch.setenv("SMTP_URL", f"file:{tmp_path / 'mail'}")
    Ledger(f"sqlite:///{tmp_path / 'donations.db'}").migrate()
    for made in (handler._settings, handler._app, handler._aws):
        made.cache_clear()


def event(method: str, path: str, body: bytes = b"", **headers: str) -> dict[str, Any]:
    """As API Gateway sends it (payload version 2)."""
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "example.org", **headers},
        "requestContext": {
            "http": {"method": method, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}
        },
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/ready", 200),
        ("GET", "/nowhere", 404),
        ("POST", "/webhooks/stripe", 400),
    ],
)
def test_a_lambda_event_is_answered_by_the_portal(method: str, path: str, status: int) -> None:
    """The same routes as over HTTP, headers and all."""
    answer = handler.lambda_handler(event(method, path), None)
    assert answer["statusCode"] == status
    assert "default-src 'none'" in answer["headers"]["content-security-policy"]


@pytest.mark.usefixtures("host")
def test_a_form_in_a_lambda_event_reaches_the_portal_undamaged() -> None:
    """A Chinese name, sent as bytes in base64, comes back as it was typed."""
    answer = handler.lambda_handler(
        event(
            "POST",
            "/donations",
            "name=张伟&language=zh".encode(),
            **{"content-type": "application/x-www-form-urlencoded"},
        ),
        None,
    )
    # Without a declared recipient a host outside the sandbox asks nobody (rule L3).
    assert answer["statusCode"] == 403
    body = answer["body"]
    text = base64.b64decode(body).decode() if answer.get("isBase64Encoded") else body
    assert '<html lang="zh-Hans"' in text


@pytest.mark.usefixtures("host")
def test_a_picture_in_an_answer_to_a_lambda_event_is_a_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also to a REST API's (payload version 1), which carries text unless it is told otherwise."""
    monkeypatch.setenv("CONTENT", str(CONTENT))
    portal = portal_for(Settings.from_environ(os.environ))
    with portal.ledger.books() as books:
        gift, _ = given_in_china(portal.clerk(books))
        books.commit()
    asked = {
        "version": "1.0",
        "httpMethod": "GET",
        "path": "/donations/thanks/keepsake.png",
        "headers": {"Host": "example.org"},
        "queryStringParameters": {"gift": portal.links.returning(gift.id)},
        "requestContext": {},
    }
    answer = handler.lambda_handler(asked, None)
    assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, True)
    assert base64.b64decode(answer["body"]).startswith(b"\x89PNG")


@pytest.mark.usefixtures("host")
def test_a_wsgi_server_finds_the_portal() -> None:
    """``donations_api.handler:application`` is WSGI."""
    seen: list[str] = []

    def start(status: str, _headers: list[tuple[str, str]], _exc: Any = None) -> Any:
        seen.append(status)

    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/health",
        "SERVER_NAME": "example.org",
        "SERVER_PORT": "443",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
    }
    assert b"".join(handler.application(environ, start)) == b"alive\n"
    assert seen == ["200 OK"]


@pytest.mark.usefixtures("host")
def test_a_schedule_sends_what_waits() -> None:
    """Nothing waits: nothing is sent, and it says so."""
    assert handler.send_scheduled({}, None) == 0


@pytest.mark.usefixtures("host")
@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The first request says which setting is missing; importing needs none."""
    monkeypatch.delenv(name)
    with pytest.raises(SettingWrong) as caught:
        handler.lambda_handler(event("GET", "/health"), None)
    assert (caught.value.message, caught.value.values) == ("setting.missing", {"name": name})
