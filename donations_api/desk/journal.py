"""/journal: who did what, when and why; the latest first."""

from datetime import date

from flask import Blueprint, Response, request

from donations_api.desk.desk import SHOWN, Desk, month_asked, page_number


def pages(desk: Desk) -> Blueprint:
    journal = Blueprint("journal", __name__)

    @journal.get("/journal")
    def show() -> Response:
        person, month, page = request.args.get("person", ""), month_asked(), page_number()
        always = desk.midnight(date(1970, 1, 1)), desk.midnight(date(9000, 1, 1))
        since, until = desk.month(month) if month else always
        with desk.portal.ledger.reading() as books:
            people = books.overview.people()
            done = books.overview.journal(person, since, until, SHOWN + 1, (page - 1) * SHOWN)
        return desk.page(
            "journal.html",
            done=done[:SHOWN],
            people=people,
            who=person,
            month=f"{month:%Y-%m}" if month else "",
            page=page,
            more=len(done) > SHOWN,
        )

    return journal
