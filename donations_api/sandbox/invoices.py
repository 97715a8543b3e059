"""One month's invoice: made, tried, paid, failed or void; and what the webhook hears of it."""

from typing import Any

from donations_api.sandbox import payments
from donations_api.sandbox.objects import invoice as made
from donations_api.sandbox.objects.payment import new_intent
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]

_DAY = 24 * 60 * 60
# Until the next try after the first, second and third failed one; the fourth is the last.
_RETRY_AFTER = (3 * _DAY, 5 * _DAY, 7 * _DAY)


def issue(scene: Scene, subscription: Made, reason: str, period: tuple[int, int]) -> Made:
    """An open invoice for ``period`` (start, end), nothing tried yet."""
    customer = scene.find("customer", subscription["customer"])
    url = f"{scene.url}/invoices"
    invoice = scene.save(made.new_invoice(subscription, customer, reason, period, url, scene.now))
    scene.save(customer | {"next_invoice_sequence": customer["next_invoice_sequence"] + 1})
    return invoice


def collect(
    scene: Scene, invoice: Made, method: Made, *, succeeds: bool = True
) -> tuple[Made, bool | None]:
    """Charge ``method``; the invoice after it, and whether it is paid (None: a debit will tell)."""
    intent = scene.find("payment_intent", _intent(scene, invoice, method))
    charge = payments.attempt(scene, intent, method, succeeds=succeeds)
    invoice = scene.save(invoice | {"attempted": True, "attempt_count": _tries(invoice)})
    if charge["status"] == "pending":
        return scene.save(invoice | {"next_payment_attempt": None}), None
    return conclude(scene, invoice, paid=charge["paid"]), charge["paid"]


def conclude(scene: Scene, invoice: Made, *, paid: bool) -> Made:
    """The last try has ended."""
    if not paid:
        waits = dict(enumerate(_RETRY_AFTER, start=1))
        wait = waits.get(invoice["attempt_count"])
        due = scene.now + wait if wait else None
        invoice = scene.save(invoice | {"next_payment_attempt": due})
        scene.tell("invoice.payment_failed", invoice)
        return invoice
    invoice = scene.save(made.paid(invoice, scene.now))
    payment = scene.save(made.paid_payment(payment_of(scene, invoice), scene.now))
    scene.tell("invoice.paid", invoice)
    scene.tell("invoice_payment.paid", payment)
    return invoice


def waive(scene: Scene, invoice: Made) -> Made:
    """Nobody is charged for a month in which collection is paused."""
    return scene.save(made.void(invoice, scene.now))


def payment_of(scene: Scene, invoice: Made) -> Made:
    return scene.records.every("invoice_payment", invoice=invoice["id"])[0]


def of_intent(scene: Scene, intent: str) -> Made | None:
    """The invoice that a payment intent pays, if it is one of a subscription."""
    found = scene.records.every("invoice_payment", payment__payment_intent=intent)
    return scene.find("invoice", found[0]["invoice"]) if found else None


def under_way(scene: Scene, invoice: Made) -> bool:
    """Whether a debit for it is on its way."""
    if invoice["status"] != "open" or not invoice["attempted"]:
        return False
    intent = payment_of(scene, invoice)["payment"]["payment_intent"]
    return bool(scene.find("payment_intent", intent)["status"] == "processing")


def _tries(invoice: Made) -> int:
    count: int = invoice["attempt_count"]
    return count + 1


def _intent(scene: Scene, invoice: Made, method: Made) -> str:
    """The id of the one intent of this invoice, made for its first try."""
    if invoice["attempted"]:
        found: str = payment_of(scene, invoice)["payment"]["payment_intent"]
        return found
    intent = new_intent(
        invoice["amount_due"],
        invoice["currency"],
        [method["type"]],
        {},  # a subscription's metadata does not reach its payments
        scene.now,
        customer=invoice["customer"],
        description="Subscription creation"
        if invoice["billing_reason"] == "subscription_create"
        else "Subscription update",
    )
    scene.save(intent)
    scene.save(made.new_invoice_payment(invoice, intent["id"], scene.now))
    return str(intent["id"])
