"""Old addresses lead to the pages of today: on a host with rules, and on one without.

No host's server is needed here: its file of rules is read as the host documents it, by the small
readers below, and asked where an address leads. The pages are opened in a browser.
"""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, expect

from donations_api.app import create_app
from plugins.old_addresses import TAKEN
from plugins.old_addresses import read as read_list
from tests.browser.nu import nu
from tests.browser.reach import violations
from tests.browser.static_host import static_host
from tests.donations.running import settings_for
from tests.site.second_look import copy_of, look_for
from tests.site.test_good_site import read
from tests.site.tiny_site import Run, TinySite, make_site

ADDRESS = "https://house.example"
LIST = "content/redirects.toml"
OLD = """
[[moved]]
from = "/about.html"
to = "about"

[[moved]]
from = "/%E5%85%B3%E4%BA%8E/"
to = "about"

[[moved]]
from = "/old-en"
to = "work"
language = "en"

[[moved]]
from = "/history.htm"
to = "about"
language = "en"

[[moved]]
from = "/index.php"
to = "help"

[[moved]]
from = "/index.php?id=3"
to = "about"

[[moved]]
from = "/index.php?id=3&lang=en"
to = "about"
language = "en"

[[moved]]
from = "/?page_id=12"
to = "work"

[[gone]]
from = "/gala/"
language = "en"

[[gone]]
from = "/show.php?id=9"
"""
# Where each address leads; "" is the site of today, which answers as if there were no list.
LEADS = {
    "/about.html": "/about/",
    "/ABOUT.html": "/about/",  # an old server on Windows made no difference
    "/about.html?from=singlemessage": "/about/",  # as WeChat hands it on
    "/%E5%85%B3%E4%BA%8E/": "/about/",
    "/%E5%85%B3%E4%BA%8E": "/about/",
    "/old-en": "/en/work/",
    "/old-en/": "/en/work/",
    "/history.htm": "/en/about/",
    "/index.php": "/help/",
    "/index.php?id=4": "/help/",
    "/index.php?id=33": "/help/",
    "/index.php?id=3": "/about/",
    "/index.php?id=3&isappinstalled=0": "/about/",
    "/index.php?a=1&lang=en&id=3": "/en/about/",
    "/?page_id=12": "/work/",
    "/gala/": "gone",
    "/gala?x": "gone",
    "/show.php?id=9": "gone",
    "/": "",
    "/?page_id=1": "",
    "/about/": "",
    "/aboutXhtml": "",
    "/about.html/more/": "",
    "/en/about.html": "",
    "/show.php?id=99": "",
}


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site with a past, built once."""
    site = make_site(tmp_path_factory.mktemp("moved") / "site")
    site.write(LIST, OLD)
    run = site.run("build", "--site-url", ADDRESS)
    assert run.code == 0, run.said
    return site


def nginx(text: str, address: str) -> str:
    """What nginx's ``map`` gives for an address: of the regular expressions the first that fits."""
    body = re.fullmatch(r'map "\$uri\?\$args" \$old_address \{\n(.*)\}\n', text, re.DOTALL)
    assert body
    lines = body[1].splitlines()
    assert lines[:2] == ["    volatile;", '    default "";']
    path, _, query = address.partition("?")
    for line in lines[2:]:
        rule = re.fullmatch(r'    "~\*([^"\s]+)" "([^"\s]+)";', line)
        assert rule, line
        assert not re.search(r"\\[\\nrt]", rule[1]), "nginx would take it for another character"
        if re.search(rule[1], f"{unquote(path)}?{query}", re.IGNORECASE):
            return rule[2]
    return ""


