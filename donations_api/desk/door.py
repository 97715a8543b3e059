"""Who may come in: this computer's browser that was shown the key, and no page of another site.

A web page that is open elsewhere in the same browser can send forms to this computer, and can have
a name of its own lead here; another person's program on this computer can connect. Each check
stands for one of these, and none of them for another.
"""

import hmac
import secrets
from urllib.parse import urlencode

from flask import Flask, redirect, request, session
from werkzeug.exceptions import Forbidden, HTTPException
from werkzeug.wrappers import Response as AnyResponse

HOST = "127.0.0.1"


class Closed(HTTPException):
    """Somebody who was not shown the key."""

    code = 403


class WrongHost(HTTPException):
    """A name that is not this computer's leads here."""

    code = 421


class Door:
    """``port``: where the desk listens. ``root``: the path where it is mounted, or empty."""

    def __init__(self, port: int, root: str = "") -> None:
        self._hosts = (f"{HOST}:{port}", f"localhost:{port}")
        self._address = f"http://{HOST}:{port}{root}/"
        self._key = secrets.token_urlsafe(32)
        self._once: set[str] = set()
        self._cookie = f"desk_{port}"  # browsers do not tell ports apart

    def address(self) -> str:
        """Where the desk opens, as often as it takes; for the terminal alone."""
        return f"{self._address}?key={self._key}"

    def address_once(self) -> str:
        """Where it opens once: others on this computer see with what words a browser is started."""
        key = secrets.token_urlsafe(32)
        self._once.add(key)
        return f"{self._address}?key={key}"

    def guard(self, app: Flask) -> None:
        """Let nothing of ``app`` answer before all checks are passed."""
        app.secret_key = secrets.token_bytes(32)  # who came in before this start has to come again
        app.config |= {
            "SESSION_COOKIE_NAME": self._cookie,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Strict",
        }
        app.before_request(self._check)
        app.context_processor(lambda: {"form_token": session.get("token", "")})

    def _check(self) -> AnyResponse | None:
        if request.host not in self._hosts:
            raise WrongHost
        if request.endpoint == "style":
            return None
        if "key" in request.args:
            return self._open(request.args["key"])
        if "token" not in session:
            raise Closed
        if request.method not in ("GET", "HEAD"):
            self._check_form()
        return None

    def _open(self, key: str) -> AnyResponse:
        fits = hmac.compare_digest(key.encode(), self._key.encode()) or key in self._once
        if not fits:
            raise Closed
        self._once.discard(key)
        session.setdefault("token", secrets.token_urlsafe(32))
        kept = {name: text for name, text in request.args.items() if name != "key"}
        return redirect(_here(kept), 303)

    def _check_form(self) -> None:
        """The form must be one of ours, pressed on a page of ours."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise Forbidden
        if request.headers.get("Origin") != f"http://{request.host}":
            raise Forbidden
        if not hmac.compare_digest(
            request.form.get("token", "").encode(), session["token"].encode()
        ):
            raise Forbidden


def _here(asked: dict[str, str]) -> str:
    path = f"{request.script_root}{request.path}"
    return f"{path}?{urlencode(asked)}" if asked else path
