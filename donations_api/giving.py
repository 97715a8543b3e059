"""What may be given, to whom and how: ``donations.toml`` and ``organisation.toml``, checked.

The form, the portal and the site's own checks all read them through this module, so that the form
never offers what the portal refuses. Every error says which file, where in it, and what to write.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from donations_api.currencies import Currency, read_currency
from donations_api.deadlines import Deadline, read_duties
from donations_api.mark import FILE as MARK
from donations_api.mark import read_mark
from donations_api.meanings import Meaning, read_meanings
from donations_api.methods import FREQUENCIES, Fitting, fitting
from donations_api.partners import Platforms, read_platforms
from donations_api.recipients import Mode, Recipient, read_recipient
from donations_api.tables import Table, Texts

__all__ = ["Fund", "Giving", "Mode", "Organisation", "Recipient", "load_giving"]


@dataclass(frozen=True, slots=True)
class Fund:
    """What a gift can be meant for."""

    key: str
    name: Texts


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who we are. ``facts`` is organisation.toml as it stands; unknown facts are absent.

    But for ``mark``, which is what ``donations_api.mark`` reads.
    """

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
    platforms: Platforms
    meanings: tuple[Meaning, ...] = ()

    def currency(self, code: str) -> Currency | None:
        return next((currency for currency in self.currencies if currency.code == code), None)

    def fund(self, key: str) -> Fund | None:
        return next((fund for fund in self.funds if fund.key == key), None)

    def recipient(self, key: str) -> Recipient | None:
        return next((recipient for recipient in self.recipients if recipient.key == key), None)

    def day(self, now: datetime) -> date:
        """The day on which the rules look at the moment ``now`` (UTC), as the books count days."""
        return now.astimezone(self.recipients[0].time_zone).date()

    def pressing(self, today: date) -> list[tuple[Recipient, Deadline]]:
        """What each recipient has to publish soon, or should have published (rule L4)."""
        return [(one, due) for one in self.recipients for due in one.duties.pressing(today)]

    def asking(self, language: str, *, sandbox: bool, today: date) -> tuple[Recipient, ...]:
        """For whom a form in ``language`` (its code) may ask; none: the page informs (rule L3)."""
        return tuple(
            recipient
            for recipient in self.recipients
            if recipient.appeals(language, sandbox=sandbox, today=today)
        )

    def partners(self, language: str, *, today: date) -> tuple[Recipient, ...]:
        """Whose partners a page in ``language`` (its code) may link to (rules L3 and L4)."""
        return tuple(
            one
            for one in self.recipients
            if one.mode is Mode.PARTNER
            and one.declared
            and language in one.appeals_in
            and self.leads_to_partner(one)
            and not one.duties.overdue(today)
        )

    def leads_to_partner(self, recipient: Recipient) -> bool:
        """Whether the address of its partner is one of an allow-listed platform's."""
        return bool(recipient.partner and self.platforms.of(recipient.partner.url))

    def closed(self, *, sandbox: bool, today: date) -> str:
        """Why nobody may ask: ``undeclared``, ``info_only``, ``overdue`` or ``language``.

        ``overdue``: a report is (rule L4); ``language``: somebody may ask, in another one.
        """
        if any(
            one.may_ask(sandbox=sandbox, today=today)
            or (one.mode is Mode.PARTNER and not one.duties.overdue(today))
            for one in self.recipients
        ):
            return "language"
        if any(one.declared and one.duties.overdue(today) for one in self.recipients):
            return "overdue"
        undeclared = any(one.mode is Mode.UNDECLARED for one in self.recipients)
        return "undeclared" if undeclared else "info_only"

    def offered(self, recipients: Sequence[Recipient]) -> tuple[Currency, ...]:
        """The currencies that a form for ``recipients`` offers: each is taken by one of them."""
        taken = {code for recipient in recipients for code in recipient.currencies}
        return tuple(currency for currency in self.currencies if currency.code in taken)

    def meant_by(self, currency: Currency) -> tuple[Meaning, ...]:
        """What amounts of ``currency`` do, as far as the budget says it."""
        return tuple(one for one in self.meanings if one.amount.currency == currency.code)

    def form(self, language: str, *, sandbox: bool, today: date) -> dict[str, Any]:
        """What the form's template needs, at build and in the portal alike.

        ``ways`` says for each currency what fits a single gift (``once``) and a ``monthly`` one.
        """
        recipients = self.asking(language, sandbox=sandbox, today=today)
        return {
            "giving": self,
            "recipients": recipients,
            "partners": self.partners(language, today=today),
            "closed": self.closed(sandbox=sandbox, today=today),
            "frequencies": FREQUENCIES,
            "transfers": any(
                one.shown_bank(language, sandbox=sandbox, today=today) for one in recipients
            ),
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
    if "mark" in organisation.values:
        organisation.refuse("mark", "file.mark_moved", home=MARK)
    donations = Table.read(content / "donations.toml")
    currencies = tuple(read_currency(table) for table in donations.tables("currency"))
    known = {currency.code: currency for currency in currencies}
    languages = tuple(organisation.texts("name"))
    recipients = tuple(
        read_recipient(table, set(known), languages) for table in organisation.tables("recipient")
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
            facts={**organisation.values, "mark": read_mark(content)},
        ),
        recipients=tuple(replace(one, duties=duties[one.key]) for one in recipients),
        currencies=currencies,
        funds=tuple(
            Fund(table.text("key"), table.texts("name")) for table in donations.tables("fund")
        ),
        consent_version=donations.text("consent_version"),
        default_currency=donations.texts("default_currency"),
        platforms=read_platforms(content),
        meanings=tuple(read_meanings(donations, known)),
    )
