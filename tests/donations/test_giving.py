"""What may be given: the content files, and the mistakes that people make in them."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from donations_api.console import CATALOGS
from donations_api.errors import FileWrong
from donations_api.frame import load_frame, translate
from donations_api.giving import Mode, load_giving
from donations_api.settings import ROOT
from tests.donations.running import CONTENT

# What a recipient in mainland China shows where it asks (rule L3).
DECLARED = """
legal_name.zh = "示例基金会"
certificate = "示募证000号"
contact = "contact@house.example"
check_at = "https://register.example/"
"""
# What an amount does, and the row of a budget that says so; all of it is invented (rule D3).
MEANT = """
[[budget]]
key = "books"
name.zh = "示例预算：课本"
name.en = "Example budget: books"
[[meaning]]
currency = "CNY"
amount = 200
budget = "books"
text.zh = "示例孩子的课本"
text.en = "An example child's books"
"""
Change = Callable[[str, str, str], None]
TODAY = date(2026, 11, 26)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the content folder's settings, to be spoiled."""
    for file in CONTENT.glob("*.toml"):
        shutil.copy(file, tmp_path)
    return tmp_path


@pytest.fixture
def change(content: Path) -> Change:
    """Replace a text in one of the files."""

    def replace(file: str, old: str, new: str) -> None:
        text = (content / file).read_text("utf-8")
        assert old in text, "the test changes nothing"
        (content / file).write_text(text.replace(old, new, 1), "utf-8")

    return replace


@pytest.mark.parametrize(
    ("mode", "live", "sandbox"),
    [
        ("undeclared", False, True),
        ("info-only", False, False),
        ("partner", False, False),
        ("qualified", True, True),
    ],
)
def test_the_mode_says_whether_money_may_be_asked_for(
    content: Path, change: Change, mode: str, live: bool, sandbox: bool
) -> None:
    """Only a qualified recipient may be asked for with real money (rule L3)."""
    change("organisation.toml", 'mode = "undeclared"', f'mode = "{mode}"\n{DECLARED}')
    (recipient,) = load_giving(content).recipients
    assert recipient.mode is Mode(mode)
    assert recipient.may_ask(sandbox=False, today=TODAY) is live
    assert recipient.may_ask(sandbox=True, today=TODAY) is sandbox


@pytest.mark.parametrize("fact", ["legal_name", "certificate", "contact", "check_at"])
def test_a_qualified_recipient_that_lacks_a_fact_is_not_asked_for(
    content: Path, change: Change, fact: str
) -> None:
    """Who cannot be checked may not ask (rule L3): not online, not in the sandbox either."""
    facts = "\n".join(line for line in DECLARED.splitlines() if not line.startswith(fact))
    change("organisation.toml", 'mode = "undeclared"', f'mode = "qualified"\n{facts}')
    giving = load_giving(content)
    assert giving.recipients[0].lacking == (fact,)
    assert not giving.asking("zh", sandbox=False, today=TODAY)
    assert not giving.asking("zh", sandbox=True, today=TODAY)


def test_abroad_the_registration_takes_the_place_of_the_certificate(
    content: Path, change: Change
) -> None:
    """A charity elsewhere is checked by its number in its own register (rule L3)."""
    facts = DECLARED.replace("certificate", "registration")
    change("organisation.toml", 'mode = "undeclared"', f'mode = "qualified"\n{facts}')
    assert load_giving(content).recipients[0].lacking == ("certificate",)
    change("organisation.toml", 'country = "CN"', 'country = "JP"')
    change("organisation.toml", 'receipt = "cn"', 'receipt = "acknowledgement"')
    assert load_giving(content).recipients[0].lacking == ()