def apache(text: str, address: str) -> str:
    """What mod_rewrite makes of an address, in the folder of the site."""
    lines = text.splitlines()
    assert lines[0] == "<IfModule mod_rewrite.c>"
    assert lines[1:3] == ["ErrorDocument 410 /404.html", "RewriteEngine On"]
    assert lines[-1] == "</IfModule>"
    path, _, query = address.partition("?")
    holds = True
    for line in lines[3:-1]:
        name, test, pattern, flags = re.fullmatch(  # type: ignore[union-attr]
            r'(\w+) "([^"\s]+)" "([^"\s]+)" \[([\w=,]+)\]', line
        ).groups()
        assert "NC" in flags.split(",")
        if name == "RewriteCond":
            assert test == "%{QUERY_STRING}"
            holds = holds and bool(re.search(pattern, query, re.IGNORECASE))
            continue
        assert name == "RewriteRule"
        if holds and re.search(test, unquote(path).removeprefix("/"), re.IGNORECASE):
            if pattern == "-":
                assert "G" in flags.split(",")
                return "gone"
            assert {"R=301", "QSD"} <= set(flags.split(","))
            return pattern
        holds = True
    return ""


@pytest.mark.parametrize(("file", "host"), [("redirects.nginx.conf", nginx), (".htaccess", apache)])
def test_a_server_with_rules_leads_on_or_says_gone(
    moved: TinySite, file: str, host: Callable[[str, str], str]
) -> None:
    """301 to the whole new address, 410 for what is gone, and nothing of today's site changes."""
    text = read(moved, file)
    answers = {address: host(text, address) for address in LEADS}
    wanted = {
        address: f"{ADDRESS}{target}" if target.startswith("/") else target
        for address, target in LEADS.items()
    }
    assert answers == wanted
    assert "header" not in text.lower()  # nginx would drop those of the whole server for it


def test_netlify_and_cloudflare_each_find_their_lines(moved: TinySite) -> None:
    """Netlify overrides a page that is there and reads queries; Cloudflare takes whole paths."""
    lines = [line.split() for line in read(moved, "_redirects").splitlines()]
    netlify = [line for line in lines if line[-1].endswith("!")]
    assert ["/about.html", "/about/", "301!"] in netlify
    assert ["/%E5%85%B3%E4%BA%8E", "/about/", "301!"] in netlify
    assert ["/", "page_id=12", "/work/", "301!"] in netlify
    assert ["/gala", "/en/404.html", "404!"] in netlify
    of_php = [line for line in netlify if line[0] == "/index.php"]
    assert of_php == [
        ["/index.php", "id=3", "lang=en", "/en/about/", "301!"],
        ["/index.php", "id=3", "/about/", "301!"],
        ["/index.php", "/help/", "301!"],
    ]
    # What Cloudflare takes: two or three words, a status that it knows.
    cloudflare = {line[0]: line[1] for line in lines if len(line) == 3 and line[2] == "301"}
    assert cloudflare["/old-en"] == cloudflare["/old-en/"] == "/en/work/"
    assert "/" not in cloudflare
    assert "/gala" not in cloudflare


def test_a_host_without_rules_has_a_page_at_each_old_address(
    moved: TinySite, browser: Browser
) -> None:
    """It leads on by itself, without script; what is gone says so, in its own language."""
    with static_host(moved.output) as base:
        page = browser.new_context(java_script_enabled=False, base_url=base).new_page()
        for old, new in (
            ("/about.html", "/about/"),
            ("/关于/", "/about/"),
            ("/old-en/", "/en/work/"),
            ("/history.htm", "/en/about/"),
        ):
            page.goto(old, wait_until="commit")
            page.wait_for_url(base + new)
        page.context.close()
        page = browser.new_context(base_url=base, viewport={"width": 320, "height": 900}).new_page()
        page.goto("/gala/")
        expect(page.get_by_role("heading", level=1)).to_have_text("This page is no longer here")
        assert page.locator("html").get_attribute("lang") == "en"
        assert violations(page) == []
        page.context.close()


