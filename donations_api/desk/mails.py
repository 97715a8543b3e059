"""/mails: letters that did not arrive: dead letters, mails that came back, mails that are late."""

from flask import Blueprint, Response
from werkzeug.wrappers import Response as AnyResponse

from donations_api.desk.desk import Desk, mistake
from donations_api.errors import Explained, FieldError
from donations_api.overview import SEEN

TRIED_AGAIN = "mail_tried_again"


def pages(desk: Desk) -> Blueprint:
    mails = Blueprint("mails", __name__)

    def listed(status: int = 200, errors: list[FieldError] | None = None) -> Response:
        with desk.portal.ledger.reading() as books:
            troubled = books.overview.troubled_mails()
        return desk.page("mails.html", status, mails=troubled, errors=errors or [])

    @mails.get("/mails")
    def show() -> Response:
        return listed()

    @mails.post("/mails/<mail_id>/again")
    def again(mail_id: str) -> AnyResponse:
        """Let one dead letter be tried again; a second press finds none and does nothing."""
        try:
            with desk.acting() as clerk:
                mail = clerk.books.overview.mail(mail_id)
                if mail and clerk.books.overview.revive_mail(mail_id, clerk.now):
                    clerk.act(TRIED_AGAIN, mail_id, desk.signed(), mail.gift_id, letter=mail.kind)
        except Explained as error:
            return listed(422, [mistake(f"why-{mail_id}", error)])
        return desk.done(TRIED_AGAIN, "mails.show")

    @mails.post("/mails/<mail_id>/seen")
    def see(mail_id: str) -> AnyResponse:
        """Note that the donor of a mail that came back was asked for another address, say."""
        try:
            with desk.acting() as clerk:
                mail = clerk.books.overview.mail(mail_id)
                if mail and mail.bounced_at:
                    clerk.act(SEEN, mail_id, desk.signed(), mail.gift_id, letter=mail.kind)
        except Explained as error:
            return listed(422, [mistake(f"why-{mail_id}", error)])
        return desk.done("seen", "mails.show")

    return mails
