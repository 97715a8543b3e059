"""The billing portal: another card for a customer, and what was owed is paid with it."""

from typing import Any

from donations_api.sandbox import creation, renewals, subscriptions
from donations_api.sandbox.errors import missing, not_acted_out
from donations_api.sandbox.objects.payment import new_method
from donations_api.sandbox.objects.portal import new_portal_session
from donations_api.sandbox.stage import Scene

Made = dict[str, Any]


def create(scene: Scene, given: Made) -> Made:
    """Raises ApiError."""
    creation.check_acted_out(
        given,
        {"customer": None, "return_url": None, "locale": None, "flow_data": {"type": None}},
    )
    for param in ("customer", "return_url", "flow_data"):
        if not given.get(param):
            raise missing(param)
    if given["flow_data"]["type"] != "payment_method_update":
        raise not_acted_out(f"flow_data[type]={given['flow_data']['type']}")
    creation.check_url(given["return_url"], "return_url")
    scene.find("customer", given["customer"], "customer")
    return scene.save(new_portal_session(given, f"{scene.url}/portal", scene.now))


def replace_method(scene: Scene, customer_id: str, kind: str, details: Made) -> None:
    """Every subscription of the customer is charged to the new method, an open invoice at once."""
    customer = scene.find("customer", customer_id)
    method = new_method(kind, details, customer["email"], customer_id, scene.now)
    scene.save(method)
    settings = customer["invoice_settings"] | {"default_payment_method": method["id"]}
    scene.save(customer | {"invoice_settings": settings})
    for found in scene.records.every("subscription", customer=customer_id):
        if found["status"] == "canceled":
            continue
        subscription = subscriptions.change(scene, found, default_payment_method=method["id"])
        if renewals.to_retry(scene, subscription):
            renewals.retry(scene, subscription["id"])
