"""C5, C6, L6: one look through a text, whatever is in it, and how it is spoken of."""

from collections.abc import Iterator
from datetime import date

import pytest

from plugins import identifying
from plugins.identifying import Detector, ListUnusable, names, numbers, veiled
from plugins.identifying.finding import Finding, letters, mask
from plugins.identifying.names import Names
from plugins.identifying.plain import plain, simplified, views
from plugins.problems import Problem
from tests.site.findings import seen

KEY = b"a key for children who do not exist"
TODAY = date(2026, 6, 1)
NUMBER = "110101201405060000"


def the_list() -> Names:
    """One name is on it."""
    return Names(KEY, frozenset({Names(KEY, frozenset()).digest("例小明")}))


@pytest.fixture
def scan() -> Detector:
    return Detector.of_site({"phone": "0917-5550199"}, the_list(), TODAY)


LOOKED = {
    "他11岁,在示例小学读书": ["C6.place 示例小学"],
    "他11岁。在示例小学读书": ["C6.place 示例小学 ?"],
    "在示例小学读书。他11岁": ["C6.place 示例小学 ?"],
    "他11岁。下雨了。示例小学": [],
    "一名男孩在示例小学": ["C6.place 示例小学 ?"],
    "一名男孩在示例小学,老师说": [],
    "他11岁。老师在示例小学": [],
    "老师说他11岁,在示例小学": ["C6.place 示例小学"],
    "示例小学": [],
    "示例小学。他11岁。例城小学": ["C6.place 示例小学 ?", "C6.place 例城小学 ?"],
    f"例小明{NUMBER}": ["C6.listed_name 例小明", f"C6.id_number {NUMBER}"],
    f"{NUMBER}例小明": [f"C6.id_number {NUMBER}", "C6.listed_name 例小明"],
    f"身份证 {NUMBER}": [f"C6.id_number {NUMBER}"],
    "身份证 110101140506000": ["C6.id_number 110101140506000"],
    "一一零一零一二零一四零五零六零零零零": ["C6.id_number 110101201405060000"],
    "他11岁,生日是5月6日": ["C6.birthday 5月6日 ?"],
    "他生于2014年5月6日": ["C6.birthday 2014年5月6日"],
    "他生于2007年5月6日": [],
    "电话0917-5550199": [],
    "电话0917-5550198": ["L6.contact 0917-5550198 ?"],
    "他9岁,住在示例小区3号楼": ["C6.place 示例小区3号楼"],
    "": [],
}


@pytest.mark.parametrize("text", LOOKED)
def test_all_that_is_there_is_told_in_its_order(scan: Detector, text: str) -> None:
    """A place counts beside a child; what lies in another finding is not told again."""
    assert seen(numbers.in_digits(text), scan.look(text)) == LOOKED[text]


def test_of_two_at_a_place_the_certain_one_and_then_the_longer_one_is_told() -> None:
    """What overlaps and does not lie in another is told as well."""
    scan = Detector(names.NOBODY, "", TODAY)
    long, short = "护照号码 11010114050600012", "110101140506000"
    assert [one.text for one in scan.look(long)] == ["11010114050600012"]
    assert [one.certain for one in scan.look(f"身份证 {short}")] == [True]
    assert [one.certain for one in scan.look(short)] == [False]


LINES = {
    "甲\n例小明\n": [(2, "例小明")],
    "例小明": [(1, "例小明")],
    "甲\n\n乙\n\n例小明": [(5, "例小明")],
    "甲\n \t\n乙\n例小明\n\n例小明": [(4, "例小明"), (6, "例小明")],
    "例小明,例小明\n": [(1, "例小明")],
    "例小明\n例小明\n": [(1, "例小明"), (2, "例小明")],
    "乙\n例\n小明": [(2, "例\n小明")],
    "<p>甲</p>\n<p>例<i>小</i>明</p>": [(1, "例小明")],
    '甲\n<img title="例小明">': [(2, "例小明")],
    '甲\n<img title="例小明">例小明': [(2, "例小明")],
    "甲\n\n\n\n例小明": [(5, "例小明")],
    "\n例小明": [(2, "例小明")],
    "\n例<i>小</i>明": [(1, "例小明")],
    "例小明<b>\n例小明</b>": [(1, "例小明")],
    "": [],
}


