"""Stripe's HTTP API under /v1: who asks, in which version, and the answer or the error object."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException

from donations_api.sandbox import objects
from donations_api.sandbox.errors import ApiError, no_such, not_acted_out
from donations_api.sandbox.events import Cause
from donations_api.sandbox.idempotency import Answer, Idempotency
from donations_api.sandbox.schemas import API_VERSION, RequestShape, Shapes
from donations_api.sandbox.sessions import Sessions
from donations_api.sandbox.settings import SandboxSettings
from donations_api.sandbox.store import Records, Store

_ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]

Made = dict[str, Any]
# Does what the request asks, given its parameters.
Act = Callable[[Records, Made], Made]


def create_api(
    settings: SandboxSettings, store: Store, sessions: Sessions, shapes: Shapes
) -> Blueprint:
    v1 = Blueprint("v1", __name__, url_prefix="/v1")
    idempotency = Idempotency(store, settings.clock)

    def answer(shape: RequestShape, act: Act) -> Response:
        given = shape.read(_parameters())
        if "expand" in given:
            raise not_acted_out("expand")

        def acted(records: Records) -> Answer:
            try:
                return 200, shapes.fit(act(records, given))
            except ApiError as refusal:
                # A refusal is an answer too: it is kept, and so is what came to light on the way.
                return refusal.status, refusal.body

        (status, body), replayed = idempotency.once(_key(), _fingerprint(), acted)
        response = jsonify(body)
        response.status_code = status
        if replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    @v1.before_request
    def check_caller() -> None:
        g.request_id = objects.new_id("req_", 14)
        _check_key(settings.api_key)
        _check_version()
        if request.content_length and request.mimetype != "application/x-www-form-urlencoded":
            raise ApiError("Invalid request: the content type of a POST must be form-encoded.")

    @v1.after_request
    def name_request(response: Response) -> Response:
        response.headers["Request-Id"] = g.request_id
        response.headers["Stripe-Version"] = API_VERSION
        if key := _key():
            response.headers["Idempotency-Key"] = key
        return response

    @v1.errorhandler(ApiError)
    def refuse(refusal: ApiError) -> tuple[Response, int]:
        return jsonify(refusal.body), refusal.status

    @v1.errorhandler(Exception)
    def fail(problem: Exception) -> tuple[Response, int]:
        if isinstance(problem, HTTPException):
            return refuse(ApiError(problem.name, status=problem.code or 500))
        current_app.logger.error("The sandbox failed at %s", g.request_id, exc_info=problem)
        message = f"The sandbox itself failed ({type(problem).__name__}); see its log."
        return refuse(ApiError(message, status=500, type="api_error"))

    @v1.post("/checkout/sessions")
    def create_session() -> Response:
        return answer(shapes.create_session, sessions.create)

    @v1.get("/checkout/sessions/<session>")
    def retrieve_session(session: str) -> Response:
        return answer(shapes.retrieve_session, lambda r, _: sessions.current(r, session))

    @v1.post("/checkout/sessions/<session>/expire")
    def expire_session(session: str) -> Response:
        cause = Cause(g.request_id, _key())
        return answer(shapes.expire_session, lambda r, _: sessions.expire(r, session, cause))

    @v1.get("/payment_intents/<intent>")
    def retrieve_payment_intent(intent: str) -> Response:
        found = _finder("payment_intent", intent, "intent")
        return answer(shapes.retrieve_payment_intent, found)

    @v1.get("/charges/<charge>")
    def retrieve_charge(charge: str) -> Response:
        return answer(shapes.retrieve_charge, _finder("charge", charge, "id"))

    @v1.get("/events/<event>")
    def retrieve_event(event: str) -> Response:
        def found(records: Records, given: Made) -> Made:
            made = _finder("event", event, "id")(records, given)
            delivery = records.delivery(event)
            waiting = delivery is None or delivery.state != "delivered"
            return made | {"pending_webhooks": int(waiting)}

        return answer(shapes.retrieve_event, found)

    @v1.route("/", defaults={"rest": ""}, methods=_ANY_METHOD)
    @v1.route("/<path:rest>", methods=_ANY_METHOD)
    def unknown(rest: str) -> Response:
        message = f"Unrecognized request URL ({request.method}: /v1/{rest})."
        raise ApiError(message, status=404)

    return v1


def _finder(kind: str, identifier: str, param: str) -> Act:
    def found(records: Records, _: Made) -> Made:
        made = records.find(kind, identifier)
        if not made:
            raise no_such(kind, identifier, param)
        return made

    return found


def _check_key(expected: str) -> None:
    given = request.authorization
    # Stripe takes the key as a bearer token, or as the user's name of basic authentication.
    key = (given.token if given.type == "bearer" else given.username) if given else None
    if not key:
        raise ApiError("You did not provide an API key.", status=401)
    if not hmac.compare_digest(key.encode(), expected.encode()):
        raise ApiError("Invalid API Key provided.", status=401)


def _check_version() -> None:
    given = request.headers.get("Stripe-Version")
    if given != API_VERSION:
        raise ApiError(
            f"Invalid Stripe API version: {given}. This sandbox speaks {API_VERSION} only, the"
            " version of the installed stripe package."
        )


def _parameters() -> list[tuple[str, str]]:
    given = request.form if request.method == "POST" else request.args
    return list(given.items(multi=True))


def _key() -> str | None:
    return request.headers.get("Idempotency-Key") if request.method == "POST" else None


def _fingerprint() -> str:
    told = json.dumps([request.path, sorted(_parameters())])
    return hashlib.sha256(told.encode()).hexdigest()
