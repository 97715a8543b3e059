"""Every page that a person can see: valid HTML, usable by all, at home on a phone, and quiet."""

import json
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.browser.conftest import ROOT, Demo, Visit
from tests.browser.test_gift import WORDS, fill

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = [320, 360, 768, 1280]


def built_pages(demo: Demo) -> list[str]:
    """The path of each page of the built site."""
    files = sorted(demo.site.rglob("*.html"))
    return ["/" + str(file.relative_to(demo.site)).removesuffix("index.html") for file in files]


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds wrong on the page as it stands."""
    if page.evaluate("typeof axe") == "undefined":
        # From outside: the page's policy allows no script.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run({runOnly: rules}).then(result => result.violations)", RULES
    )
    return [{"rule": one["id"], "at": [node["target"] for node in one["nodes"]]} for one in found]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def portal_pages(demo: Demo, page: Page, language: str) -> list[tuple[str, Callable[[], None]]]:
    """The pages that the portal, the sandbox and the demo make, each with the way to it."""
    words, monthly = WORDS[language], f"monthly-{secrets.token_hex(4)}@example.com"

    def form_with_errors() -> None:
        page.goto(f"{words.home}donate/")
        follow(page.get_by_role("button", name=words.send))

    def payment() -> None:
        page.goto(f"{words.home}donate/")
        fill(page, currency="CNY", amount="66", email=f"pages-{language}@example.com")
        follow(page.get_by_role("button", name=words.send))

    def declined() -> None:
        follow(page.get_by_role("button", name=re.compile("被拒|[Dd]ecline")))

    def thanks() -> None:
        follow(page.get_by_role("button", name=words.pay))
        expect(page.get_by_role("heading", level=1)).to_have_text(words.arrived, timeout=20_000)
        page.wait_for_load_state()

    def cancelled() -> None:
        payment()
        follow(page.get_by_role("link", name=re.compile("取消|Cancel|返回|Back")).first)

    def review() -> None:
        page.goto(f"{words.home}donate/")
        page.locator("label[for=frequency-monthly]").click()
        page.check("#cover_fee")
        fill(page, currency="GBP", amount="25", email=monthly)
        follow(page.get_by_role("button", name=words.send))

    def mailed(part: str) -> None:
        mail = demo.mail_to(monthly)
        text = mail.get_body(("plain",))
        assert text is not None
        link = re.search(rf"http\S+{part}\S+", text.get_content())
        assert link
        page.goto(link[0])

    def my_gift() -> None:
        follow(page.locator("form.wish button").first)
        follow(page.get_by_role("button", name=words.pay))
        mailed("/gifts/")

    def my_pledge_with_an_error() -> None:
        page.fill("#amount", "nothing")
        follow(page.locator("form:has(input[value=amount]) button"))

    def ended() -> None:
        mailed("/pledges/")
        follow(page.locator("form:has(input[value=end]) button"))

    return [
        ("review", review),
        ("my gift", my_gift),
        ("a document", lambda: follow(page.locator("main ul a").first)),
        ("my pledge", lambda: mailed("/pledges/")),
        ("my pledge with an error", my_pledge_with_an_error),
        ("my pledge, ended", ended),
        ("form with errors", form_with_errors),
        ("payment page", payment),
        ("declined card", declined),
        ("thank-you page", thanks),
        ("cancelled", cancelled),
        (
            "no such gift",
            lambda: look_at(page, f"/donations/thanks?gift=forged&language={language}"),
        ),
        ("mailbox", lambda: look_at(page, f"/mailbox/?language={language}")),
        ("sandbox", lambda: look_at(page, f"/sandbox/?language={language}")),
    ]


def follow(way: Locator) -> None:
    """Click, and wait until the page that it leads to is there."""
    with way.page.expect_navigation():
        way.click()


def look_at(page: Page, path: str) -> None:
    """Go there, whatever the answer."""
    page.goto(path)


def test_each_built_page_is_usable_by_all_and_fits_a_phone(
    demo: Demo, visitor: Callable[..., Visit]
) -> None:
    """0 axe violations, no sideways scrolling, no complaint in the console."""
    visit = visitor(width=320)
    pages = built_pages(demo)
    assert len(pages) >= 14
    wrong: dict[str, object] = {}
    for path in pages:
        visit.page.goto(path)
        for width in WIDTHS:
            visit.page.set_viewport_size({"width": width, "height": 900})
            if beyond := overflow(visit.page):
                wrong[f"{path} at {width}"] = f"{beyond} px too wide"
            if width in (320, 1280) and (found := violations(visit.page)):
                wrong[f"{path} at {width}, axe"] = found
        assert visit.page.locator("[data-demo]").is_visible(), f"no DEMO ribbon on {path}"
    assert wrong == {}
    assert visit.complaints == []


@pytest.mark.parametrize("language", WORDS)
def test_each_page_of_the_portal_is_usable_by_all_and_fits_a_phone(
    demo: Demo, visitor: Callable[..., Visit], language: str, tmp_path: Path
) -> None:
    """The form with errors, the payment page and the thank-you page keep the same rules.

    The Nu HTML Checker finds nothing in any of them.
    """
    visit = visitor(width=320, locale={"zh": "zh-CN", "en": "en-GB"}[language])
    answers = record_pages(visit.page)
    files: list[Path] = []
    wrong: dict[str, object] = {}
    for name, go in portal_pages(demo, visit.page, language):
        go()
        files.append(tmp_path / f"{name}.html")
        files[-1].write_text(answers[-1].text(), encoding="utf-8")
        for width in (1280, 320):
            visit.page.set_viewport_size({"width": width, "height": 900})
            if beyond := overflow(visit.page):
                wrong[f"{name} at {width}"] = f"{beyond} px too wide"
            if found := violations(visit.page):
                wrong[f"{name} at {width}, axe"] = found
        tag = str(visit.page.locator("html").get_attribute("lang"))
        assert tag == {"zh": "zh-Hans", "en": "en"}[language], name
    assert wrong == {}
    # Chromium notes each answer of status 4xx; anything else would be a policy's complaint.
    assert [said for said in visit.complaints if "status of 4" not in said] == []
    assert len(files) == 14
    assert nu(*files) == []


def test_axe_would_find_a_fault(visitor: Callable[..., Visit]) -> None:
    """The control: a picture without a text, and a text that is too pale, are found."""
    page = visitor().page
    page.goto("/")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend',"
        " '<img src=\"data:,\"><p class=pale>pale</p>');"
        "document.querySelector('.pale').style.color = '#ddd'"
    )
    assert {"image-alt", "color-contrast"} <= {found["rule"] for found in violations(page)}


@pytest.mark.parametrize("language", WORDS)
def test_the_switch_leads_to_the_same_page_in_the_other_language(
    demo: Demo, visitor: Callable[..., Visit], language: str
) -> None:
    """From each page to its twin and back again."""
    page = visitor(script=False).page
    other = {"zh": "English", "en": "简体中文"}
    home = WORDS[language].home
    for path in built_pages(demo):
        within = {"zh": not path.startswith(("/en/", "/zh-hant/")), "en": path.startswith("/en/")}
        if "404" in path or not within[language]:
            continue
        page.goto(path)
        page.get_by_role("banner").get_by_role("link", name=other[language]).click()
        twin = WORDS["en" if language == "zh" else "zh"].home + path.removeprefix(home)
        expect(page).to_have_url(demo.url + twin)
        page.get_by_role("banner").get_by_role(
            "link", name=other["en" if language == "zh" else "zh"]
        ).click()
        expect(page).to_have_url(demo.url + path)


def record_pages(page: Page) -> list[Response]:
    """The answer that brought each page of this window, the newest last."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        if (
            answer.request.is_navigation_request()
            and answer.frame == page.main_frame
            and answer.status not in (301, 302, 303)
        ):
            answers.append(answer)

    page.on("response", note)
    return answers


