"""C7: no picture tells more than is to be seen on it, and what AI made says so."""

import shutil
import subprocess
import zlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from PIL import Image

from plugins.anew import pixels
from plugins.hidden_data import ai_label
from plugins.problems import Problem
from plugins.verify import Expectations, verify
from tests.pictures_bench import prove
from tests.seeded_pictures import LABEL, SECRET, tags
from tests.site.tiny_site import ROOT, SIDECAR, Run, TinySite, make_site

BY_AI = SIDECAR.replace("ai_generated = false", "ai_generated = true")
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:ed="http://editor.example/"'
    ' viewBox="0 0 30 20" ed:by="Secret"><!-- Secret --><title>Secret</title>'
    '<g id="Secret" style="fill:#b2380f;ed:x"><path d="M0 0h30"/></g></svg>'
)
# What stands in the drawing instead of its path, and is no note of a program.
NO_DRAWINGS = {
    "a script": "<script>alert(1)</script>",
    "a handler": '<path onload="alert(1)"/>',
    "a photo": '<image href="data:image/jpeg;base64,/9j/"/>',
    "HTML": '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
    "another file": '<use href="https://spy.example/a.svg#x"/>',
    "a look from elsewhere": '<path fill="url(https://spy.example/a)"/>',
    "a look in disguise": '<path fill="u\\72l(https://spy.example/a)"/>',
}


def test_of_all_that_can_be_hidden_nothing_is_left(tmp_path: Path) -> None:
    """Every kind of metadata in every format, in by the command and past it; exiftool counts."""
    found = asdict(prove(tmp_path, 20))
    assert found.pop("pictures") == 20
    assert found.pop("copies") > 60
    assert found.pop("seeded") > 500
    assert not any(found.values()), found


def test_an_original_is_refused_wherever_git_keeps_it(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """Declared or not, shown or not; whoever reads the repository would see what it carries."""
    site.picture()
    site.photo("content/images/door.jpg")
    site.photo("content/old/undeclared.png")
    site.photo("letters/flyer.jpg")
    site.photo("letters/not-tracked.jpg")
    site.picture("large.jpg")
    Image.new("RGB", (1601, 20)).save(site.folder / "content" / "images" / "large.jpg")
    site.picture("film.webp")
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(
        site.folder / "content" / "images" / "film.webp", save_all=True, append_images=frames[1:]
    )
    for words in (("init", "-q"), ("add", "letters/flyer.jpg")):
        subprocess.run(["git", *words], cwd=site.folder, check=True)
    run = refused()
    for file in ("content/images/door.jpg", "content/old/undeclared.png", "letters/flyer.jpg"):
        run.tells("C7.original", file)
        assert f"git filter-repo --invert-paths --path {file}" in run.said
    run.tells("C7.oversized", "content/images/large.jpg")
    run.tells("C7.moving", "content/images/film.webp")
    assert "not-tracked" not in run.said


def test_what_may_not_be_taken_out_is_refused(site: TinySite, refused: Callable[..., Run]) -> None:
    """A script's drawing would be another than was approved; and AI's label stays by law."""
    labelled = pixels.written(Image.new("RGB", (20, 40)), "JPEG", ai_label.DECLARED, 82)
    site.picture().write_bytes(labelled)
    path = '<path d="M0 0h30"/>'
    for number, instead in enumerate(NO_DRAWINGS.values()):
        site.picture(f"d{number}.svg").write_text(DRAWING.replace(path, instead), encoding="utf-8")
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    site.picture("bomb.svg").write_text(bomb + DRAWING.replace(path, "&b;"), encoding="utf-8")
    run = refused()
    run.tells("C7.ai_label", "content/images/door.jpg.toml")
    for name in ("bomb", *(f"d{number}" for number in range(len(NO_DRAWINGS)))):
        run.tells("C7.unreadable", f"content/images/{name}.svg")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site with a drawing, a picture of each format, and two by AI on a page."""
    site = make_site(tmp_path_factory.mktemp("shown") / "site")
    site.picture("plan.svg").write_text(DRAWING, encoding="utf-8")
    for name, kind in (("a.jpg", "JPEG"), ("b.png", "PNG"), ("c.webp", "WEBP"), ("d.avif", "AVIF")):
        site.picture(name).write_bytes(
            pixels.written(Image.new("RGB", (30, 20), "gold"), kind, None, 82)
        )
    site.picture("sky.svg", BY_AI).write_text(DRAWING, encoding="utf-8")
    site.picture("sky.jpg", BY_AI)
    site.picture("kept.png", BY_AI).write_bytes(
        pixels.written(Image.new("RGB", (30, 20), "navy"), "PNG", LABEL, 82)
    )
    pictures = "![](images/plan.svg)\n\n![](images/sky.jpg)\n\n![](images/d.avif)\n"
    for language, title, part in (("zh", "关于示例", "屋顶"), ("en", "About Example", "The roof")):
        site.write(
            f"content/pages/about.{language}.md",
            f"---\ntitle: {title}\ndescription: {title}。\n---\n\n## {part}\n\n{pictures}",
        )
    run = site.run("build", "--site-url", "https://house.example")
    assert run.code == 0, run.said
    return site


def test_what_ai_made_says_so_to_people_and_to_machines(shown: TinySite) -> None:
    """In words on the page, in each language; and in the file as GB 45438-2025 has it."""
    for path, words in (("about/index.html", "AI生成"), ("en/about/index.html", "AI-generated")):
        page = (shown.output / path).read_text(encoding="utf-8")
        assert page.count(f'<small class="by-ai">{words}</small>') == 1
        assert f'src="/images/sky.jpg" alt="{"蓝色的门" if words == "AI生成" else "A blue"}' in page
    images = shown.output / "images"
    named = ("sky.jpg", "sky.svg", "kept.png", "a.jpg", "plan.svg")
    labels = [
        [value for name, value in one.items() if name.lower() == "xmp-tc260:aigc"]
        for one in tags(*(images / name for name in named))
    ]
    assert [len(one) for one in labels] == [1, 1, 1, 0, 0]
    assert LABEL["ContentProducer"] in str(labels[2])


def test_a_drawing_keeps_its_lines_and_loses_its_notes(shown: TinySite) -> None:
    """Layers' names, comments and what the editor wrote are gone; its size is known to the page."""
    drawing = (shown.output / "images" / "plan.svg").read_bytes()
    assert SECRET not in drawing
    assert b'<g id="n1" fill="#b2380f"><path d="M0 0h30">' in drawing
    page = (shown.output / "about" / "index.html").read_text(encoding="utf-8")
    assert 'src="/images/plan.svg" alt="蓝色的门" width="30" height="20"' in page


def _trailing(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"Secret")


def _script(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b"</svg>", b"<script>1</script></svg>"))


