"""/pledges: monthly giving that could not be charged, and when Stripe tries again."""

from datetime import datetime

from flask import Blueprint, Response

from donations_api.desk.desk import Desk


def pages(desk: Desk) -> Blueprint:
    pledges = Blueprint("pledges", __name__)

    @pledges.get("/pledges")
    def show() -> Response:
        with desk.portal.ledger.reading() as books:
            failing = [
                (one, _moment(one.said.get("next_try"))) for one in books.overview.failing_pledges()
            ]
        return desk.page("pledges.html", failing=failing)

    return pledges


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
