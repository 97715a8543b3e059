"""W3: marks and spaces are looked at in what readers read, and ``make fix`` mends nothing else."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins import prose
from plugins.typography import mended
from tests.site.tiny_site import TinySite, contents

HEAD = """\
---
title: 甲,乙
description: "甲,\\"乙\\" X"
lead: '甲,''乙'''
template: 甲,乙
---
"""
CHINESE = {
    "我们很好,谢谢.": "我们很好，谢谢。",
    "您好!真的吗?对;是:": "您好！真的吗？对；是：",
    "等等...再见": "等等……再见",
    "等等。。。再见。。": "等等……再见。",
    "等等…再见": "等等……再见",
    "您看--就是这样子—对吗 —— 对": "您看——就是这样子——对吗——对",
    "2001年—2006年，北京—上海": "2001年—2006年，北京—上海",
    "我们和 MSF 一起，用了 24 小时": "我们和MSF一起，用了24小时",
    '他说"来"，又说"好"。': "他说“来”，又说“好”。",
    "尺寸是6\"，叫'小明'": '尺寸是6"，叫‘小明’',
    "共１２名，３．５倍，ＡＢＣ": "共12名，3.5倍，ABC",
    "好！！真的？？": "好！真的？",
    "真的!!好?!": "真的！好？！",
    "无国界医生(MSF)在这里 (宝鸡) 工作": "无国界医生（MSF）在这里（宝鸡）工作",
    "约翰•史密斯": "约翰·史密斯",
    "我们今天都特别高兴.谢谢": "我们今天都特别高兴。谢谢",
    "先生 ， 您好。 请进": "先生，您好。请进",
    '甲,[乙,丙](http://a.cn/x,y(1,2) "t"),丁': '甲，[乙，丙](http://a.cn/x,y(1,2) "t")，丁',
    "**甲:**乙,*丙*,丁": "**甲：**乙，*丙*，丁",
    "- 甲,乙\n- 丙 X\n\n1. 丁,戊": "- 甲，乙\n- 丙X\n\n1. 丁，戊",
    "| 甲,乙 | `a,b` |\n|:--|--:|\n| 丙 X | 丁 |": "| 甲，乙 | `a,b` |\n|:--|--:|\n| 丙X | 丁 |",
    "# 甲,乙 #\n\n甲[^1],乙\n\n[^1]: 注,释": "# 甲，乙 #\n\n甲[^1]，乙\n\n[^1]: 注，释",
    HEAD: HEAD.replace("甲,", "甲，").replace("template: 甲，", "template: 甲,"),
}
CHINESE_AS_IT_IS = [
    "价格是1,000元，3.5倍，9:30。",
    "用 `a,b` 和 `--x`,",
    "```\n甲,乙...\n\n丙,丁\n```",
    "<pre>\n甲,乙\n\n丙,丁\n</pre>",
    "    甲,乙 代码",
    '<p lang="en">甲,乙 X</p>',
    '<a title="甲,乙 X" href="/甲,乙">甲</a>',
    "列夫.托尔斯泰",
    "甲\\,乙\\(丙\\)",
    "运行 `make` 或 --dry-run",
    "见 http://a.example/x,y?a=1 和a@b.example吧",
    '[甲]: http://a.example/ "甲,乙"',
    "甲\n===\n\n***\n\n乙\n---",
    '甲 {: title="甲,乙 X" }',
    "---\nfigures:\n  - figure: ２０２６\n---\n",
    "“甲”说：‘乙’——丙……丁·戊",
    "１. 甲",
    "",
]
ENGLISH = {
    "Hello，world。Good！": "Hello, world. Good!",
    "one  two": "one two",
    "word--word, and x -- y, 3--5": "word—word, and x – y, 3–5",
    "see（note）here": "see (note) here",
    "５ children": "5 children",
    "one——two……": "one—two…",
    "a “quote”， and": "a “quote”, and",
    "[a](/x，y)（b）.": "[a](/x，y) (b).",
}
ENGLISH_AS_IT_IS = [
    "the city (宝鸡，陕西) is",
    "use `a  b` and --dry-run",
    'a "straight" quote, it\'s',
    "| a  | b |\n|----|---|\n| c  | d |",
    "---\ntitle: 宝鸡, a：b\n---\n",
]


@pytest.mark.parametrize(("written", "wanted"), CHINESE.items())
def test_chinese_marks(written: str, wanted: str) -> None:
    """Full width, no typed spaces; nothing of Markdown or YAML changes."""
    assert mended(written, "zh")[0] == wanted
    assert mended(wanted, "zh") == (wanted, 0)


@pytest.mark.parametrize(("written", "wanted"), ENGLISH.items())
def test_english_marks(written: str, wanted: str) -> None:
    """What a careful editor would want, and no more."""
    assert mended(written, "en")[0] == wanted
    assert mended(wanted, "en") == (wanted, 0)


def test_what_is_right_or_no_text_stays() -> None:
    """Code, addresses, attributes, escapes, the program's words; other languages altogether."""
    assert [one for one in CHINESE_AS_IT_IS if mended(one, "zh")[0] != one] == []
    assert [one for one in ENGLISH_AS_IT_IS if mended(one, "en")[0] != one] == []
    assert mended("甲,乙  c，d", "fr")[1] == 0


