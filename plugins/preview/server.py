"""Shows the preview on 127.0.0.1 alone: pages with the bar, or in their place what is wrong."""

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from donations_api.errors import FileWrong
from donations_api.frame import load_frame
from plugins.preview import pages
from plugins.preview.workshop import Outcome, Workshop
from plugins.problems import Problem
from plugins.staff.making import CONTENT, THEME

HOST = "127.0.0.1"
LAST_GOOD = "last-good"  # the query that asks for a page as it was before the content was refused


@contextmanager
def serving(workshop: Workshop, port: int) -> Iterator[None]:
    """Answer on ``port`` while the block runs."""

    class Handler(_Handler):
        shop = workshop

    with _Server((HOST, port), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # an answer that nobody waits for does not hold up the end

    def handle_error(self, *_of: object) -> None:
        """A browser that left before its answer was whole is nobody's fault."""


class _Handler(BaseHTTPRequestHandler):
    shop: Workshop
    server_version, sys_version = "preview", ""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path, outcome = unquote(parts.path), self.shop.outcome
        if self.headers.get("Host", "").partition(":")[0] not in (HOST, "localhost"):
            # A page of another host that had its name lead here would read what is not out yet.
            self._answer(403, b"")
        elif path.startswith("/_preview/"):
            self._own_file(path.removeprefix("/_preview/"), outcome)
        elif outcome is None:
            self._page(503, pages.notice("building"))
        elif path.startswith("/_"):
            self._own_page(path, outcome)
        else:
            self._site(path, parts.query, outcome)

    do_HEAD = do_GET  # noqa: N815  the name that the library looks for

    def do_POST(self) -> None:
        """The donation form leads to the portal, which is not here."""
        self._page(501, pages.notice("no_portal", self.shop.outcome))

    def log_message(self, *_of: Any) -> None:
        """The terminal is for what the builds find."""

    def _own_file(self, name: str, outcome: Outcome | None) -> None:
        if name == "version":
            self._answer(200, (outcome.version if outcome else "").encode(), "text/plain")
        elif (data := pages.static(name)) is not None:
            self._answer(200, data, _kind(name))
        else:
            self._answer(404, b"")

    def _own_page(self, path: str, outcome: Outcome) -> None:
        readers = {"/_status/": "zh", "/_status/en/": "en"}
        if path in readers:
            try:
                frame = load_frame(CONTENT, THEME)
                self._page(200, pages.status(frame, outcome, readers[path]))
            except FileWrong as wrong:
                problem = Problem.of_content_file(wrong)
                self._page(500, pages.wrong_files([problem], outcome))
        elif path == "/_problems/":
            self._page(200, pages.problems(outcome))
        else:
            self._page(404, pages.notice("nothing_here", outcome))

    def _site(self, path: str, query: str, outcome: Outcome) -> None:
        site = self.shop.site
        file = _file(site, path) if site else None
        if file and file.suffix != ".html":
            self._answer(200, file.read_bytes(), _kind(file.name))
        elif not outcome.good and query != LAST_GOOD:
            self._page(503, pages.problems(outcome, f"{path}?{LAST_GOOD}" if file else ""))
        elif site and not path.endswith("/") and _file(site, f"{path}/"):
            self._answer(302, b"", location="/" + path.strip("/") + "/")
        elif found := file or (site and _not_found(site, path)):
            page = found.read_text(encoding="utf-8")
            self._page(200 if file else 404, pages.with_bar(page, outcome))
        else:
            self._page(404, pages.notice("nothing_here", outcome))

    def _page(self, status: int, page: str) -> None:
        self._answer(status, page.encode(), "text/html; charset=utf-8")

    def _answer(
        self, status: int, data: bytes, kind: str = "text/plain", location: str = ""
    ) -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", quote(location))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def _file(site: Path, path: str) -> Path | None:
    """The file that an address within the site leads to."""
    file = site / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
    inside = file.resolve().is_relative_to(site.resolve())
    return file if inside and file.is_file() else None


def _not_found(site: Path, path: str) -> Path | None:
    """The page for lost visitors, of the language that the address begins with."""
    folder = path.strip("/").partition("/")[0]
    return _file(site, f"/{folder}/404.html") or _file(site, "/404.html")


def _kind(name: str) -> str:
    # Not by what Windows has in its registry, where a script may be anything.
    own = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
    return own.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
