"""Banks' statements for tests, and a clerk who imports them. All names are made up."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from donations_api.bank_accounts import BankStatementForm, load_accounts
from donations_api.bank_file import read_statement
from donations_api.bank_statement import ImportReport, import_statement
from donations_api.books import INVARIANTS, Books
from donations_api.clerk import Clerk
from donations_api.entry import Account
from donations_api.gift import Gift
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.offline import OfflineGift, announce, enter_gift
from donations_api.records import Signed
from donations_api.settings import Settings
from tests.donations.stripe_events import a_gift

TODAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
SIGNED = Signed("王芳", "on the bank statement")
HEADER = "交易日期,收入金额,支出金额,对方户名,对方账号,摘要,附言,交易流水号"


def a_line(**changed: str) -> str:
    """A row of the Chinese sample account: 100 yuan from 李娜, without a number of the bank's."""
    cells = {
        "day": "2026-11-25",
        "credit": "100.00",
        "debit": "",
        "payer": "李娜",
        "payer_account": "6222020200112233445",
        "kind": "转账",
        "remark": "",
        "reference": "",
    } | changed
    return ",".join(cells.values())


def a_file(*lines: str) -> bytes:
    return "\r\n".join([HEADER, *lines, ""]).encode("gb18030")


@dataclass(frozen=True)
class Bank:
    """A treasurer at the books: each method is a transaction of its own."""

    ledger: Ledger
    giving: Giving
    settings: Settings

    def clerk(self, books: Books) -> Clerk:
        return Clerk(books, self.giving, self.settings, TODAY)

    def form(self) -> BankStatementForm:
        return load_accounts(self.settings.content, self.giving)[0]

    def bring(self, *lines: str, look_only: bool = False, data: bytes = b"") -> ImportReport:
        form = self.form()
        statement = read_statement(data or a_file(*lines), form, "november.csv")
        with self.ledger.books() as books:
            report = import_statement(self.clerk(books), form, statement, "november.csv", SIGNED)
            if not look_only:
                books.commit()
        return report

    def announced(self, **changed: Any) -> Gift:
        with self.ledger.books() as books:
            gift = announce(self.clerk(books), a_gift(amount=Money(10000, "CNY"), **changed))
            books.commit()
        return gift

    def enter(self, **changed: Any) -> Gift:
        """A gift of 100 yuan by bank transfer, entered by hand."""
        offline: dict[str, Any] = {
            "amount": Money(10000, "CNY"),
            "account": Account.BANK,
            "reference": "bank 1",
            "name": "李娜",
            "email": "lina@example.org",
            "language": "zh",
            "fund": "most-needed",
            "recipient": "house",
            "received_at": datetime(2026, 11, 25, 4, 0, tzinfo=UTC),
            "entered_by": "王芳",
            "reason": "the donor called",
        } | changed
        with self.ledger.books() as books:
            gift = enter_gift(self.clerk(books), OfflineGift(**offline))
            books.commit()
        return gift

    def do(self, act: Any, *given: Any) -> Any:
        with self.ledger.books() as books:
            done = act(self.clerk(books), *given)
            books.commit()
        return done

    def broken(self) -> list[tuple[str, str]]:
        with self.ledger.reading() as books:
            return [(one, row) for one in INVARIANTS for row in books.broken(one)]


def came_to(report: ImportReport) -> list[tuple[str, str]]:
    """What became of the lines, in the order of the file."""
    told = sorted(report.told, key=lambda one: one.row.row)
    return [(one.outcome.value, one.match.value) for one in told]
