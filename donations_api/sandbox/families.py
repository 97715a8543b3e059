"""What belongs together: a session, its subscription, its charges, and all that befell them."""

from dataclasses import dataclass, field
from typing import Any

from donations_api.sandbox.selection import PaidOut
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]

_CHARGES_OF_A_PAYOUT = 50


@dataclass(slots=True)
class Family:
    """The relatives of one object, newest first; the object itself is among them."""

    sessions: list[Made] = field(default_factory=list)
    subscriptions: list[Made] = field(default_factory=list)
    invoices: list[Made] = field(default_factory=list)
    links: list[Made] = field(default_factory=list)
    charges: list[Made] = field(default_factory=list)
    refunds: list[Made] = field(default_factory=list)
    disputes: list[Made] = field(default_factory=list)
    payouts: list[Made] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        """Of all that an event can be about."""
        groups = (
            *(self.sessions, self.subscriptions, self.invoices, self.links),
            *(self.refunds, self.disputes, self.payouts),
        )
        return [one["id"] for group in groups for one in group]


def of_session(scene: Scene, session: Made) -> Family:
    family = Family(sessions=[session])
    if session["payment_intent"]:
        _add_charges(scene, family, session["payment_intent"])
    if session["invoice"]:
        _add_invoice(scene, family, scene.find("invoice", session["invoice"]))
        family.subscriptions = [scene.find("subscription", session["subscription"])]
    return family


def of_subscription(scene: Scene, subscription: Made) -> Family:
    family = Family(subscriptions=[subscription])
    family.sessions = scene.records.every("checkout.session", subscription=subscription["id"])
    field_name = "parent__subscription_details__subscription"
    for invoice in scene.records.every("invoice", **{field_name: subscription["id"]}):
        _add_invoice(scene, family, invoice)
    return family


def of_charge(scene: Scene, charge: Made) -> Family:
    family, intent = Family(), charge["payment_intent"]
    _add_charges(scene, family, intent)
    family.sessions = scene.records.every("checkout.session", payment_intent=intent)
    for link in scene.records.every("invoice_payment", payment__payment_intent=intent):
        invoice = scene.find("invoice", link["invoice"])
        family.links, family.invoices = [link], [invoice]
        family.sessions = scene.records.every("checkout.session", invoice=invoice["id"])
        parent = invoice["parent"]["subscription_details"]["subscription"]
        family.subscriptions = [scene.find("subscription", parent)]
    payout = scene.records.paid_out_in(charge["balance_transaction"] or "")
    family.payouts = [payout] if payout else []
    return family


def of_payout(scene: Scene, payout: Made) -> Family:
    """With the newest of the charges that it pays out."""
    charged = PaidOut(payout["id"]).where(reporting_category="charge")
    booked = scene.records.select(charged, _CHARGES_OF_A_PAYOUT)
    charges = [scene.find("charge", one["source"]) for one in booked]
    return Family(payouts=[payout], charges=charges)


def _add_invoice(scene: Scene, family: Family, invoice: Made) -> None:
    family.invoices.append(invoice)
    for link in scene.records.every("invoice_payment", invoice=invoice["id"]):
        family.links.append(link)
        _add_charges(scene, family, link["payment"]["payment_intent"])


def _add_charges(scene: Scene, family: Family, intent: str) -> None:
    for charge in scene.records.every("charge", payment_intent=intent):
        family.charges.append(charge)
        family.refunds += scene.records.every("refund", charge=charge["id"])
        family.disputes += scene.records.every("dispute", charge=charge["id"])
