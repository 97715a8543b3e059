"""Rules L1, L2, L3: what each mode shows, what it refuses, and the filings on every page."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from plugins.verify import Expectations, verify
from tests.site.tiny_site import (
    PARTNER,
    PLATFORMS,
    QUALIFIED,
    Run,
    TinySite,
    make_site,
)

ORGANISATION = "content/organisation.toml"
ADDRESS = "https://house.example"
FILING = """
public_security_filing.number = "示公网安备 00000000000000号"
public_security_filing.code = "00000000000000"
public_security_filing.badge = "filing-badge.png"
countries"""


def main_of(site: TinySite, path: str) -> str:
    """The text of a built page between its header and its footer, tags and all."""
    html = (site.output / path / "index.html").read_text(encoding="utf-8")
    found = re.search(r"<main.*</main>", html, re.DOTALL)
    assert found
    return unescape(found[0])


def build(site: TinySite) -> Run:
    run = site.run("build", "--site-url", ADDRESS)
    assert run.code == 0, run.said
    return run


def found(site: TinySite) -> set[str]:
    """The codes of what verification says of the built site as it lies there."""
    content, theme = site.folder / "content", site.folder / "theme"
    expected = Expectations.of_content(content, theme, ADDRESS, demo=False)
    return {problem.code for problem in verify(site.output, expected)[0]}


@pytest.fixture(scope="module")
def qualified(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site that may ask, with an account for transfers and all its filings."""
    site = make_site(tmp_path_factory.mktemp("qualified") / "site")
    site.picture("filing-badge.png")
    site.edit(ORGANISATION, "countries", FILING)
    site.declare("qualified", QUALIFIED)
    site.write(
        ORGANISATION,
        (site.folder / ORGANISATION).read_text("utf-8")
        + '[recipient.bank]\ncurrencies = ["CNY"]\naccount_number = "0000 1111 2222"\n',
    )
    assert "build.declare" not in build(site).said
    return site


@pytest.fixture(scope="module")
def partnered(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site whose money a partner raises, in Chinese alone; a page of its own says so too."""
    site = make_site(tmp_path_factory.mktemp("partnered") / "site")
    site.write("content/platforms.toml", PLATFORMS)
    site.declare("partner", PARTNER)
    site.edit(ORGANISATION, '["zh", "en"]', '["zh"]')
    site.edit(
        "content/pages/work.zh.md", "每年修一次。", "[捐款](https://give.platform.example/house)"
    )
    build(site)
    return site


def test_a_page_that_asks_says_who_receives_and_how_to_check(qualified: TinySite) -> None:
    """L3: organisation, certificate, filing, contact and register, in the page's language."""
    chinese, english = main_of(qualified, "donate"), main_of(qualified, "en/donate")
    for page in (chinese, english):
        for fact in ("示募证000号", "示备000号", 'href="https://register.example/"', "<form"):
            assert fact in page
        assert page.index("示募证000号") < page.index("<form")
        assert "0000 1111 2222" not in page
    assert "示例之家基金会" in chinese
    assert "Example House Foundation" in english
    assert "Gifts desk, 1 Example Street" in english


def test_the_filings_stand_at_the_foot_of_every_page(qualified: TinySite) -> None:
    """L1 and L2: both numbers, their links and the badge; verified in the built site."""
    pages = list(qualified.output.rglob("*.html"))
    assert len(pages) >= 14
    for file in pages:
        foot = file.read_text(encoding="utf-8").partition("<footer")[2]
        assert '<a href="https://beian.miit.gov.cn/"' in foot, file
        assert "示ICP备00000000号" in foot
        assert "https://beian.mps.gov.cn/#/query/webSearch?code=00000000000000" in foot
        assert '<img src="/images/filing-badge.png"' in foot
        assert "示公网安备 00000000000000号" in foot


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("示募证000号", "", "L3.undisclosed"),
        ("https://register.example/", "https://elsewhere.example/", "L3.link"),
        ("<main", "<main data-x='0000-1111-2222'", "L3.account"),
        ("示公网安备", "", "L2.missing"),
        ("/images/filing-badge.png", "/images/x.png", "L2.missing"),
        ("code=00000000000000", "code=1", "L2.missing"),
        ("https://beian.miit.gov.cn/", "https://beian.example/", "L1.missing"),
    ],
)
def test_verification_misses_what_a_page_leaves_out(
    qualified: TinySite, old: str, new: str, code: str
) -> None:
    """Whatever a template does, the built page is held against what was declared."""
    assert found(qualified) == set()
    page = qualified.output / "donate" / "index.html"
    before = page.read_text(encoding="utf-8")
    assert old in before
    try:
        page.write_text(before.replace(old, new), encoding="utf-8")
        assert code in found(qualified)
    finally:
        page.write_text(before, encoding="utf-8")


def test_a_partner_is_named_and_linked_to_without_a_form(partnered: TinySite) -> None:
    """L3: the charity, the platform and one way there; nothing asks on this site."""
    page = main_of(partnered, "donate")
    assert "请通过示例慈善会捐款" in page
    assert "示例募捐平台" in page
    assert 'href="https://give.platform.example/house"' in page
    assert "<form" not in page
    english = main_of(partnered, "en/donate")
    assert "platform.example" not in english
    assert "The organisation that receives gifts does not appeal in this language" in english


