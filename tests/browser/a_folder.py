"""A built site, shown to the browser from its folder: no server, and no way to any other host."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route

HOST = "https://house.example"


def serve(page: Page, folder: Path, change: Callable[[str], str] | None = None) -> list[str]:
    """Answer for ``HOST`` from ``folder``; the list fills with what other hosts were asked for.

    ``change`` is done to each page before the browser gets it.
    """
    asked: list[str] = []

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        file = folder / address.path.lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        if f"{address.scheme}://{address.netloc}" != HOST:
            asked.append(route.request.url[:100])
            route.abort()
        elif not file.is_file():
            route.fulfill(status=404, body="")
        elif file.suffix == ".html" and change:
            html = change(file.read_text(encoding="utf-8"))
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(path=file)

    page.route("**/*", answer)
    return asked
