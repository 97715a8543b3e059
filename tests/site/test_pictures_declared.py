"""What is declared of a picture, read in one process: each name, missing or wrong; each file."""

from pathlib import Path
from typing import Any

import pytest

from plugins import pictures
from plugins.pictures import Picture
from plugins.problems import Problem
from tests.site.people import sidecar

FOLDER = Path("content/images")
PLACE = "content/images/kite.jpg.toml"
LANGUAGES = ("zh", "en")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder for pictures in the working directory."""
    monkeypatch.chdir(tmp_path)
    FOLDER.mkdir(parents=True)


def put(name: str, declared: str | None = None, **values: str) -> None:
    """A picture, as far as these rules see it, and its declaration."""
    file = FOLDER / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"")
    text = sidecar(**values) if declared is None else declared
    file.with_name(f"{file.name}.toml").write_text(text, encoding="utf-8")


def read() -> tuple[list[Picture], list[Problem]]:
    return pictures.read(Path("content"), LANGUAGES)


def wrong(code: str, /, **params: str) -> Problem:
    return Problem(code, PLACE, 0, params)


NONE = {"people": '"none"', "identity": '"none"', "consent_ids": "", "author": ""}
PEOPLE = wrong("C1.one_of", name="people", choices="none, adult, minor")
IDENTITY = wrong("C1.one_of", name="identity", choices="visible, obscured, none")
AUTHOR = wrong("C8.missing", name="author")
ZH, EN = (wrong("E5.alt", language=one) for one in LANGUAGES)
ALT = {"alt.zh": "", "alt.en": ""}
CREDIT = wrong("E5.credit")
DECLARED: dict[str, tuple[dict[str, str], list[Problem]]] = {
    "a child": ({}, []),
    "an adult": ({"people": '"adult"', "identity": '"obscured"'}, []),
    "nobody": (NONE, []),
    "nobody, but to be seen": (NONE | {"identity": '"visible"'}, [wrong("C1.contradiction")]),
    "somebody, of whom nothing is there": ({"identity": '"none"'}, [wrong("C1.contradiction")]),
    "people that nobody knows": ({"people": '"child"'}, [PEOPLE]),
    "no word of people": ({"people": "", "author": ""}, [PEOPLE]),
    "an identity that nobody knows": ({"identity": '"blurred"'}, [IDENTITY]),
    "no word of identity": ({"identity": ""}, [IDENTITY]),
    "nobody, with no word of identity": (NONE | {"identity": ""}, [IDENTITY]),
    "no word of either": (NONE | {"people": "", "identity": ""}, [PEOPLE, IDENTITY]),
    "nobody approved": ({"approved_by": ""}, [wrong("C1.approved_by")]),
    "a blank approved": ({"approved_by": '" "'}, [wrong("C1.approved_by")]),
    "a number approved": ({"approved_by": "7"}, [wrong("C1.approved_by")]),
    "no word of how it was made": ({"ai_generated": ""}, [wrong("C1.ai_generated")]),
    "a word for yes": ({"ai_generated": '"yes"'}, [wrong("C1.ai_generated")]),
    "a number for yes": ({"ai_generated": "1"}, [wrong("C1.ai_generated")]),
    "a consent that is no list": ({"consent_ids": '"C-17"'}, [wrong("C1.consent_ids")]),
    "a consent that is a name": ({"consent_ids": '["C-1", "X"]'}, [wrong("C1.consent_ids")]),
    "a consent that is a number": ({"consent_ids": "[17]"}, [wrong("C1.consent_ids")]),
    "no consents": ({"consent_ids": ""}, []),
    "nobody took it": ({"author": ""}, [AUTHOR]),
    "a blank took it": ({"people": '"adult"', "author": '" "'}, [AUTHOR]),
    "who took it approved": ({"author": '"some BODY else"'}, [wrong("C8.same")]),
    "no Chinese": ({"alt.zh": ""}, [ZH]),
    "no English": ({"alt.en": ""}, [EN]),
    "a blank for English": ({"alt.en": '" "'}, [EN]),
    "no words": (ALT, [ZH, EN]),
    "somebody to thank": ({"credit": '"Painter"'}, []),
    "somebody to thank in each language": ({"credit.zh": '"画家"', "credit.en": '"Painter"'}, []),
    "a number to thank": ({"credit": "7"}, [CREDIT]),
    "a blank to thank": ({"credit": '" "'}, [CREDIT]),
    "one text for both": (ALT | {"alt": '"风筝"'}, [ZH, EN]),
}


@pytest.mark.parametrize("name", DECLARED)
def test_each_name_is_there_and_right(name: str) -> None:
    """C1, C8, E5: all that is wrong with a declaration is told at its file."""
    values, problems = DECLARED[name]
    put("kite.jpg", **values)
    found, told = read()
    assert told == problems
    assert [one.path for one in found] == ([] if problems else ["/images/kite.jpg"])


def test_an_empty_declaration_says_nothing() -> None:
    """C1: each thing that has to be said is asked for, in order."""
    put("kite.jpg", "")
    lacks = [PEOPLE, IDENTITY, wrong("C1.approved_by"), wrong("C1.ai_generated"), ZH, EN]
    assert read() == ([], lacks)


def test_what_is_declared_is_known() -> None:
    """C1: as it stands in the file, which may begin with a byte order mark."""
    thanked = {"credit.zh": '"画家"', "credit.en": '"Painter"'}
    put("a.JPG", consent_ids='["C-17", "C-18"]', ai_generated="true", **thanked)
    put("b_2-c.svg", **NONE, credit='"J. Painter"')
    put("c.png", **NONE)
    file = FOLDER / "b_2-c.svg.toml"
    file.write_text(file.read_text("utf-8"), encoding="utf-8-sig")
    alt = {"zh": "放风筝的孩子", "en": "A child with a kite"}
    thanks = {"zh": "画家", "en": "Painter"}, {"zh": "J. Painter", "en": "J. Painter"}
    assert read() == (
        [
            Picture(FOLDER / "a.JPG", alt, True, "minor", "visible", ("C-17", "C-18"), thanks[0]),
            Picture(FOLDER / "b_2-c.svg", alt, False, "none", "none", (), thanks[1]),
            Picture(FOLDER / "c.png", alt, False, "none", "none", (), {}),
        ],
        [],
    )


FORMATS = {"formats": ".jpg .jpeg .png .webp .avif .svg"}
FILES: dict[str, list[str]] = {
    "kite.gif": ["C7.format"],
    "kite": ["C7.format", "C6.name"],
    "放风筝.jpg": ["C6.name"],
    "a kite.jpg": ["C6.name"],
    "deep/kite.jpg": ["C7.format"],
    "deep/a kite.gif": ["C7.format", "C6.name"],
    **{f"kite.{one}": [] for one in ("jpg", "JPEG", "png", "webp", "avif", "svg")},
}


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_a_picture_by_a_plain_name(name: str) -> None:
    """C6 and C7: of a known format, and nowhere but in the folder itself."""
    put(name)
    (FOLDER / name).with_name(f"{Path(name).name}.toml").unlink()
    lost = Problem("C1.no_sidecar", f"{FOLDER}/{name}", 0, {"sidecar": f"{Path(name).name}.toml"})
    params: dict[str, dict[str, str]] = {"C7.format": FORMATS}
    named = [Problem(one, f"{FOLDER}/{name}", 0, params.get(one, {})) for one in FILES[name]]
    assert read() == ([], [*named, lost])
    put(name)
    found, told = read()
    assert told == named
    assert len(found) == (not named)


def test_each_is_told_beside_the_others() -> None:
    """C1: in the order of their names; what is hidden, a folder, or left by a program, is no
    picture.
    """
    (FOLDER / "a").mkdir()
    for left in (".DS_Store", "~$c.jpg", "Thumbs.db", "desktop.ini"):
        (FOLDER / left).write_bytes(b"")
    (FOLDER / "b.jpg.toml").write_text("", encoding="utf-8")
    put("c.jpg", **NONE)
    put("d.jpg", "people = \n")
    put("e.jpg", **NONE)
    put("f.jpg", "")
    (FOLDER / "f.jpg.toml").write_bytes(b"\xff")
    put("g.jpg", **NONE)
    found, (alone, broken, no_text) = read()
    assert [one.original.name for one in found] == ["c.jpg", "e.jpg", "g.jpg"]
    assert alone == Problem("C1.no_picture", f"{FOLDER}/b.jpg.toml")
    for problem, name, reason in ((broken, "d", "Invalid value"), (no_text, "f", "can't decode")):
        assert (problem.code, problem.place) == ("C1.unreadable", f"{FOLDER}/{name}.jpg.toml")
        assert reason in problem.params["reason"]


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    """A new site has no pictures yet."""
    nothing: tuple[list[Any], list[Any]] = ([], [])
    assert pictures.read(tmp_path / "none", LANGUAGES) == nothing


def test_a_copy_is_known_as_one_by_its_name() -> None:
    """C1, C10: each that the site may have of a picture, and nothing that is called otherwise."""
    ends = [f"{width}.{kind}" for width in (480, 960, 1440) for kind in ("avif", "webp")]
    copies = ["kite.jpg", *(f"kite.jpg.{end}" for end in (*ends, "1440.jpg", "1440.png"))]
    assert pictures.names_of("kite.jpg") == copies
    for copy in copies:
        assert pictures.original_of(copy) == "kite.jpg"
        assert pictures.declared_path(f"/images/{copy}") == "/images/kite.jpg"
    for other in ("kite.jpg.500.avif", "kite.jpg.480.gif", "kite.480.avif", "kite.jpg.480.avif.x"):
        assert pictures.original_of(other) == other
    for elsewhere in ("/kite.jpg.480.avif", "/en/images/kite.jpg.480.avif", "kite.jpg.480.avif"):
        assert pictures.declared_path(elsewhere) == elsewhere
