"""A legal body that receives gifts: ``[[recipient]]`` of organisation.toml, and its mode (rule L3).

Whether money may be asked for is decided here alone; site, checks and portal ask this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from donations_api.bank_details import BankDetails, read_bank
from donations_api.deadlines import COUNTRY, Duties
from donations_api.methods import METHODS
from donations_api.partners import Partner, read_partner
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

    ``certificate`` is that of public fundraising, ``campaign`` the number under which one is filed,
    ``check_at`` the address of the public register. ``receipts_kept_years``: how many years after
    that of a receipt its donor's name is kept.
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
    certificate: str = ""
    campaign: str = ""
    contact: Texts = field(default_factory=dict)
    check_at: str = ""
    partner: Partner | None = None
    bank: BankDetails | None = None
    duties: Duties = field(default_factory=Duties)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The facts without which its mode does not hold: what the page that asks has to show."""
        partner = self.partner or Partner({}, "")
        if self.mode is Mode.PARTNER:
            wanted = {"partner.name": partner.name, "partner.url": partner.url}
        elif self.mode is Mode.QUALIFIED:
            proof = "certificate" if self.country == COUNTRY else "registration"
            wanted = {
                "legal_name": self.legal_name,
                proof: getattr(self, proof),
                "contact": self.contact,
                "check_at": self.check_at,
            }
        else:
            return ()
        return tuple(name for name, fact in wanted.items() if not fact)

    @property
    def declared(self) -> bool:
        """Whether money is raised for it, here or by a partner, with all that has to be shown."""
        return self.mode in (Mode.PARTNER, Mode.QUALIFIED) and not self.lacking

    def may_ask(self, *, sandbox: bool, today: date) -> bool:
        """Whether a form may ask for money for this recipient (rules L3 and L4).

        An undeclared recipient may in the sandbox, where no money moves. One whose report is
        overdue may not until it is published.
        """
        if self.mode is Mode.UNDECLARED:
            return sandbox
        return self.mode is Mode.QUALIFIED and self.declared and not self.duties.overdue(today)

    def appeals(self, language: str, *, sandbox: bool, today: date) -> bool:
        """As ``may_ask``, in a language (its code)."""
        return language in self.appeals_in and self.may_ask(sandbox=sandbox, today=today)

    def shown_bank(self, language: str, *, sandbox: bool, today: date) -> dict[str, dict[str, str]]:
        """What donors are told for a transfer; nothing where no money may be asked for (L3)."""
        if not self.bank or not self.appeals(language, sandbox=sandbox, today=today):
            return {}
        return {key: dict(texts) for key, texts in self.bank.texts.items()}


def read_recipient(table: Table, currencies: set[str], languages: Sequence[str]) -> Recipient:
    """One table, without what may still be unknown. Raises FileWrong."""
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
    except (ZoneInfoNotFoundError, ValueError, OSError):  # "Asia" is a folder of them
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
        certificate=table.text("certificate") if table.values.get("certificate") else "",
        campaign=table.text("campaign") if table.values.get("campaign") else "",
        contact=table.told("contact", languages) if table.values.get("contact") else {},
        check_at=table.address("check_at") if table.values.get("check_at") else "",
        partner=read_partner(table, languages) if table.values.get("partner") else None,
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