@pytest.mark.parametrize(
    "url",
    [
        "http://gongyi.qq.com/x",
        "https://gongyi.qq.com.evil.example/x",
        "https://gongyi.qq.com@evil.example/x",
        "https://evil.example/gongyi.qq.com",
        "https://gongyi.qq.com:8443/x",
        "https://x.gongyi.qq.com/x",
        "https://[gongyi.qq.com/x",
        "gongyi.qq.com/x",
    ],
)
def test_a_partner_is_linked_to_on_a_platform_of_the_list_only(
    content: Path, change: Change, url: str
) -> None:
    """L3: the whole host, over https; whatever else looks like it is not it."""
    partner = 'partner.name = "示例慈善会"\npartner.url = "https://gongyi.qq.com/x"'
    change("organisation.toml", 'mode = "undeclared"', f'mode = "partner"\n{partner}')
    assert [one.key for one in load_giving(content).partners("en", today=TODAY)] == ["house"]
    assert not load_giving(content).partners("fr", today=TODAY)
    change("organisation.toml", "https://gongyi.qq.com/x", url)
    assert not load_giving(content).partners("en", today=TODAY)


def test_a_partner_may_be_half_declared_and_is_not_named_then(
    content: Path, change: Change
) -> None:
    """L3: what is open is lacking; the list's platforms have names, and the day it was checked."""
    platforms = load_giving(content).platforms
    assert platforms.confirmed == ""
    tencent = platforms.of("https://gongyi.qq.com/x")
    assert tencent
    assert tencent.name["en"] == "Tencent Charity"
    change("platforms.toml", 'confirmed = ""', 'confirmed = "2026-11-26"')
    assert load_giving(content).platforms.confirmed == "2026-11-26"
    change("organisation.toml", 'mode = "undeclared"', 'mode = "partner"\npartner.url = ""')
    assert load_giving(content).recipients[0].lacking == ("partner.name", "partner.url")
    change("organisation.toml", 'partner.url = ""', 'partner = {name = "x", url = ""}')
    assert load_giving(content).recipients[0].lacking == ("partner.url",)
    (content / "platforms.toml").unlink()
    assert load_giving(content).platforms.known == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "message", "where"),
    [
        (
            "organisation.toml",
            'mode = "undeclared"',
            'mode = "yes"',
            "file.one_of",
            "recipient[1].mode",
        ),
        (
            "organisation.toml",
            "Asia/Shanghai",
            "Asia/Nowhere",
            "file.time_zone",
            "recipient[1].time_zone",
        ),
        (
            "organisation.toml",
            'country = "CN"',
            'country = "GB"',
            "file.receipt_country",
            "recipient[1].receipt",
        ),
        (
            "organisation.toml",
            'receipt = "cn"',
            'receipt = "uk"',
            "file.one_of",
            "recipient[1].receipt",
        ),
        (
            "organisation.toml",
            '"GBP", ',
            '"XYZ", ',
            "file.unknown_currency",
            "recipient[1].currencies",
        ),
        (
            "organisation.toml",
            'receipt_prefix = "XX"',
            "",
            "file.needed",
            "recipient[1].receipt_prefix",
        ),
        ("organisation.toml", 'key = "house"', "key = 5", "file.text", "recipient[1].key"),
        (
            "organisation.toml",
            '# check_at = "https://"',
            'check_at = "http://register.example"',
            "file.https",
            "recipient[1].check_at",
        ),
        (
            "organisation.toml",
            "# [recipient.partner]",
            "[recipient.partner]\nname = 5",
            "file.texts",
            "recipient[1].partner.name",
        ),
        (
            "organisation.toml",
            "# [recipient.partner]",
            'partner = "x"',
            "file.texts",
            "recipient[1].partner",
        ),
        (
            "organisation.toml",
            '# legal_name.zh = ""',
            'legal_name = "示例"',
            "file.texts",
            "recipient[1].legal_name",
        ),
        *(
            (
                "organisation.toml",
                "# receipts_kept_years = 10",
                f"receipts_kept_years = {written}",
                "file.kept_years",
                "recipient[1].receipts_kept_years",
            )
            for written in ("6", "101", "true", '"ten"')
        ),
        (
            "donations.toml",
            "smallest = 10\n",
            'smallest = "ten"\n',
            "file.amount",
            "currency[1].smallest",
        ),
        ("donations.toml", "[100, 200,", "[1, 200,", "file.amount_bounds", "currency[1].suggested"),
        ("donations.toml", "[100, 200, 500, 1000]", '"100"', "file.list", "currency[1].suggested"),
        (
            "donations.toml",
            'name.en = "Where it is needed most"',
            "name.en = 5",
            "file.texts",
            "fund[1].name",
        ),
        *(
            ("donations.toml", "[[fund]]", f"{rows}\n[[fund]]", message, f"meaning[1].{where}")
            for rows, message, where in (
                (MEANT.replace('budget = "books"', ""), "file.uncited", "budget"),
                (MEANT.replace('budget = "books"', 'budget = "roof"'), "file.uncited", "budget"),
                (MEANT.replace("[[budget]]", "[[other]]"), "file.uncited", "budget"),
                (MEANT.replace("200", "201"), "file.not_suggested", "amount"),
                (MEANT.replace("200", '"a"'), "file.amount", "amount"),
                (MEANT.replace("CNY", "XAU"), "file.unknown_currency", "currency"),
                (
                    MEANT.replace("text.en", "# text.en").replace("text.zh", "text"),
                    "file.texts",
                    "text",
                ),
            )
        ),
    ],
)
def test_a_mistake_is_told_with_its_file_and_place(
    content: Path, change: Change, file: str, old: str, new: str, message: str, where: str
) -> None:
    """Which file, where in it, and what to write: and there are words for it in both languages."""
    change(file, old, new)
    with pytest.raises(FileWrong) as caught:
        load_giving(content)
    assert caught.value.message == message
    assert caught.value.values["where"] == where
    assert caught.value.values["file"].endswith(file)
    for language in ("zh", "en"):
        words = translate(CATALOGS, language, message) % caught.value.values
        assert where in words


