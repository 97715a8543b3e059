"""Pictures, file names and TOML files that break a rule are refused, in both languages.

What is served stays as it was, byte for byte; ``refuse`` looks at that each time.
"""

import re
import zlib
from collections.abc import Callable

import pytest

from tests.site.test_bad_pages import ABOUT, page
from tests.site.tiny_site import SIDECAR, Run, TinySite, make_served_site

# With an author, who has to be named where people are.
DECLARED = SIDECAR + 'author = "Photographer"\n'
SIDECARS = {
    "no declaration": (None, "C1.no_sidecar", "door.jpg"),
    "no TOML": ("people: none", "C1.unreadable", "door.jpg.toml"),
    "an adult": (
        DECLARED.replace('"none"\nidentity = "none"', '"adult"\nidentity = "visible"'),
        "C1.no_consent",
        "door.jpg.toml",
    ),
    "a minor": (
        DECLARED.replace('"none"\nidentity = "none"', '"minor"\nidentity = "obscured"'),
        "C1.no_consent",
        "door.jpg.toml",
    ),
    "people left out": (DECLARED.replace("people", "# people"), "C1.one_of", "door.jpg.toml"),
    "nobody, yet visible": (
        DECLARED.replace('identity = "none"', 'identity = "visible"'),
        "C1.contradiction",
        "door.jpg.toml",
    ),
    "nobody looked at it": (
        DECLARED.replace("Somebody Else", " "),
        "C1.approved_by",
        "door.jpg.toml",
    ),
    "AI unknown": (DECLARED.replace("ai_generated", "# ai"), "C1.ai_generated", "door.jpg.toml"),
    "no words in English": (DECLARED.replace("A blue door", ""), "E5.alt", "door.jpg.toml"),
    "a payment code": (DECLARED.replace("蓝色的门", "收款二维码"), "L3.asks", "door.jpg"),
}


