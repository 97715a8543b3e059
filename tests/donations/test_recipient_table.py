"""Rule L3: what a recipient's table says, what it lacks, and where money may be asked for."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from donations_api.bank_details import BankDetails
from donations_api.deadlines import Duties
from donations_api.errors import FileWrong
from donations_api.partners import Partner
from donations_api.recipients import Mode, Recipient, read_recipient
from donations_api.tables import Table

FILE = Path("organisation.toml")
CURRENCIES = {"CNY", "GBP"}
LEAST: dict[str, Any] = {
    "key": "house",
    "mode": "undeclared",
    "country": "CN",
    "time_zone": "Asia/Shanghai",
    "receipt_prefix": "XX",
    "receipt": "cn",
    "currencies": ["CNY", "GBP"],
    "appeals_in": ["zh"],
}
MORE: dict[str, Any] = {
    "methods": ["alipay", "card"],
    "legal_name": {"zh": "示例之家"},
    "registration": "000",
    "receipts_kept_years": 7,
    "certificate": "示募证000号",
    "campaign": "示备000号",
    "contact": "捐赠部",
    "check_at": "https://register.example/",
    "partner": {"name": "示例慈善会", "url": "https://give.platform.example/"},
    "bank": {"currencies": ["CNY"], "account_number": "0000"},
    "reports_from": 2026,
}
BEFORE, AFTER = date(2027, 5, 31), date(2027, 6, 1)


def read(**changed: Any) -> Recipient:
    """One of the least; None leaves a fact out."""
    values = {name: value for name, value in (LEAST | changed).items() if value is not None}
    return read_recipient(Table(FILE, "recipient[1]", values), CURRENCIES, ["zh", "en"])


def test_the_least_that_a_recipient_declares() -> None:
    """All else is empty: gifts by card, names kept for ten years."""
    assert read() == Recipient(
        key="house",
        mode=Mode.UNDECLARED,
        country="CN",
        time_zone=ZoneInfo("Asia/Shanghai"),
        receipt_prefix="XX",
        receipt="cn",
        currencies=("CNY", "GBP"),
        methods=("card",),
        appeals_in=("zh",),
        legal_name={},
        registration="",
        receipts_kept_years=10,
    )


def test_all_that_a_recipient_may_declare() -> None:
    """What is the same in every language is there in each."""
    partner = Partner({"zh": "示例慈善会", "en": "示例慈善会"}, "https://give.platform.example/")
    account = {"account_number": {"zh": "0000", "en": "0000"}}
    assert read(**MORE) == replace(
        read(),
        methods=("alipay", "card"),
        legal_name={"zh": "示例之家"},
        registration="000",
        receipts_kept_years=7,
        certificate="示募证000号",
        campaign="示备000号",
        contact={"zh": "捐赠部", "en": "捐赠部"},
        check_at="https://register.example/",
        partner=partner,
        bank=BankDetails(("CNY",), account),
        duties=Duties(2026),
    )
    told = read(contact={"zh": "甲", "en": "A"})
    assert told.contact == {"zh": "甲", "en": "A"}
    empty = ("registration", "certificate", "campaign", "contact", "check_at", "partner")
    assert read(**dict.fromkeys(empty, "")) == read()


KINDS = "acknowledgement, cn, uk_gift_aid, us"
METHODS = (
    "card, alipay, wechat_pay, bacs_debit, sepa_debit, us_bank_account, acss_debit, au_becs_debit"
)
MODES = "undeclared, info-only, partner, qualified"
AT_THE_AUTHORITY = {"legal_name": {"en": "Friends"}, "registration": "000"}
UK = {"country": "GB", "receipt": "uk_gift_aid", **AT_THE_AUTHORITY}
WRONG: dict[str, tuple[dict[str, Any], str, str, dict[str, str]]] = {
    "no kind of receipt": ({"receipt": "uk"}, "receipt", "one_of", {"choices": KINDS}),
    "a receipt of another country": (
        {"country": "GB"},
        "receipt",
        "receipt_country",
        {"receipt": "cn", "country": "GB", "choices": "acknowledgement, uk_gift_aid"},
    ),
    "Gift Aid in China": (
        UK | {"country": "CN"},
        "receipt",
        "receipt_country",
        {"receipt": "uk_gift_aid", "country": "CN", "choices": "acknowledgement, cn"},
    ),
    "Gift Aid without a name": (
        UK | {"legal_name": None},
        "legal_name",
        "receipt_legal_name",
        {"receipt": "uk_gift_aid"},
    ),
    "Gift Aid without a number": (
        UK | {"registration": ""},
        "registration",
        "receipt_registration",
        {"receipt": "uk_gift_aid"},
    ),
    "501(c)(3) without a number": (
        {"country": "US", "receipt": "us", "legal_name": {"en": "x"}},
        "registration",
        "receipt_registration",
        {"receipt": "us"},
    ),
    "an unknown method": ({"methods": ["card", "cash"]}, "methods", "one_of", {"choices": METHODS}),
    "no method": ({"methods": []}, "methods", "one_of", {"choices": METHODS}),
    "a text for methods": ({"methods": "card"}, "methods", "one_of", {"choices": METHODS}),
    "a set of letters": ({"methods": ""}, "methods", "one_of", {"choices": METHODS}),
    "unknown currencies": (
        {"currencies": ["XYZ", "CNY", "ABC"]},
        "currencies",
        "unknown_currency",
        {"codes": "ABC, XYZ"},
    ),
    "no currency": ({"currencies": []}, "currencies", "needed", {}),
    "an unknown mode": ({"mode": "yes"}, "mode", "one_of", {"choices": MODES}),
    "no mode": ({"mode": None}, "mode", "needed", {}),
    "no such time zone": ({"time_zone": "Asia/Nowhere"}, "time_zone", "time_zone", {}),
    "no time zone": ({"time_zone": "../x"}, "time_zone", "time_zone", {}),
    "a folder of time zones": ({"time_zone": "Asia"}, "time_zone", "time_zone", {}),
    "no key": ({"key": None}, "key", "needed", {}),
    "no prefix": ({"receipt_prefix": ""}, "receipt_prefix", "needed", {}),
    "no country": ({"country": None}, "country", "needed", {}),
    "no receipt": ({"receipt": None}, "receipt", "needed", {}),
    "no appeals": ({"appeals_in": None}, "appeals_in", "needed", {}),
    "a text for appeals": ({"appeals_in": "zh"}, "appeals_in", "list", {}),
    "an empty legal name": ({"legal_name": {}}, "legal_name", "needed", {}),
    "a text for a legal name": ({"legal_name": "x"}, "legal_name", "texts", {}),
    "a number for a registration": ({"registration": 5}, "registration", "text", {}),
    "a number for a certificate": ({"certificate": 5}, "certificate", "text", {}),
    "a number for a campaign": ({"campaign": 5}, "campaign", "text", {}),
    "a number for a contact": ({"contact": 5}, "contact", "texts", {}),
    "a number for an address": ({"check_at": 5}, "check_at", "text", {}),
    "an address that is not safe": ({"check_at": "http://x.example"}, "check_at", "https", {}),
    "a text for a partner": ({"partner": "x"}, "partner", "texts", {}),
    "an empty bank": ({"bank": {}}, "bank", "needed", {}),
    "too few years": ({"receipts_kept_years": 6}, "receipts_kept_years", "kept_years", {}),
    "too many years": ({"receipts_kept_years": 101}, "receipts_kept_years", "kept_years", {}),
    "a truth for years": ({"receipts_kept_years": True}, "receipts_kept_years", "kept_years", {}),
    "half a year": ({"receipts_kept_years": 7.0}, "receipts_kept_years", "kept_years", {}),
    "a text for the first year": ({"reports_from": "2026"}, "reports_from", "reports_from", {}),
    "a truth for the first year": ({"reports_from": True}, "reports_from", "reports_from", {}),
    "no first year where one asks": ({"mode": "qualified"}, "reports_from", "reports_from", {}),
    "a zero where one asks": (
        {"mode": "qualified", "reports_from": 0},
        "reports_from",
        "reports_from",
        {},
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_told_with_its_place_and_what_would_do(name: str) -> None:
    """In the recipient's table, whichever it is."""
    changed, key, message, more = WRONG[name]
    with pytest.raises(FileWrong) as wrong:
        read(**changed)
    told = {"file": "organisation.toml", "where": f"recipient[1].{key}", **more}
    assert (wrong.value.message, wrong.value.values) == (f"file.{message}", told)
    assert wrong.value.__cause__ is None