# The checker reads files, and a file has no 'self' from which our own files may come.
OF_A_FILE = (
    "Resource violates Content Security Policy (meta tag): external stylesheet",
    "Resource violates Content Security Policy (meta tag): external script “/theme/search.js",
    "Resource violates Content Security Policy (meta tag): image “/donations/thanks/keepsake.png",
)

# It holds JSON to a policy about scripts, which browsers never look at for data that they do not
# run (HTML, "prepare the script element"). Excused on a line that is such a block from its start.
OF_DATA = "Inline script violates Content Security Policy (meta tag)"
DATA = '<script type="application/ld+json">'


def is_excused(said: dict[str, Any]) -> bool:
    """Whether the checker is wrong here, for one of the two reasons above."""
    if said["message"].startswith(OF_DATA):
        lines = Path(urlsplit(said["url"]).path).read_text(encoding="utf-8").splitlines()
        line: str = lines[said["lastLine"] - 1]
        return line.startswith(DATA) and line.count("<script") == 1
    return bool(said["message"].startswith(OF_A_FILE))


def nu(*files: Path) -> list[str]:
    """What the Nu HTML Checker says of these files."""
    java = shutil.which("java") or "java"
    command = [java, "-jar", str(NU), "--format", "json", "--stdout", "--exit-zero-always"]
    ran = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=True)
    return [
        f"{Path(said['url']).name}:{said.get('lastLine')}: {said['message']}"
        for said in json.loads(ran.stdout)["messages"]
        if (said["type"] == "error" or said.get("subType") == "warning") and not is_excused(said)
    ]


