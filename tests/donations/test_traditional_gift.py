"""A gift in Traditional Chinese: the form, the mail and its paper, the pages, the errors."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests

from donations_api.frame import Frame, load_frame
from donations_api.letters import compose
from donations_api.papers import paper
from donations_api.settings import ROOT
from tests.donations.running import CONTENT, Rig, rig, until
from tests.donations.sample_letters import LETTERS, LINKS, facts
from tests.donations.test_papers import CHECK, OWN, YEAR, fonts_of, picture, text_of
from tests.simplified import simplified
from tests.site.tiny_site import TRADITIONAL

DONOR = "张伟"  # a name is written as its owner wrote it
BANK = """
[recipient.bank]
currencies = ["CNY"]
account_number = "DEMO 0000 0000"
account_name.zh = "演示账户"
account_name.en = "Demo account"
bank = "某某银行"
"""


# As people type in Hong Kong and in Taiwan, where OpenCC follows a school list.
FORMS = dict(
    zip(
        "裏説閲税脱鋭悦蜕兑户羣峯牀麪啓温藴衞敍枱",
        "裡說閱稅脫銳悅蛻兌戶群峰床麵啟溫蘊衛敘檯",
        strict=True,
    )
)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of a charity that also asks in Traditional Chinese."""
    content = shutil.copytree(CONTENT, tmp_path_factory.mktemp("traditional") / "content")
    with (content / "site.toml").open("a", encoding="utf-8") as file:
        file.write(TRADITIONAL)
    organisation = content / "organisation.toml"
    text = organisation.read_text(encoding="utf-8")
    asked = text.replace('["zh", "en"]', '["zh", "en", "zh-hant"]')
    assert asked != text
    organisation.write_text(asked + BANK, encoding="utf-8")
    forms = "".join(f"{json.dumps(old)} = {json.dumps(new)}\n" for old, new in FORMS.items())
    (content / "glossary.toml").write_text(f"[zh-hant.forms]\n{forms}", encoding="utf-8")
    return content


@pytest.fixture(scope="module")
def frame(content: Path) -> Frame:
    return load_frame(content, ROOT / "theme")


@pytest.fixture(scope="module")
def both(content: Path) -> Iterator[Rig]:
    with rig(content.parent, content=content) as both:
        yield both


def words_of(html: str) -> str:
    """What is read of a page, without what says that it is Simplified, and the donor's name.

    How people write a currency when they type it is no text either, but what the script looks for.
    """
    html = re.sub(r' data-marks="[^"]*"', "", html)
    html = re.sub(r'<(\w+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', "", html)
    return unescape(html).replace(DONOR, "")


def test_a_gift_is_answered_in_the_script_of_its_form(both: Rig) -> None:
    """From the form to the paper in the mail; the language is kept with the gift."""
    thanks = both.paid(language="zh-hant", name=DONOR, amount="1234.56", cover_fee="", message="")
    both.deliveries.deliver_due()
    (gift,) = both.gifts()
    assert gift.language == "zh-hant"
    page = requests.get(thanks, timeout=10)
    assert page.headers["Content-Language"] == "zh-Hant"
    assert '<html lang="zh-Hant"' in page.text
    assert "謝謝您，捐款已收到" in page.text
    assert simplified(words_of(page.text)) == set()

    (file,) = until(both.mails)
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["Content-Language"] == "zh-Hant"
    assert "捐贈確認函" in mail["Subject"]
    assert "示例之家" in mail["Subject"]
    assert "示例之家" in mail["From"]
    (attached,) = mail.iter_attachments()
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part
        said = part.get_content()
        assert f"尊敬的{DONOR}：" in said
        assert simplified(words_of(said)) == set()
    assert '<html lang="zh-Hant"' in said
    pdf = text_of(attached.get_content())
    assert "人民幣壹仟貳佰叁拾肆元伍角陸分" in pdf
    assert "人民币" not in pdf
    assert simplified(pdf.replace(DONOR, "")) == set()

    my_gift = re.search(r'href="([^"]+/gifts/[^"]+)"', said)
    assert my_gift
    for address in (unescape(my_gift[1]), *re.findall(r"http\S+?/receipts/[\w-]+", pdf)[:1]):
        page = requests.get(f"{address}?language=zh-hant", timeout=10)
        assert page.status_code == 200
        assert simplified(words_of(page.text)) == set()


