"""Stripe's HTTP API under /v1: who asks, in which version, and the answer or the error object."""

import hashlib
import hmac
import json
from collections.abc import Callable

from flask import Blueprint, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException

from donations_api.sandbox.calls import CALLS, Call
from donations_api.sandbox.errors import ApiError, not_acted_out
from donations_api.sandbox.idempotency import Answer, Idempotency
from donations_api.sandbox.objects.naming import new_id
from donations_api.sandbox.schemas import API_VERSION, request_shape
from donations_api.sandbox.stage import Cause, Stage
from donations_api.sandbox.store import Records

_ANY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_api(stage: Stage) -> Blueprint:
    v1 = Blueprint("v1", __name__, url_prefix="/v1")
    idempotency = Idempotency(stage.store, stage.settings.clock)

    def answering(call: Call) -> Callable[..., Response]:
        shape = request_shape(call.params)

        def answer(id: str = "") -> Response:
            given = shape.read(_parameters())
            if not call.expands.issuperset(given.get("expand", [])):
                raise not_acted_out("expand")

            def acted(records: Records) -> Answer:
                scene = stage.within(records, Cause(g.request_id, _key()))
                try:
                    return 200, scene.shapes.fit(call.act(scene, id, given))
                except ApiError as refusal:
                    # A refusal is an answer too: it is kept, and so is what came to light.
                    return refusal.status, refusal.body

            (status, body), replayed = idempotency.once(_key(), _fingerprint(), acted)
            response = jsonify(body)
            response.status_code = status
            if replayed:
                response.headers["Idempotent-Replayed"] = "true"
            return response

        return answer

    for call in CALLS:
        name = f"{call.method} {call.path}"
        v1.add_url_rule(call.path, name.replace(".", ""), answering(call), methods=[call.method])

    @v1.before_request
    def check_caller() -> None:
        g.request_id = new_id("req_", 14)
        _check_key(stage.settings.api_key)
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

    @v1.route("/", defaults={"rest": ""}, methods=_ANY_METHOD)
    @v1.route("/<path:rest>", methods=_ANY_METHOD)
    def unknown(rest: str) -> Response:
        message = f"Unrecognized request URL ({request.method}: /v1/{rest})."
        raise ApiError(message, status=404)

    return v1


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
