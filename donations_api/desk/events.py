"""/events: what Stripe told that a person should look at, and objections at a donor's bank."""

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from donations_api.desk.desk import Desk, mistake
from donations_api.errors import Explained, FieldError
from donations_api.overview import SEEN


def pages(desk: Desk) -> Blueprint:
    events = Blueprint("events", __name__)

    def listed(status: int = 200, errors: list[FieldError] | None = None) -> Response:
        with desk.portal.ledger.reading() as books:
            troubled, disputes = books.overview.troubled_events(), books.open_disputes()
        return desk.page(
            "events.html", status, events=troubled, disputes=disputes, errors=errors or []
        )

    @events.get("/events")
    def show() -> Response:
        return listed()

    @events.post("/events/<event_id>/seen")
    def see(event_id: str) -> AnyResponse:
        """Note that somebody has looked, and that nothing is left to do."""
        try:
            with desk.acting() as clerk:
                about = {one.id: one for one in clerk.books.overview.troubled_events()}
                if event := about.get(event_id):
                    clerk.act(SEEN, event_id, desk.signed(), event.gift_id, type=event.type)
        except Explained as error:
            return listed(422, [mistake(f"why-{event_id}", error)])
        return desk.done("seen", "events.show")

    return events