def test_a_page_at_an_old_address_is_whole_and_unlisted(moved: TinySite) -> None:
    """Valid HTML with a link in words, canonical to the new page, kept out of every list."""
    html = read(moved, "old-en/index.html")
    assert '<html lang="en"' in html
    assert '<meta http-equiv="refresh" content="0; url=/en/work/">' in html
    assert f'<link rel="canonical" href="{ADDRESS}/en/work/">' in html
    assert '<meta name="robots" content="noindex">' in html
    assert re.search(r'<a class="button" href="/en/work/">[^<]+</a>', html)
    assert '<a href="/work/" lang="zh-Hans"' in html  # the switch leads to the new page's twin
    assert "示ICP备00000000号" in html
    assert "refresh" not in read(moved, "gala/index.html")
    for old in ("old-en", "about.html", "gala", "history"):
        assert old not in read(moved, "sitemap.xml")
    assert not (moved.output / "index.php").exists()
    assert nu(moved.output / "old-en" / "index.html", moved.output / "gala" / "index.html") == []


def test_a_site_without_old_addresses_has_no_rules(built: TinySite) -> None:
    """Nothing lies in the folder that nobody asked for."""
    for name in ("_redirects", "redirects.nginx.conf", ".htaccess"):
        assert not (built.output / name).exists()


# Each entry, and what is wrong with it; all of them stand in one list.
BAD = {
    "unknown name": ('[[moved]]\nfrom = "/a1"\nto = "about"\nwhen = "now"', "redirects.form"),
    "no target": ('[[moved]]\nfrom = "/a2"', "redirects.form"),
    "a target for what is gone": ('[[gone]]\nfrom = "/a3"\nto = "about"', "redirects.form"),
    "no text": ("[[gone]]\nfrom = 3", "redirects.form"),
    "another host": ('[[gone]]\nfrom = "https://old.example/a"', "redirects.address"),
    "no slash": ('[[gone]]\nfrom = "a"', "redirects.address"),
    "a space": ('[[gone]]\nfrom = "/a b"', "redirects.address"),
    "a quotation mark": ("[[gone]]\nfrom = '/a\"b'", "redirects.address"),
    "a hidden line break": ('[[gone]]\nfrom = "/a%0Ab"', "redirects.address"),
    "a way out": ('[[gone]]\nfrom = "/%2e%2e/a"', "redirects.address"),
    "a semicolon": ('[[gone]]\nfrom = "/a;return"', "redirects.address"),
    "a variable": ('[[gone]]\nfrom = "/$host"', "redirects.address"),
    "an empty query": ('[[gone]]\nfrom = "/a?"', "redirects.address"),
    "an anchor": ('[[gone]]\nfrom = "/a#b"', "redirects.address"),
    "the portal's": ('[[gone]]\nfrom = "/donations/thanks"', "redirects.taken"),
    "an unknown language": ('[[gone]]\nfrom = "/a4"\nlanguage = "fr"', "redirects.language"),
    "the first": ('[[gone]]\nfrom = "/%E6%97%A7?b=2&a=1"', ""),
    "the same": ('[[gone]]\nfrom = "/旧/?a=1&b=2"', "redirects.twice"),
}
# What shows only when the pages are known.
MISPLACED = {
    "an address for a target": (
        '[[moved]]\nfrom = "/b1"\nto = "/about/"',
        "redirects.target",
    ),
    "an old address for a target": ('[[moved]]\nfrom = "/b2"\nto = "b3"', "redirects.target"),
    "what it leads to": ('[[gone]]\nfrom = "/b3"', ""),
    "no such page": ('[[moved]]\nfrom = "/b4"\nto = "nowhere"', "redirects.target"),
    "the page for lost visitors": ('[[moved]]\nfrom = "/b5"\nto = "404"', "redirects.target"),
    "not in this language": (
        '[[moved]]\nfrom = "/b6"\nto = "alone"\nlanguage = "en"',
        "redirects.target",
    ),
    "a page of today": ('[[moved]]\nfrom = "/Work"\nto = "about"', "redirects.taken"),
    "the home page's file": ('[[moved]]\nfrom = "/index.html"\nto = "about"', "redirects.taken"),
    "the home page": ('[[gone]]\nfrom = "/"', "redirects.taken"),
    "to itself": ('[[moved]]\nfrom = "/about?id=3"\nto = "about"', "redirects.loop"),
}


