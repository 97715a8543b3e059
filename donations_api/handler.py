"""The ways in from a host. The app is made at the first request, so importing needs no settings.

A host that starts a function knows one of these names; a missing setting is named by SettingWrong.
A host that runs a web server uses ``python -m donations_api serve``, or ``application`` with a WSGI
server of its own.
"""

import logging
import os
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from apig_wsgi import make_lambda_handler
from flask import Flask

from donations_api import reconciliation
from donations_api.app import create_app, drain, portal_for, utc_now
from donations_api.settings import Settings


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """WSGI, for any server that speaks it."""
    return _app()(environ, start_response)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """AWS Lambda, behind API Gateway (both payload versions), a function URL or a load balancer."""
    return _aws()(event, context)


def send_scheduled(_event: object, _context: object) -> int:
    """A schedule: sends the mail that waits. How many messages went."""
    return drain(_settings(), utc_now())


def reconcile_scheduled(_event: object, _context: object) -> int:
    """A daily schedule: compares the ledger with Stripe. In how many places they differ."""
    return len(reconciliation.reconcile(portal_for(_settings())).differences)


def retention_scheduled(_event: object, _context: object) -> int:
    """A daily schedule: removes what is past its time. How many rows of donors' data went."""
    from donations_api.commands.privacy import sweep  # no request needs what terminals need

    return sum(sweep(_settings()).values())


@cache
def _settings() -> Settings:
    logging.getLogger("donations_api").setLevel(logging.INFO)
    return Settings.from_environ(os.environ)


@cache
def _app() -> Flask:
    return create_app(_settings())


@cache
def _aws() -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    # Else a picture would be read as text for a REST API (payload version 1), and fail.
    return make_lambda_handler(_app(), binary_support=True)
