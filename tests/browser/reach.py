"""Whether everybody reaches a page: one look at it in all the ways that people come to it.

``faults`` turns the window as a small phone, a desk, large letters, forced colours and the dark
scheme would have it, and asks the page each time (``reach.js``). axe's rules are all tried once, on
the phone; those that depend on width and colours once more, on the desk and in the dark.
"""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.architecture.tree import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ASKING = ROOT / "tests" / "browser" / "reach.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable"]
PHONE, DESK, LARGE_LETTERS = 320, 1280, 640
BETWEEN = (360, 768)
HEIGHT = 900
FITTING = ("tooWide", "clipped", "overlapping")


@dataclass(frozen=True)
class Visit:
    """A visitor's browser window, and what went wrong in it."""

    page: Page
    foreign: list[str]
    complaints: list[str]


def visit(context: BrowserContext, home: str) -> Visit:
    """A window that notes what the pages of ``home`` ask of other hosts, and what they complain."""
    one = Visit(context.new_page(), [], [])
    one.page.on(
        "request",
        lambda request: (
            None if request.url.startswith((home, "data:")) else one.foreign.append(request.url)
        ),
    )
    one.page.on("console", lambda said: one.complaints.append(said.text))
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
    return one


def on_a_phone(browser: Browser, home: str, locale: str = "zh-CN") -> Visit:
    """A window in which ``faults`` can look at the pages of ``home``."""
    context = browser.new_context(
        viewport={"width": PHONE, "height": HEIGHT},
        color_scheme="light",
        reduced_motion="reduce",
        locale=locale,
        base_url=home,
    )
    return visit(equip(context), home)


def equip(context: BrowserContext) -> BrowserContext:
    """Give each page of the window what it is asked with: sent once, and past the page's policy."""
    for file in (AXE, ASKING):
        context.add_init_script(path=file)
    return context


def violations(page: Page, *rules: str) -> list[dict[str, Any]]:
    """What axe finds wrong on the page as it stands: by all its rules, or by those of this name."""
    if page.evaluate("typeof axe") == "undefined":
        # From outside: the page's policy allows no script.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    asked = {"type": "rule", "values": rules} if rules else RULES
    found: list[dict[str, Any]] = page.evaluate(
        "asked => axe.run({runOnly: asked, resultTypes: ['violations']})"
        ".then(result => result.violations)",
        asked,
    )
    return [{"rule": one["id"], "at": [node["target"] for node in one["nodes"]]} for one in found]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def faults(page: Page) -> dict[str, object]:
    """Everything wrong with the page that is open, by the way in which it was looked at.

    The window comes from ``equip``, is a phone's in the light scheme and asks for less motion; so
    it is again afterwards. What was focused loses the focus.
    """
    found: dict[str, object] = {
        "phone": _ask(page, *FITTING, "order", "moving", "words"),
        "axe on the phone": violations(page),
    }
    page.keyboard.press("Tab")  # from now on a focus is a keyboard's
    found["by keyboard"] = _ask(page, "focus")
    for width in BETWEEN:
        _turn(page, width)
        found[f"at {width}"] = _ask(page, *FITTING)
    _turn(page, LARGE_LETTERS)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found["large letters"] = _ask(page, *FITTING)
    page.evaluate("document.documentElement.style.fontSize = ''")
    _turn(page, DESK)
    page.emulate_media(color_scheme="dark")
    found["desk"] = _ask(page, *FITTING, "order")
    found["axe on the desk, in the dark"] = violations(page, *OF_LOOKS)
    page.emulate_media(color_scheme="light", forced_colors="active")
    found["forced colours"] = _ask(page, "edges", "focus")
    page.emulate_media(forced_colors="none")
    _turn(page, PHONE)
    return {way: wrong for way, wrong in found.items() if wrong}


def _turn(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})


def _ask(page: Page, *questions: str) -> list[str]:
    answers: list[str] = page.evaluate(
        "questions => questions.flatMap(one => window.reach[one]())", list(questions)
    )
    return sorted(set(answers))
