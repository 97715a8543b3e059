"""What the bank says, days later, of a debit that a donor has authorised."""

from typing import Any

from donations_api.sandbox import invoices, payments, renewals, sessions
from donations_api.sandbox.errors import ApiError
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]


def conclude(scene: Scene, charge_id: str, *, paid: bool) -> None:
    """The money has come, or the debit has failed. Raises ApiError for a charge not pending."""
    charge = scene.find("charge", charge_id)
    if charge["status"] != "pending":
        raise ApiError("This charge is not pending.")
    charge = (payments.settle if paid else payments.bounce)(scene, charge)
    intent = charge["payment_intent"]
    invoice = invoices.of_intent(scene, intent)
    if not invoice:
        for session in scene.records.every("checkout.session", payment_intent=intent):
            sessions.settled(scene, session, paid=paid)
        return
    first = invoice["attempt_count"] == 1
    begun = scene.records.every("checkout.session", invoice=invoice["id"]) if first else []
    for session in begun if not paid else []:
        sessions.settled(scene, session, paid=False)
    renewals.concluded(scene, invoice, paid=paid)
    for session in begun if paid else []:
        sessions.settled(scene, session, paid=True)
