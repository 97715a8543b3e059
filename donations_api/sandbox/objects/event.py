"""The event, which freezes an object as it is at that moment."""

from typing import Any

from donations_api.sandbox.objects.naming import new_id
from donations_api.sandbox.schemas import API_VERSION

Made = dict[str, Any]


def new_event(kind: str, about: Made, before: Made | None, request: Made, now: int) -> Made:
    """``kind`` is Stripe's event type. ``before``: the object before it changed, if it did."""
    data = {"object": about}
    if before is not None:
        data["previous_attributes"] = {
            name: value for name, value in before.items() if about.get(name) != value
        }
    return {
        "id": new_id("evt_"),
        "object": "event",
        "api_version": API_VERSION,
        "created": now,
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": request,
        "type": kind,
    }