def test_only_the_declared_page_of_the_platform_is_linked_to(partnered: TinySite) -> None:
    """L3: verification knows the address, not merely the host."""
    page = partnered.output / "donate" / "index.html"
    before = page.read_text(encoding="utf-8")
    try:
        page.write_text(before.replace("example/house", "example/other"), encoding="utf-8")
        assert "L3.link" in found(partnered)
        page.write_text(before.replace("示例慈善会", ""), encoding="utf-8")
        assert "L3.undisclosed" in found(partnered)
    finally:
        page.write_text(before, encoding="utf-8")


def test_info_only_says_how_else_to_help(site: TinySite) -> None:
    """L3: no form, no account, and nothing left to declare."""
    site.declare("info-only")
    assert "fact.mode" not in build(site).said
    for path, words in (("donate", "本站不募集捐款"), ("en/donate", "does not raise money")):
        page = main_of(site, path)
        assert words in page
        assert "<form" not in page
        assert "/help/" in page


@pytest.mark.parametrize("mode", ["info-only", "undeclared"])
def test_the_home_page_calls_nobody_to_give_where_nobody_may(site: TinySite, mode: str) -> None:
    """L3: its buttons lead to other ways to help; the menu's entry still tells why."""
    site.declare(mode)
    build(site)
    for path in ("", "en"):
        assert "/donate/" not in main_of(site, path), path
        assert main_of(site, path).count("/help/") >= 2, path


def test_what_is_published_undeclared_is_told(site: TinySite) -> None:
    """L3: a build for a real address lists what is to be declared, and asks nobody."""
    run = build(site)
    run.tells("fact.mode", ORGANISATION)
    assert "暂不接受在线捐款" in main_of(site, "donate")


# Beside the site's own recipient, which lacks all that it declares.
OTHERS = """
[[recipient]]
key = "nameless"
mode = "partner"
partner.url = "https://give.platform.example/house"
receipt_prefix = "EA"
{rest}
appeals_in = ["zh"]

[[recipient]]
key = "elsewhere"
mode = "partner"
partner.name = "Example Charity Federation"
partner.url = "https://give.platform.example.evil.example/house"
receipt_prefix = "EB"
{rest}
appeals_in = ["zh", "eng"]
"""


def test_a_mode_without_its_facts_is_refused(site: TinySite, refused: Callable[..., Run]) -> None:
    """L3: each fact that is lacking, a platform or a language that is none, all told at once."""
    site.write("content/platforms.toml", PLATFORMS)
    site.declare("qualified")
    text = (site.folder / ORGANISATION).read_text("utf-8")
    rest = re.findall(r"(?m)^(?:country|time_zone|receipt|currencies) = .*$", text)
    site.write(ORGANISATION, text + OTHERS.format(rest="\n".join(rest)))
    run = refused()
    others = [
        number
        for number, line in enumerate(
            (site.folder / ORGANISATION).read_text("utf-8").split("\n"), 1
        )
        if line == "[[recipient]]"
    ]
    for number, code in zip(others, ("L3.lacks", "L3.lacks", "L3.platform"), strict=True):
        run.tells(code, f"{ORGANISATION}:{number}")
    run.tells("L3.language", f"{ORGANISATION}:{others[2]}")
    for fact in ("legal_name", "certificate", "contact", "check_at", "partner.name"):
        assert run.said.count(f"但没有填写{fact}") == 1
    assert run.said.count("[L3.") == 7


def test_filings_that_are_not_whole_are_refused(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """L1: mainland China wants it; L2: nothing or all; and no platform is linked to (L3)."""
    site.write("content/platforms.toml", PLATFORMS)
    site.edit("content/pages/work.zh.md", "每年修一次。", "[捐](https://give.platform.example/x)")
    site.edit(
        ORGANISATION, 'icp_number = "示ICP备00000000号"', "public_security_filing.number = '1'"
    )
    run = refused()
    run.tells("L1.unknown", ORGANISATION)
    run.tells("L2.incomplete", ORGANISATION)
    run.tells("L3.asks", "content/pages/work.zh.md:6")


def test_a_badge_that_is_no_picture_of_ours_is_refused(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """L2: it is declared like every other picture."""
    site.edit(ORGANISATION, "countries", FILING.strip())
    refused().tells("L2.badge", ORGANISATION)


def test_check_lists_an_unconfirmed_list_of_platforms(site: TinySite) -> None:
    """L3: the list is general knowledge until somebody has held it against the ministry's."""
    site.write("content/platforms.toml", PLATFORMS.replace("2026-11-26", ""))
    site.declare("partner", PARTNER)
    run = site.run("check")
    assert run.code == 0, run.said
    run.tells("fact.platforms", "content/platforms.toml")
    run.tells("fact.public_security_filing", ORGANISATION)


def test_the_list_that_is_shipped_waits_for_its_confirmation() -> None:
    """No host is claimed to be the ministry's before the organisation has looked."""
    text = Path("content/platforms.toml").read_text(encoding="utf-8")
    assert 'confirmed = ""' in text
