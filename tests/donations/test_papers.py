"""Papers: what stands in the PDF of every kind of document; a donor's text is only text."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from donations_api.errors import PaperUnmade
from donations_api.frame import Frame, load_frame
from donations_api.letters import Addresses, compose
from donations_api.papers import file_name, paper
from donations_api.settings import ROOT
from tests.donations.running import CONTENT
from tests.donations.sample_letters import CANCELLATION, DOCUMENT, facts

CHECK = "https://charity.example/receipts/a-code-that-leads-to-it"
MARK = {"size": 32, "path": "M16 2 30 30 2 30Z"}
OWN = DOCUMENT | {
    "mark": MARK,
    "country": "CN",
    "registration": "",
    "fee_cover": 0,
    # A real clock has more digits than a test's.
    "issued_at": "2026-11-24T17:00:00.123456+00:00",
}

LINE: dict[str, Any] = {"received_at": "2026-11-23T17:00:00+00:00", "returned": 0, "in_kind": ""}
YEAR: dict[str, Any] = {
    "kind": "yearly",
    "year": 2026,
    "amount": 0,
    "currency": "XXX",
    "gifts": [
        LINE | {"number": "XX-2026-000001", "amount": 20000, "currency": "CNY", "returned": 5000},
        LINE | {"number": "XX-2026-000003", "amount": 0, "currency": "XXX", "in_kind": "棉衣12件"},
        LINE | {"number": "XX-2026-000004", "amount": 3000, "currency": "JPY"},
    ],
    "totals": [
        {"currency": "CNY", "amount": 20000, "returned": 5000},
        {"currency": "JPY", "amount": 3000, "returned": 0},
    ],
}
CNY: dict[str, Any] = {"amount": 100005000, "currency": "CNY"}


@pytest.fixture(scope="module")
def frame() -> Frame:
    return load_frame(CONTENT, ROOT / "theme")


def said(language: str = "zh", **changed: Any) -> dict[str, Any]:
    return facts(language) | OWN | {"kind": "cn"} | changed


def text_of(pdf: bytes) -> str:
    """What can be searched for in a PDF, blanks left out: typst sets Han and Latin apart."""
    read = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return "".join(read.stdout.decode().split())


def pages_of(pdf: bytes) -> int:
    told = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    return int(told.stdout.decode().split("Pages:")[1].split()[0])


def fonts_of(pdf: bytes) -> list[str]:
    """Name, whether embedded, whether a subset, whether searchable."""
    told = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True)
    lines = told.stdout.decode().splitlines()[2:]
    return [" ".join([line.split()[0].partition("+")[2], *line.split()[-5:-2]]) for line in lines]


def picture(pdf: bytes) -> bytes:
    drawn = subprocess.run(
        ["pdftoppm", "-r", "40", "-gray", "-"], input=pdf, capture_output=True, check=True
    )
    return drawn.stdout


DOCUMENTS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("zh", CNY, ["捐赠确认函", "¥1,000,050.00（CNY）", "人民币壹佰万零伍拾元整", "2026年11月24日",
                 "不是财政部门监制的“公益事业捐赠统一票据”", "不能用于税前扣除", "外婆"]),
    ("en", CNY, ["onemillionandfiftyyuan", "人民币壹佰万零伍拾元整", "24November2026",
                 "ChinaStandardTime", "Grandma"]),
    ("zh", {}, ["£25.95（GBP）", "英镑贰拾伍镑玖拾伍便士"]),
    ("en", {"kind": "us", "legal_name": {"en": "Some Trust"}, "registration": "00-0000000"},
     ["SomeTrust", "00-0000000", "Nogoodsorserviceswereprovidedinexchangeforthisgift."]),
    ("en", {"kind": "uk_gift_aid"}, ["“Mygift”page"]),
    ("en", {"kind": "uk_gift_aid", "gift_aid": True}, ["YouhavemadeaGiftAiddeclaration"]),
    ("en", {"kind": "acknowledgement"}, ["Donationacknowledgement"]),
    ("zh", CANCELLATION, ["确认函作废通知", "XX-2026-000001", "£24.05", "因退款"]),
    ("en", CANCELLATION | {"reason": "dispute", "remaining": 0}, ["£0.00", "bankhastakenthemoney"]),
    ("zh", {"kind": "restoration", "restores": "XX-2026-000001"}, ["确认函恢复通知"]),
    ("zh", {"amount": 0, "currency": "XXX", "in_kind": "棉衣12件"}, ["棉衣12件", "没有对其估价"]),
    ("en", {"amount": 0, "currency": "XXX", "in_kind": "12 coats", "kind": "uk_gift_aid"},
     ["12coats", "notvaluedbyus", "doesnotapplytothings"]),
    ("zh", {"demo": True, "copy": True}, ["演示", "没有任何款项往来", "副本"]),
    ("en", {"demo": True, "copy": True}, ["DEMO", "Nomoneymoved", "COPY"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "own", "wanted"), DOCUMENTS)
def test_a_paper_says_what_its_kind_must_say(
    frame: Frame, language: str, own: dict[str, Any], wanted: list[str]
) -> None:
    """One page, everything in it can be searched for, and its only font is ours."""
    pdf = paper(frame, said(language, **own), CHECK)
    text = text_of(pdf)
    donor = {"zh": "张伟", "en": "AnnLee"}[language]
    for one in ("XX-2026-000002", donor, CHECK, *wanted):
        assert one in text, one
    assert [one for one in ("%(", "None", "¤", "XXX") if one in text] == []
    assert pages_of(pdf) == 1
    assert fonts_of(pdf) == ["NotoSansCJKsc-Regular-Identity-H yes yes yes"]


def test_a_paper_says_nothing_that_its_kind_must_not_say(frame: Frame) -> None:
    """Abroad there is no ticket; without a copy, a demo, nothing of these."""
    text = text_of(paper(frame, said(kind="acknowledgement"), CHECK))
    for wrong in ("票据", "副本", "演示", "Gift Aid"):
        assert wrong not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_year_lists_its_gifts_and_what_they_make(frame: Frame, language: str) -> None:
    """Each gift, each currency's total, what was returned; that it is no ticket in China."""
    pdf = paper(frame, said(language, **YEAR))
    text = text_of(pdf)
    yen = {"zh": "JP¥3,000", "en": "JP¥3,000"}[language]
    for one in ("XX-2026-000001", "XX-2026-000003", "200.00", "50.00", "150.00", yen, "棉衣12件"):
        assert one in text, one
    assert "公益事业捐赠统一票据" in text
    assert "公益事业捐赠统一票据" not in text_of(paper(frame, said(language, **YEAR, country="GB")))
    assert file_name(said(**YEAR)) == "statement-2026.pdf"


