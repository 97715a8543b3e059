"""A page that breaks a rule is refused: said where, why and how to mend it, in both languages.

What is served stays as it was, byte for byte; ``refuse`` looks at that each time.
"""

from typing import NamedTuple

import pytest

from tests.site.tiny_site import Run, make_served_site

ABOUT = "content/pages/about.zh.md"
HEAD = "title: 关于示例\ndescription: 这座房子的来历。\n"


class Bad(NamedTuple):
    """A page's text, and the problem that it has: its code and its line in the page's file."""

    text: str
    code: str
    line: int


def page(body: str) -> str:
    return f"---\n{HEAD}---\n\n## 屋顶\n\n{body}\n"


PAGES = {
    "no head": Bad("只有正文。\n", "head.none", 1),
    "a head that is no list of names": Bad("---\n- 甲\n- 乙\n---\n正文\n", "head.none", 1),
    "a line that is no YAML": Bad(f"---\n{HEAD}lead: 甲: 乙\n---\n", "head.yaml", 4),
    "quotation marks left open": Bad(f'---\n{HEAD}lead: "甲\n---\n', "head.yaml", 4),
    "a full-width colon": Bad(f"---\n{HEAD}draft：true\n---\n", "head.colon", 4),
    "a colon without a space": Bad(f"---\n{HEAD}draft:true\n---\n", "head.colon", 4),
    "a title of which a part is a remark": Bad(
        "---\ntitle: 甲 #乙\ndescription: 丙\n---\n", "head.cut", 2
    ),
    "a title that is a remark": Bad("---\ntitle: #甲\ndescription: 乙\n---\n", "head.empty", 2),
    "a date that does not exist": Bad(f"---\n{HEAD}date: 2026-13-05\n---\n", "head.date", 4),
    "a further date that does not exist": Bad(
        f"---\n{HEAD}born: 2026-02-30\n---\n", "head.date", 4
    ),
    "a date in Chinese": Bad(f"---\n{HEAD}Date: 2026年3月5日\n---\n", "head.date", 4),
    "a title that is a number": Bad("---\ntitle: 2026\ndescription: 甲\n---\n", "head.text", 2),
    "a description that is a list": Bad("---\ntitle: 甲\ndescription: [乙]\n---\n", "head.text", 3),
    "a name that is no text": Bad(f"---\n{HEAD}on: 甲\n---\n", "head.key", 4),
    "no title": Bad("---\ndescription: 甲\n---\n", "head.empty", 1),
    "an empty description": Bad('---\ntitle: 甲\ndescription: " "\n---\n', "head.empty", 3),
    "a name that is there twice": Bad(f"---\n{HEAD}title: 乙\n---\n", "head.twice", 4),
    "translation: true": Bad(f"---\n{HEAD}translation: true\n---\n", "head.reserved", 4),
    "an address of its own": Bad(f"---\n{HEAD}save_as: index.html\n---\n", "head.reserved", 4),
    "a template that is not there": Bad(f"---\n{HEAD}template: gala\n---\n", "head.template", 4),
    "a template from elsewhere": Bad(f"---\n{HEAD}template: ../x\n---\n", "head.template", 4),
    "C2, a story about a name": Bad(f"---\n{HEAD}subjects: [小明]\n---\n", "C2.subjects", 4),
    "a link to a file that is not there": Bad(page("[甲]({filename}nowhere.zh.md)"), "E5.link", 8),
    "a link that would copy a file": Bad(
        page("[甲]({static}/organisation.toml)"), "E5.link_kind", 8
    ),
    "a picture would be copied": Bad(page("![甲]({attach}a.jpg)"), "E5.link_kind", 8),
    "a link as text": Bad(page("{filename}home.zh.md"), "E5.raw_link", 8),
    "a link to an address that is not there": Bad(page("[甲](/nowhere/)"), "E5.address", 8),
    "a link to a heading that is not there": Bad(
        page("[甲]({filename}work.zh.md#x)"), "E5.anchor", 8
    ),
    "C1, a picture from elsewhere": Bad(page("![甲](/a.jpg)"), "C1.elsewhere", 8),
    "C1, a picture of another host": Bad(
        page("![甲](https://pictures.example/a.jpg)"), "C1.elsewhere", 8
    ),
    "C1, a picture that is not there": Bad(page("![甲](images/a.jpg)"), "C1.elsewhere", 8),
    "C1, a picture written into the page": Bad(
        page("![甲\n乙](data:image/png;base64,AAAA)"), "W2.active", 9
    ),
    "C1, a picture as a background": Bad(
        page('<table background="data:image/png;base64,AAAA"></table>'), "W2.active", 8
    ),
    "C1, a picture in HTML": Bad(page('<IMG src="/images/a.jpg">'), "C1.html", 8),
    "C1, a picture by reference": Bad(page("![甲][乙]\n\n[乙]: /a.jpg"), "C1.html", 8),
    "L3, a form": Bad(
        page('<form action="https://pay.example/donations"></form>'), "L3.own_form", 8
    ),
    "L3, an account number": Bad(
        f"---\n{HEAD}figures_differ: 甲\n---\n\n## 屋顶\n\n账号 6222 0000 1111 2222 333\n",
        "L3.asks",
        9,
    ),
    "L3, an IBAN": Bad(page("GB33 BUKB 2020 1555 5555 55"), "L3.asks", 8),
    "L3, a payment address": Bad(page("[甲](https://qr.alipay.com/abc)"), "L3.asks", 8),
    "L6, somebody's e-mail": Bad(page("请写信到 someone@mail.example"), "L6.contact", 8),
    "L6, somebody's phone": Bad(
        f"---\n{HEAD}figures_differ: 甲\n---\n\n## 屋顶\n\n请打电话 138 0013 8000\n",
        "L6.contact",
        9,
    ),
    "W2, a script": Bad(page("<script>alert(1)</script>"), "W2.active", 8),
    "W2, an address that is a script": Bad(page("[甲](javascript:alert)"), "W2.active", 8),
    "W2, a handler": Bad(page('<p onclick="x">甲</p>'), "W2.active", 8),
    "W2, an inline style": Bad(page("甲\n{: style='color:red' }"), "W2.active", 9),
    "W2, a background of another host": Bad(
        page('<table background="//spy.example/a"></table>'), "W2.active", 8
    ),
    "W1, a second heading of the first level": Bad(page("# 甲"), "W1.one_h1", 0),
    "W6, the same title twice": Bad(
        "---\ntitle: 我们的工作\ndescription: 这座房子的来历。\n---\n\n## 屋顶\n", "W6.same", 2
    ),
    "an id of a message": Bad(page("这里是 home.give"), "message_id", 8),
}