def _png_text(file: Path) -> None:
    chunk = b"prVt" + b"Secret"
    data, crc = file.read_bytes(), zlib.crc32(chunk).to_bytes(4, "big")
    file.write_bytes(data[:33] + (6).to_bytes(4, "big") + chunk + crc + data[33:])


def _free_box(file: Path) -> None:
    file.write_bytes(file.read_bytes() + (14).to_bytes(4, "big") + b"freeSecret")


def _unlabelled(file: Path) -> None:
    Image.new("RGB", (20, 40)).save(file)


def _unsaid(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("AI生成", ""), encoding="utf-8")


SPOILED = {
    "data behind a JPEG": ("images/a.jpg", _trailing, "C7.hidden_data"),
    "a chunk that nobody knows": ("images/b.png", _png_text, "C7.hidden_data"),
    "data behind a WebP": ("images/c.webp.480.webp", _trailing, "C7.hidden_data"),
    "a box that nobody knows": ("images/d.avif.480.avif", _free_box, "C7.hidden_data"),
    "a script in a drawing": ("images/plan.svg", _script, "C7.hidden_data"),
    "a broken picture": ("images/a.jpg", lambda file: file.write_bytes(b"x"), "C7.hidden_data"),
    "a label that is gone": ("images/sky.jpg", _unlabelled, "C7.ai_mark"),
    "no word of AI": ("about/index.html", _unsaid, "C7.ai_caption"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_the_second_look_sees_it(shown: TinySite, tmp_path: Path, name: str) -> None:
    """One file of the built site is changed, past everything that the build does."""
    file, spoil, code = SPOILED[name]
    copy = Path(shutil.copytree(shown.output, tmp_path / "copy"))
    content = shown.folder / "content"
    expected = Expectations.of_content(content, ROOT / "theme", "https://house.example", demo=False)
    spoil(copy / file)
    found: list[Problem] = verify(copy, expected)[0]
    # What cannot be opened is not known for the picture that was declared either.
    further = ["C1.other_picture"] if name == "a broken picture" else []
    assert [one.code for one in found] == [code, *further]