@pytest.mark.parametrize(
    ("changed", "reports_from"),
    [
        ({"mode": "qualified", "reports_from": 2026}, 2026),
        ({"reports_from": 2026}, 2026),
        ({"mode": "partner"}, 0),
        ({"mode": "info-only"}, 0),
        ({"mode": "qualified", "country": "HK", "receipt": "acknowledgement"}, 0),
        ({"country": "HK", "receipt": "acknowledgement", "reports_from": 2026}, 0),
    ],
)
def test_reports_are_owed_in_mainland_china(changed: dict[str, Any], reports_from: int) -> None:
    """L4: from the year that is said; elsewhere to nobody here."""
    assert read(**changed).duties == Duties(reports_from)


@pytest.mark.parametrize(
    ("country", "receipt"),
    [("CN", "acknowledgement"), ("GB", "acknowledgement"), ("GB", "uk_gift_aid"), ("US", "us")],
)
def test_a_receipt_fits_its_country(country: str, receipt: str) -> None:
    """An acknowledgement fits everywhere; the others with what their authority wants."""
    made = read(country=country, receipt=receipt, **AT_THE_AUTHORITY)
    assert (made.country, made.receipt) == (country, receipt)
    for years in (7, 100):
        assert read(receipts_kept_years=years).receipts_kept_years == years


