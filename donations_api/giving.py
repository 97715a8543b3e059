"""What may be given, to whom and how: ``donations.toml`` and ``organisation.toml``, checked.

The form, the portal and the site's own checks all read them through this module, so that the form
never offers what the portal refuses. Every error says which file, where in it, and what to write.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from donations_api.bank_details import BankDetails, read_bank
from donations_api.currencies import Currency, read_currency
from donations_api.deadlines import COUNTRY, Duties, read_duties
from donations_api.methods import FREQUENCIES, METHODS, Fitting, fitting
from donations_api.tables import Table, Texts

_KEPT_YEARS = 10
_YEARS = range(7, 101)  # Gift Aid needs seven at least


class Mode(StrEnum):
    """A recipient's fundraising mode (rule L3)."""

    UNDECLARED = "undeclared"
    INFO_ONLY = "info-only"
    PARTNER = "partner"
    QUALIFIED = "qualified"


# Which countries' recipients a kind of receipt is right for; a wrong pairing is refused.
RECEIPT_KINDS: dict[str, frozenset[str] | None] = {
    "acknowledgement": None,
    "cn": frozenset({"CN"}),
    "uk_gift_aid": frozenset({"GB"}),
    "us": frozenset({"US"}),
}
# Those that are worth nothing without the recipient's legal name and its number at the authority.
_REGISTERED = ("uk_gift_aid", "us")


@dataclass(frozen=True, slots=True)
class Recipient:
    """A legal body that receives gifts, as the organisation declares it.

    ``receipts_kept_years``: how many years after that of a receipt its donor's name is kept.
    """

    key: str
    mode: Mode
    country: str
    time_zone: ZoneInfo
    receipt_prefix: str
    receipt: str
    currencies: tuple[str, ...]
    methods: tuple[str, ...]
    appeals_in: tuple[str, ...]
    legal_name: Texts
    registration: str
    receipts_kept_years: int
    bank: BankDetails | None = None
    duties: Duties = field(default_factory=Duties)

    def may_ask(self, *, sandbox: bool, today: date) -> bool:
        """Whether a form may ask for money for this recipient (rules L3 and L4).

        An undeclared recipient may in the sandbox, where no money moves. One whose report is
        overdue may not until it is published.
        """
        if self.mode is Mode.UNDECLARED:
            return sandbox
        return self.mode is Mode.QUALIFIED and not self.duties.overdue(today)

    def shown_bank(self, *, sandbox: bool, today: date) -> dict[str, dict[str, str]]:
        """What donors are told for a transfer; nothing where no money may be asked for (L3)."""
        if not self.bank or not self.may_ask(sandbox=sandbox, today=today):
            return {}
        return {key: dict(texts) for key, texts in self.bank.texts.items()}


