"""One letter of each kind, with each of its turns of phrase, and what it says."""

from typing import Any

from donations_api.frame import Frame
from donations_api.letters import Addresses, compose
from donations_api.mailer import Letter

SITE = "https://charity.example"
LINKS = Addresses(
    gift=f"{SITE}/gifts/token",
    pledge=f"{SITE}/pledges/token",
    give=f"{SITE}/reminders/token",
    stop=f"{SITE}/pledges/token-of-the-reminder",
    unsubscribe=f"{SITE}/pledges/token-of-the-reminder/stop",
)
DOCUMENT = {
    "number": "XX-2026-000002",
    "legal_name": {},
    "recipient": "house",
    "received_at": "2026-11-23T17:00:00+00:00",
    "issued_at": "2026-11-24T17:00:00.123456+00:00",
}
CANCELLATION = DOCUMENT | {
    "kind": "cancellation",
    "cancels": "XX-2026-000001",
    "gift_amount": 5000,
    "remaining": 2405,
    "reason": "refund",
}
# Each letter with each of its turns of phrase: its kind, and what it says beside the rest.
LETTERS: dict[str, tuple[str, dict[str, Any]]] = {
    "receipt": ("receipt", DOCUMENT | {"kind": "cn"}),
    "receipt, once": ("receipt", DOCUMENT | {"kind": "cn", "frequency": "once"}),
    "receipt, reminder": ("receipt", DOCUMENT | {"kind": "cn", "frequency": "reminder"}),
    "receipt, abroad": ("receipt", DOCUMENT | {"kind": "acknowledgement"}),
    "receipt, US": ("receipt", DOCUMENT | {"kind": "us", "registration": "00-0000000"}),
    "receipt, UK": ("receipt", DOCUMENT | {"kind": "uk_gift_aid"}),
    "receipt, UK, declared": ("receipt", DOCUMENT | {"kind": "uk_gift_aid", "gift_aid": True}),
    "receipt, copy": ("receipt", DOCUMENT | {"kind": "cn", "copy": True}),
    "refunded in part": ("cancellation", CANCELLATION),
    "refunded": ("cancellation", CANCELLATION | {"gift_amount": 2595, "remaining": 0}),
    "disputed": ("cancellation", CANCELLATION | {"reason": "dispute"}),
    "given back": ("cancellation", CANCELLATION | {"reason": "correction"}),
    "year": (
        "yearly",
        {
            "kind": "yearly",
            "year": 2026,
            "gifts": [{}],
            "totals": [{"currency": "GBP", "amount": 3595, "returned": 1000}],
            "legal_name": {},
            "country": "CN",
            "issued_at": "2027-01-04T17:00:00+00:00",
        },
    ),
    "restored": (
        "restoration",
        DOCUMENT | {"kind": "restoration", "restores": "XX-2026-000001"},
    ),
    "debit failed": ("debit_failed", {"frequency": "once"}),
    "renewal failed": (
        "renewal_failed",
        {"next_try": "2026-11-30T17:00:00+00:00", "last_try": False},
    ),
    "last renewal failed": ("renewal_failed", {"next_try": None, "last_try": True}),
    "ended, asked": ("pledge_ended", {"reason": "asked"}),
    "ended, unpaid": ("pledge_ended", {"reason": "unpaid"}),
    "ended, other": ("pledge_ended", {"reason": "other"}),
    "amount changed": ("pledge_changed", {"change": "amount", "resumes_at": None}),
    "paused": (
        "pledge_changed",
        {"change": "paused", "resumes_at": "2026-12-31T17:00:00+00:00"},
    ),
    "resumed": ("pledge_changed", {"change": "resumed", "resumes_at": None}),
    "ticket": (
        "ticket",
        {
            "receipt_number": "XX-2026-000002",
            "ticket_number": "6100012345",
            "ticket_day": "2026-12-03T12:00:00+08:00",
        },
    ),
    "transfer": (
        "transfer",
        {
            "frequency": "once",
            "transfer_code": "K7QM-4TXB",
            "bank": {"account_number": {"zh": "6222 0000 0000", "en": "6222 0000 0000"}},
        },
    ),
    "transfer, no account": (
        "transfer",
        {"frequency": "once", "transfer_code": "K7QM-4TXB", "bank": {}},
    ),
    "reminder": ("reminder", {"period": "2026-12", "frequency": "reminder"}),
}


def facts(language: str) -> dict[str, Any]:
    """What every letter says: of a monthly gift of £25.95, cost of the payment included."""
    return {
        "language": language,
        "demo": False,
        "donor": {"zh": "张伟", "en": "Ann Lee"}[language],
        "dedication": {"zh": "外婆", "en": "Grandma"}[language],
        "organisation": {"zh": "某某援助", "en": "Some Aid"},
        "organisation_short": {"zh": "某某", "en": "Some"},
        "fund": {"zh": "最需要的地方", "en": "Where it is needed most"},
        "time_zone": "Asia/Shanghai",
        "amount": 2595,
        "currency": "GBP",
        "frequency": "monthly",
        "fee_cover": 95,
    }


def a_letter(
    frame: Frame, name: str, language: str, links: Addresses = LINKS, **changed: Any
) -> Letter:
    """The letter called ``name`` in ``LETTERS``; ``changed`` is what it says otherwise."""
    kind, own = LETTERS[name]
    return compose(frame, links, kind, facts(language) | own | changed)
