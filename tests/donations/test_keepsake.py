"""The keepsake over HTTP: a picture that thanks, who may see it, and all that it never says."""

import io
import re
import shutil
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from html import unescape
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
import requests
import segno
from PIL import Image, ImageChops

from donations_api import keepsake
from donations_api.frame import Frame, load_frame
from donations_api.giving import Giving, load_giving
from donations_api.links import Links
from donations_api.money import Money
from donations_api.settings import ROOT
from tests.donations.running import CONTENT, Rig, rig, says
from tests.donations.test_my_pages import press

LANGUAGES = ("zh", "en", "zh-hant")
HAN = """
[[language]]
code = "zh-hant"
tag = "zh-Hant"
name = "繁體中文"
folder = "zh-hant"
locale = "zh_Hant_HK"
made_from = "zh"
"""
HOME = {
    "zh": "示例之家帮助不存在的孩子。",
    "en": "Example House helps children who do not exist.",
}
# What only a paper may call itself, and what only a paper may speak of.
NEVER = re.compile(
    "收据|收據|票据|票據|发票|發票|证明|證明|证书|證書|凭证|憑證|确认函|税|稅"
    r"|receipt|invoice|certif|proof|acknowledg|\btax|deduct",
    re.IGNORECASE,
)
# Where things stand, in pixels: left, top, right, bottom.
CODE = (824, 1156, 992, 1324)
GROUND = (88, 1100, 790, 1330)


@dataclass(frozen=True)
class Given:
    """A portal of three languages, with gifts in every state; their links' tokens by name."""

    rig: Rig
    tokens: dict[str, str]
    frame: Frame
    giving: Giving

    def page(self, gift: str, **asked: str) -> requests.Response:
        return self._get("/donations/thanks", gift, asked)

    def picture(self, gift: str, **asked: str) -> requests.Response:
        return self._get("/donations/thanks/keepsake.png", gift, asked)

    def drawn(self, language: str, name: str = "", amount: Money | None = None) -> bytes:
        """The keepsake of a gift of today as it should be."""
        return keepsake.picture(self.shown(language, name, amount))

    def shown(self, language: str, name: str, amount: Money | None) -> keepsake.Keepsake:
        (fund,) = self.giving.funds
        return keepsake.keepsake(
            self.frame,
            self.frame.language(language),
            self.giving.organisation,
            name=name,
            fund=fund.name,
            received_at=datetime.now(UTC),
            zone=ZoneInfo("Asia/Shanghai"),
            amount=amount,
            site_url=self.rig.settings.site_url,
            demo=True,
        )

    def _get(self, path: str, gift: str, asked: dict[str, str]) -> requests.Response:
        token = self.tokens.get(gift, gift)
        return requests.get(self.rig.portal + path, {"gift": token} | asked, timeout=20)


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    folder = tmp_path_factory.mktemp("keepsake")
    content = folder / "content"
    shutil.copytree(CONTENT, content)
    with (content / "site.toml").open("a", encoding="utf-8") as site:
        site.write(HAN)
    (content / "pages").mkdir(exist_ok=True)
    for language, description in HOME.items():
        head = f'---\ntitle: x\ndescription: "{description}"\n---\n'
        (content / "pages" / f"home.{language}.md").write_text(head, encoding="utf-8")
    tokens: dict[str, str] = {}
    with rig(folder, content=content) as both:

        def give(gift: str, act: str = "", **changed: str) -> None:
            both.paid(**changed)
            both.deliveries.deliver_due()
            if act:
                press(both, act)
            tokens[gift] = Links(both.settings).returning(both.gifts()[-1].id)

        give("named", name="Ann Lee", anonymous="no")
        give("unnamed", name="Ann Lee", frequency="monthly")
        give("unnamed too", name="Bo Li")
        give("refunded", "refund_all")
        give("disputed", "dispute")
        give("partly", anonymous="no", language="en")
        press(both, "refund", amount="50")
        both.paid()
        tokens["pending"] = Links(both.settings).returning(both.gifts()[-1].id)
        yield Given(both, tokens, load_frame(content, ROOT / "theme"), load_giving(content))


