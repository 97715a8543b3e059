"""The billing portal's session: where a donor puts another card in place."""

from typing import Any

from donations_api.sandbox.objects.naming import new_id

Made = dict[str, Any]


def new_portal_session(given: Made, url: str, now: int) -> Made:
    """Its page is found below ``url``."""
    identifier = new_id("bps_")
    return {
        "id": identifier,
        "object": "billing_portal.session",
        "configuration": new_id("bpc_"),
        "created": now,
        "customer": given["customer"],
        "customer_account": None,
        "flow": {
            "after_completion": {
                "hosted_confirmation": None,
                "redirect": {"return_url": given["return_url"]},
                "type": "redirect",
            },
            "customer_update": None,
            "subscription_cancel": None,
            "subscription_update": None,
            "subscription_update_confirm": None,
            "type": given["flow_data"]["type"],
        },
        "livemode": False,
        "locale": given.get("locale"),
        "on_behalf_of": None,
        "return_url": given["return_url"],
        "url": f"{url}/{identifier}",
    }
