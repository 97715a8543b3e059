"""A strict stand-in for the part of Stripe that gifts use, once or monthly, for demos and tests.

It speaks Stripe's HTTP API, so the gateway under test is the gateway in production:

    POST /v1/checkout/sessions ─▶ creation ─▶ an open session ─▶ /pay/<id>, the hosted page
    the donor pays, once       ─▶ sessions ─▶ payments: payment intent, charge, balance
    the donor pays, monthly    ─▶ subscriptions ─▶ invoices ─▶ payments
    the console at /           ─▶ debits, renewals, refunds, disputes, payouts: what banks and time
                                  would do
    deliveries                 ─▶ each signed event, posted to the webhook until it is accepted

Every request and every object is checked against the annotations of the installed stripe package.
No money moves, and a setting that looks live is refused.
"""

from donations_api.sandbox.app import create_sandbox
from donations_api.sandbox.deliveries import Deliveries
from donations_api.sandbox.events import signature
from donations_api.sandbox.settings import SandboxRefused, SandboxSettings

__all__ = [
    "Deliveries",
    "SandboxRefused",
    "SandboxSettings",
    "create_sandbox",
    "signature",
]
