"""E3: the figures of a translation are those of its source, however each language writes them."""

import re
from pathlib import Path

import pytest

from plugins.figures import Version, compare
from plugins.problems import Problem
from tests.site.figure_pairs import AGREE, DIFFER
from tests.site.tiny_site import TinySite

HEAD = "---\ntitle: {title}\ndescription: {title}\n{more}---\n\n"


def problems(folder: Path, source: str, translation: str, language: str = "en") -> list[Problem]:
    """What is told of two texts as the versions of one page."""
    versions = []
    for code, text in (("zh", source), (language, translation)):
        file = folder / f"page.{code}.md"
        file.write_bytes(text.encode())
        versions.append(Version.of_file(file, code))
    return list(compare(*versions))


def test_what_says_the_same_agrees(tmp_path: Path) -> None:
    """Digits and words, dates, amounts, fractions, idioms: no false alarm."""
    alarms = [pair for pair in AGREE if problems(tmp_path, *pair)]
    assert len(AGREE) >= 60
    assert alarms == []


def test_what_does_not_say_the_same_is_found(tmp_path: Path) -> None:
    """Whichever side has more, less, or another unit."""
    missed = [pair for pair in DIFFER if not problems(tmp_path, *pair)]
    assert len(DIFFER) >= 40
    assert missed == []


def test_each_number_counts(tmp_path: Path) -> None:
    """Whichever number of a sentence that agrees is changed by itself, the change is found."""
    missed = []
    for chinese, english in AGREE:
        for match in re.finditer(r"(?<![\w-])(\d[\d,]*\d|\d)", english):
            other = str(int(match[0].replace(",", "")) + 7)
            changed = english[: match.start()] + other + english[match.end() :]
            if not problems(tmp_path, chinese, changed):
                missed.append((chinese, changed))
    assert missed == []


def test_what_nobody_reads_has_no_figures(tmp_path: Path) -> None:
    """Addresses, code, tags, attributes, entries for the program, numbers of headings."""
    chinese = """---
title: 甲
date: 2026-03-05
---

## [年报](/2024-17.pdf "第5版")和`code 5`，<b id="x7">乙</b>&#160;

```
99
```

<!-- 12 --> ![](images/a-3.jpg) 见 https://a.example/2023?a=1 {: #n5 }

[丁]: /8
"""
    english = "---\ntitle: A\ndate: 2026-03-06\n---\n\n## 3. [Report](/1.pdf) and `6`.\n\nSee."
    assert problems(tmp_path, chinese, english) == []


@pytest.mark.parametrize(
    ("chinese", "french", "agree"),
    [
        ("2006年以来帮助了近1000名儿童。", "Depuis 2006, près de 1 000 enfants.", True),
        ("有380万人口，三个中心。", "3,8 millions d’habitants, trois centres.", True),
        ("占5%，24小时开放。", "5 %, ouvert 24 heures sur 24.", True),
        ("2016年5月3日。", "Le 3 mai 2016.", True),
        ("2006年以来。", "Depuis 2007.", False),
        ("占5%。", "15 %.", False),
    ],
)
def test_a_language_without_a_reader(
    tmp_path: Path, chinese: str, french: str, agree: bool
) -> None:
    """Only what stands in digits is held against it: nobody has taught the program its words."""
    assert (problems(tmp_path, chinese, french, "fr") == []) is agree


def test_the_line_is_that_of_the_file(tmp_path: Path) -> None:
    """With a byte order mark and the line ends of Windows, in the head as in the body."""
    chinese = "\ufeff---\r\ntitle: 五年\r\n---\r\n\r\n第一段。\r\n\r\n帮助了\r\n600人。\r\n"
    english = "\ufeff---\r\ntitle: Four years\r\n---\r\n\r\nOne.\r\n\r\nWe helped\r\n\r\n800.\r\n"
    head, body = problems(tmp_path, chinese, english)
    assert (head.line, head.params["other"]) == (2, f"{tmp_path.as_posix()}/page.zh.md:2")
    assert (body.line, body.params["other"]) == (9, f"{tmp_path.as_posix()}/page.zh.md:8")


def test_an_order_of_its_own_is_no_difference(tmp_path: Path) -> None:
    """A translator may say in the second paragraph what the source said in the first."""
    assert problems(tmp_path, "2006年。\n\n600人。", "600 people.\n\nIn 2006.") == []


def test_a_site_whose_figures_agree_is_built(site: TinySite) -> None:
    """All pairs on one page; another page is excused, which is told."""
    bodies = ("\n\n".join(texts) for texts in zip(*AGREE, strict=True))
    for language, body in zip(("zh", "en"), bodies, strict=True):
        head = HEAD.format(title=f"About {language}", more="")
        site.write(f"content/pages/about.{language}.md", f"{head}## 屋顶 {{#the-roof}}\n\n{body}\n")
    site.edit("content/pages/home.zh.md", "about.zh.md#屋顶", "about.zh.md")
    site.edit("content/pages/work.zh.md", "每年修一次。", "2006年以来修了5次。")
    site.edit("content/pages/work.zh.md", "---\n\n", 'figures_differ: "另有记录"\n---\n\n')
    run = site.run("build")
    assert run.code == 0, run.said
    assert "[E3.figures]" not in run.said
    run.tells("E3.excused", "content/pages/work.zh.md:4")
    assert "另有记录" in run.said


def test_a_site_whose_figures_disagree_is_refused(site: TinySite) -> None:
    """Both places and both lines are shown; an excuse without a reason is none."""
    about = ("content/pages/about.zh.md", "content/pages/about.en.md")
    site.edit(about[0], "屋顶是蓝色的。", "屋顶是蓝色的。\n\n2006年以来，帮助了600多名孩子。")
    site.edit(about[1], "The roof is blue.", "The roof is blue.\n\nSince 2006: over 800 children.")
    site.edit("content/pages/help.zh.md", "带一把梯子来。", "带5把梯子来。\n\n谢谢。")
    site.edit("content/pages/privacy.en.md", "---\n\n", "figures_differ:\n---\n\n")
    run = site.run("check")
    assert run.code == 1
    run.tells("E3.figures", f"{about[1]}:10")
    assert f"The figures are not those of {about[0]}:10. Only here: 800 (“" in run.said
    assert "Only there: 600 (“2006年以来，帮助了600多名孩子。”)" in run.said
    assert "只见于这里：800（“Since 2006: over 800 children.”）" in run.said
    # Not as many paragraphs: the page is named, and the line where it is known.
    run.tells("E3.figures", "content/pages/help.en.md")
    assert "content/pages/help.zh.md:6" in run.said
    run.tells("head.empty", "content/pages/privacy.en.md:4")