@pytest.mark.parametrize("text", LINES)
def test_each_finding_has_its_line(scan: Detector, text: str) -> None:
    """From 1 on; the same on a line is told once, also where a tag repeats it."""
    assert [(line, one.text) for line, one in scan.find(text)] == LINES[text]


def test_what_is_told_of_a_passage_is_told_of_it_each_time(scan: Detector) -> None:
    """Only a passage with nothing in it is passed over the next time."""
    for _ in range(2):
        assert [line for line, _ in scan.find("甲\n\n例小明\n\n乙\n\n例小明")] == [3, 7]


class Counting(Detector):
    """Counts its looks."""

    looks = 0

    def look(self, text: str) -> list[Finding]:
        self.looks += 1
        return super().look(text)


def test_a_passage_is_looked_at_once() -> None:
    """The frame of a site is on all its pages."""
    scan = Counting(names.NOBODY, "", TODAY)
    assert scan.find("甲\n\n乙\n\n甲\n\n") == []
    assert scan.looks == 3
    assert scan.find("甲\n\n丙\n\n") == []
    assert scan.looks == 4


def test_the_list_of_names_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one nobody's name is known, and that can be asked."""
    monkeypatch.delenv("NAMES_LIST", raising=False)
    scan = Detector.of({"phone": "0917-5550199"}, TODAY)
    assert not scan.knows_names
    assert seen("0917-5550199", scan.look("0917-5550199")) == []
    assert seen("生于2014年5月6日", scan.look("生于2014年5月6日")) == ["C6.birthday 2014年5月6日"]
    assert Detector.of_site({}, the_list(), TODAY).knows_names
    monkeypatch.setenv("NAMES_LIST", "/nowhere")
    with pytest.raises(ListUnusable):
        Detector.of({}, TODAY)


@pytest.fixture
def unveiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is remembered of what was said before."""
    monkeypatch.delenv("NAMES_LIST", raising=False)
    for remembered in (veiled, identifying._watchman):
        remembered.cache_clear()
    yield
    for remembered in (veiled, identifying._watchman):
        remembered.cache_clear()


VEILED = {
    "一切正常": "一切正常",
    "A &amp; B": "A &amp; B",
    f"号码{NUMBER}不对": "号码110***不对",
    f"{NUMBER}": "110***",
    f"{NUMBER}，{NUMBER}": "110***,110***",
    "他11岁，在示例小学，电话13800138000": "他11岁,在示**,电话138***",
    "生于1950年5月6日": "生于195***",
    "&#49;10101201405060000": "110***",
    f"甲<b>{NUMBER}": "甲110***",
    f'甲<img alt="{NUMBER}">': 'img alt="110***"',
    f'{NUMBER}<img alt="{NUMBER}">': '110*** img alt="110***"',
    "写给a@b.example": "写给a***",
    "生于2014年5月6日13800138000": "生于201***138***",
    "ID 12 345 67ab@b.example": "ID 12 ***67a***",
}


@pytest.mark.parametrize("text", VEILED)
@pytest.mark.usefixtures("unveiled")
def test_what_is_said_aloud_is_masked(text: str) -> None:
    """Everybody's day of birth, every number; what tells nobody stays as it was."""
    assert veiled(text) == VEILED[text]


@pytest.mark.usefixtures("unveiled")
def test_no_other_word_of_a_message_repeats_what_is_masked() -> None:
    """A day in a list of figures is a child's when the line beside it says so."""
    line, day = "他生于2014年5月6日，在这里住。", "2014年5月6日"
    told = Problem("E3.figures", "a.md", params={"mine": day, "mine_line": line, "other": "5月"})
    assert "5月6日" not in "".join(told.params.values())
    assert told.params["other"] == "5月"
    alone = Problem("E3.figures", "a.md", params={"mine": day})
    assert alone.params["mine"] == day


