"""A static host as a good one is: it keeps connections, compresses, says what may be kept."""

import gzip
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

YEAR = 365 * 24 * 60 * 60
TEXTS = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt"}
SMALLEST = 200  # bytes below which compressing gains nothing


class _Host(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, folder: Path, *rest: object) -> None:
        self._folder = folder.resolve()
        super().__init__(*rest)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        file = (self._folder / unquote(address.path).lstrip("/")).resolve()
        file = file / "index.html" if file.is_dir() else file
        status = 200
        if not file.is_relative_to(self._folder) or not file.is_file():
            status, file = 404, self._folder / "404.html"
        packed = file.suffix in TEXTS and "gzip" in self.headers.get("Accept-Encoding", "")
        body = _packed(file) if packed else file.read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", _kind(file))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("X-Content-Type-Options", "nosniff")
        # An address with a digest behind it never means anything else.
        kept = f"max-age={YEAR}, immutable" if address.query or _is_kept(file) else "no-cache"
        self.send_header("Cache-Control", kept)
        if body != file.read_bytes():
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """What was asked for is the browser's to tell."""


def _is_kept(file: Path) -> bool:
    return file.suffix not in TEXTS


def _kind(file: Path) -> str:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if file.suffix in TEXTS else kind


@cache
def _packed(file: Path) -> bytes:
    body = file.read_bytes()
    return gzip.compress(body) if len(body) > SMALLEST else body


@contextmanager
def good_host(folder: Path) -> Iterator[str]:
    """Serve the built site in ``folder`` while the block runs; its address."""
    handler = partial(_Host, folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
