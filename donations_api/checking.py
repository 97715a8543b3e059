"""The page that a paper's QR code opens: whether the paper is genuine, and what still stands.

Whoever finds a paper can open it, so it tells nothing of the donor.
"""

from flask import Response, request
from itsdangerous import BadData

from donations_api import receipts
from donations_api.gift import CANCELLATION, RESTORATION, Receipt
from donations_api.money import Money
from donations_api.pages import Pages
from donations_api.portal import Portal


class Checking:
    """Its route is declared in ``app``."""

    def __init__(self, portal: Portal, pages: Pages) -> None:
        self._portal = portal
        self._pages = pages

    def show(self, code: str) -> Response:
        language = self._pages.language(request.args.get("language"))
        try:
            receipt_id = self._portal.links.receipt_of(code)
        except BadData:
            return self._pages.problem("no_such_paper", 404)
        with self._portal.ledger.reading() as books:
            paper = books.receipt(receipt_id)
            documents = books.receipts_of(paper.gift_id) if paper else []
        if not paper:
            return self._pages.problem("no_such_paper", 404)
        own = documents[0]
        left = Money(receipts.standing(own, documents), own.amount.currency)
        recipient = self._portal.giving.recipient(paper.recipient)
        return self._pages.page(
            "receipt.html",
            language,
            alternates={
                one.code: f"/receipts/{code}?language={one.code}"
                for one in self._portal.frame.languages
            },
            paper=paper,
            own=own,
            left=left,
            validity=_validity(own, documents, left),
            in_kind=bool(own.snapshot.get("in_kind")),
            genuine_demo=paper.snapshot["demo"],
            time_zone=recipient.time_zone if recipient else None,
        )


def _validity(own: Receipt, documents: list[Receipt], left: Money) -> str:
    """How a gift's own receipt stands: ``valid``, ``part``, ``cancelled`` or ``restored``."""
    kinds = {one.kind for one in documents}
    if CANCELLATION not in kinds:
        return "valid"
    if left.minor <= 0:
        return "cancelled"
    if left.minor < own.amount.minor:
        return "part"
    return "restored" if RESTORATION in kinds else "valid"