def test_the_picture_is_what_a_chat_wants_and_nobody_keeps(given: Given) -> None:
    """A portrait of at most 300 KB with a good name, in no cache, and nothing hidden in it."""
    answer = given.picture("named")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    named = answer.headers["Content-Disposition"]
    assert named.startswith('inline; filename="thank-you.png"; filename*=UTF-8')
    assert unquote(named).endswith("''示例之家感谢卡.png")
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (keepsake.WIDTH, keepsake.HEIGHT))
    assert keepsake.WIDTH / keepsake.HEIGHT == 3 / 4
    assert 20_000 < len(answer.content) <= 300_000
    assert set(chunks(answer.content)) <= {"IHDR", "sRGB", "gAMA", "pHYs", "IDAT", "IEND"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_code_leads_to_the_home_page(given: Given, language: str) -> None:
    """Module for module it is the code of that address, with room around it to be read."""
    picture = opened(given.picture("named", language=language)).convert("L")
    pixels = picture.tobytes()
    home = given.rig.settings.site_url + given.frame.language(language).root
    code = segno.make(home, error="m", micro=False).matrix
    left, top, right, bottom = CODE
    size = (right - left) / len(code)
    for row, modules in enumerate(code):
        for column, dark in enumerate(modules):
            x, y = int(left + (column + 0.5) * size), int(top + (row + 0.5) * size)
            assert (pixels[y * keepsake.WIDTH + x] < 128) == bool(dark), (row, column)
    room = int(4 * size)
    around = picture.crop((left - room, top - room, right + room, bottom + room))
    inner = (room - 1, room - 1, room + right - left + 1, room + bottom - top + 1)
    around.paste(255, inner)
    assert min(around.tobytes()) > 200


def test_the_amount_is_shown_to_whoever_asks_for_it_alone(given: Given) -> None:
    """Without the one word in the address it is not there; nor can the address say another."""
    hidden = given.picture("named").content
    assert hidden == given.drawn("zh", "Ann Lee")
    for asked in ({"amount": "9999"}, {"amount": ""}, {"name": "Somebody"}, {"fund": "x"}):
        assert given.picture("named", **asked).content == hidden
    shown = given.picture("named", amount="shown").content
    assert shown == given.drawn("zh", "Ann Lee", Money(20000, "CNY"))
    changed = ImageChops.difference(as_picture(hidden), as_picture(shown)).getbbox()
    assert changed
    left, top, right, bottom = changed
    assert (left, top) >= GROUND[:2]
    assert right <= GROUND[2]
    assert bottom <= GROUND[3]


def test_what_was_given_back_is_not_shown_as_given(given: Given) -> None:
    """After a refund of 50 of 200, what is left."""
    amount = given.picture("partly", amount="shown")
    assert amount.status_code == 200
    assert amount.content == given.drawn("en", "张伟", Money(15000, "CNY"))


def test_who_stays_anonymous_stays_so_on_the_picture(given: Given) -> None:
    """Two donors' pictures are the same to the byte; who chose to be shown is shown."""
    one, other = given.picture("unnamed").content, given.picture("unnamed too").content
    assert one == other == given.drawn("zh")
    assert one != given.picture("named").content


def test_it_is_in_each_language_of_the_site(given: Given) -> None:
    """Traditional Chinese too; unknown languages are the browser's, and draw nothing new."""
    drawn = {one: given.picture("named", language=one).content for one in LANGUAGES}
    assert drawn == {one: given.drawn(one, "Ann Lee") for one in LANGUAGES}
    assert len(set(drawn.values())) == len(LANGUAGES)
    assert given.picture("named", language="xx' or 1").content in drawn.values()


@pytest.mark.parametrize("gift", ["pending", "refunded", "disputed", "", "x", "." * 5000])
def test_there_is_none_where_there_is_no_gift(given: Given, gift: str) -> None:
    """Money that has not come, has gone back, or a link that was not signed here."""
    answer = given.picture(gift)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_only_the_link_of_the_thanks_opens_it(given: Given) -> None:
    """The control of the above: a mailed link is another kind, and no part of one opens it."""
    token = given.tokens["named"]
    assert given.picture(token).status_code == 200
    links = Links(given.rig.settings)
    mailed = links.my_gift(links.gift_returned_to(token)).rpartition("/")[2]
    assert given.picture(mailed).status_code == 404
    assert given.picture(token[:-1]).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_never_speaks_as_a_paper_does(given: Given, language: str) -> None:
    """No word of receipts, taxes or numbers in anything that it is drawn with."""
    shown = asdict(given.shown(language, "Ann Lee", Money(20000, "CNY")))
    said = repr({key: text for key, text in shown.items() if key not in ("mark", "code")})
    assert shown["thanks"] in said
    assert NEVER.findall(said) == []
    assert "XX-" not in said
    for template in (ROOT / "donations_api" / "templates" / "keepsake").iterdir():
        assert NEVER.findall(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("张伟", "张伟"),
        ("Zoë O’Neill-Šmíd", "Zoë O’Neill-Šmíd"),
        ("やまだ はなこ", "やまだ はなこ"),
        ("张伟🌟 与家人", "张伟 与家人"),
        ("🌟", ""),
        ("नमिता", ""),
        ("Ann नमिता", ""),
        ("", ""),
    ],
)
def test_a_name_that_cannot_be_written_is_left_out(given: Given, typed: str, drawn: str) -> None:
    """Rather no name than one with holes; pictures in it are no loss."""
    assert given.shown("zh", typed, None).name == drawn


