"""What all pages of the sandbox share: the reader's language, the headers, the refusals."""

from functools import partial
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    make_response,
    render_template,
    request,
)
from werkzeug.exceptions import HTTPException

from donations_api.sandbox.wording import FORMATS, HTML_LANGUAGE, wording


def language(locale: str | None = None) -> str:
    """``zh`` or ``en``: what the link asks for, then Stripe's ``locale``, then the browser."""
    asked = request.args.get("language")
    if asked in HTML_LANGUAGE:
        return asked
    if locale and locale != "auto":
        return "zh" if locale.startswith("zh") else "en"
    # By primary tag: matching whole tags first would answer "en-US,zh;q=0.5" in Chinese.
    wanted = (tag.split("-")[0] for tag in request.accept_languages.values())
    return next((tag for tag in wanted if tag in HTML_LANGUAGE), "en")


def show(template: str, spoken: str, status: int = 200, **values: object) -> Response:
    """A page in the language ``spoken``; ``t`` is its wording."""
    other = next(each for each in HTML_LANGUAGE if each != spoken)
    page = render_template(
        template,
        t=partial(wording, spoken),
        language=spoken,
        html_language=HTML_LANGUAGE[spoken],
        other=other,
        other_html_language=HTML_LANGUAGE[other],
        formats=FORMATS[spoken],
        **values,
    )
    return make_response(page, status)


def say(message: str, spoken: str, status: int, **values: object) -> Response:
    """A page that only tells how things stand: ``message`` is an id under ``state.``."""
    return show("state.html", spoken, status, message=message, **values)


def check_same_origin() -> None:
    """Another site's form must not press this one's buttons. Refuses with 403."""
    if request.headers.get("Origin") != f"{request.scheme}://{request.host}":
        abort(403)


def allow_form_to(url: str) -> None:
    """Let the form of this page lead on to ``url``: browsers hold redirects to the policy too."""
    parts = urlsplit(url)
    g.form_target = f"{parts.scheme}://{parts.netloc}"


def dress(app: Flask) -> None:
    app.after_request(_add_headers)
    app.register_error_handler(Exception, _refuse)


def _add_headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none';"
        f" frame-ancestors 'none'; form-action 'self' {g.get('form_target', '')}"
    ).rstrip()
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Not no-referrer: with it browsers send "Origin: null" from our own forms.
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _refuse(problem: Exception) -> Response:
    status = problem.code or 500 if isinstance(problem, HTTPException) else 500
    if status == 500:
        current_app.logger.error("The sandbox could not show %s", request.path, exc_info=problem)
    message = {403: "foreign", 404: "unknown"}.get(status, "failed")
    return say(message, language(), status)