def test_what_an_amount_does_is_said_with_the_row_of_the_budget(
    content: Path, change: Change
) -> None:
    """Beside the amounts of its currency alone; nothing where nothing is cited (rule D3)."""
    assert load_giving(content).meanings == ()
    change("donations.toml", "[[fund]]", f"{MEANT}\n[[fund]]")
    giving = load_giving(content)
    (meaning,) = giving.meant_by(giving.currencies[0])
    assert meaning.amount == giving.currencies[0].suggested[1]
    assert meaning.text["en"] == "An example child's books"
    assert meaning.budget["zh"] == "示例预算：课本"
    assert giving.meant_by(giving.currencies[1]) == ()


def test_a_list_where_tables_belong_is_told(content: Path) -> None:
    """``fund = ["x"]`` is a mistake of the file, not a fault of the program."""
    file = content / "donations.toml"
    before, _, _ = file.read_text("utf-8").partition("[[fund]]")
    file.write_text('fund = ["most-needed"]\n' + before, "utf-8")
    with pytest.raises(FileWrong) as caught:
        load_giving(content)
    assert caught.value.message == "file.tables"
    assert "[[fund]]" in translate(CATALOGS, "en", "file.tables") % caught.value.values


def test_two_recipients_never_share_their_numbers(content: Path) -> None:
    """Each recipient's receipts are counted alone, so the prefix has to tell them apart."""
    file = content / "organisation.toml"
    text = file.read_text("utf-8")
    second = text[text.index("[[recipient]]") :].replace('key = "house"', 'key = "second"')
    file.write_text(f"{text}\n{second}", "utf-8")
    with pytest.raises(FileWrong) as caught:
        load_giving(content)
    assert caught.value.message == "file.same_prefix"
    file.write_text(text + second.replace('"XX"', '"YY"'), "utf-8")
    assert len(load_giving(content).recipients) == 2