LACKING: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "undeclared": ({"mode": "undeclared"}, ()),
    "for information": ({"mode": "info-only"}, ()),
    "a partner without a word": ({"mode": "partner"}, ("partner.name", "partner.url")),
    "a partner without a name": (
        {"mode": "partner", "partner": {"url": "https://x.example"}},
        ("partner.name",),
    ),
    "a partner": ({"mode": "partner", "partner": {"name": "x", "url": "https://x.example"}}, ()),
    "qualified without a word": (
        {"mode": "qualified"},
        ("legal_name", "certificate", "contact", "check_at"),
    ),
    "abroad": (
        {"mode": "qualified", "country": "HK", "receipt": "acknowledgement"},
        ("legal_name", "registration", "contact", "check_at"),
    ),
    "qualified": (MORE | {"mode": "qualified", "registration": None}, ()),
    "qualified abroad": (
        MORE
        | {
            "mode": "qualified",
            "country": "HK",
            "receipt": "acknowledgement",
            "certificate": None,
        },
        (),
    ),
}


@pytest.mark.parametrize("name", LACKING)
def test_what_a_mode_wants_is_lacking_or_there(name: str) -> None:
    """What nobody can check declares nothing."""
    changed, lacking = LACKING[name]
    made = read(**({"reports_from": 2026} | changed))
    assert made.lacking == lacking
    assert made.declared is (made.mode in (Mode.PARTNER, Mode.QUALIFIED) and not lacking)


@pytest.mark.parametrize(
    ("mode", "live", "sandbox"),
    [
        (Mode.UNDECLARED, False, True),
        (Mode.INFO_ONLY, False, False),
        (Mode.PARTNER, False, False),
        (Mode.QUALIFIED, True, True),
    ],
)
def test_who_may_ask_may_show_where_to_transfer_to(mode: Mode, live: bool, sandbox: bool) -> None:
    """L3, L4: in its languages, until a report is overdue; in the sandbox, where no money moves."""
    made = replace(read(**MORE), mode=mode)
    account = {"account_number": {"zh": "0000", "en": "0000"}}
    for is_sandbox, may in ((False, live), (True, sandbox)):
        on_time: dict[str, Any] = {"sandbox": is_sandbox, "today": BEFORE}
        assert made.may_ask(sandbox=is_sandbox, today=BEFORE) is may
        assert made.appeals("zh", sandbox=is_sandbox, today=BEFORE) is may
        assert made.appeals("en", sandbox=is_sandbox, today=BEFORE) is False
        assert made.shown_bank("zh", **on_time) == (account if may else {})
        assert made.shown_bank("en", **on_time) == {}
        late = mode is Mode.UNDECLARED and is_sandbox
        assert made.may_ask(sandbox=is_sandbox, today=AFTER) is late
        assert made.shown_bank("zh", sandbox=is_sandbox, today=AFTER) == (account if late else {})
        bare = replace(made, bank=None)
        assert bare.shown_bank("zh", **on_time) == {}
        lacking = replace(made, contact={})
        assert lacking.may_ask(sandbox=is_sandbox, today=BEFORE) is late