MARKS = "甲乙丙年 \t\n,.;:!?()\"'，。；：！？（）“”…—-·•*_`[]#>|\\~0５ＡZé"
MARKDOWN = (
    "\r\n~\n\n~...~--~- ~1. ~**甲**~`a,b`~[甲](/x,y)~<b>~http://a.example/甲,~    ~[^1]~&nbsp;"
    "~|---|~甲甲甲甲甲甲甲甲~约翰~\u3000~{: .x }~```\n~<!--~-->"
)
PIECES = st.sampled_from([*MARKS, *MARKDOWN.split("~")])
HEADS = st.sampled_from(["", "---\ntitle: 甲,乙\n---\n", '\ufeff---\r\nlead: "甲,乙"\r\n---\r\n'])


def words(text: str) -> str:
    """What no change of marks may touch."""
    return "".join(one for one in unicodedata.normalize("NFKC", text) if one.isalnum())


def beside(text: str) -> str:
    """What of a file is no text to read: addresses, code, keys, Markdown."""
    read = {one.offset for block in prose.blocks(text) for one in block.characters if not one.fixed}
    return "".join(one for at, one in enumerate(text) if at not in read)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(HEADS, st.lists(PIECES, max_size=25), st.sampled_from(["zh", "en"]))
def test_mending_is_idempotent_and_keeps_every_word(
    head: str, pieces: list[str], language: str
) -> None:
    """Whatever Markdown it is; and what is beside the text stays as it is."""
    text = head + "".join(pieces)
    once, _ = mended(text, language)
    assert mended(once, language) == (once, 0)
    assert words(once) == words(text)
    assert beside(once) == beside(text)


def test_a_site_in_order_has_nothing_to_mend(built: TinySite) -> None:
    """Nothing is told, and nothing written."""
    before = contents(built.folder / "content")
    run = built.run("fix")
    assert (run.code, contents(built.folder / "content")) == (0, before)
    assert "标点和空格没有要改的地方" in run.said
    assert "There are no marks or spaces to mend" in run.said


def test_what_check_tells_fix_mends(site: TinySite) -> None:
    """A warning each, with place and cure; then all of it, with a diff, and the file's own ways."""
    page = site.folder / "content/pages/about.zh.md"
    text = '\ufeff---\ntitle: 关于 Example\ndescription: "甲,乙"\n---\n\n## 屋顶\n\n好,`a,b`.\n'
    page.write_bytes(text.replace("\n", "\r\n").encode())
    page.chmod(0o640)
    site.edit("content/pages/help.en.md", "Bring a ladder.", "Bring  a ladder -- please.")
    before = contents(site.folder / "content")

    told = site.run("check")
    assert told.code == 0, told.said
    place = "content/pages/about.zh.md"
    for where in (f"{place}:2", f"{place}:3", f"{place}:8", "content/pages/help.en.md:6"):
        told.tells("W3.marks", where)
    assert "Column 2: “好,▪.” should be “好，▪.”." in told.said
    assert "第10列：“关于 Exampl”宜写作“关于Exampl”。" in told.said
    assert "make fix can mend this many of them by itself: 5" in told.said

    looked = site.run("fix", ARGS="--dry-run")
    assert looked.code == 0, looked.said
    assert f"{place}:8  好[-,-]{{+，+}}`a,b`." in looked.said
    assert "To be mended: 5 marks and spaces in 2 files" in looked.said
    assert contents(site.folder / "content") == before

    done = site.run("fix", place)
    assert f"{place}:2  title: 关于[- -]Example" in done.said
    assert "已改好标点和空格3处，涉及1个文件。" in done.said
    wanted = text.replace("关于 Example", "关于Example").replace("甲,乙", "甲，乙")
    assert page.read_bytes().decode() == wanted.replace("好,", "好，").replace("\n", "\r\n")
    assert page.stat().st_mode & 0o777 == 0o640
    assert sorted(contents(site.folder / "content")) == sorted(before)
    help_page = "pages/help.en.md"
    assert contents(site.folder / "content")[help_page] == before[help_page]


def test_fix_says_which_file_it_cannot_mend(site: TinySite) -> None:
    """And mends the others."""
    site.edit("content/pages/work.zh.md", "每年修一次。", "每年修一次.")
    site.write("content/pages/about.zh.md", "标题: 甲\n")
    (site.folder / "content/pages/help.zh.md").write_bytes(b"---\n\xff\n")
    run = site.run("fix", "content/site.toml", *sorted(str(one) for one in pages(site)))
    assert run.code == 1
    run.tells("fix.no_page", "content/site.toml")
    run.tells("encoding", "content/pages/help.zh.md:2")
    run.tells("head.none", "content/pages/about.zh.md:1")
    assert (site.folder / "content/pages/about.zh.md").read_text("utf-8") == "标题: 甲\n"
    assert "每年修一次。" in (site.folder / "content/pages/work.zh.md").read_text("utf-8")


def pages(site: TinySite) -> list[Path]:
    folder = site.folder / "content" / "pages"
    return [file.relative_to(site.folder) for file in folder.glob("*.zh.md")]