@pytest.mark.usefixtures("unveiled")
def test_a_list_that_cannot_be_used_does_not_unveil(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks tell of the list; the messages about it are masked still."""
    monkeypatch.setenv("NAMES_LIST", "/nowhere")
    assert veiled(NUMBER) == "110***"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("王小明", "王**"),
        ("110101", "110***"),
        ("1", "1***"),
        ("1a2", "1a2***"),
        ("+86 138", "+86***"),
        ("Testa", "T***"),
        ("éa", "é***"),
        ("㐀", "㐀**"),
        ("", "***"),
    ],
)
def test_a_mask_leaves_enough_to_find_the_place(text: str, masked: str) -> None:
    """And too little to learn anything."""
    assert mask(text) == masked
    assert Finding("C6.place", text, 0, 1).masked == masked


def test_letters_compare_what_is_written_in_different_ways() -> None:
    """Without signs and blanks, and whatever the case."""
    assert letters("A_b-C 1·2\n示 ß") == "abc12示ss"


PLAIN = {
    "Plain": "Plain",
    "100 %": "100 %",
    "a &amp; b": "a & b",
    "Tom &#38; &lt;": "Tom & <",
    "%41%42": "AB",
    "%E4%BE%8B": "例",
    "%E4%BE": "\ufffd",
    "%GG": "%GG",
    r"\u4f8b\x41\U00020000": "例A\U00020000",
    r"\ud800": r"\ud800",
    r"\udfff": r"\udfff",
    r"\ue000": "\ue000",
    r"\ud7ff": "\ud7ff",
    r"\U00110000": r"\U00110000",
    r"\U0010ffff": "\U0010ffff",
    r"\z": r"\z",
    "&amp;amp;": "&amp;",
    "%26amp;": "&amp;",
    "&#37;41": "A",
    "%5Cu4f8b": "例",
    "１２３Ａ": "123A",
    "例\u200b明": "例明",
    "例\u0332小\u20dd明": "例小明",
    "e\u0301": "é",
    "例😀🎉小❤\ufe0f明": "例小明",
    "Te☂sta": "Testa",
    "电话☎138★9": "电话 138 9",
    "1\ufe0f\u20e32\ufe0f\u20e3": "12",
    "Т\u0435sta": "Testa",
    "Ex\u0430mple \u0430 Москва": "Example \u0430 Москва",
    "示逊遠": "示逊远",
    "⻢⼩衞": "马小卫",
    "a\u2028b": "a b",
    "a\x0bb\x0cc\x1cd\x1de\x1ef\rg": "a b c d e f g",
    "例\u2028b": "例 b",
    "例\x0bb": "例 b",
    "例\n明": "例\n明",
    "&#10;甲": " 甲",
    "": "",
}


@pytest.mark.parametrize("text", PLAIN)
def test_a_text_is_read_as_people_read_it(text: str) -> None:
    """What is escaped, wide or invisible is undone, in this order; a line stays a line."""
    assert plain(text) == PLAIN[text]


def test_each_character_is_simplified_by_itself() -> None:
    """Whatever stands beside it."""
    assert simplified("樣欣怡喜歡遠方 A") == "样欣怡喜欢远方 A"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("甲乙", ["甲乙"]),
        ("1 < 2", ["1 < 2", ""]),
        ("<p>甲</p><p>乙</p>", ["\n\n甲\n\n\n\n乙\n\n", ""]),
        ("甲<td>乙<br/>丙", ["甲 乙 丙", ""]),
        ("甲<b>乙</b>丙", ["甲乙丙", ""]),
        ('<img alt="甲乙">', ["", 'img alt="甲乙"']),
        ("<i123456>甲<i1234567>", ["甲", "i1234567"]),
        ('<a b="甲乙丙">x<a b="丁戊己">', ["x", 'a b="甲乙丙"\n\na b="丁戊己"']),
        ("<ruby>甲<rt>jiǎ</rt>乙<RT >yǐ</rt></ruby>丙", ["甲乙丙", "jiǎ yǐ"]),
        ("甲<rp>(</rp><rt>jiǎ<rp>)</rp>乙", ["甲乙", "jiǎ"]),
        ("甲<rp>(</rp>乙", ["甲乙", ""]),
        ("<!-- 甲乙 --><![CDATA[丙]]>", [" 甲乙 丙", ""]),
    ],
)
def test_a_text_is_read_without_its_tags_and_in_them(text: str, read: list[str]) -> None:
    """Blocks part passages, cells part words, other tags part nothing; readings stand apart."""
    assert views(text) == read