def test_each_built_page_is_valid_html(demo: Demo) -> None:
    """The Nu HTML Checker finds nothing in any of them."""
    files = sorted(demo.site.rglob("*.html"))
    assert len(files) >= 14
    assert nu(*files) == []


def test_the_site_as_shipped_is_usable_by_all(published: Demo, browser: Browser) -> None:
    """Whoever's content/ it is: valid, accessible, at home on a phone, and no demo."""
    files = sorted(published.site.rglob("*.html"))
    assert len(files) >= len([*(ROOT / "content" / "pages").glob("*.md")]) > 0
    assert nu(*files) == []
    page = browser.new_page(viewport={"width": 320, "height": 900})
    try:
        for path in built_pages(published):
            page.goto(published.url + path)
            assert page.locator("[data-demo]").count() == 0, path
            assert violations(page) == [], path
            assert overflow(page) == 0, path
    finally:
        page.close()


def test_the_checker_would_find_a_fault(tmp_path: Path) -> None:
    """The control: broken HTML is found."""
    broken = tmp_path / "broken.html"
    broken.write_text("<!doctype html><html lang=en><title>x</title><p id=a><p id=a>")
    assert nu(broken) != []


@pytest.mark.parametrize(("kind", "faults"), [("application/ld+json", 0), ("text/javascript", 1)])
def test_data_is_excused_and_a_script_is_not(tmp_path: Path, kind: str, faults: int) -> None:
    """The control of the excuse: a script under the same policy is found."""
    file = tmp_path / "page.html"
    policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
    head = f'<!doctype html>\n<html lang="en"><head>{policy}<title>x</title>'
    file.write_text(f'{head}\n<script type="{kind}">{{}}</script>\n</head><body></body></html>')
    assert len([said for said in nu(file) if "Security Policy" in said]) == faults


@pytest.mark.parametrize("path", ["/nowhere/", "/en/nowhere/"])
def test_a_page_that_is_not_there_says_so_in_the_language_of_its_address(
    demo: Demo, visitor: Callable[..., Visit], path: str
) -> None:
    """404, in Chinese below / and in English below /en/."""
    page = visitor(script=False).page
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("html")).to_have_attribute("lang", "en" if "/en/" in path else "zh-Hans")
    assert demo.url in page.url
