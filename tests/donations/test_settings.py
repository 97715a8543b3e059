"""Settings: read once, checked at the start; what is wrong is named, never guessed."""

import re
from pathlib import Path

import pytest

from donations_api.errors import SettingWrong
from donations_api.settings import ROOT, Settings, is_loopback

GOOD = {
    "STRIPE_API_KEY": "sk_test_1",
    "STRIPE_WEBHOOK_SECRET": "whsec_1",
    "SECRET_KEY": "0123456789abcdef",
    "SITE_URL": "https://example.org",
    "MAIL_FROM": "Gifts <gifts@example.org>",
}
LIVE = GOOD | {"STRIPE_API_KEY": "sk_live_1", "SMTP_URL": "smtps://mail.example.org"}


def test_what_is_not_given_has_a_safe_default() -> None:
    settings = Settings.from_environ(GOOD)
    assert settings.database_url == "sqlite:///var/donations.db"
    assert settings.smtp_url == "file:var/mail"
    assert (settings.content, settings.theme) == (ROOT / "content", ROOT / "theme")
    assert not settings.sandbox
    assert not settings.live


def test_blanks_and_slashes_at_the_ends_do_no_harm() -> None:
    settings = Settings.from_environ(
        {name: f" {value}\n" for name, value in GOOD.items()}
        | {
            "SITE_URL": "https://example.org/",
            "STRIPE_API_BASE": " http://127.0.0.1:8000/sandbox/ ",
        }
    )
    assert settings.stripe_api_key == "sk_test_1"
    assert settings.site_url == "https://example.org"
    assert settings.stripe_api_base == "http://127.0.0.1:8000/sandbox"
    assert settings.sandbox


def test_two_webhook_secrets_while_they_change() -> None:
    settings = Settings.from_environ(GOOD | {"STRIPE_WEBHOOK_SECRET": "whsec_1, whsec_2"})
    assert settings.webhook_secrets == ("whsec_1", "whsec_2")


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_setting_is_named(name: str, value: str | None) -> None:
    given = {key: text for key, text in GOOD.items() if key != name}
    if value is not None:
        given[name] = value
    with pytest.raises(SettingWrong) as caught:
        Settings.from_environ(given)
    assert (caught.value.message, caught.value.values) == ("setting.missing", {"name": name})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"STRIPE_API_KEY": "pk_test_1"}, "stripe_api_key"),
        ({"STRIPE_API_KEY": "sk_test_"}, "stripe_api_key"),
        ({"SECRET_KEY": "short"}, "secret_key"),
        ({"STRIPE_WEBHOOK_SECRET": "secret"}, "webhook_secret"),
        ({"STRIPE_WEBHOOK_SECRET": "whsec_"}, "webhook_secret"),
        ({"STRIPE_WEBHOOK_SECRET": "whsec_1,"}, "webhook_secret"),
        ({"DATABASE_URL": "mysql://localhost/donations"}, "database_url"),
        ({"DATABASE_URL": "sqlite:///"}, "database_url"),
        ({"DATABASE_URL": "var/donations.db"}, "database_url"),
        ({"SITE_URL": "example.org"}, "site_url"),
        ({"SITE_URL": "https://"}, "site_url"),
        ({"SITE_URL": "https:example.org"}, "site_url"),
        ({"SITE_URL": "https://example.org/?a=b"}, "site_url"),
        ({"SITE_URL": "https://[example.org"}, "site_url"),
        ({"SMTP_URL": "mail.example.org"}, "smtp_url"),
        ({"SMTP_URL": "file:"}, "smtp_url"),
        ({"SMTP_URL": "smtp://"}, "smtp_url"),
        ({"SMTP_URL": "smtp://mail.example.org:mail"}, "smtp_url"),
        ({"SMTP_URL": "smtps://mail.example.org:99999"}, "smtp_url"),
        ({"SMTP_URL": "smtp://[mail"}, "smtp_url"),
        ({"MAIL_FROM": "Gifts"}, "mail_from"),
        ({"MAIL_FROM": "gifts@例子.中国"}, "mail_from"),
        ({"STRIPE_API_BASE": "https://api.example.org"}, "stripe_api_base"),
        ({"STRIPE_API_BASE": "http://[::1"}, "stripe_api_base"),
    ],
)
def test_a_wrong_setting_is_named(changed: dict[str, str], message: str) -> None:
    with pytest.raises(SettingWrong) as caught:
        Settings.from_environ(GOOD | changed)
    assert caught.value.message == f"setting.{message}"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"STRIPE_API_BASE": "http://127.0.0.1:8000"}, "live_key_in_sandbox"),
        ({"SITE_URL": "http://example.org"}, "live_site_url"),
        ({"SMTP_URL": "file:var/mail"}, "live_smtp_url"),
        ({"STRIPE_OLD_KEY": "sk_test_2"}, "live_beside_test"),
    ],
)
def test_live_contradicts_what_is_for_trying_out(changed: dict[str, str], message: str) -> None:
    """Where real money moves, nothing of the demo may be left over."""
    assert Settings.from_environ(LIVE).live
    with pytest.raises(SettingWrong) as caught:
        Settings.from_environ(LIVE | changed)
    assert caught.value.message == f"setting.{message}"


def test_every_message_is_in_both_catalogs() -> None:
    """What stops the start is said in the operator's language."""
    code = (ROOT / "donations_api" / "settings.py").read_text("utf-8")
    ids = {f"setting.{one}" for one in re.findall(r'demand\(.+"([a-z_]+)"\)\n', code)}
    ids |= {"setting.missing", "setting.live_beside_test"}
    assert len(ids) > 10
    for language in ("zh", "en"):
        catalog = Path(ROOT / "donations_api" / "locale" / f"{language}.po").read_text("utf-8")
        assert [one for one in sorted(ids) if f'msgid "{one}"' not in catalog] == []


def test_secrets_are_not_shown() -> None:
    """A settings object in a log gives nothing away."""
    shown = repr(Settings.from_environ(GOOD | {"SMTP_URL": "smtp://user:letmein@example.org"}))
    for secret in ("sk_test_1", "whsec_1", "0123456789abcdef", "letmein"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://127.8.9.1", True),
        ("http://[::1]:80", True),
        ("smtp://localhost:25", True),
        ("http://localhost.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("http://user@example.org", False),
        ("http://127.0.0.1@example.org", False),
        ("", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected
