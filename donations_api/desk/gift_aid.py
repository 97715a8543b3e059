"""/gift-aid: HMRC's schedule of a time, and what was claimed; /gifts/<id>/gift-aid: on paper."""

from datetime import date
from functools import partial
from hashlib import sha256
from typing import NamedTuple

from flask import Blueprint, Response, make_response, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from donations_api import claiming
from donations_api import gift_aid as declaring
from donations_api.claiming import Schedule
from donations_api.desk.desk import SHOWN, Desk, Offer, mistake
from donations_api.desk.typed import Typed
from donations_api.errors import Explained, FieldError, FormRefused
from donations_api.frame import Language, translate
from donations_api.gift import Gift, State
from donations_api.gift_aid import CURRENCY
from donations_api.giving import Recipient
from donations_api.money import Money
from donations_api.periods import days_of
from donations_api.spreadsheets import written_as_csv

_TIME = ("from", "to")


def _fits(gift: Gift, recipient: Recipient | None) -> bool:
    kind = recipient.receipt if recipient else ""
    return (
        gift.state is State.RECEIVED
        and kind == declaring.KIND
        and gift.amount.currency == declaring.CURRENCY
    )


OFFER = Offer("gift_aid.of_gift", _fits)


class Wanted(NamedTuple):
    """Whose schedule, and of which days, both included."""

    recipient: Recipient
    first: date
    last: date


def pages(desk: Desk) -> Blueprint:
    gift_aid = Blueprint("gift_aid", __name__)
    portal = desk.portal
    ours = {one.key: one for one in portal.giving.recipients if one.receipt == declaring.KIND}

    def this_year() -> Wanted:
        """The tax year in which we are."""
        if not ours:
            raise Explained("gift_aid.nobody")
        recipient = ours.get(request.values.get("recipient", "")) or next(iter(ours.values()))
        today = portal.clock().astimezone(recipient.time_zone).date()
        return Wanted(recipient, *claiming.tax_year(today))

    def wanted() -> Wanted:
        """What the address or the form asks for. Raises WordWrong."""
        recipient, *year = this_year()
        first, last = (
            request.values.get(name) or f"{day}" for name, day in zip(_TIME, year, strict=True)
        )
        time = days_of(first, last, recipient.time_zone)
        return Wanted(recipient, time.first, time.last)

    def page(one: Wanted, status: int = 200, errors: list[FieldError] | None = None) -> Response:
        with portal.ledger.reading() as books:
            made = claiming.schedule(portal.clerk(books), *one)
            claims = claiming.claims(books, one.recipient)
        return desk.page(
            "gift_aid.html",
            status,
            ours=ours,
            wanted=one,
            made=made,
            seen=_seen(made),
            claims=[(act, Money(sum(act.said["gifts"].values()), CURRENCY)) for act in claims],
            most=4 * SHOWN,
            typed=dict(zip(_TIME, map(str, one[1:]), strict=True)) | request.values.to_dict(),
            errors=errors or [],
        )

    @gift_aid.get("/gift-aid")
    def show() -> Response:
        try:
            return page(wanted())
        except Explained as error:
            return page(this_year(), 422, [mistake("from", error)])

    @gift_aid.get("/gift-aid/schedule.csv")
    def schedule() -> Response:
        """What has not been claimed yet."""
        with portal.ledger.reading() as books:
            made = claiming.schedule(portal.clerk(books), *wanted())
        return _file(made, "gift-aid")

    @gift_aid.get("/gift-aid/claims/<act_id>.csv")
    def claimed(act_id: str) -> Response:
        """What was claimed, as it was."""
        recipient = this_year().recipient
        with portal.ledger.reading() as books:
            acts = claiming.claims(books, recipient)
            act = next((one for one in acts if one.id == act_id), None)
            if not act:
                raise NotFound
            made = claiming.claimed_then(books, recipient, act)
        return _file(made, f"gift-aid-claimed-{act.acted_at:%Y-%m-%d}")

    @gift_aid.post("/gift-aid/claim")
    def claim() -> AnyResponse:
        """Note that HMRC was asked for just what the page showed."""
        typed, one = Typed(request.form), wanted()
        typed.line("why")
        if typed.errors:
            return page(one, 422, typed.errors)
        with desk.acting() as clerk:
            made = claiming.schedule(clerk, *one)
            unchanged = _seen(made) == request.form.get("seen")
            if unchanged and made.claimed:
                claiming.claim(clerk, one.recipient, made, one.first, one.last, desk.signed())
        if not (unchanged and made.claimed):
            typed.refuse("why", "schedule_changed" if made.claimed else "nothing_to_claim")
            return page(one, 422, typed.errors)
        time = {name: request.form[name] for name in _TIME if name in request.form}
        return desk.done("gift_aid_claimed", "gift_aid.show", recipient=one.recipient.key, **time)

    def known(gift_id: str) -> Gift:
        with portal.ledger.reading() as books:
            gift = books.gift(gift_id)
        if not gift or not _fits(gift, portal.giving.recipient(gift.recipient)):
            raise NotFound
        return gift

    def form(gift: Gift, status: int = 200, errors: list[FieldError] | None = None) -> Response:
        with portal.ledger.reading() as books:
            about = books.wishes.declarations_about(gift.recipient, gift.id, gift.email)
        return desk.page(
            "declaration.html",
            status,
            gift=gift,
            declaration=declaring.live(about),
            words=partial(_words, desk, gift, desk.language),
            scopes=declaring.SCOPES,
            longest=declaring.LONGEST,
            typed=request.form,
            errors=errors or [],
        )

    @gift_aid.get("/gifts/<gift_id>/gift-aid")
    def of_gift(gift_id: str) -> Response:
        return form(known(gift_id))

    @gift_aid.post("/gifts/<gift_id>/gift-aid")
    def declare(gift_id: str) -> AnyResponse:
        """Enter what a donor signed on paper: signed, so agreed to."""
        gift, typed = known(gift_id), Typed(request.form)
        language = typed.choice("language", [one.code for one in portal.frame.languages])
        typed.line("why")
        try:
            declared = declaring.read_declared(request.form.to_dict() | {"agreed": "yes"})
        except FormRefused as refusal:
            return form(gift, 422, [*refusal.errors, *typed.errors])
        if typed.errors:
            return form(gift, 422, typed.errors)
        words = _words(desk, gift, portal.frame.language(language), declared.scope)
        with desk.acting() as clerk:
            declaring.declare(clerk, gift, declared, words.whole, language, desk.signed())
        return desk.done("gift_aid_declared", "story.show", gift_id=gift.id)

    @gift_aid.post("/gifts/<gift_id>/gift-aid/cancel")
    def cancel(gift_id: str) -> AnyResponse:
        gift, typed = known(gift_id), Typed(request.form)
        typed.line("why")
        if typed.errors:
            return form(gift, 422, typed.errors)
        with desk.acting() as clerk:
            declaring.cancel(clerk, gift, desk.signed())
        return desk.done("gift_aid_cancelled", "story.show", gift_id=gift.id)

    return gift_aid


def _words(desk: Desk, gift: Gift, language: Language, scope: str) -> declaring.Words:
    """What the donor declares, as HMRC's model has it."""
    say = partial(translate, desk.catalogs, language)
    return declaring.words(say, desk.portal.giving, desk.portal.frame, language, gift, scope)


def _seen(made: Schedule) -> str:
    """What a schedule says in short: what came since it was looked at changes it."""
    return sha256(written_as_csv(claiming.lines(made))).hexdigest()


def _file(made: Schedule, name: str) -> Response:
    response = make_response(written_as_csv(claiming.lines(made)))
    response.content_type = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