@pytest.mark.parametrize(
    ("spoiled", "message", "line"),
    [
        (b"[a]\nname = \xe2\x80\x9ca\xe2\x80\x9d\n", "file.line", "2"),
        (b"[a]\nday = 2026/3/5\n", "file.line", "2"),
        ("# 设置".encode("gbk"), "file.not_utf8", ""),
        (b"name = ", "file.unreadable", ""),
    ],
)
def test_a_file_that_is_no_toml_is_named(
    content: Path, spoiled: bytes, message: str, line: str
) -> None:
    """A slip of the keyboard by its line, and a file of another encoding."""
    for file, load in (
        ("donations.toml", lambda: load_giving(content)),
        ("site.toml", lambda: load_frame(content, ROOT / "theme")),
    ):
        before = (content / file).read_bytes()
        (content / file).write_bytes(spoiled)
        with pytest.raises(FileWrong) as caught:
            load()
        assert caught.value.message == message
        assert caught.value.values.get("line", "") == line
        (content / file).write_bytes(before)


def test_a_file_that_is_not_there_is_named(content: Path) -> None:
    """A missing file is told by its name."""
    (content / "donations.toml").unlink()
    with pytest.raises(FileWrong) as caught:
        load_giving(content)
    assert caught.value.message == "file.missing"


def test_a_file_saved_by_windows_notepad_is_read(content: Path) -> None:
    """A byte order mark at the beginning, as some editors write it, does no harm."""
    file = content / "donations.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load_giving(content).funds


def test_a_text_in_one_language_serves_all_readers() -> None:
    """A fund named in English only still has a name on a Chinese page, and no page breaks."""
    frame = load_frame(CONTENT, ROOT / "theme")
    assert frame.text({"en": "Winter coats"}, frame.language("zh")) == "Winter coats"
    assert frame.text({"zh": "冬衣", "en": "Winter coats"}, frame.language("en")) == "Winter coats"


@pytest.mark.parametrize(
    ("kind", "country", "fitting"),
    [
        ("cn", "GB", "acknowledgement, uk_gift_aid"),
        ("uk_gift_aid", "CN", "acknowledgement, cn"),
        ("us", "GB", "acknowledgement, uk_gift_aid"),
        ("us", "JP", "acknowledgement"),
    ],
)
def test_a_receipt_of_another_country_is_refused(
    content: Path, change: Change, kind: str, country: str, fitting: str
) -> None:
    """The message names what would fit."""
    change("organisation.toml", 'country = "CN"', f'country = "{country}"')
    change("organisation.toml", 'receipt = "cn"', f'receipt = "{kind}"')
    with pytest.raises(FileWrong) as refused:
        load_giving(content)
    assert refused.value.message == "file.receipt_country"
    assert refused.value.values["where"] == "recipient[1].receipt"
    assert refused.value.values["choices"] == fitting


@pytest.mark.parametrize(("kind", "country"), [("uk_gift_aid", "GB"), ("us", "US")])
def test_a_tax_receipt_needs_a_legal_name_and_a_number(
    content: Path, change: Change, kind: str, country: str
) -> None:
    """Without them it is worth nothing to the donor."""
    change("organisation.toml", 'country = "CN"', f'country = "{country}"')
    change("organisation.toml", 'receipt = "cn"', f'receipt = "{kind}"')
    for fact, written in (("legal_name", 'legal_name.en = "Some"'), ("registration", None)):
        with pytest.raises(FileWrong) as refused:
            load_giving(content)
        assert refused.value.message == f"file.receipt_{fact}"
        assert refused.value.values["where"] == f"recipient[1].{fact}"
        if written:
            change("organisation.toml", '# legal_name.en = ""', written)
    change("organisation.toml", '# registration = ""', 'registration = "0000000"')
    (recipient,) = load_giving(content).recipients
    assert (recipient.receipt, recipient.registration) == (kind, "0000000")


@pytest.mark.parametrize("years", [7, 100])
def test_a_recipient_says_how_long_its_receipts_are_kept(
    content: Path, change: Change, years: int
) -> None:
    """Ten years, unless its country's law wants them for another time."""
    assert load_giving(content).recipients[0].receipts_kept_years == 10
    change("organisation.toml", "# receipts_kept_years = 10", f"receipts_kept_years = {years}")
    assert load_giving(content).recipients[0].receipts_kept_years == years