# A build tells all that one of its stages found, and then ends: what it sees as it reads the pages,
# as it cleans them, and in the finished site. So a site for each stage has all the pages.
CLEANED = ("W2.active",)
FINISHED = ("E5.raw_link", "E5.address", "E5.anchor", "W1.one_h1", "W6.same", "message_id")
READ = tuple({bad.code for bad in PAGES.values()} - {*CLEANED, *FINISHED})


def place_of(name: str) -> str:
    """Where the problem is told; that of a title which is there twice at the page that had it."""
    bad = PAGES[name]
    key = "work" if bad.code == "W6.same" else f"bad-{[*PAGES].index(name)}"
    return f"content/pages/{key}.zh.md{f':{bad.line}' if bad.line else ''}"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """By the code of a problem, the build that was refused for it and others of its stage."""
    found: dict[str, Run] = {}
    for codes in (READ, CLEANED, FINISHED):
        site = make_served_site(tmp_path_factory.mktemp("bad") / "site")
        for number, bad in enumerate(PAGES.values()):
            if bad.code in codes:
                own = bad.text.replace("关于示例", f"关于示例{number}")  # else W6.same of them all
                site.write(f"content/pages/bad-{number}.zh.md", own)
        found |= dict.fromkeys(codes, site.refuse())
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_bad_page_is_refused(runs: dict[str, Run], name: str) -> None:
    """Each with its file and line."""
    code = PAGES[name].code
    runs[code].refuses(code, place_of(name))
