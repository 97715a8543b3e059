"""L1, L2, L3: what a built page has to say and may not ask, decided in one process."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plugins.problems import Problem
from plugins.verify import promises
from plugins.verify.expectations import Expectations
from plugins.verify.pages import read_site
from tests.site.tiny_site import ROOT, TinySite, make_site

FILING = {"number": "示公网安备 1号", "code": "123"}
L1 = '<a href="https://beian.miit.gov.cn/">示ICP备1号</a>'
L2 = '<a href="https://beian.mps.gov.cn/#/query?code=123">示公网安备 1号</a>'
BADGE = '<img src="/images/badge.png" alt="">'
GIVE = '<form action="https://gifts.example/donations">'
Look = Callable[..., list[Problem]]


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Looks at a page in Chinese (``path``) with something in its main part and in its footer."""
    site: TinySite = make_site(tmp_path / "site")
    monkeypatch.chdir(site.folder)
    content = Path("content")
    told = Expectations.of_content(content, ROOT / "theme", "https://x.example", demo=False)
    for key in ("donate", "work"):  # so that problems are told at the addresses
        (content / f"pages/{key}.zh.md").unlink()
        (content / f"pages/{key}.en.md").unlink()

    def look(
        main: str = "", footer: str = "", path: str = "work", **expected: Any
    ) -> list[Problem]:
        nothing: dict[str, Any] = {"icp_number": "", "filing": {}, "asking": frozenset()}
        nothing |= {"accounts": (), "declared": {}, "allowed": frozenset()}
        text = f"<html><main>{main}</main><footer>{footer}</footer></html>"
        shutil.rmtree("output", ignore_errors=True)
        site.write(f"output/{path}/index.html", text)
        read = read_site(Path("output"), told.frame, content, told.terms, told.old_pages)
        found = promises.problems(read, replace(told, **nothing | expected))
        return list(found)

    return look


def told(code: str, path: str = "/work/", **params: str) -> Problem:
    return Problem(code, path, params=params)


FILINGS = {
    "the filing": (L1, True),
    "beside other links": (f'<a href="/">示ICP备1号</a><p>{L1}</p>', True),
    "with words around": (L1.replace("示", "备案：示"), True),
    "none": ("", False),
    "another number": (L1.replace("1", "2"), False),
    "led elsewhere": (L1.replace(".cn/", ".cn/x"), False),
    "no link": ("示ICP备1号", False),
}


@pytest.mark.parametrize("name", FILINGS)
def test_each_page_names_its_filing(look: Look, name: str) -> None:
    """L1: in its footer, with the ministry's address."""
    footer, right = FILINGS[name]
    wanted = [] if right else [told("L1.missing", number="示ICP备1号")]
    assert look("", footer, icp_number="示ICP备1号") == wanted
    assert look("", footer) == []
    assert look(L1, "", icp_number="示ICP备1号") == [told("L1.missing", number="示ICP备1号")]


BADGES = {
    "the filing": (L2, True),
    "beside another link": (f'<a href="/">x</a>{L2}', True),
    "none": ("", False),
    "another number": (L2.replace("1号", "2号"), False),
    "another code": (L2.replace("123", "1234"), False),
    "led elsewhere": (L2.replace("mps", "miit"), False),
    "no link": ("示公网安备 1号", False),
}


@pytest.mark.parametrize("name", BADGES)
def test_each_page_shows_the_filing_of_the_police(look: Look, name: str) -> None:
    """L2: in its footer, and the badge where there is one."""
    footer, right = BADGES[name]
    missing = told("L2.missing", number=FILING["number"])
    wanted = [] if right else [missing]
    assert look("", footer, filing=FILING) == wanted
    assert look("", footer) == []
    assert look(L2, "", filing=FILING) == [missing]
    badge = FILING | {"badge": "badge.png"}
    assert look("", footer + BADGE, filing=badge) == wanted
    assert look("", f'<img src="/">{BADGE}{footer}', filing=badge) == wanted
    assert look("", footer, filing=badge) == [missing]
    assert look("", footer + BADGE.replace(".png", ".svg"), filing=badge) == [missing]
    assert look(BADGE, footer, filing=badge) == [missing]


