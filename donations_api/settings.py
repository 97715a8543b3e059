"""What the environment tells the donation portal: read once, checked at start, then passed on.

A missing or contradicting setting stops the start with its name, never a guess.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from donations_api.errors import SettingWrong

ROOT = Path(__file__).resolve().parent.parent

# The version of Stripe's API that we speak. The webhook's endpoint at Stripe must be set to it too,
# because the endpoint's own version gives the events their shape.
STRIPE_API_VERSION = "2026-10-28.endive"

_SHORTEST_SECRET = 16
_KEY = re.compile(r"(?:sk|rk)_(live|test)_\w+")
_WEBHOOK_SECRET = re.compile(r"whsec_\S+")
_DATABASE = re.compile(r"sqlite:///.+|postgres(ql)?://.+")
_SITE = re.compile(r"https?://[^?#\s]+")  # paths are put behind it
_FOLDER = re.compile(r"file:.+")
_ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")  # a Chinese domain in its ASCII form


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the portal keeps its books, whom it talks to, and under which names.

    ``stripe_api_base`` is empty but for the sandbox. ``webhook_secrets`` are one, or two while
    the operator changes from one to the other.
    """

    database_url: str = field(repr=False)
    stripe_api_key: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(repr=False)
    secret_key: str = field(repr=False)
    site_url: str
    smtp_url: str = field(repr=False)
    mail_from: str
    stripe_api_base: str = ""
    content: Path = ROOT / "content"
    theme: Path = ROOT / "theme"

    @property
    def sandbox(self) -> bool:
        """Whether payments go to the local stand-in, where no money moves."""
        return bool(self.stripe_api_base)

    @property
    def live(self) -> bool:
        """Whether real money moves."""
        return "_live_" in self.stripe_api_key

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check the settings. Raises SettingWrong, which names the setting."""
        given = {name: value.strip() for name, value in environ.items()}

        def need(name: str) -> str:
            if not given.get(name):
                raise SettingWrong("setting.missing", name=name)
            return given[name]

        settings = cls(
            database_url=given.get("DATABASE_URL") or "sqlite:///var/donations.db",
            stripe_api_key=need("STRIPE_API_KEY"),
            webhook_secrets=tuple(s.strip() for s in need("STRIPE_WEBHOOK_SECRET").split(",")),
            secret_key=need("SECRET_KEY"),
            site_url=need("SITE_URL").rstrip("/"),
            smtp_url=given.get("SMTP_URL") or "file:var/mail",
            mail_from=need("MAIL_FROM"),
            stripe_api_base=given.get("STRIPE_API_BASE", "").rstrip("/"),
            content=Path(given.get("CONTENT") or ROOT / "content"),
        )
        settings._refuse_contradictions()
        _refuse_live_beside_test(given)
        return settings

    def _refuse_contradictions(self) -> None:
        def demand(fine: bool, message: str) -> None:
            if not fine:
                raise SettingWrong(f"setting.{message}")

        demand(bool(_KEY.fullmatch(self.stripe_api_key)), "stripe_api_key")
        demand(len(self.secret_key) >= _SHORTEST_SECRET, "secret_key")
        demand(all(map(_WEBHOOK_SECRET.fullmatch, self.webhook_secrets)), "webhook_secret")
        demand(bool(_DATABASE.fullmatch(self.database_url)), "database_url")
        demand(bool(_SITE.fullmatch(self.site_url) and _host(self.site_url)), "site_url")
        demand(bool(_FOLDER.fullmatch(self.smtp_url) or self._has_mail_server()), "smtp_url")
        demand(bool(_ADDRESS.fullmatch(parseaddr(self.mail_from)[1])), "mail_from")
        demand(not self.sandbox or is_loopback(self.stripe_api_base), "stripe_api_base")
        demand(not (self.live and self.sandbox), "live_key_in_sandbox")
        demand(not self.live or self.site_url.startswith("https://"), "live_site_url")
        demand(not self.live or not self.smtp_url.startswith("file:"), "live_smtp_url")

    def _has_mail_server(self) -> bool:
        return self.smtp_url.startswith(("smtp://", "smtps://")) and bool(_host(self.smtp_url))


def _host(url: str) -> str:
    """The host that an address names; empty where there is none, or its port cannot be one."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.port != 0 else ""
    except ValueError:
        return ""


def is_loopback(url: str) -> bool:
    """Whether the address leads to this very machine."""
    host = _host(url)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse_live_beside_test(given: Mapping[str, str]) -> None:
    """A live key beside a test one means that one of them is in the wrong place."""
    mode = {
        name: "live" if "_live_" in value else "test"
        for name, value in given.items()
        if name.startswith("STRIPE_") and re.search(r"_(live|test)_", value)
    }
    live = sorted(name for name in mode if mode[name] == "live")
    test = sorted(name for name in mode if mode[name] == "test")
    if live and test:
        raise SettingWrong("setting.live_beside_test", live=", ".join(live), test=", ".join(test))
