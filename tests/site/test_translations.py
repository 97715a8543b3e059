"""Rule E3: what is behind its source says so, to readers on the page and to staff side by side."""

import json
from pathlib import Path
from typing import Any

import pytest

from donations_api.frame import load_frame
from plugins import paragraphs
from plugins.paragraphs import Change
from plugins.staff import translated
from plugins.staff.messages import Refusal, text
from plugins.staff.status import report
from tests.site.tiny_site import TinySite, contents, make_site

ZH, EN = "content/pages/about.zh.md", "content/pages/about.en.md"
COPY = "content/translated/pages/about.en.txt"
HEAD = "---\ntitle: 关于示例\ndescription: 这座房子的来历。\n---\n\n"


@pytest.fixture
def here(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> TinySite:
    """A site that is in order, in whose folder this very process works, as the commands do."""
    monkeypatch.chdir(site.folder)
    return site


def states(page: str = "about") -> dict[str, str]:
    """How a page of the site stands in each language."""
    return dict(of_page(page)["states"])


def of_page(page: str) -> dict[str, Any]:
    pages = report(load_frame(Path("content"), Path("theme")))["pages"]
    return next(dict(one) for one in pages if one["page"] == page)


@pytest.fixture(scope="module")
def stale(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site whose Chinese was changed after both translations were marked, and built."""
    site = make_site(tmp_path_factory.mktemp("stale") / "site")
    for page in ("about", "work"):
        run = site.run("translated", f"FILE=content/pages/{page}.en.md")
        assert run.code == 0, run.said
    site.edit(ZH, "屋顶是蓝色的。", "屋顶现在是红色的。\n\n院子里种了树。")
    site.edit(ZH, "title: 关于示例", "title: 关于这座房子")
    run = site.run("build", "--site-url", "https://house.example")
    assert run.code == 0, run.said
    run.tells("E3.stale", EN)
    assert run.said.count("[E3.stale]") == 1
    return site


def test_a_page_behind_its_source_says_so_and_leads_there(stale: TinySite) -> None:
    """In the page's own language; the source itself and what is up to date say nothing."""
    pages = {
        file.relative_to(stale.output).as_posix(): file.read_text(encoding="utf-8")
        for file in stale.output.rglob("*.html")
    }
    assert [path for path, page in pages.items() if 'class="older"' in page] == [
        "en/about/index.html"
    ]
    page = pages["en/about/index.html"]
    assert (
        '<p class="older">This page has a newer version in '
        '<a href="/about/" lang="zh-Hans" hreflang="zh-Hans" rel="alternate">简体中文</a></p>'
    ) in page
    assert page.index("<main") < page.index('class="older"') < page.index("<h1")


def test_nothing_of_the_copies_is_published(stale: TinySite) -> None:
    """The text as it was translated is for staff alone."""
    assert (stale.folder / COPY).exists()
    assert not [file for file in stale.output.rglob("*") if "translated" in file.as_posix()]
    assert "屋顶是蓝色的" not in (stale.output / "about/index.html").read_text(encoding="utf-8")


def test_status_shows_a_row_a_page_and_the_changes_side_by_side(stale: TinySite) -> None:
    """Complete, stale, without a mark; per cent a language; old, new and present translation."""
    run = stale.run("status")
    assert run.code == 0, run.said
    table, _, beside = run.said.partition("content/pages/about.en.md")
    rows = {line.split("│")[1].strip(): line for line in table.splitlines() if "│" in line}
    assert "旧了 · stale" in rows["about"]
    assert rows["work"].count("齐全 · complete") == 2
    assert "没有记号 · no mark yet" in rows["home"]
    assert rows["完成 · Done"].replace(" ", "") == "│完成·Done│100%│14%│"
    for words in ("屋顶是蓝色的", "屋顶现在是红色的", "The roof is blue", "院子里种了树"):
        assert words in beside, words
    assert f"make translated FILE={EN}" in beside


def test_status_tells_other_programs_the_same(stale: TinySite) -> None:
    """As JSON, with the changed paragraphs whole."""
    run = stale.run("status", "--json")
    assert run.code == 0, run.said
    told = json.loads(run.said)
    assert told["languages"]["en"]["percent"] == 14
    page = next(one for one in told["pages"] if one["page"] == "about")
    assert page["states"] == {"zh": "complete", "en": "stale"}
    assert page["changes"] == {
        "en": [
            {
                "old": "title: 关于示例",
                "new": "title: 关于这座房子",
                "translation": "title: About Example",
            },
            {
                "old": "屋顶是蓝色的。",
                "new": "屋顶现在是红色的。",
                "translation": "The roof is blue.",
            },
            {"old": "", "new": "院子里种了树。", "translation": ""},
        ]
    }


def test_translated_without_a_file_shows_what_is_behind(stale: TinySite) -> None:
    """And what nobody has marked yet; nothing is changed by looking."""
    before = (stale.folder / EN).read_bytes()
    run = stale.run("translated")
    assert run.code == 0, run.said
    assert "Out of date: 1" in run.said
    assert "旧了的译文：1" in run.said
    assert "屋顶现在是红色的" in run.said
    assert "Without a mark: 5" in run.said
    assert (stale.folder / EN).read_bytes() == before


def test_a_long_sentence_is_shown_whole(
    here: TinySite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chinese has no spaces to break at, and what changed may stand at its end."""
    monkeypatch.setenv("COLUMNS", "80")
    assert translated.main([EN]) == 0
    here.edit(ZH, "屋顶是蓝色的。", f"屋顶{'很' * 100}蓝。")
    assert translated.main([]) == 0
    assert capsys.readouterr().out.count("很") == 100


def test_the_way_of_a_translation(here: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a mark, complete, stale, complete again; missing when the file is gone."""
    assert states() == {"zh": "complete", "en": "unmarked"}
    assert translated.main([EN]) == 0
    assert "Marked: content/pages/about.en.md" in capsys.readouterr().out
    assert states() == {"zh": "complete", "en": "complete"}
    before = (here.folder / EN).read_bytes()
    assert translated.main([EN]) == 0
    assert "Nothing changed" in capsys.readouterr().out
    assert (here.folder / EN).read_bytes() == before
    # What nobody reads does not count: line ends, blank lines, the order of the head, its date.
    zh = here.folder / ZH
    changed = zh.read_text(encoding="utf-8").replace("\n\n## 屋顶\n", "\n\n\n## 屋顶  \n\n")
    changed = changed.replace("title: 关于示例\n", "modified: 2026-01-02\n")
    changed = changed.replace("来历。\n", "来历。\ntitle: 关于示例\n")
    zh.write_bytes(changed.replace("\n", "\r\n").encode("utf-8-sig"))
    assert states() == {"zh": "complete", "en": "complete"}
    zh.write_bytes(zh.read_bytes().replace("蓝色".encode(), "绿色".encode()))
    assert states() == {"zh": "complete", "en": "stale"}
    # A copy that is not of this mark would show what is not so.
    (here.folder / COPY).write_text("title: x\n\n---\n\ny\n", encoding="utf-8")
    assert of_page("about")["changes"] == {"en": []}
    assert translated.main([]) == 0
    assert "is not kept" in capsys.readouterr().out
    assert translated.main([EN]) == 0
    assert (here.folder / EN).read_text(encoding="utf-8").count("translates:") == 1
    assert states() == {"zh": "complete", "en": "complete"}
    (here.folder / EN).unlink()
    assert states() == {"zh": "complete", "en": "missing"}


BODIES = {
    "windows": b"\xef\xbb\xbf---\r\ntitle: About\r\ndescription: x \r\n---\r\n\r\nText.  \r\nMore.",
    "marked": b'---\ntranslates: "old" # mine\ntitle: About\ndescription: "x: y"\n---\n\nText.\n',
    "an unusual end": b"\n---\ntitle: About\ndescription: |\n  x\n...\nText \xe2\x80\xa6",
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_mark_changes_nothing_else_of_the_file(here: TinySite, kind: str) -> None:
    """Byte for byte: the mark of the encoding, line ends, spaces, quotation marks, remarks."""
    file = here.folder / EN
    file.write_bytes(BODIES[kind])
    file.chmod(0o640)
    assert translated.main([EN]) == 0
    marked, end = file.read_bytes(), b"\r\n" if b"\r\n" in BODIES[kind] else b"\n"
    mark = next(line for line in marked.split(end) if line.startswith(b"translates"))
    if kind == "marked":
        assert marked.replace(mark.partition(b" #")[0], b'translates: "old"') == BODIES[kind]
    else:
        assert marked.replace(mark + end, b"") == BODIES[kind]
    assert file.stat().st_mode & 0o777 == 0o640
    assert states() == {"zh": "complete", "en": "complete"}
    assert sorted(one.name for one in file.parent.glob(".*")) == []


REFUSED = {
    "content/pages/nothing.en.md": ("There is no file", "没有"),
    "content/site.toml": ("is no page of the site", "不是网站的页面"),
    ZH: ("is a source, not a translation", "是原文，不是译文"),
    "content/pages/work.en.md": ("has no source", "没有原文"),
    "content/pages/help.en.md": ("cannot be read", "读不了"),
    "content/pages/home.fr.md": ("none that people write", "不是由人来写的语言"),
    "content/pages/donate.en.md": ("Add this line", "自己在两行"),
}


def test_what_is_no_translation_is_refused_in_words(here: TinySite) -> None:
    """In both languages, and no file is changed."""
    pages = here.folder / "content" / "pages"
    (pages / "work.zh.md").unlink()
    (pages / "help.en.md").write_text("no head", encoding="utf-8")
    (pages / "home.fr.md").write_text("---\ntitle: x\n---\n", encoding="utf-8")
    (pages / "donate.en.md").write_text('---\n{title: Give, lead: "x"}\n---\n', encoding="utf-8")
    before = contents(here.folder / "content")
    for file, (english, chinese) in REFUSED.items():
        with pytest.raises(Refusal) as refused:
            translated.main([file])
        why = refused.value
        assert english in text(why.message_id, "en", **why.details), file
        assert chinese in text(why.message_id, "zh", **why.details), file
    assert contents(here.folder / "content") == before
    assert states("help") == {"zh": "complete", "en": "unreadable"}
    assert states("work") == {"zh": "missing", "en": "complete"}
    run = here.run("translated", "content/pages/nothing.en.md")
    assert (run.code, len(run.said.splitlines())) == (1, 2)


def page(tmp_path: Path, body: str) -> list[str]:
    file = tmp_path / "page.md"
    file.write_text(HEAD + body, encoding="utf-8")
    return paragraphs.of_file(file)


def test_a_paragraph_is_set_beside_its_translation_or_beside_nothing(tmp_path: Path) -> None:
    """By place while a section has as many paragraphs, else the section whole; never another's."""
    old = page(tmp_path, "一。\n\n## 二\n\n三。\n\n四。\n")
    new = page(tmp_path, "一。\n\n## 二\n\n三。\n\n五。\n")
    same = page(tmp_path, "One.\n\n## Two\n\nThree.\n\nFour.\n")
    assert paragraphs.changes(old, new, same) == [Change("四。", "五。", "Four.")]
    merged = page(tmp_path, "One.\n\n## Two\n\nThree, four.\n")
    whole = "## Two\n\nThree, four."
    assert paragraphs.changes(old, new, merged) == [Change("四。", "五。", whole)]
    others = page(tmp_path, "One.\n\n### Two\n\nThree.\n\nFour.\n")
    assert paragraphs.changes(old, new, others) == [Change("四。", "五。", "")]
    shorter = page(tmp_path, "一。\n\n## 二\n\n三。\n")
    assert paragraphs.changes(old, shorter, same) == [Change("四。", "", "Four.")]


def test_the_kept_copy_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """Or its hash would not be the mark, and no change could ever be shown."""
    body = "a\u0301 \u3000\n\n\n   \n\u2028b\n\tc\n\n```\n\nx\n```\n---\n\n- d\n\n  e\x0b\n"
    file = tmp_path / "page.md"
    file.write_text(f'---\ntitle: "a  b\\n\\n c"\nlead: ""\n---\n{body}', encoding="utf-8")
    once = paragraphs.of_file(file)
    assert once[:2] == ["lead:", "title: a b c"]
    assert paragraphs.split("\n\n".join(once) + "\n") == once
