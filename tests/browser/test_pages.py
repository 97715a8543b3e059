"""Every page that a person can see: valid HTML, usable by all, at home on a phone, and quiet."""

import re
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, Route, expect

from donations_api.frame import load_frame
from tests.browser.budgets import SlowLine, over_budget
from tests.browser.conftest import ROOT, Demo
from tests.browser.nu import nu
from tests.browser.reach import DESK, HEIGHT, PHONE, Visit, faults, on_a_phone
from tests.browser.test_gift import WORDS, fill
from tests.donations.running import CONTENT
from tests.donations.sample_letters import LETTERS, a_letter

# Of the months of the books the newest is looked at: the others are the same page.
ANOTHER_MONTH = re.compile(r"/20\d\d-(?!11)\d\d/")


def built_pages(demo: Demo) -> list[str]:
    """The path of each page of the built site, one of each kind."""
    files = sorted(demo.site.rglob("*.html"))
    paths = ["/" + str(file.relative_to(demo.site)).removesuffix("index.html") for file in files]
    return [path for path in paths if not ANOTHER_MONTH.search(path)]


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
        # As without script, which says the total on the form, so that it is agreed to there.
        page.locator("[name=agreed_total]").evaluate("field => { field.disabled = true; }")
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


def test_each_built_page_is_within_everybodys_reach(demo: Demo, browser: Browser) -> None:
    """On a phone and a desk, with large letters, by keyboard, in the dark and in forced colours:
    nothing is missing (``reach.faults``), and no page complains or asks another host. On a slow
    line it comes in few bytes, and nothing moves (``budgets``).
    """
    visit = on_a_phone(browser, demo.url)
    line = SlowLine(visit.page)
    pages = built_pages(demo)
    assert len(pages) >= 30
    wrong: dict[str, object] = {}
    for path in pages:
        line.open(path)
        assert visit.page.locator("[data-demo]").is_visible(), f"no DEMO ribbon on {path}"
        if found := [*over_budget(visit.page), *faults(visit.page).items()]:
            wrong[path] = found
    visit.page.context.close()
    assert wrong == {}, wrong
    assert visit.complaints == []
    assert visit.foreign == []


@pytest.mark.parametrize("language", WORDS)
def test_each_page_of_the_portal_is_within_everybodys_reach(
    demo: Demo, browser: Browser, language: str, tmp_path: Path
) -> None:
    """The form with errors, the payment page and the thank-you page keep the same rules.

    The Nu HTML Checker finds nothing in any of them, nor in any letter.
    """
    visit = on_a_phone(browser, demo.url, locale={"zh": "zh-CN", "en": "en-GB"}[language])
    answers = record_pages(visit.page)
    files: list[Path] = []
    wrong: dict[str, object] = {}
    for name, go in portal_pages(demo, visit.page, language):
        go()
        files.append(tmp_path / f"{name}.html")
        files[-1].write_text(answers[-1].text(), encoding="utf-8")
        bytes_count = not re.search("/sandbox/|/mailbox/", visit.page.url)  # no donor's pages
        over = over_budget(visit.page) if bytes_count else []
        if found := [*over, *faults(visit.page).items()]:
            wrong[name] = found
        tag = str(visit.page.locator("html").get_attribute("lang"))
        assert tag == {"zh": "zh-Hans", "en": "en"}[language], name
    visit.page.context.close()
    assert wrong == {}, wrong
    # Chromium notes each answer of status 4xx, and that a mail's frame does not listen to axe;
    # anything else would be a policy's complaint.
    expected = re.compile("status of 4|Failed to execute 'postMessage'")
    assert [said for said in visit.complaints if not expected.search(said)] == []
    assert visit.foreign == []
    assert len(files) == 14
    frame = load_frame(CONTENT, ROOT / "theme")
    for name in LETTERS:
        files.append(tmp_path / f"letter, {name}.html")
        files[-1].write_text(a_letter(frame, name, language, demo=True).html, encoding="utf-8")
    assert nu(*files) == []


