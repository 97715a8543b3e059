"""The parts of the books that have a class of their own: each in the same transaction."""

from donations_api.asking import Asking
from donations_api.bank_lines import BankLines
from donations_api.extracts import Extracts
from donations_api.overview import Overview
from donations_api.privacy import Privacy
from donations_api.statement import Statement
from donations_api.wishes import Wishes


class Parts(Asking):
    """What ``Books`` opens; its own methods are for gifts, entries, receipts and the outbox."""

    @property
    def statement(self) -> Statement:
        """Stripe's statement."""
        return Statement(self._connection, self._driver)

    @property
    def wishes(self) -> Wishes:
        """What is wished of documents."""
        return Wishes(self._connection, self._driver)

    @property
    def bank_lines(self) -> BankLines:
        """The lines of the bank's own statements."""
        return BankLines(self._connection, self._driver)

    @property
    def overview(self) -> Overview:
        """What a person at the desk asks."""
        return Overview(self._connection, self._driver)

    @property
    def extracts(self) -> Extracts:
        """What leaves the books as a whole."""
        return Extracts(self._connection, self._driver)

    @property
    def privacy(self) -> Privacy:
        """What is held about donors."""
        return Privacy(self._connection, self._driver)