def test_a_long_year_goes_on_to_a_second_page(frame: Frame) -> None:
    gifts = [
        LINE | {"number": f"XX-2026-{n:06}", "amount": 20000, "currency": "CNY"} for n in range(60)
    ]
    pdf = paper(frame, said(**YEAR | {"gifts": gifts}))
    assert pages_of(pdf) > 1
    assert all(one["number"] in text_of(pdf) for one in gifts)
    assert "第2页，共" in text_of(pdf)


HOSTILE = [
    '#read("/etc/passwd")', '#panic("x")', "*x*", "_x_", "$1$", "@a", "<a>", "= x", "\\#x", "`x`",
    "// x", "/* x */", '"; #x', "%(number)s", "{page}", "https://x.example", "[x]", "a\\", "~",
    "--",
]  # fmt: skip


def test_a_donors_text_is_never_code(frame: Frame) -> None:
    """Typst's own signs stand in name, dedication, fund and description as they were typed."""
    for text in HOSTILE:
        typed: dict[str, Any] = {"donor": text, "dedication": text, "fund": {"zh": text}}
        found = text_of(paper(frame, said(**typed), CHECK))
        assert found.count("".join(text.split())) >= 3, text
    all_of_them = " ".join(HOSTILE)
    pdf = paper(frame, said(in_kind=all_of_them, donor=all_of_them, amount=0, currency="XXX"))
    assert "root:" not in text_of(pdf)
    row = YEAR | {
        "gifts": [LINE | {"number": "1", "amount": 0, "currency": "XXX", "in_kind": "#x"}]
    }
    assert "#x" in text_of(paper(frame, said(**row)))


@pytest.mark.parametrize("name", ["䶮", "㛃", "𠮷", "한", "Ệ", "Ж"])
def test_a_rare_character_is_drawn(frame: Frame, name: str) -> None:
    """Not as the box that stands for what a font has not, and it can be searched for."""
    drawn, box = (paper(frame, said(donor=donor)) for donor in (name, "\U000f0000"))
    assert picture(drawn) != picture(box)
    assert picture(box) == picture(paper(frame, said(donor="\U000f0001")))
    assert name in text_of(drawn)


def test_the_same_snapshot_makes_the_same_bytes(frame: Frame) -> None:
    """A mail that is tried again brings the same paper."""
    assert paper(frame, said(), CHECK) == paper(frame, said(), CHECK)


def test_a_receipt_of_the_first_version_is_still_set(frame: Frame) -> None:
    """Its snapshot has no mark, no country, no registration, no fee, no dedication."""
    later = ("mark", "country", "registration", "fee_cover", "dedication", "frequency")
    first = {key: value for key, value in said().items() if key not in later}
    assert "XX-2026-000002" in text_of(paper(frame, first, CHECK))


def test_a_gift_in_kind_has_no_amount_in_its_letter(frame: Frame) -> None:
    for language in ("zh", "en"):
        things = said(language, amount=0, currency="XXX", in_kind="12", frequency="once")
        letter = compose(frame, Addresses(), "receipt", things)
        for part in (letter.text, letter.html):
            assert "XXX" not in part
            assert "¤" not in part
        assert {"zh": "没有对其估价", "en": "not valued by us"}[language] in letter.text


def test_a_file_name_is_ascii() -> None:
    assert file_name(said()) == "XX-2026-000002.pdf"
    assert file_name(said(copy=True)) == "XX-2026-000002-copy.pdf"
    assert file_name(said(number="新/星 2026")) == "_2026.pdf"


def test_what_cannot_be_set_is_explained(frame: Frame) -> None:
    """With the reason, for the command and for the list of mails that wait."""
    with pytest.raises(PaperUnmade) as caught:
        paper(frame, said(mark={"size": 32}))
    assert caught.value.message == "mail.no_pdf"
    assert caught.value.values["error"]


def test_the_font_has_its_licence_beside_it() -> None:
    fonts = Path(ROOT) / "donations_api" / "fonts"
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text("utf-8")
    assert sum(font.stat().st_size for font in fonts.glob("*.otf")) < 12 * 1024 * 1024
