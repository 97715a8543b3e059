"""The mails that the portal has written to its folder, newest first, to be read in the browser."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask, Response, redirect, request
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from donations_api import monthly, reconciliation
from donations_api.app import drain, portal_for, utc_now
from donations_api.frame import load_frame
from donations_api.giving import load_giving
from donations_api.pages import HEADERS, Pages
from donations_api.settings import Settings
from donations_api.templating import content_policy

HERE = Path(__file__).resolve().parent.parent
PAGE_POLICY = f"{content_policy()}; frame-src 'self'"
# A mail has its styles inline. It is shown without script, forms or anything from outside.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
)


def create_mailbox(settings: Settings, folder: Path) -> Flask:
    """The mailbox over ``folder``'s .eml files, to be mounted at ``/mailbox``."""
    app = Flask(__name__, static_folder=None)
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(settings.theme / "templates"), FileSystemLoader(HERE / "templates")]
    )
    frame = load_frame(settings.content, settings.theme)
    giving = load_giving(settings.content)
    pages = Pages(app, settings, giving, frame, HERE / "locale")

    def page(template: str, **context: Any) -> Response:
        here = f"{request.script_root}{request.path}"
        return pages.page(
            template,
            pages.language(request.args.get("language")),
            alternates={one.code: f"{here}?language={one.code}" for one in frame.languages},
            content_policy=PAGE_POLICY,
            time_zone=giving.recipients[0].time_zone,
            **context,
        )

    def list_mails() -> Response:
        return page("mailbox.html", mails={name: _read(file) for name, file in _files(folder)})

    def show_mail(name: str) -> Response:
        message = _read(_file(folder, name))
        html, text = message.get_body(("html",)), message.get_body(("plain",))
        return page(
            "mailbox_mail.html",
            mail=message,
            name=name,
            html=html is not None,
            text=text.get_content() if text else "",
        )

    def show_html(name: str) -> Response:
        part = _read(_file(folder, name)).get_body(("html",))
        if not part:
            raise NotFound
        return Response(part.get_content(), headers={"Content-Security-Policy": MAIL_POLICY})

    def a_month_passes() -> AnyResponse:
        """What schedules do on a host: next month's reminders, and what has been settled."""
        portal = portal_for(settings)
        monthly.remind(portal, utc_now() + timedelta(days=32))
        drain(settings, utc_now())
        reconciliation.reconcile(portal)
        here = (
            f"{request.script_root}/?language={pages.language(request.args.get('language')).code}"
        )
        return redirect(here, 303)

    def not_found(_error: NotFound) -> Response:
        return pages.problem("not_found", 404)

    def finish(response: Response) -> Response:
        policies = {"Content-Security-Policy": f"{PAGE_POLICY}; frame-ancestors 'none'"}
        for header, value in (HEADERS | policies).items():
            response.headers.setdefault(header, value)
        return response

    app.add_url_rule("/", view_func=list_mails)
    app.add_url_rule("/", view_func=a_month_passes, methods=["POST"])
    app.add_url_rule("/<name>", view_func=show_mail)
    app.add_url_rule("/<name>/html", view_func=show_html)
    app.register_error_handler(NotFound, not_found)
    app.after_request(finish)
    return app


def _files(folder: Path) -> list[tuple[str, Path]]:
    """The mails by name, newest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [(file.stem, file) for file in files]


def _file(folder: Path, name: str) -> Path:
    """The file of a mail that the folder lists: what the address says never becomes a path."""
    try:
        return dict(_files(folder))[name]
    except KeyError:
        raise NotFound from None


def _read(file: Path) -> EmailMessage:
    return message_from_bytes(file.read_bytes(), policy=policy.default)