@dataclass(frozen=True, slots=True)
class Fund:
    """What a gift can be meant for."""

    key: str
    name: Texts


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who we are. ``facts`` is organisation.toml as it stands; unknown facts are absent."""

    name: Texts
    short_name: Texts
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Giving:
    """Everything that may be given."""

    organisation: Organisation
    recipients: tuple[Recipient, ...]
    currencies: tuple[Currency, ...]
    funds: tuple[Fund, ...]
    consent_version: str
    default_currency: Texts

    def currency(self, code: str) -> Currency | None:
        return next((currency for currency in self.currencies if currency.code == code), None)

    def fund(self, key: str) -> Fund | None:
        return next((fund for fund in self.funds if fund.key == key), None)

    def recipient(self, key: str) -> Recipient | None:
        return next((recipient for recipient in self.recipients if recipient.key == key), None)

    def day(self, now: datetime) -> date:
        """The day on which the rules look at the moment ``now`` (UTC), as the books count days."""
        return now.astimezone(self.recipients[0].time_zone).date()

    def asking(self, language: str, *, sandbox: bool, today: date) -> tuple[Recipient, ...]:
        """For whom a form in ``language`` (its code) may ask; none: the page informs (rule L3)."""
        return tuple(
            recipient
            for recipient in self.recipients
            if recipient.may_ask(sandbox=sandbox, today=today) and language in recipient.appeals_in
        )

    def offered(self, recipients: Sequence[Recipient]) -> tuple[Currency, ...]:
        """The currencies that a form for ``recipients`` offers: each is taken by one of them."""
        taken = {code for recipient in recipients for code in recipient.currencies}
        return tuple(currency for currency in self.currencies if currency.code in taken)

    def form(self, language: str, *, sandbox: bool, today: date) -> dict[str, Any]:
        """What the form's template needs, at build and in the portal alike.

        ``ways`` says for each currency what fits a single gift (``once``) and a ``monthly`` one.
        """
        recipients = self.asking(language, sandbox=sandbox, today=today)
        return {
            "giving": self,
            "recipients": recipients,
            "frequencies": FREQUENCIES,
            "transfers": any(one.shown_bank(sandbox=sandbox, today=today) for one in recipients),
            "ways": {
                one.code: {
                    often: _fitting(recipients, one.code, often) for often in ("once", "monthly")
                }
                for one in self.offered(recipients)
            },
        }


def _fitting(recipients: Sequence[Recipient], currency: str, often: str) -> Fitting:
    taken = (one.methods for one in recipients if currency in one.currencies)
    return fitting(tuple(dict.fromkeys(key for keys in taken for key in keys)), currency, often)


def load_giving(content: Path) -> Giving:
    """Read both files in the folder ``content``. Raises FileWrong."""
    organisation = Table.read(content / "organisation.toml")
    donations = Table.read(content / "donations.toml")
    currencies = tuple(read_currency(table) for table in donations.tables("currency"))
    known = {currency.code for currency in currencies}
    languages = tuple(organisation.texts("name"))
    recipients = tuple(
        _recipient(table, known, languages) for table in organisation.tables("recipient")
    )
    prefixes = [recipient.receipt_prefix for recipient in recipients]
    if len(set(prefixes)) < len(prefixes):
        # Each recipient counts for itself, so two receipts would have the same number.
        organisation.refuse("recipient.receipt_prefix", "file.same_prefix")
    duties = read_duties(content, {one.key: one.duties.reports_from for one in recipients})
    return Giving(
        organisation=Organisation(
            name=organisation.texts("name"),
            short_name=organisation.texts("short_name"),
            facts=organisation.values,
        ),
        recipients=tuple(replace(one, duties=duties[one.key]) for one in recipients),
        currencies=currencies,
        funds=tuple(
            Fund(table.text("key"), table.texts("name")) for table in donations.tables("fund")
        ),
        consent_version=donations.text("consent_version"),
        default_currency=donations.texts("default_currency"),
    )


def _recipient(table: Table, currencies: set[str], languages: Sequence[str]) -> Recipient:
    kind, country = table.text("receipt"), table.text("country")
    if kind not in RECEIPT_KINDS:
        table.refuse("receipt", "file.one_of", choices=", ".join(RECEIPT_KINDS))
    if (rightful := RECEIPT_KINDS[kind]) is not None and country not in rightful:
        fitting_kinds = [key for key, only in RECEIPT_KINDS.items() if not only or country in only]
        table.refuse(
            "receipt",
            "file.receipt_country",
            receipt=kind,
            country=country,
            choices=", ".join(fitting_kinds),
        )
    for fact in ("legal_name", "registration") if kind in _REGISTERED else ():
        if not table.values.get(fact):
            table.refuse(fact, f"file.receipt_{fact}", receipt=kind)
    methods = table.values.get("methods", ["card"])
    if not isinstance(methods, list) or not methods or set(methods) - set(METHODS):
        table.refuse("methods", "file.one_of", choices=", ".join(METHODS))
    if unknown := sorted(set(table.list("currencies")) - currencies):
        table.refuse("currencies", "file.unknown_currency", codes=", ".join(unknown))
    try:
        mode = Mode(table.text("mode"))
    except ValueError:
        table.refuse("mode", "file.one_of", choices=", ".join(Mode))
    try:
        time_zone = ZoneInfo(table.text("time_zone"))
    except (ZoneInfoNotFoundError, ValueError):
        table.refuse("time_zone", "file.time_zone")
    return Recipient(
        key=table.text("key"),
        mode=mode,
        country=country,
        time_zone=time_zone,
        receipt_prefix=table.text("receipt_prefix"),
        receipt=kind,
        currencies=tuple(table.list("currencies")),
        methods=tuple(methods),
        appeals_in=tuple(table.list("appeals_in")),
        legal_name=table.texts("legal_name") if "legal_name" in table.values else {},
        registration=table.text("registration") if table.values.get("registration") else "",
        receipts_kept_years=_kept_years(table),
        bank=read_bank(table, languages) if "bank" in table.values else None,
        duties=Duties(_reports_from(table, country, mode)),
    )


def _reports_from(table: Table, country: str, mode: Mode) -> int:
    """The first year whose report is owed (rule L4); who asks in mainland China has to say it."""
    year = table.values.get("reports_from", 0)
    if type(year) is not int or (not year and country == COUNTRY and mode is Mode.QUALIFIED):
        table.refuse("reports_from", "file.reports_from")
    return year if country == COUNTRY else 0


def _kept_years(table: Table) -> int:
    years = table.values.get("receipts_kept_years", _KEPT_YEARS)
    if type(years) is not int or years not in _YEARS:
        table.refuse("receipts_kept_years", "file.kept_years")
    return years
