"""What the preview shows of its own: the bar on each page, the problems, the translations."""

import html
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from donations_api.frame import Frame
from plugins.preview.workshop import Outcome
from plugins.problems import Problem, errors_among
from plugins.staff.messages import text
from plugins.staff.status import report

_HERE = Path(__file__).parent
_LANGUAGES = {"zh": "zh-Hans", "en": "en"}  # of the staff's catalogs, and how HTML names them
_POLICY = re.compile(r"(<meta http-equiv=\"Content-Security-Policy\" content=\")([^\"]*)")


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(text=text, languages=_LANGUAGES)
    return environment


_TEMPLATES = _environment()


def with_bar(page: str, outcome: Outcome) -> str:
    """A built page as the preview answers with it: the bar at its foot, and reloading itself."""
    context = {"version": outcome.version, "number": len(outcome.problems)}
    head = _TEMPLATES.get_template("head.html").render(context)
    bar = _TEMPLATES.get_template("bar.html").render(context)
    page = _POLICY.sub(lambda found: found[1] + _opened(found[2]), page, count=1)
    page = page.replace("</head>", f"{head}</head>", 1)
    before, end, after = page.rpartition("</body>")
    return f"{before}{bar}{end}{after}" if end else page


def problems(outcome: Outcome, last_good: str = "") -> str:
    """What the latest build found, in both languages; ``last_good`` leads to the page before it."""
    errors = errors_among(outcome.problems)
    others = [one for one in outcome.problems if one not in errors]
    return _page("problems.html", outcome, errors=errors, others=others, last_good=last_good)


def wrong_files(found: list[Problem], outcome: Outcome) -> str:
    """The same page for what keeps the preview's own pages from being made."""
    return _page("problems.html", outcome, errors=found, others=[], last_good="")


def status(frame: Frame, outcome: Outcome, language: str) -> str:
    """The state of the translations, in a language of the staff's: its code."""
    tags = {one.code: one.tag for one in frame.languages}
    found: dict[str, Any] = report(frame)
    source = frame.default.code
    return _page("status.html", outcome, reader=language, report=found, tags=tags, source=source)


def notice(name: str, outcome: Outcome | None = None) -> str:
    """A page that says one thing: that the first build is not done yet, or what is not here."""
    return _page("notice.html", outcome, name=name)


def static(name: str) -> bytes | None:
    """A file that the preview's pages need; None for one that they do not have."""
    files = {file.name: file for file in (_HERE / "static").iterdir()}
    return files[name].read_bytes() if name in files else None


def _page(template: str, outcome: Outcome | None, **given: Any) -> str:
    version = outcome.version if outcome else ""
    number = len(outcome.problems) if outcome else 0
    return _TEMPLATES.get_template(template).render(version=version, number=number, **given)


def _opened(policy: str) -> str:
    """The page's policy, and besides what it allows: the preview's own script."""
    named = {
        name: sources.split()
        for name, _, sources in (
            part.strip().partition(" ") for part in html.unescape(policy).split(";")
        )
        if name
    }
    for name in ("script-src", "connect-src"):
        named[name] = [
            *(one for one in named.get(name, []) if one not in ("'none'", "'self'")),
            "'self'",
        ]
    return html.escape("; ".join(" ".join([name, *sources]) for name, sources in named.items()))
