"""What the sandbox is told at its start, and its refusal of anything that looks live."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from donations_api.sandbox import rates
from donations_api.sandbox.wording import in_both_languages

# At once, then ever more slowly: the waits add up to a little under Stripe's three days.
_RETRY_AFTER = (5, 30, 120, 600, 3600, 10800, 21600, 43200, 43200, 43200, 43200, 43200)


class SandboxRefused(ValueError):
    """A setting is unfit for a sandbox; the message says which one and how to mend it."""

    def __init__(self, setting: str, reason: str) -> None:
        super().__init__(in_both_languages(f"refused.{reason}", setting=setting))
        self.setting = setting
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Where the sandbox is found and whom it tells.

    ``public_url``: where the donor's browser finds it, such as ``http://127.0.0.1:8000/sandbox``.
    ``api_key``: ``sk_test_…`` or ``rk_test_…``. ``webhook_secret``: ``whsec_…``.
    ``webhook_url``: where events are posted. ``database``: a SQLite file of its own.
    ``clock``: seconds since the epoch, UTC. ``retry_after``: seconds to wait after the first,
    second, … failed delivery; after the last one the event is given up.
    ``answer_within``: seconds the webhook has to answer. ``settles_in``: the currencies in which
    the account keeps a balance (``gbp``); a payment in another one is converted into the first of
    them. Empty: a balance in every currency.

    Raises SandboxRefused for a live key, for an address that is not this machine's own, and for a
    currency of the account that has no rate.
    """

    public_url: str
    api_key: str
    webhook_secret: str
    webhook_url: str
    database: Path
    clock: Callable[[], float] = time.time
    retry_after: tuple[float, ...] = _RETRY_AFTER
    answer_within: float = 10
    settles_in: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.api_key.startswith(("sk_test_", "rk_test_")):
            raise SandboxRefused("api_key", "key_not_for_tests")
        if not self.webhook_secret.startswith("whsec_"):
            raise SandboxRefused("webhook_secret", "secret_unreadable")
        for setting in ("public_url", "webhook_url"):
            if not _is_loopback(getattr(self, setting)):
                raise SandboxRefused(setting, "address_not_loopback")
        if not all(rates.known(currency) for currency in self.settles_in):
            raise SandboxRefused("settles_in", "currency_without_rate")


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.port == 0 or not parts.hostname:
            return False
        return parts.hostname == "localhost" or ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