FORMATS = ["clip.gif", "deep/door.jpg"]
TELLING = ["小明.jpg", "a&b.jpg", "my door.jpg"]
NO_PAGES = [
    *("about.md", "关于.zh.md", "About.zh.md"),
    *("about.fr.md", "more/about.zh.md", "notes.txt"),
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The build that was refused for all of these files: each is told, whatever lies beside it."""
    site = make_served_site(tmp_path_factory.mktemp("bad") / "site")
    for number, (sidecar, _, _) in enumerate(SIDECARS.values()):
        site.picture(f"{number}-door.jpg", sidecar)
    for name in (*FORMATS, *TELLING):
        site.picture(name)
    site.picture("text.jpg").write_text("<svg onload=alert(1)>")
    header = bytearray(site.picture("bomb.png").read_bytes())
    header[16:24] = (60_000).to_bytes(4) * 2  # width and height in the PNG's first chunk
    header[29:33] = zlib.crc32(header[12:29]).to_bytes(4)
    (site.folder / "content/images/bomb.png").write_bytes(header)
    for name in NO_PAGES:
        site.write(f"content/pages/{name}", page("甲"))
    (site.folder / "content/pages/old.zh.md").write_bytes("---\ntitle: 关于示例\n".encode("gbk"))
    return site.refuse()


@pytest.mark.parametrize("name", SIDECARS)
def test_a_picture_that_is_not_cleared_is_refused(run: Run, name: str) -> None:
    """C1 and E5: also when no page shows it."""
    _, code, file = SIDECARS[name]
    run.refuses(code, f"content/images/{[*SIDECARS].index(name)}-{file}")


@pytest.mark.parametrize("name", FORMATS)
def test_only_flat_photos_are_taken(run: Run, name: str) -> None:
    """C7: formats that can be made anew without loss of care, in one folder."""
    run.refuses("C7.format", f"content/images/{name}")


@pytest.mark.parametrize("name", TELLING)
def test_a_picture_with_a_telling_name_is_refused(run: Run, name: str) -> None:
    """C6: file names are public too; these letters would not even stand in an address."""
    run.refuses("C6.name", f"content/images/{name}")


def test_a_file_that_is_no_picture_is_refused(run: Run) -> None:
    """Whatever its name says."""
    run.refuses("C7.unreadable", "content/images/text.jpg")


def test_a_decompression_bomb_is_refused(run: Run) -> None:
    """A file of some kilobytes that unfolds into hundreds of millions of pixels."""
    run.refuses("C7.too_large", "content/images/bomb.png")


@pytest.mark.parametrize("name", NO_PAGES)
def test_a_file_name_that_says_no_page_is_refused(run: Run, name: str) -> None:
    """The name gives page and language; Pelican would guess or leave the page out."""
    run.refuses("name", f"content/pages/{name}")


def test_a_page_in_another_encoding_is_refused(run: Run) -> None:
    """As old editors save Chinese; the line is the first that cannot be read."""
    run.refuses("encoding", "content/pages/old.zh.md:2")


def test_all_that_is_wrong_is_told_at_once(site: TinySite, refused: Callable[..., Run]) -> None:
    """Nobody has to build five times to see five mistakes."""
    site.write(ABOUT, "只有正文。\n")
    site.picture(sidecar=None)
    site.edit("content/pages/work.zh.md", "每年修一次。", "[甲]({filename}x.zh.md)")
    run = refused()
    run.tells("head.none", f"{ABOUT}:1")
    run.tells("C1.no_sidecar", "content/images/door.jpg")
    run.tells("E5.link", "content/pages/work.zh.md:6")


BAD_TOML = {
    "no TOML": ("organisation.toml", "founded = 1999", "founded = ", "organisation.toml"),
    "a mode that does not exist": (
        "organisation.toml",
        '"undeclared"',
        '"maybe"',
        "recipient[1].mode",
    ),
    "a wrong pairing": (
        "organisation.toml",
        'country = "CN"',
        'country = "GB"',
        "recipient[1].receipt",
    ),
    "an amount that is none": (
        "donations.toml",
        "largest = 1000",
        'largest = "much"',
        "currency[1]",
    ),
    "a language without a name": ("site.toml", 'name = "English"', "", "site.toml"),
}


@pytest.mark.parametrize("name", BAD_TOML)
def test_a_bad_toml_file_is_refused(site: TinySite, refused: Callable[..., Run], name: str) -> None:
    """Told in both languages, by file and place in it."""
    file, old, new, place = BAD_TOML[name]
    site.edit(f"content/{file}", old, new)
    run = refused()
    told = [
        line for line in run.said.splitlines() if line.startswith("  content/") or place in line
    ]
    assert any(re.search(r"[一-鿿]", line) for line in told), run.said
    assert any(not re.search(r"[一-鿿]", line) for line in told), run.said
    assert "Traceback" not in run.said


ARRANGEMENTS = {
    "a menu that leads nowhere": ('page = "about"', 'page = "abuot"', "menu.page"),
    "a menu without words": ('label.en = "About Example"', "", "menu.label"),
    "a language twice": ('code = "en"', 'code = "zh"', "language.code"),
    "two languages in one folder": ('folder = "en"', 'folder = ""', "language.folder"),
    "a folder outside the site": ('folder = "en"', 'folder = "../en"', "language.folder"),
    "a locale that does not exist": ('locale = "en_GB"', 'locale = "xx_YY"', "language.locale"),
}


@pytest.mark.parametrize("name", ARRANGEMENTS)
def test_a_bad_arrangement_is_refused(
    site: TinySite, refused: Callable[..., Run], name: str
) -> None:
    """Told of the file that is to be mended, not of each page that shows it."""
    old, new, code = ARRANGEMENTS[name]
    site.edit("content/site.toml", old, new)
    refused().tells(code, "content/site.toml")


def test_a_language_without_a_catalog_is_refused(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """The theme has no words in it, so its pages could not be made."""
    site.edit("content/site.toml", 'code = "en"', 'code = "fr"')
    refused().tells("language.catalog", "content/locale/fr.po")


def test_a_page_that_the_theme_links_to_has_to_be_there(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """Told once, not for every page that stands in the same frame."""
    for file in (site.folder / "content" / "pages").glob("help.*"):
        file.unlink()
    run = refused()
    run.tells("E5.frame_link", "theme/templates")
    assert run.said.count("“/help/”") == 2  # in Chinese and in English


@pytest.mark.parametrize(
    "address",
    [
        "http://house.example",
        "https://house.example/site",
        "house.example",
        "ftp://a.b",
        "https://[",
    ],
)
def test_an_address_that_cannot_be_published_is_refused(
    refused: Callable[..., Run], address: str
) -> None:
    """Online means https, at the root of a host."""
    refused("--site-url", address).tells("address", "SITE_URL")
