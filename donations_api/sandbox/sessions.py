"""The life of a Checkout Session: open, then complete or expired, and never back.

A bank debit completes it unpaid; days later it is paid, or not, and the session with it.
"""

from typing import Any

from donations_api.sandbox import creation, payments, rates, subscriptions
from donations_api.sandbox.errors import ApiError, no_such
from donations_api.sandbox.objects import checkout
from donations_api.sandbox.objects.payment import new_intent, new_method
from donations_api.sandbox.selection import Selection
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]


def create(scene: Scene, given: Made) -> Made:
    """Raises ApiError."""
    session, order = creation.new_session(given, scene.url, scene.now)
    rates.check_convertible(session["currency"], scene.settles_in)
    scene.save(session)
    scene.records.keep_order(session["id"], order)
    return session


def current(scene: Scene, identifier: str) -> Made:
    """The session as it is now: expired, if its time has passed. Raises ApiError (404)."""
    session = scene.records.find("checkout.session", identifier)
    if not session:
        raise no_such("checkout.session", identifier, "session")
    if session["status"] == "open" and session["expires_at"] <= scene.clock:
        return _end(scene, session)
    return session


def expire(scene: Scene, identifier: str) -> Made:
    """End an open session by request. Raises ApiError for one that is no longer open."""
    session = current(scene, identifier)
    if session["status"] != "open":
        raise ApiError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout'
            f" Session has a status of {session['status']}."
        )
    return _end(scene, session)


def expire_lapsed(scene: Scene) -> None:
    lapsed = Selection("checkout.session").where(status="open").due("expires_at", scene.clock)
    for session in scene.records.select(lapsed):
        _end(scene, session)


def pay(scene: Scene, identifier: str, kind: str, details: Made, email: str) -> Made:
    """Charge once, by the method ``kind``; a session that is no longer open comes back as it is."""
    session = current(scene, identifier)
    if session["status"] != "open":
        return session
    order = scene.records.order(identifier)
    method = scene.save(new_method(kind, details, email, None, scene.now))
    if session["mode"] == "subscription":
        links, paid = subscriptions.start(scene, session, order, method, email)
    else:
        links, paid = _pay_once(scene, session, order, method)
    status = "paid" if paid else "unpaid"
    session = scene.save(checkout.completed(session, email, payment_status=status, **links))
    scene.tell("checkout.session.completed", session)
    return session


def settled(scene: Scene, session: Made, *, paid: bool) -> None:
    """The debit behind a completed session has come, or it has not."""
    outcome = "succeeded" if paid else "failed"
    session = scene.save(session | {"payment_status": "paid" if paid else "unpaid"})
    scene.tell(f"checkout.session.async_payment_{outcome}", session)


def _pay_once(scene: Scene, session: Made, order: Made, method: Made) -> tuple[Made, bool]:
    intent = new_intent(
        session["amount_total"],
        session["currency"],
        session["payment_method_types"],
        order["metadata"],
        scene.now,
        description=order["description"],
    )
    charge = payments.attempt(scene, intent, method)
    return {"payment_intent": intent["id"]}, charge["paid"]


def _end(scene: Scene, session: Made) -> Made:
    session = scene.save(checkout.expired(session))
    scene.tell("checkout.session.expired", session)
    return session
