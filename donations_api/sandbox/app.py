"""The sandbox as one WSGI application, at home under any path prefix."""

from flask import Flask

from donations_api.sandbox import pages
from donations_api.sandbox.api import create_api
from donations_api.sandbox.console import create_console
from donations_api.sandbox.hosted_page import create_hosted_page
from donations_api.sandbox.portal_page import create_portal_page
from donations_api.sandbox.settings import SandboxSettings
from donations_api.sandbox.stage import Stage

_LARGEST_REQUEST = 64 * 1024  # bytes


def create_sandbox(settings: SandboxSettings) -> Flask:
    """The API at ``/v1``, the hosted page at ``/pay/<session>``, the console at ``/``.

    Events are sent by Deliveries(settings), which is started apart.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    stage = Stage(settings)
    app.register_blueprint(create_api(stage))
    app.register_blueprint(create_hosted_page(stage))
    app.register_blueprint(create_portal_page(stage))
    app.register_blueprint(create_console(stage))
    pages.dress(app)
    return app