def test_long_names_stay_within_the_picture(given: Given) -> None:
    """The longest that a form takes: what stands on the ground stays there, and off the code."""
    shown = given.shown("en", "W" * 100, Money(100_000_000, "CNY"))
    long = (
        "Warm clothes and books for all the children of the valley and beyond it, in every winter "
    )
    crowded = replace(shown, organisation=long, facts=((long, long * 2), *shown.facts))
    pictures = [as_picture(keepsake.picture(one)) for one in (shown, crowded)]
    difference = ImageChops.difference(*pictures).getbbox()
    assert difference
    left, top, right, bottom = difference
    assert left >= GROUND[0]
    assert top >= GROUND[1]
    assert right <= GROUND[2]
    assert bottom <= GROUND[3]


def test_who_looks_again_finds_the_same_picture_undrawn(given: Given) -> None:
    """Drawing takes a processor, so no address can have it done again and again."""
    given.picture("named")
    before = keepsake._picture.cache_info().misses
    for amount in ("", "1", "2"):
        given.picture("named", amount=amount)
    assert keepsake._picture.cache_info().misses == before


def test_the_thanks_bring_the_picture_and_words_to_pass_on(given: Given) -> None:
    """An image with its size and its words, a way to save it, with the amount and without."""
    page = given.page("named")
    (image,) = re.findall(r'<img src="([^"]+keepsake[^"]+)"([^>]+)>', page.text)
    assert {'width="1080"', 'height="1440"', 'loading="lazy"'} <= set(image[1].split())
    assert says(page, "thanks.keepsake.alt")
    assert says(page, "thanks.keepsake.save")
    assert "amount" not in image[0]
    assert requests.get(given.rig.portal + unescape(image[0]), timeout=20).ok
    assert f'href="{image[0]}" download' in page.text
    (with_amount,) = re.findall(r'href="([^"]+amount=shown[^"]*)#keepsake"', page.text)
    shown = requests.get(given.rig.portal + unescape(with_amount), timeout=20)
    (image,) = re.findall(r'<img src="([^"]+keepsake[^"]+)"', shown.text)
    assert "amount=shown" in image
    assert says(shown, "thanks.keepsake.without")
    chat = {"User-Agent": "Mozilla/5.0 MicroMessenger/8.0"}
    address = given.rig.portal + "/donations/thanks"
    asked = requests.get(address, {"gift": given.tokens["named"]}, headers=chat, timeout=20)
    assert " download" not in asked.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_to_pass_on_are_the_home_pages_own(given: Given, language: str) -> None:
    """Who we are in our own words, where to find us; neither the donor's name nor the amount."""
    page = unescape(given.page("named", language=language).text)
    (words,) = re.findall(r'id="share-text"[^>]*>([^<]+)<', page)
    spoken = given.frame.language(language)
    assert given.frame.text(given.giving.organisation.name, spoken) in words
    assert spoken.write(HOME[spoken.source]) in words
    assert words.rstrip().endswith(given.rig.settings.site_url + spoken.root)
    assert "Ann" not in words
    assert "200" not in words
    assert "XX-" not in words


@pytest.mark.parametrize(
    ("gift", "title"),
    [
        ("pending", "thanks.waiting.title"),
        ("refunded", "thanks.refunded.title"),
        ("disputed", "thanks.disputed.title"),
    ],
)
def test_without_the_money_there_is_another_face(given: Given, gift: str, title: str) -> None:
    """Nobody is told that a gift has come which has not, or is not here any more."""
    page = given.page(gift, language="zh")
    assert page.status_code == 200
    assert says(page, title)
    assert not says(page, "thanks.title")
    assert "keepsake" not in page.text
    assert "share-text" not in page.text


def test_a_monthly_gift_says_about_when_it_comes_again(given: Given) -> None:
    page = given.page("unnamed")
    assert says(page, "my_pledge.next.monthly")
    assert not says(given.page("named"), "my_pledge.next.monthly")


def chunks(png: bytes) -> Iterator[str]:
    """The names of a PNG's chunks, in order."""
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8].decode()
        at += 12 + length


def as_picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def opened(answer: requests.Response) -> Image.Image:
    assert answer.status_code == 200
    return as_picture(answer.content)
