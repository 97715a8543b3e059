"""What may be given, to whom and how: ``donations.toml`` and ``organisation.toml``, checked.

The form, the portal and the site's own checks all read them through this module, so that the form
never offers what the portal refuses. Every error says which file, where in it, and what to write.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from donations_api.errors import FileWrong
from donations_api.money import AmountUnreadable, Money, parse_amount

# Texts by language code, as the files have them: {"zh": "…", "en": "…"}.
Texts = Mapping[str, str]


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
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """A legal body that receives gifts, as the organisation declares it."""

    key: str
    mode: Mode
    country: str
    time_zone: ZoneInfo
    receipt_prefix: str
    receipt: str
    currencies: tuple[str, ...]
    appeals_in: tuple[str, ...]
    legal_name: Texts
    registration: str

    def may_ask(self, *, sandbox: bool) -> bool:
        """Whether a form may ask for money for this recipient (rule L3).

        An undeclared recipient may in the sandbox, where no money moves.
        """
        return self.mode is Mode.QUALIFIED or (self.mode is Mode.UNDECLARED and sandbox)


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency that may be given, with its suggested amounts and its bounds (both inclusive)."""

    code: str
    suggested: tuple[Money, ...]
    smallest: Money
    largest: Money


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

    def asking(self, language: str, *, sandbox: bool) -> tuple[Recipient, ...]:
        """For whom a form in ``language`` (its code) may ask; none: the page informs (rule L3)."""
        return tuple(
            recipient
            for recipient in self.recipients
            if recipient.may_ask(sandbox=sandbox) and language in recipient.appeals_in
        )

    def offered(self, recipients: Sequence[Recipient]) -> tuple[Currency, ...]:
        """The currencies that a form for ``recipients`` offers: each is taken by one of them."""
        taken = {code for recipient in recipients for code in recipient.currencies}
        return tuple(currency for currency in self.currencies if currency.code in taken)


def load_giving(content: Path) -> Giving:
    """Read both files in the folder ``content``. Raises FileWrong."""
    organisation = _Table.read(content / "organisation.toml")
    donations = _Table.read(content / "donations.toml")
    currencies = tuple(_currency(table) for table in donations.tables("currency"))
    known = {currency.code for currency in currencies}
    recipients = tuple(_recipient(table, known) for table in organisation.tables("recipient"))
    prefixes = [recipient.receipt_prefix for recipient in recipients]
    if len(set(prefixes)) < len(prefixes):
        # Each recipient counts for itself, so two receipts would have the same number.
        organisation.refuse("recipient.receipt_prefix", "file.same_prefix")
    return Giving(
        organisation=Organisation(
            name=organisation.texts("name"),
            short_name=organisation.texts("short_name"),
            facts=organisation.values,
        ),
        recipients=recipients,
        currencies=currencies,
        funds=tuple(
            Fund(table.text("key"), table.texts("name")) for table in donations.tables("fund")
        ),
        consent_version=donations.text("consent_version"),
        default_currency=donations.texts("default_currency"),
    )


def _recipient(table: "_Table", currencies: set[str]) -> Recipient:
    kind, country = table.text("receipt"), table.text("country")
    if kind not in RECEIPT_KINDS:
        table.refuse("receipt", "file.one_of", choices=", ".join(RECEIPT_KINDS))
    if (rightful := RECEIPT_KINDS[kind]) is not None and country not in rightful:
        table.refuse("receipt", "file.receipt_country", receipt=kind, country=country)
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
        appeals_in=tuple(table.list("appeals_in")),
        legal_name=table.texts("legal_name") if "legal_name" in table.values else {},
        registration=table.values.get("registration", ""),
    )


def _currency(table: "_Table") -> Currency:
    code = table.text("code")

    def money(key: str, value: object) -> Money:
        try:
            return parse_amount(str(value), code)
        except AmountUnreadable:
            table.refuse(key, "file.amount", value=str(value), currency=code)

    suggested = tuple(money("suggested", value) for value in table.list("suggested"))
    smallest = money("smallest", table.need("smallest"))
    largest = money("largest", table.need("largest"))
    for amount in suggested:
        if not smallest.minor <= amount.minor <= largest.minor:
            table.refuse(
                "suggested",
                "file.amount_bounds",
                value=str(amount.decimal),
                currency=code,
            )
    return Currency(code, suggested, smallest, largest)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of a TOML file that knows where it stands, for errors that say so."""

    file: Path
    where: str
    values: Mapping[str, Any]

    @classmethod
    def read(cls, file: Path) -> "_Table":
        try:
            return cls(file, "", tomllib.loads(file.read_text(encoding="utf-8-sig")))
        except FileNotFoundError:
            raise FileWrong("file.missing", file=str(file)) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise FileWrong("file.unreadable", file=str(file), reason=str(error)) from None

    def refuse(self, key: str, message: str, **values: str) -> NoReturn:
        where = f"{self.where}.{key}".lstrip(".")
        raise FileWrong(message, file=str(self.file), where=where, **values)

    def need(self, key: str) -> Any:
        if self.values.get(key) in (None, "", [], {}):
            self.refuse(key, "file.needed")
        return self.values[key]

    def text(self, key: str) -> str:
        value = self.need(key)
        if not isinstance(value, str):
            self.refuse(key, "file.text")
        return value

    def list(self, key: str) -> list[Any]:
        value = self.need(key)
        if not isinstance(value, list):
            self.refuse(key, "file.list")
        return value

    def texts(self, key: str) -> Texts:
        value = self.need(key)
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.refuse(key, "file.texts")
        return value

    def tables(self, key: str) -> Iterator["_Table"]:
        for number, value in enumerate(self.list(key), start=1):
            if not isinstance(value, dict):
                self.refuse(key, "file.tables", table=key)
            yield _Table(self.file, f"{key}[{number}]", value)
