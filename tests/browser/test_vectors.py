"""A browser opens what the vectors became: nothing runs, with the page's policy and without it.

The checks that would refuse the site are taken out, so that what the sanitiser leaves is looked at.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.a_folder import HOST, serve
from tests.site.tiny_site import TinySite, make_site
from tests.site.vectors import Vector, read_vectors

ON_A_PAGE = 120
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
# What a script of a vector would call, and what a policy that stops it tells.
LISTEN = """
window.seen = [];
window.alert = () => seen.push('ran');
document.addEventListener('securitypolicyviolation', event => seen.push(event.violatedDirective));
document.addEventListener('click', event => {
  const link = event.target.closest('a');
  if (link && link.protocol.startsWith('http')) event.preventDefault();
}, true);
"""
# Each element gets each event; what stands in the tree by the browser's own reading is listed. Only
# our own pictures come in several sizes, each of which is a file of ours.
TOUCH = """events => {
  const copies = element => element.matches('picture > source') && element.srcset.split(', ')
    .every(one => /^\\/images\\/[\\w-]+(\\.[a-z0-9]+)+ \\d+w$/.test(one));
  for (const element of document.querySelectorAll('main *')) {
    for (const name of events) element.dispatchEvent(new Event(name, {cancelable: true}));
    if (element.tagName === 'A') element.click();
    const bad = [...element.attributes].map(one => one.name)
      .filter(name => /^on|^(style|srcdoc|formaction|ping|target|srcset|name)$/i.test(name))
      .filter(name => name !== 'srcset' || !copies(element));
    if (/^(script|style|iframe|object|embed|base|meta|link|form|input|button|svg|math)$/i
      .test(element.tagName)) bad.push(element.tagName);
    if (element.href && !/^(https?|mailto|tel):$/.test(element.protocol))
      bad.push(element.protocol);
    seen.push(...bad.map(what => `${what} in ${element.outerHTML.slice(0, 120)}`));
  }
  return new Promise(done => setTimeout(() => done(seen), 0));
}"""


def page_of(number: int, vectors: list[Vector]) -> str:
    """A news item of these; behind each there is a mark that no vector may swallow."""
    head = f"---\ntitle: Page {number}\ndescription: Page {number}.\ndate: 2026-01-01\n---\n"
    texts = (f"\n{one.markdown}\n\nmark-{number}-{place}\n" for place, one in enumerate(vectors))
    return head + "".join(texts)


def expose(site: TinySite, *, sanitised: bool) -> list[list[Vector]]:
    """Build a site of all vectors with its checks taken out; which stand on which page."""
    vectors = read_vectors()
    together = [one for one in vectors if one.kind != "alone"]
    pages = [together[at : at + ON_A_PAGE] for at in range(0, len(together), ON_A_PAGE)]
    pages += [[one] for one in vectors if one.kind == "alone"]
    site.picture("x.png")
    for number, page in enumerate(pages):
        site.write(f"content/news/v{number}.en.md", page_of(number, page))
    site.edit("plugins/gate.py", "wrong := errors_among(problems)", "wrong := []")
    site.edit("plugins/staff/making.py", "return not errors_among(self.problems)", "return True")
    if not sanitised:
        site.edit("plugins/sanitise.py", "cleaner.clean(cleaner.clean(html))", "html")
        shown = "showing.of(page.translation_key, page._content)"
        site.edit("plugins/images.py", shown, "page._content")
    run = site.run("build", "--site-url", HOST)
    assert run.code == 0, run.said
    return pages


def look(browser: Browser, site: TinySite, numbers: range, *, policy: bool) -> dict[int, list[str]]:
    """What ran, was stopped, or stands there, on each page; with the hosts that were asked."""
    names = set(re.findall(r"\bon([a-z]+)", " ".join(one.markdown for one in read_vectors())))
    page = browser.new_page()
    asked = serve(page, site.output, change=None if policy else lambda html: POLICY.sub("", html))
    page.add_init_script(LISTEN)
    seen: dict[int, list[str]] = {}
    for number in numbers:
        page.goto(f"{HOST}/en/news/v{number}/")
        if found := page.evaluate(TOUCH, sorted(names)):
            seen[number] = found
    if asked:
        seen[-1] = asked
    page.close()
    return seen


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> tuple[TinySite, int]:
    """The site of all vectors, and how many pages it has."""
    site = make_site(tmp_path_factory.mktemp("exposed") / "site")
    return site, len(expose(site, sanitised=True))


def read(site: TinySite, number: int) -> str:
    file = Path(site.output, "en", "news", f"v{number}", "index.html")
    return file.read_text(encoding="utf-8")


def test_no_vector_swallows_what_stands_behind_it(exposed: tuple[TinySite, int]) -> None:
    """Text that is in order is there, whatever stands before it; so each vector was looked at."""
    site, number = exposed
    alone = sum(one.kind == "alone" for one in read_vectors())
    lost = []
    for page in range(number - alone):
        text = (site.folder / f"content/news/v{page}.en.md").read_text(encoding="utf-8")
        marks = re.findall(r"^mark-\d+-\d+$", text, re.MULTILINE)
        lost += [mark for mark in marks if f"{mark}<" not in read(site, page)]
    assert lost == []


@pytest.mark.parametrize("policy", [True, False])
def test_nothing_runs(browser: Browser, exposed: tuple[TinySite, int], policy: bool) -> None:
    """No script, no blocked try, no request, nothing active in the tree that the browser made."""
    site, number = exposed
    assert look(browser, site, range(number), policy=policy) == {}


def test_without_the_sanitiser_they_run(browser: Browser, tmp_path: Path) -> None:
    """The control: the same pages, not cleaned, run; and their policy stops what it can."""
    site = make_site(tmp_path / "site")
    expose(site, sanitised=False)
    pages = range(2)
    ran = look(browser, site, pages, policy=False)
    assert sum(one == "ran" for found in ran.values() for one in found) > 100
    stopped = look(browser, site, pages, policy=True)
    assert not any(one == "ran" for found in stopped.values() for one in found)
    assert sum(one.startswith("script-src") for found in stopped.values() for one in found) > 10
