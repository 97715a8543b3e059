"""The sandbox as one WSGI application, at home under any path prefix."""

from flask import Flask

from donations_api.sandbox import pages
from donations_api.sandbox.api import create_api
from donations_api.sandbox.console import create_console
from donations_api.sandbox.hosted_page import create_hosted_page
from donations_api.sandbox.schemas import Shapes
from donations_api.sandbox.sessions import Sessions
from donations_api.sandbox.settings import SandboxSettings
from donations_api.sandbox.store import Store

_LARGEST_REQUEST = 64 * 1024  # bytes


def create_sandbox(settings: SandboxSettings) -> Flask:
    """The API at ``/v1``, the hosted page at ``/pay/<session>``, the console at ``/``.

    Events are sent by Deliveries(settings), which is started apart.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    store, shapes = Store(settings.database), Shapes()
    sessions = Sessions(settings, shapes)
    app.register_blueprint(create_api(settings, store, sessions, shapes))
    app.register_blueprint(create_hosted_page(settings, store, sessions))
    app.register_blueprint(create_console(settings, store, sessions))
    pages.dress(app)
    return app