# What is put into a page, and what then has to be said of it: by which look, beginning how.
FAULTS = {
    "<img src='data:,'>": ("axe on the phone", "image-alt"),
    "<p style='color: #ddd'>pale</p>": ("axe on the phone", "color-contrast"),
    "<p class=night-pale>pale in the dark</p>": ("axe on the desk, in the dark", "color-contrast"),
    "<p style='white-space: nowrap; font-size: 5em'>一行不换行的字</p>": (
        "phone",
        "clipped",
    ),
    "<div style='display: grid'><p style='grid-area: 1 / 1'>一</p>"
    "<p style='grid-area: 1 / 1'>一</p></div>": (
        "phone",
        "overlapping",
    ),
    "<p style='height: 1.9em; overflow: hidden'>a line</p>": ("large letters", "clipped"),
    "<p style='transition: opacity 1s'>slow</p>": ("phone", "moves"),
    "<a href='#main' tabindex=3>first</a>": ("phone", "tabindex"),
    "<p><a href='#main' style='float: right'>a</a> <a href='#main'>b</a></p>": ("phone", "comes"),
    "<a href='#main' style='outline: none'>ringless</a>": ("by keyboard", "no ring"),
    "<button style='border: 0'>flat</button>": ("forced colours", "no edge"),
    "<fieldset><input type=radio name=r id=r1 checked style='opacity: 0'><label for=r1>1</label>"
    "<input type=radio name=r id=r2 style='opacity: 0'><label for=r2>2</label></fieldset>": (
        "forced colours",
        "chosen or not looks alike: label “1”",
    ),
    "<fieldset><input type=radio name=s id=s1 checked style='opacity: 0'>"
    "<input type=radio name=s id=s2 style='opacity: 0'><details><summary>a list</summary>"
    "<label for=s1>3</label><label for=s2>4</label></details></fieldset>": (
        "forced colours",
        "chosen or not looks alike: label “3”",
    ),
    "<p lang=en>谢谢</p>": ("phone", "not in en"),
    "<p aria-label='Thank you very much'>谢</p>": ("phone", "not in zh"),
    "<div style='position: relative'><a href='#main'>below</a><p style='position: absolute;"
    " inset: 0; margin: 0; background: red'></p></div>": ("by keyboard", "hidden"),
}


def test_each_fault_would_be_found(demo: Demo, browser: Browser) -> None:
    """The controls: one fault of each kind is put into a page, and each is told of."""
    page = on_a_phone(browser, demo.url).page
    page.goto("/about/")
    # The page's policy allows no style of an attribute; the browser's own interface may set it.
    page.evaluate(
        """faults => {
          const dark = new CSSStyleSheet();
          dark.replaceSync("@media (prefers-color-scheme: dark) { .night-pale { color: #333; } }");
          document.adoptedStyleSheets = [dark];
          const main = document.querySelector("main .prose");
          for (const fault of faults) {
            const box = new DOMParser().parseFromString(fault, "text/html").body;
            for (const one of box.querySelectorAll("[style]"))
              one.dataset.style = one.getAttribute("style"), one.removeAttribute("style");
            for (const one of [...box.children]) main.append(document.adoptNode(one));
          }
          for (const one of main.querySelectorAll("[data-style]"))
            one.style.cssText = one.dataset.style;
        }""",
        list(FAULTS),
    )
    found = faults(page)
    page.context.close()
    missed = [fault for fault, (way, told) in FAULTS.items() if told not in str(found.get(way))]
    assert missed == [], found


def answered_by(file: Path) -> Callable[[Route], None]:
    return lambda route: route.fulfill(path=file)


