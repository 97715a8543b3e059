"""What a page may cost a phone on a slow line: bytes, and moving about while it comes.

Bytes are counted as gzip packs them. The index of the search is not among them: it comes when
somebody searches, in parts as large as what was asked needs. How long a page blocks is Lighthouse's
to say (``make lighthouse``): on a computer that runs tests it is chance.
"""

import gzip
import re
from functools import cache

from playwright.sync_api import Page, Route

KB = 1024
STILL = 0.001  # of the window: less than anybody sees, as Lighthouse rounds it
FRAME, PAGE, SCRIPT = 10 * KB, 14 * KB, 10 * KB  # bytes
MAIN = re.compile(r"(<main\b[^>]*>).*(</main>)", re.DOTALL)
STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
RUN = re.compile(r'<script\b[^>]*\bsrc="([^"]+)"')
LATE = re.compile(r"\.(?:avif|webp|jpe?g|png)(?:\?|$)")
# By how much the page has moved since it began to come, but for what somebody's typing moved.
MOVED = """() => new Promise(done => {
  let moved = 0;
  const noted = new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) moved += one.value;
  });
  noted.observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(moved)));
})"""


class SlowLine:
    """Pictures come when all else has been shown; pages are opened by ``open``."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._waiting: list[Route] = []
        page.route(LATE, lambda route: self._waiting.append(route))

    def open(self, address: str) -> None:
        """Go there; when this returns the last picture has come."""
        self._page.goto(address, wait_until="domcontentloaded")
        self._page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        while self._page.evaluate("document.readyState") != "complete":
            while self._waiting:
                self._waiting.pop().fallback()
            self._page.evaluate("() => new Promise(done => requestAnimationFrame(done))")


def over_budget(page: Page) -> list[str]:
    """What the page that is open costs too much of. It has not been used yet."""
    html = page.content()
    styles = [_packed_at(page, one) for one in STYLE.findall(html)]
    scripts = sum(_packed_at(page, one) for one in RUN.findall(html))
    found = [
        f"{name}: {size} bytes of {most}"
        for name, size, most in (
            ("frame", _packed(MAIN.sub(r"\1\2", html)) + styles[0], FRAME),
            ("page", _packed(html) + sum(styles), PAGE),
            ("scripts", scripts, SCRIPT),
        )
        if size > most
    ]
    if (moved := page.evaluate(MOVED)) > STILL:
        found.append(f"moved by {moved:.4f}")
    return found


@cache
def _packed_at(page: Page, address: str) -> int:
    text: str = page.evaluate("address => fetch(address).then(answer => answer.text())", address)
    return _packed(text)


def _packed(text: str) -> int:
    return len(gzip.compress(text.encode()))
