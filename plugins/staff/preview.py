"""``make preview``: the site in the browser while it is being written, made anew at each save.

Drafts and what is scheduled are shown. Every build is a process of its own: Pelican keeps what it
has read for as long as its process lives.
"""

from collections.abc import Iterator
from pathlib import Path

from watchfiles import watch

from plugins.preview.server import HOST, serving
from plugins.preview.workshop import Workshop
from plugins.staff.making import CONTENT, THEME
from plugins.staff.messages import say
from plugins.staff.ports import free_port

USUAL_PORT = 8001  # beside the demo's
_LOOK = 500  # milliseconds between two looks at whether Ctrl-C was pressed


def main(_words: list[str]) -> int:
    """Serve the preview until Ctrl-C; ``PORT`` names another port. Raises Refusal."""
    port = free_port("preview", USUAL_PORT)
    workshop = Workshop(Path("var", f"preview-{port}"), f"http://{HOST}:{port}")
    try:
        with serving(workshop, port):
            say("preview.address", address=f"{workshop.address}/")
            for _ in _saves():
                workshop.build()
    except KeyboardInterrupt:
        say("preview.stopped")
    return 0


def _saves() -> Iterator[None]:
    """At once, and then each time that something was saved, also while a build was running."""
    begun = False
    watched = [folder.resolve() for folder in (CONTENT, THEME)]
    for changed in watch(*watched, rust_timeout=_LOOK, yield_on_timeout=True):
        if changed or not begun:
            yield
        begun = True