def test_each_cost_would_be_found(demo: Demo, browser: Browser, tmp_path: Path) -> None:
    """The controls: heavy text, a heavy frame, a heavy script, a picture whose size is not told."""
    noise = secrets.token_hex(16_000)
    home = (demo.site / "index.html").read_text(encoding="utf-8")
    picture = next(iter(sorted((demo.site / "images").rglob("*.*g"))))
    late = f'<img src="/{picture.relative_to(demo.site)}" alt=""><main'
    spoiled = {
        "page": home.replace("</main>", f"<p>{noise}</p></main>"),
        "frame": home.replace("</footer>", f"<p>{noise}</p></footer>"),
        "scripts": home.replace("</main>", '<script src="/noise.js"></script></main>'),
        "moved": home.replace("<main", late, 1),
    }
    page = on_a_phone(browser, demo.url).page
    line = SlowLine(page)
    page.route("**/noise.js", lambda route: route.fulfill(body=noise))
    missed = {}
    for name, html in spoiled.items():
        file = tmp_path / f"{name}.html"
        file.write_text(html, encoding="utf-8")
        page.route(f"**/{name}/", answered_by(file))
        line.open(f"/{name}/")
        found = over_budget(page)
        if not any(one.startswith(name) for one in found):
            missed[name] = found
    page.context.close()
    assert missed == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_tab_goes_through_a_page_as_it_is_read_and_out_again(
    demo: Demo, browser: Browser, width: int
) -> None:
    """The skip link first, and it leads to the text; then each stop in its place; no trap."""
    page = on_a_phone(browser, demo.url).page
    page.set_viewport_size({"width": width, "height": HEIGHT})
    for path in ("/", "/en/donate/", "/en/transparency/"):
        page.goto(path)
        stops = page.evaluate("(window.stops = reach.stops()).length")
        reached = []
        for _ in range(stops):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("window.stops.indexOf(document.activeElement)"))
        assert reached == list(range(stops)), path
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body"), path
        page.locator(".skip").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null"), path
    page.context.close()


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


def test_each_built_page_is_valid_html(demo: Demo, tmp_path: Path) -> None:
    """The Nu HTML Checker finds nothing in any of them.

    The controls, in the same run of it: broken HTML is found; data under a policy is excused, and a
    script under the same policy is not.
    """
    policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">"
    head = f'<!doctype html>\n<html lang="en"><head>{policy}<title>x</title>'
    controls = {
        "broken.html": "<!doctype html><html lang=en><title>x</title><p id=a><p id=a>",
        "data.html": f'{head}\n<script type="application/ld+json">{{}}</script>\n</head></html>',
        "script.html": f'{head}\n<script type="text/javascript">{{}}</script>\n</head></html>',
    }
    for name, html in controls.items():
        (tmp_path / name).write_text(html, encoding="utf-8")
    files = sorted(demo.site.rglob("*.html"))
    assert len(files) >= 30
    said = nu(*files, *tmp_path.iterdir())
    told = {name: [one for one in said if one.startswith(f"{name}:")] for name in controls}
    assert told["broken.html"]
    assert [one for one in told["data.html"] if "Security Policy" in one] == []
    assert len([one for one in told["script.html"] if "Security Policy" in one]) == 1
    assert [one for one in said if not one.startswith(tuple(controls))] == []


def test_the_site_as_shipped_is_within_everybodys_reach(published: Demo, browser: Browser) -> None:
    """Whoever's content/ it is: valid, accessible, at home on a phone, and no demo."""
    files = sorted(published.site.rglob("*.html"))
    assert len(files) >= len([*(ROOT / "content" / "pages").glob("*.md")]) > 0
    assert nu(*files) == []
    visit = on_a_phone(browser, published.url)
    wrong: dict[str, object] = {}
    for path in built_pages(published):
        visit.page.goto(path)
        assert visit.page.locator("[data-demo]").count() == 0, path
        if found := [*over_budget(visit.page), *faults(visit.page).items()]:
            wrong[path] = found
    visit.page.context.close()
    assert wrong == {}, wrong
    assert visit.foreign == []


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


@pytest.mark.parametrize("path", ["/", "/en/"])
def test_the_headline_is_whole_on_a_phone_with_large_letters(
    visitor: Callable[..., Visit], path: str
) -> None:
    """W4: its lines break where they end, and nothing is cut off at the edge of the window."""
    page = visitor(width=360).page
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '160%'")
    right = page.locator("h1 span").evaluate_all(
        "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"
    )
    assert right <= page.evaluate("innerWidth")
