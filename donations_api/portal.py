"""What the portal works with: made once by ``app``, and handed to every page and station."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from donations_api.books import Books
from donations_api.clerk import Clerk
from donations_api.frame import Frame
from donations_api.gift import Gift
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.links import Links
from donations_api.settings import Settings
from donations_api.stripe_gateway import StripeGateway


@dataclass(frozen=True, slots=True)
class Portal:
    """``clock`` tells UTC."""

    settings: Settings
    giving: Giving
    frame: Frame
    ledger: Ledger
    gateway: StripeGateway
    links: Links
    clock: Callable[[], datetime]

    @property
    def today(self) -> date:
        return self.giving.day(self.clock())

    def clerk(self, books: Books) -> Clerk:
        return Clerk(books, self.giving, self.settings, self.clock())

    def addresses(self, gift: Gift) -> tuple[str, str]:
        """Where the payment page leads back to: after paying, and after leaving it unpaid."""
        token, site = self.links.returning(gift.id), self.settings.site_url
        asked = f"gift={token}&language={gift.language}"
        return f"{site}/donations/thanks?{asked}", f"{site}/donations/cancelled?{asked}"