def test_a_form_to_be_mended_comes_back_in_its_script(both: Rig) -> None:
    """What is wrong is told in it, and the language is kept."""
    page = both.give(language="zh-hant", name=DONOR, amount="0", message="")
    assert page.status_code == 422
    assert "請填寫大於零的金額" in page.text
    assert 'name="language" value="zh-hant"' in page.text
    assert simplified(words_of(page.text)) == set()


@pytest.mark.parametrize(
    ("path", "header", "tag"),
    [
        ("/nowhere", "zh-TW,zh;q=0.9", "zh-Hant"),
        ("/nowhere", "zh-HK", "zh-Hant"),
        ("/nowhere", "zh-Hant-MO", "zh-Hant"),
        ("/nowhere", "zh-SG", "zh-Hans"),
        ("/nowhere", "zh", "zh-Hans"),
        ("/nowhere", "en-US,zh-TW;q=0.5", "en"),
        ("/zh-hant/nowhere", "en", "zh-Hant"),
    ],
)
def test_the_browser_says_which_script(both: Rig, path: str, header: str, tag: str) -> None:
    """A tag without a script means the one that is usual there."""
    page = requests.get(both.portal + path, headers={"Accept-Language": header}, timeout=10)
    assert f'<html lang="{tag}"' in page.text


def test_what_the_bank_compares_is_not_converted(both: Rig) -> None:
    """The account's name is its holder's as the bank has it; the words around it are converted."""
    sent = both.give(language="zh-hant", way="transfer", name=DONOR, message="")
    page = requests.get(both.portal + sent.headers["Location"], timeout=10)
    assert "<dd><span>演示账户</span></dd>" in page.text
    assert "<dd><span>某某银行</span></dd>" in page.text
    assert "<dt>開戶銀行</dt>" in page.text


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_is_traditional(frame: Frame, name: str) -> None:
    """Of each kind, in both of its parts; what a donor wrote is as it was written."""
    kind, own = LETTERS[name]
    theirs = {"language": "zh-hant", "donor": "甲", "dedication": "乙"}
    letter = compose(frame, LINKS, kind, facts("zh") | own | theirs)
    assert letter.language == "zh-Hant"
    said = letter.subject + letter.text + letter.html
    assert simplified(said.replace("Noto Sans CJK SC", "")) == set()
    assert not re.search("[“”]", letter.text)


@pytest.mark.parametrize(
    ("own", "wanted"),
    [
        ({"amount": 100005000, "currency": "CNY"}, "人民幣壹佰萬零伍拾元整"),
        ({"amount": 12345678909, "currency": "HKD"}, "港幣壹億貳仟叁佰肆拾伍萬陸仟柒佰捌拾玖元"),
        ({"kind": "uk_gift_aid", "gift_aid": True}, "稅"),
        ({"kind": "cancellation", "cancels": "XX-1", "gift_amount": 5000, "remaining": 2405,
          "reason": "refund"}, "確認函作廢通知"),
        (YEAR, "年度捐贈彙總"),
    ],
)  # fmt: skip
def test_papers_are_traditional_and_their_font_has_every_character(
    frame: Frame, own: dict[str, Any], wanted: str
) -> None:
    """It can all be searched for, in our one font, and nothing Simplified is among it."""
    said = facts("zh") | OWN | {"kind": "cn"} | own
    said |= {"language": "zh-hant", "donor": "甲", "dedication": "乙"}
    pdf = paper(frame, said, CHECK)
    text = text_of(pdf)
    assert wanted in text
    goods = "棉衣12件"
    assert simplified(text.replace(goods, "").replace("人民币", "")) == set()
    assert fonts_of(pdf) == ["NotoSansCJKsc-Regular-Identity-H yes yes yes"]


def test_no_character_of_the_capital_numerals_is_a_box(frame: Frame) -> None:
    """Nor any of those that Traditional alone has."""
    said = facts("zh") | OWN | {"kind": "cn", "language": "zh-hant"}
    box = picture(paper(frame, said | {"donor": "\U000f0000"}))
    for one in "貳陸萬億圓戶裡麵檯臺衛":
        assert picture(paper(frame, said | {"donor": one})) != box, one


def test_a_webhook_loads_no_converter() -> None:
    """OpenCC's dictionaries take longer than a cold start may."""
    code = (
        "import sys; from pathlib import Path; import donations_api.app; "
        "from donations_api.frame import load_frame; load_frame(Path('content'), Path('theme')); "
        "print('opencc' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert told.stdout.decode().strip() == "False"
