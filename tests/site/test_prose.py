"""What readers read of a page's file, block by block, and where each character of it stands."""

from plugins import prose

PAGE = """\
---
title: "关于\\"甲\\""
date: 2026-03-05
headline:
  - 第一行
  - '第''二行'
figures:
  - before: 近
    figure: 1000
lead: >
  折成
  两行
---

## 屋顶 ## {: #roof }

一段*强调*和[链接](/x "y")，
第二行`代码`。

1. **甲**

    乙

        代码

[^1]: 注

术语
:   定义

| 甲 | 乙\\|丙 |
|:--|--:|
| 丁 | |

> 引用
> 又一行

标题
---

    代码

[丁]: /x

*[戊]: 己
"""
BLOCKS = [
    ("title", "关于\ufffc甲\ufffc"),
    ("headline.0", "第一行"),
    ("headline.1", "第\ufffc二行"),
    ("figures.0", "近\n1000"),
    ("lead", "折成\n两行"),
    *(
        ("", text)
        for text in ("屋顶", "一段强调和链接，\n第二行\ufffc。", "甲", "乙", "注", "术语")
    ),
    *(("", text) for text in ("定义", "甲", "乙|丙", "丁", "引用\n又一行", "标题")),
]


def test_the_blocks_of_a_file() -> None:
    """The texts of the head by name, and the body's, without what is no text."""
    assert [(block.name, block.text) for block in prose.blocks(PAGE)] == BLOCKS


def test_every_character_is_where_it_says() -> None:
    """Whatever the line ends, and behind a byte order mark."""
    for page in (PAGE, "\ufeff" + PAGE.replace("\n", "\r\n"), PAGE.replace("\n", "\r")):
        blocks = prose.blocks(page)
        assert [(block.name, block.text) for block in blocks] == BLOCKS
        for one in (one for block in blocks for one in block.characters):
            assert one.shown == page[one.offset] or one.shown in ("\n", prose.HIDDEN)
        assert prose.place(page, page.index("代码`")) == (18, 5)
        assert prose.place(page, page.index("---")) == (1, 1)


def test_a_head_that_cannot_be_read_is_left_out() -> None:
    """Another check tells of it; nothing of it is taken for text."""
    page = "---\ntitle: 甲: 乙\n---\n\n丙\n"
    assert [block.text for block in prose.blocks(page)] == ["丙"]
    assert prose.head_text(page, "title") is None
    assert prose.head_text("丙", "title") is None
    assert not prose.has_head("丙")
