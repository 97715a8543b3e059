"""What beside a child's face would tell where it lives or whose it is (C5), line by line."""

from pathlib import Path

import pytest

from plugins.people import telling
from plugins.problems import Problem

TELLS = (
    "王某爱画画。",
    "她姓李。",
    "王小明同学",
    "张丽小朋友在跳绳",
    "李小花，今年 9 岁",
    "赵云(12岁)",
    "Wang Xiaoming likes to draw.",
    "With Xiaoming Wang",
    "His surname is Abel",
    "her family name Abel",
    "她在东山小学读书",
    "第三中学",
    "她在石桥完小读书",
    "石桥教学点",
    "張麗小朋友在跳繩",
    "她在東山小學讀書",
    "她在东山小\u200b学读书",
    "李小花，今年 ９ 岁",
    "At Hillside School",
    "the Green Hill Academy",
    "他住在石桥村。",
    "Stone Bridge village",
    "in the village of Abel",
    "和平路12号",
    "12 Abel Street",
    "on Abel Lane",
    "生于2017年5月",
    "5月3日出生",
    "born on 3 May 2017",
    "Birthday: 2017-05-03",
    "author: 王某",
    "approved_by = 王某",
)
TELLS_NOTHING = (
    "孩子们在放风筝。",
    "小红喜欢画画。",
    "村民一起修路。",
    "她刚看完小说。",
    "学校放假了。",
    "A child with a kite",
    "The school is closed.",
    "born to draw",
    "我们每年5月开会。",
    "wang xiaoming",
)
PLAIN = ("author", "approved_by")  # they are adults of the organisation, and on no page


@pytest.mark.parametrize("line", TELLS)
def test_such_a_line_is_told(tmp_path: Path, line: str) -> None:
    """C5: by its number, and never by what it says; but who wrote and approved may be named."""
    file = tmp_path / "kite.zh.md"
    file.write_text(f"---\n---\n{line}\nA kite\n{line}\n", encoding="utf-8")
    wanted = [] if line.startswith(PLAIN) else [3, 5]
    assert list(telling.problems(file)) == [
        Problem("C5.telling", file.as_posix(), number) for number in wanted
    ]


@pytest.mark.parametrize("line", TELLS_NOTHING)
def test_such_a_line_is_not(tmp_path: Path, line: str) -> None:
    """C5: what tells of no child in particular may be said."""
    file = tmp_path / "kite.jpg.toml"
    file.write_text(f"{line}\n", encoding="utf-8")
    assert list(telling.problems(file)) == []


def test_a_file_in_any_encoding_is_looked_through(tmp_path: Path) -> None:
    """C5: what cannot be read is told of elsewhere, and hides nothing here."""
    file = tmp_path / "kite.jpg.toml"
    file.write_bytes(b"\xff\xfe\nher family name is Abel\n")
    assert [one.line for one in telling.problems(file)] == [2]
    file.write_bytes(b"\xef\xbb\xbfauthor = 'Wang Xiaoming'\n")
    assert list(telling.problems(file)) == []
