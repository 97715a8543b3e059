"""The sandbox refuses to start with anything that looks live."""

from pathlib import Path
from typing import Any

import pytest

from donations_api.sandbox import SandboxRefused, SandboxSettings

FIT: dict[str, Any] = {
    "public_url": "http://127.0.0.1:8000/sandbox",
    "api_key": "sk_test_x",
    "webhook_secret": "whsec_x",
    "webhook_url": "http://localhost:8000/webhooks/stripe",
    "database": Path("never-opened.db"),
}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("api_key", "sk_live_x"),
        ("api_key", "rk_live_x"),
        ("api_key", "pk_test_x"),
        ("api_key", ""),
        ("webhook_secret", ""),
        ("webhook_url", "https://example.org/webhooks/stripe"),
        ("webhook_url", "http://192.168.1.10/webhooks/stripe"),
        ("webhook_url", "http://127.0.0.1@example.org/"),
        ("webhook_url", "http://127.0.0.1.example.org/"),
        ("webhook_url", "http://localhost:port/"),
        ("webhook_url", "file:///etc/passwd"),
        ("public_url", "http://example.org/sandbox"),
        ("public_url", "http://0.0.0.0:8000"),
        ("settles_in", ("gbp", "xyz")),
        ("settles_in", ("GBP",)),
    ],
)
def test_live_or_foreign_settings_are_refused(setting: str, value: Any) -> None:
    """The refusal names the setting in Chinese and in English, and never shows a key."""
    with pytest.raises(SandboxRefused) as refusal:
        SandboxSettings(**FIT | {setting: value})

    chinese, english = str(refusal.value).splitlines()
    assert setting in chinese
    assert setting in english
    assert "did not start" in english
    assert not str(value).startswith(("sk_", "rk_")) or value not in str(refusal.value)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"api_key": "rk_test_x"},
        {"webhook_url": "http://[::1]:8000/webhooks/stripe"},
        {"webhook_url": "http://127.8.9.10/"},
        {"settles_in": ("gbp", "jpy")},
    ],
)
def test_test_keys_and_this_machine_are_taken(changes: dict[str, Any]) -> None:
    """The control: test keys and loopback addresses pass."""
    SandboxSettings(**FIT | changes)