FORMS = {
    "gifts, where it may ask": ("donate", "zh", GIVE, True),
    "gifts, where another language may ask": ("donate", "en", GIVE, False),
    "gifts elsewhere": ("work", "zh", GIVE, False),
    "something else": ("donate", "zh", '<form action="/donations/x">', False),
    "nothing": ("donate", "zh", "<form>", False),
    "a search": ("search", "", '<form action="/search/" method="get" role="search">', True),
    "a search elsewhere": ("work", "", '<form action="/work/" method="get" role="search">', False),
}


@pytest.mark.parametrize("name", FORMS)
def test_only_where_one_may_be_asked_is_a_form(look: Look, name: str) -> None:
    """L3: that of the gifts, in a language that has a recipient; and that of the search."""
    path, asking, form, right = FORMS[name]
    one = told("L3.form", f"/{path}/")
    assert look(form, path=path, asking=frozenset({asking})) == ([] if right else [one])


def test_a_form_is_told_at_its_line(look: Look) -> None:
    """L3: of the Markdown file, where somebody wrote it there."""
    Path("content/pages/work.zh.md").write_text("---\n---\n\n<form>\n", encoding="utf-8")
    wrong = Problem("L3.form", "content/pages/work.zh.md", 4)
    assert look("<form></form><form></form>") == [wrong, wrong]


def test_the_demo_says_so_on_each_page_and_nothing_else_does(look: Look) -> None:
    """L3: nobody takes it for a site that takes money."""
    ribbon = "<p data-demo>Demo</p>"
    assert look(ribbon, demo=True) == []
    assert look("", demo=False) == []
    assert look("", demo=True) == [told("L3.no_ribbon")]
    assert look(ribbon, demo=False) == [told("L3.ribbon")]


def test_no_page_shows_an_account(look: Look) -> None:
    """L3: however its digits are set apart; each that is shown is told."""
    accounts = {"accounts": ("12345678", "GB99X1", "777")}
    for text in ("1234 5678", "12-34-56 78", "x12345678x"):
        assert look(text, **accounts) == [told("L3.account", number="12345678")]
    assert look("1234\n5678 1234_5678", **accounts) == []
    both = [told("L3.account", "/donate/", number=one) for one in ("GB99X1", "777")]
    assert look("GB99 X1 7-7-7", path="donate", **accounts) == both


def test_the_page_that_asks_says_who_asks(look: Look) -> None:
    """L3: in its main part, in its language, however the words are broken into lines."""
    declared = {"declared": {"zh": ("示例  基金会", "备0号"), "en": ("House",)}}
    facts = [told("L3.undisclosed", "/donate/", fact=one) for one in ("示例  基金会", "备0号")]
    assert look("<p>示例\n <b>基金会</b> 备0号</p>", path="donate", **declared) == []
    assert look("备0号", path="donate", **declared) == facts[:1]
    assert look("House", "示例 基金会 备0号", path="donate", **declared) == facts
    assert look("", path="work", **declared) == []
    assert look("", path="donate") == []


LINKS = {
    "http://a.example/": True,
    "https://a.example/": True,
    "https://ok.example/": False,
    "/about/": False,
    "mailto:a@a.example": False,
}


@pytest.mark.parametrize("address", LINKS)
def test_the_page_that_asks_leads_only_where_it_may(look: Look, address: str) -> None:
    """L3: out of its main part; whatever stands around it is told elsewhere."""
    allowed = {"allowed": frozenset({"https://ok.example/"})}
    link = f'<a href="{address}">x</a>'
    wrong = [told("L3.link", "/donate/", address=address)] if LINKS[address] else []
    assert look(link, path="donate", **allowed) == wrong
    assert look("", link, path="donate", **allowed) == []
    assert look(link, path="work", **allowed) == []


def test_a_link_is_told_at_its_line(look: Look) -> None:
    """L3: of the Markdown file that has it."""
    text = "---\n---\n\nhttps://a.example/\n"
    Path("content/pages/donate.zh.md").write_text(text, encoding="utf-8")
    (problem,) = look('<a href="https://a.example/">x</a>', path="donate")
    assert (problem.file, problem.line) == ("content/pages/donate.zh.md", 4)
