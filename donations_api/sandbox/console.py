"""/: what the sandbox has done, newest first; a page a thing, with what can be done to it now."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_datetime
from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from donations_api.money import Money
from donations_api.sandbox import console_acts, families, pages, payouts, sessions
from donations_api.sandbox.errors import ApiError
from donations_api.sandbox.objects.subscription import the_item
from donations_api.sandbox.stage import Scene, Stage
from donations_api.sandbox.wording import FORMATS, wording

Made = dict[str, Any]

_SHOWN = 50
_ACTS_OF: dict[str, Callable[[Made], list[str]]] = {
    "refund": console_acts.refund_acts,
    "dispute": console_acts.dispute_acts,
    "none": lambda _: [],
}
_KINDS = {
    "sessions": ("checkout.session", families.of_session),
    "subscriptions": ("subscription", families.of_subscription),
    "charges": ("charge", families.of_charge),
    "payouts": ("payout", families.of_payout),
}


def create_console(stage: Stage) -> Blueprint:
    console = Blueprint("console", __name__)

    @console.get("/")
    def show() -> Response:
        asked = request.args.get("show", "")
        chosen = asked if asked in {*_KINDS, "events"} else "sessions"
        with stage.scene() as scene:
            sessions.expire_lapsed(scene)
            things = [] if chosen == "events" else scene.records.every(_KINDS[chosen][0], _SHOWN)
            told = scene.records.queue.latest(_SHOWN) if chosen == "events" else []
            return _page(
                scene, "console.html", things=things, deliveries=told, chosen=chosen, stage=stage
            )

    @console.get("/<any(sessions, subscriptions, charges, payouts):family>/<identifier>")
    def look(family: str, identifier: str, refused: str = "", status: int = 200) -> Response:
        kind, relatives_of = _KINDS[family]
        with stage.scene() as scene:
            sessions.expire_lapsed(scene)
            thing = scene.records.find(kind, identifier)
            if not thing:
                abort(404)
            relatives = relatives_of(scene, thing)
            return _page(
                scene,
                "thing.html",
                status,
                thing=thing,
                chosen=family,
                relatives=relatives,
                deliveries=scene.records.queue.about(relatives.ids),
                acts=_acts(scene, family, thing),
                refused=refused,
                stage=stage,
            )

    @console.post("/<any(sessions, subscriptions, charges, payouts):family>/<identifier>")
    def act(family: str, identifier: str) -> ResponseReturnValue:
        pages.check_same_origin()
        try:
            with stage.scene() as scene:
                _chosen_act(family)(scene, identifier)
        except ApiError as refusal:
            if refusal.status == 404:
                abort(404)
            return look(family, identifier, refusal.body["error"]["message"], 409)
        language = request.args.get("language")
        return redirect(
            url_for(".look", family=family, identifier=identifier, language=language), 303
        )

    @console.post("/payouts")
    def pay_out() -> ResponseReturnValue:
        pages.check_same_origin()
        if request.form.get("act") != "pay_out":
            abort(404)
        with stage.scene() as scene:
            payouts.make_due(scene)
        language = request.args.get("language")
        return redirect(url_for(".show", show="payouts", language=language), 303)

    @console.post("/events/<event>")
    def tell(event: str) -> ResponseReturnValue:
        pages.check_same_origin()
        try:
            with stage.scene() as scene:
                _chosen_act("events")(scene, event)
        except LookupError:
            abort(404)
        return _back()

    @console.post("/events")
    def switch() -> ResponseReturnValue:
        pages.check_same_origin()
        with stage.scene() as scene:
            match request.form.get("act"):
                case "hold":
                    scene.records.queue.hold(scene.clock)
                case "release":
                    scene.records.queue.release(scene.clock)
                case "lose":
                    scene.records.queue.lose(scene.clock)
                case "stop_losing":
                    scene.records.queue.stop_losing()
                case _:
                    abort(404)
        return _back()

    return console


def _page(scene: Scene, template: str, status: int = 200, **values: Any) -> Response:
    spoken = pages.language()

    def moment(seconds: float) -> str:
        at = datetime.fromtimestamp(seconds, UTC)
        return format_datetime(at, "medium", locale=FORMATS[spoken]) + " UTC"

    def state(thing: Made) -> str:
        return wording(spoken, f"console.state.{_state(thing)}")

    return pages.show(
        template,
        spoken,
        status,
        moment=moment,
        state=state,
        amount=lambda thing: _amount(thing).display(FORMATS[spoken]),
        address=_address,
        acts_of=_ACTS_OF,
        later=console_acts.LATER,
        holding=scene.records.queue.holding(),
        losing=scene.records.queue.losing(),
        now=scene.clock,
        shown=_SHOWN,
        **values,
    )


def _acts(scene: Scene, family: str, thing: Made) -> list[str]:
    match family:
        case "charges":
            return console_acts.charge_acts(scene, thing)
        case "subscriptions":
            return console_acts.subscription_acts(scene, thing)
        case "payouts":
            return console_acts.payout_acts(thing)
    return []


def _chosen_act(family: str) -> Callable[[Scene, str], None]:
    act = console_acts.ACTS[family].get(request.form.get("act", ""))
    return act or abort(404)


def _back() -> Response:
    """To the page that the button stood on."""
    came_from = urlsplit(request.referrer or "")
    home = url_for(".show", show="events", language=request.args.get("language"))
    own = came_from.netloc == request.host and came_from.path.startswith(request.script_root)
    query = f"?{came_from.query}" if came_from.query else ""
    return redirect(came_from.path + query if own else home, 303)  # type: ignore[return-value]


def _address(thing: Made, language: str) -> str:
    family = next(name for name, (kind, _) in _KINDS.items() if kind == thing["object"])
    return _look_at(family, thing["id"], language)


def _look_at(family: str, identifier: str, language: str | None) -> str:
    return url_for(".look", family=family, identifier=identifier, language=language)


def _amount(thing: Made) -> Money:
    if thing["object"] == "subscription":
        item = the_item(thing)
        minor = item["price"]["unit_amount"] * item["quantity"]
    else:
        minor = thing.get("amount_total", thing.get("amount_due", thing.get("amount")))
    return Money(minor, thing["currency"].upper())


def _state(thing: Made) -> str:
    """The name of a state for the reader: what the donor's money is doing."""
    status: str = thing["status"]
    match thing["object"]:
        case "payout" if status != "failed":
            return "arrived" if status == "paid" else "on_the_way"
        case "checkout.session" if status == "complete":
            return "paid" if thing["payment_status"] == "paid" else "authorised"
        case "subscription" if status == "active" and thing["pause_collection"]:
            return "paused"
        case "charge" if thing["refunded"]:
            return "refunded"
        case "charge" if thing["amount_refunded"]:
            return "partly_refunded"
        case "charge" if thing["disputed"]:
            return "disputed"
    return status
