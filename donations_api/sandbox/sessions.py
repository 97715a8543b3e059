"""The life of a Checkout Session: open, then complete or expired, and never back.

Every step runs in the caller's transaction, together with the event that tells of it.
"""

from typing import Any

from donations_api.sandbox import creation, objects
from donations_api.sandbox.cards import Card
from donations_api.sandbox.errors import ApiError, no_such
from donations_api.sandbox.events import Cause, announce
from donations_api.sandbox.schemas import Shapes
from donations_api.sandbox.settings import SandboxSettings
from donations_api.sandbox.store import Records

Session = dict[str, Any]


class Sessions:
    """Times are the settings' clock's."""

    def __init__(self, settings: SandboxSettings, shapes: Shapes) -> None:
        self._settings = settings
        self._shapes = shapes

    def create(self, records: Records, given: dict[str, Any]) -> Session:
        """Raises ApiError."""
        now = int(self._settings.clock())
        session, order = creation.new_session(given, self._settings.public_url, now)
        records.save(self._shapes.fit(session))
        records.keep_order(session["id"], order)
        return session

    def current(self, records: Records, identifier: str) -> Session:
        """The session as it is now: expired, if its time has passed. Raises ApiError (404)."""
        session = records.find("checkout.session", identifier)
        if not session:
            raise no_such("checkout.session", identifier, "session")
        if session["status"] == "open" and session["expires_at"] <= self._settings.clock():
            return self._end(records, session, Cause())
        return session

    def expire(self, records: Records, identifier: str, cause: Cause) -> Session:
        """End an open session by request. Raises ApiError for one that is no longer open."""
        session = self.current(records, identifier)
        if session["status"] != "open":
            raise ApiError(
                'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout'
                f" Session has a status of {session['status']}."
            )
        return self._end(records, session, cause)

    def expire_lapsed(self, records: Records) -> None:
        for session in records.open_sessions_past(int(self._settings.clock())):
            self._end(records, session, Cause())

    def pay(self, records: Records, identifier: str, card: Card, email: str) -> Session:
        """Charge the card once; a session that is no longer open comes back as it is."""
        session = self.current(records, identifier)
        if session["status"] != "open":
            return session
        now = self._settings.clock()
        intent, charge = objects.payment(session, records.order(identifier), card, int(now))
        for made in (intent, charge):
            records.save(self._shapes.fit(made))
        session = records.save(objects.paid(session, intent["id"], email))
        announce(records, self._shapes, "checkout.session.completed", session, Cause(), now)
        return session

    def _end(self, records: Records, session: Session, cause: Cause) -> Session:
        session = records.save(objects.expired(session))
        now = self._settings.clock()
        announce(records, self._shapes, "checkout.session.expired", session, cause, now)
        return session
