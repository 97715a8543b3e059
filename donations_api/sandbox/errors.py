"""Stripe's error objects: {"error": {"type", "message", "code", "param"}}."""

from typing import Any


class ApiError(Exception):
    """A refusal in Stripe's words. ``status``: the HTTP status; ``code``, ``param``: may lack."""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        type: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        named = {"type": type, "message": message, "code": code, "param": param}
        self.body: dict[str, Any] = {
            "error": {name: value for name, value in named.items() if value is not None}
        }


def missing(param: str) -> ApiError:
    return ApiError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def not_acted_out(param: str) -> ApiError:
    """A parameter that Stripe takes and the sandbox has no part for: silence would mislead."""
    return ApiError(f"The sandbox does not act out {param}.", param=param)


def no_such(kind: str, identifier: str, param: str) -> ApiError:
    return ApiError(
        f"No such {kind}: '{identifier}'",
        code="resource_missing",
        param=param,
        status=404,
    )