@pytest.mark.parametrize("bad", [BAD, MISPLACED], ids=["entries", "targets"])
def test_a_wrong_entry_is_refused(
    site: TinySite, refused: Callable[..., Run], bad: dict[str, tuple[str, str]]
) -> None:
    """All at once, each at the line where its entry begins."""
    site.write(
        "content/pages/alone.zh.md", "---\ntitle: 独自\ndescription: 只有中文。\n---\n\n一页。\n"
    )
    text, places = "", []
    for entry, code in bad.values():
        places.append((code, text.count("\n") + 1))
        text += f"{entry}\n\n"
    site.write(LIST, text)
    run = refused()
    for code, line in places:
        if code:
            run.tells(code, f"{LIST}:{line}")
        else:
            assert f"{LIST}:{line} " not in run.said


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (b'[[moved]]\nfrom = "/a\nto = "b"', "redirects.unreadable", 2),
        ("# 旧网址".encode("gbk"), "redirects.unreadable", 0),
        (b'gone = "/a"', "redirects.form", 0),
        (b'[[move]]\nfrom = "/a"', "redirects.form", 0),
    ],
)
def test_a_list_that_is_none_is_a_problem(
    tmp_path: Path, text: bytes, code: str, line: int
) -> None:
    """Whatever the slip: file, and line where it is known."""
    (tmp_path / "redirects.toml").write_bytes(text)
    addresses, (problem,) = read_list(tmp_path, ("zh", "en"))
    assert addresses == []
    assert (problem.code, problem.line) == (code, line)


def test_an_old_address_never_takes_the_portals_place() -> None:
    """Where both share a host, a gift's form must reach the portal: each of its routes is known."""
    routes = {
        str(rule).split("/")[1]
        for rule in create_app(settings_for(Path("/nowhere"))).url_map.iter_rules()
    }
    assert routes - {""} == TAKEN


@pytest.fixture
def copy(moved: TinySite, tmp_path: Path) -> Path:
    return copy_of(moved, tmp_path)


REFRESH = '<meta http-equiv="refresh" content="0; url='
SPOILED = {
    "leads elsewhere": ("about.html", f"{REFRESH}/about/", f"{REFRESH}/work/", "redirects.page"),
    "leads off the site": (
        "about.html",
        f"{REFRESH}/about/",
        f"{REFRESH}//spy.example/",
        "redirects.page",
    ),
    "does not lead at once": ("about.html", f"{REFRESH}/about/", '<meta x="', "redirects.page"),
    "no link in words": (
        "about.html",
        '<a class="button" href="/about/">',
        '<a class="button" href="/work/">',
        "redirects.page",
    ),
    "listed by search engines": ("about.html", "noindex", "index", "redirects.page"),
    "a page of today that leads on": (
        "index.html",
        "</head>",
        f'{REFRESH}/about/"></head>',
        "W2.script",
    ),
    "gone, yet leading on": (
        "gala/index.html",
        "</head>",
        f'{REFRESH}/en/"></head>',
        "redirects.page",
    ),
    "not there": ("about.html", "", None, "redirects.page"),
    "no rules": ("_redirects", "", None, "redirects.rules"),
    "a file in its place": ("index.php", "", "<?php", "redirects.taken"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_the_second_look_finds_what_is_spoiled(moved: TinySite, copy: Path, name: str) -> None:
    """The built files are held against the list, whoever wrote them."""
    file, old, new, code = SPOILED[name]
    if new is None:
        (copy / file).unlink()
    else:
        text = (copy / file).read_text(encoding="utf-8") if (copy / file).exists() else ""
        (copy / file).write_text(text.replace(old, new) if old else new, encoding="utf-8")
    found = look_for(moved, ADDRESS)(copy)
    assert code in {problem.code for problem in found}
    if name == "a page of today that leads on":
        assert [problem.code for problem in found] == [code]
