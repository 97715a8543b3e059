"""How each bank writes its statements: ``bank_statements.toml``, checked.

Every error says which file, where in it, and what to write.
"""

import codecs
from dataclasses import dataclass
from pathlib import Path

from donations_api.errors import Explained
from donations_api.giving import Giving, Recipient
from donations_api.tables import Table

_DATES = ("year", "day", "month")
_SINGLE = ("date", "credit", "debit", "amount", "payer", "payer_account", "reference")


@dataclass(frozen=True, slots=True)
class Columns:
    """The words of a statement's header row; empty for a column that it does not have.

    Either ``credit`` and ``debit``, or ``amount``, which is below zero when money goes out.
    """

    date: str
    credit: str
    debit: str
    amount: str
    payer: str
    payer_account: str
    remark: tuple[str, ...]
    reference: str

    @property
    def all(self) -> tuple[str, ...]:
        """Those that the header row must have."""
        single = (getattr(self, name) for name in _SINGLE)
        return tuple(name for name in (*single, *self.remark) if name)


@dataclass(frozen=True, slots=True)
class BankStatementForm:
    """How the statements of the account ``name`` are written, and whose money is in it.

    ``encoding`` is that of what is no UTF-8; ``dates`` says what comes first in a date: ``year``,
    ``day`` or ``month``.
    """

    name: str
    recipient: Recipient
    currency: str
    encoding: str
    dates: str
    columns: Columns


def load_accounts(content: Path, giving: Giving) -> tuple[BankStatementForm, ...]:
    """Read the file in the folder ``content``. Raises FileWrong."""
    file = Table.read(content / "bank_statements.toml")
    accounts = tuple(_account(table, giving) for table in file.tables("account"))
    if len({one.name for one in accounts}) < len(accounts):
        file.refuse("account.name", "file.same_name")
    return accounts


def account_named(accounts: tuple[BankStatementForm, ...], name: str) -> BankStatementForm:
    """Raises Explained, which says what accounts there are."""
    found = next((one for one in accounts if one.name == name), None)
    if not found:
        known = ", ".join(one.name for one in accounts)
        raise Explained("bank_file.account", account=name, known=known)
    return found


def _account(table: Table, giving: Giving) -> BankStatementForm:
    recipient = giving.recipient(table.text("recipient"))
    if not recipient:
        choices = ", ".join(one.key for one in giving.recipients)
        table.refuse("recipient", "file.one_of", choices=choices)
    encoding, dates = table.text("encoding"), table.text("dates")
    try:
        codecs.lookup(encoding)
    except LookupError:
        table.refuse("encoding", "file.one_of", choices="utf-8, gb18030, cp1252")
    if dates not in _DATES:
        table.refuse("dates", "file.one_of", choices=", ".join(_DATES))
    if (currency := table.text("currency")) not in recipient.currencies:
        table.refuse("currency", "file.one_of", choices=", ".join(recipient.currencies))
    return BankStatementForm(
        table.text("name"), recipient, currency, encoding, dates, _columns(table)
    )


def _columns(account: Table) -> Columns:
    values = account.need("columns")
    if not isinstance(values, dict):
        account.refuse("columns", "file.columns")
    table = Table(account.file, f"{account.where}.columns", values)
    table.text("date")
    split = bool(values.get("credit") and values.get("debit"))
    if split == bool(values.get("amount")):
        table.refuse("amount", "file.credit_and_debit")
    remark = values.get("remark", [])
    return Columns(
        **{name: table.text(name) if name in values else "" for name in _SINGLE},
        remark=tuple(table.list("remark")) if isinstance(remark, list) and remark else _one(remark),
    )


def _one(remark: object) -> tuple[str, ...]:
    return (remark,) if isinstance(remark, str) and remark else ()
