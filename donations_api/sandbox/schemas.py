"""The shapes of requests and objects, from the type annotations of the installed stripe package.

So the sandbox checks the very version that the gateway runs, with nothing downloaded: a parameter
that Stripe has dropped is refused here as it is there. Requests are closed; objects are open.
"""

import sys
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from types import NoneType, SimpleNamespace, UnionType
from typing import Any, ForwardRef, Literal, Union, get_args, get_origin, get_type_hints

import jsonschema_rs
import stripe
import stripe.billing_portal
import stripe.checkout
from stripe._stripe_object import UntypedStripeObject

from donations_api.sandbox import form_encoding
from donations_api.sandbox.errors import ApiError, missing

Schema = dict[str, Any]
API_VERSION = stripe.api_version

_SCALARS: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    NoneType: {"type": "null"},
    Any: {},
}


_OBJECTS: tuple[Any, ...] = (
    *(stripe.checkout.Session, stripe.PaymentIntent, stripe.PaymentMethod, stripe.Charge),
    *(stripe.Customer, stripe.Product, stripe.Price, stripe.Plan),
    *(stripe.Subscription, stripe.SubscriptionItem),
    *(stripe.Invoice, stripe.InvoiceLineItem, stripe.InvoicePayment),
    *(stripe.Refund, stripe.Dispute, stripe.BalanceTransaction),
    *(stripe.Payout, stripe.Balance),
    *(stripe.billing_portal.Session, stripe.Event),
)


class ObjectMalformed(Exception):
    """The sandbox has made an object that Stripe's own library does not describe: our fault."""


class RequestShape:
    """What one call takes; ``read`` turns the form's pairs into values."""

    def __init__(self, params: Any) -> None:
        self._schema = request_schema(params)
        self._validator = jsonschema_rs.validator_for(self._schema)

    def read(self, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
        """Raises ApiError with Stripe's codes: ``parameter_unknown``, ``parameter_missing``, …"""
        given: dict[str, Any] = form_encoding.typed(form_encoding.nested(pairs), self._schema)
        for problem in self._validator.iter_errors(given):
            raise _refusal(problem)
        return given


@cache
def request_shape(params: Any) -> RequestShape:
    """What the call with these parameters (a TypedDict) takes; compiled once, at the first use."""
    return RequestShape(params)


class Shapes:
    """All the objects of the sandbox."""

    def __init__(self) -> None:
        self._objects = {
            kind.OBJECT_NAME: jsonschema_rs.validator_for(object_schema(kind)) for kind in _OBJECTS
        }

    def fit(self, made: dict[str, Any]) -> dict[str, Any]:
        """``made``, when it has the shape of its kind. Raises ObjectMalformed."""
        if made["object"] == "list":
            for one in made["data"]:
                self.fit(one)
            return made
        for problem in self._objects[made["object"]].iter_errors(made):
            where = "/".join(map(str, problem.instance_path))
            raise ObjectMalformed(f"{made['object']} {where}: {problem.message}")
        known = [*self._objects, "list"]
        # What stands whole within another object is checked as its own kind.
        for value in made.values():
            if isinstance(value, dict) and value.get("object") in known:
                self.fit(value)
        return made


@cache
def shapes() -> Shapes:
    """Compiled once, at the first use."""
    return Shapes()


def request_schema(params: Any) -> Schema:
    """The closed JSON Schema of a request's TypedDict."""
    # How a call is made (key, version, idempotency key) is annotated beside what it sends.
    options = set(stripe.RequestOptions.__annotations__)
    own = {name: t for name, t in params.__annotations__.items() if name not in options}
    # The options' own types are imported for type checkers only: they cannot be resolved here.
    fields = get_type_hints(
        SimpleNamespace(__annotations__=own),
        globalns=vars(sys.modules[params.__module__]),
    )
    return {
        "type": "object",
        "properties": {name: _schema(t, closed=True) for name, t in fields.items()},
        "required": sorted(params.__required_keys__ - options),
        "additionalProperties": False,
    }


def object_schema(kind: type) -> Schema:
    """The open JSON Schema of a response class; what is not Optional is required."""
    fields = dict(vars(kind).get("__annotations__", {}))
    fields.pop("OBJECT_NAME", None)
    return {
        "type": "object",
        "properties": {name: _schema(t, closed=False) for name, t in fields.items()},
        "required": sorted(name for name, t in fields.items() if NoneType not in get_args(t)),
    }


def _schema(t: Any, *, closed: bool) -> Schema:
    if isinstance(t, str | ForwardRef):
        return {"type": "object"}  # another resource: it is checked where it is made
    origin, args = get_origin(t), get_args(t)
    if origin is Literal:
        return {"enum": list(args)}
    if origin in {Union, UnionType}:
        return {"anyOf": [_schema(one, closed=closed) for one in _alternatives(args, closed)]}
    if origin is list:
        return {"type": "array", "items": _schema(args[0], closed=closed)}
    if origin in {dict, UntypedStripeObject}:
        return {
            "type": "object",
            "additionalProperties": _schema(args[-1], closed=False),
        }
    if t in _SCALARS:
        # An empty text means "unset" to Stripe, which only fields that say so take.
        return _SCALARS[t] | ({"minLength": 1} if closed and t is str else {})
    if origin is stripe.ListObject:
        return {"type": "object"}
    return request_schema(t) if closed else object_schema(t)


def _alternatives(types: tuple[Any, ...], closed: bool) -> list[Any]:
    """``Literal["a", "b"] | str`` means: one of these, or what a newer version knows.

    A request keeps to this version's values; an object may be newer.
    """
    listed = [t for t in types if get_origin(t) is Literal and set(get_args(t)) != {""}]
    if str not in types or not listed:
        return list(types)
    return [t for t in types if (t is not str if closed else t not in listed)]


def _refusal(problem: jsonschema_rs.ValidationError) -> ApiError:
    kind = problem.kind
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.AnyOf):
        # Of the alternatives, the one that got furthest is the one that was meant.
        return _refusal(max((branch[0] for branch in kind.context if branch), key=_depth))
    path = [*problem.instance_path]
    match kind:
        case jsonschema_rs.ValidationErrorKind.AdditionalProperties(unexpected=[name, *_]):
            param = form_encoding.written([*path, name])
            message = f"Received unknown parameter: {param}"
            return ApiError(message, code="parameter_unknown", param=param)
        case jsonschema_rs.ValidationErrorKind.Required(property=name):
            return missing(form_encoding.written([*path, str(name)]))
    param = form_encoding.written(path)
    match kind:
        case jsonschema_rs.ValidationErrorKind.MinLength():
            message = f"You passed an empty string for '{param}'."
            return ApiError(message, code="parameter_invalid_empty", param=param)
        case jsonschema_rs.ValidationErrorKind.Enum(options=options):
            allowed = ", ".join(map(str, options))
            return ApiError(f"Invalid {param}: must be one of {allowed}", param=param)
        case jsonschema_rs.ValidationErrorKind.Type(types=["integer"]):
            message = f"Invalid integer: {problem.instance}"
            return ApiError(message, code="parameter_invalid_integer", param=param)
    return ApiError(f"Invalid {param}: {problem.message}", param=param)


def _depth(problem: jsonschema_rs.ValidationError) -> int:
    return len(problem.instance_path)
