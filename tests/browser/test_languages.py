"""Pages that show another language's text, and pages that run from right to left, in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.nu import nu
from tests.browser.reach import overflow, violations
from tests.browser.static_host import static_host
from tests.site.tiny_site import ARABIC, TRIO, TinySite, make_site

LOOKED_AT = ["/about/", "/en/about/", "/zh/visitors/", "/ar/", "/ar/about/"]


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TinySite, str]]:
    """The French site with an Arabic entry and no Arabic page, on a plain static host."""
    site = make_site(tmp_path_factory.mktemp("four") / "site", TRIO)
    site.edit("content/pages/about.fr.md", "![](images/door.jpg)", "")
    site.edit("content/site.toml", 'locale = "en_GB"\n', f'locale = "en_GB"\n{ARABIC}')
    for label in ("About", "News", "Privacy"):
        english = {"About": "Our lighthouse"}.get(label, label)
        line = f'label.en = "{english}"'
        site.edit("content/site.toml", line, f'{line}\nlabel.ar = "صفحة"')
    notice = "لم تترجم هذه الصفحة بعد. النص التالي باللغة %(language)s."
    closed = "لا يمكن التبرع عبر الإنترنت حتى الآن."
    entries = "".join(
        f'\nmsgid "{name}"\nmsgstr "{text}"\n'
        for name, text in (("fallback.notice", notice), ("closed.undeclared.text", closed))
    )
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    site.write("content/locale/ar.po", head + entries)
    run = site.run("build")
    assert run.code == 0, run.said
    with static_host(site.output) as address:
        yield site, address


def test_stand_ins_are_usable_by_all_and_fit_a_phone(
    four: tuple[TinySite, str], browser: Browser
) -> None:
    """Axe, the width of a small phone, and the Nu checker, from both sides of the switch."""
    site, address = four
    page = browser.new_page(viewport={"width": 320, "height": 800})
    for path in LOOKED_AT:
        page.goto(address + path)
        assert violations(page) == [], path
        assert overflow(page) <= 0, path
    page.close()
    files = [site.output / path.strip("/") / "index.html" for path in LOOKED_AT]
    assert nu(*files) == []


def test_the_layout_turns_with_the_script(four: tuple[TinySite, str], browser: Browser) -> None:
    """In Arabic the name stands on the right and the switch on the left; French text stays."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    sides = {}
    for path in ("/about/", "/ar/about/"):
        page.goto(four[1] + path)
        brand, switch = (page.locator(one).bounding_box() for one in (".brand", ".brand + .quick"))
        assert brand
        assert switch
        sides[path] = brand["x"] < switch["x"]
    assert sides == {"/about/": True, "/ar/about/": False}
    text = page.locator("article.prose")
    assert text.evaluate("one => getComputedStyle(one).direction") == "ltr"
    page.close()
