"""``make add-picture``: what comes into the content was made anew, and all of it is answered."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from plugins.hidden_data import ai_label
from plugins.staff import taking_in
from tests.seeded_pictures import harmless, tags
from tests.site.tiny_site import Run, TinySite, contents, make_site

ANSWERS = (
    *("--name", "door-2", "--people", "none", "--author", "Painter", "--approver", "Somebody Else"),
    *("--ai-generated", "no", "--alt", "zh=蓝色的门", "--alt", 'en=A "blue" door'),
)


def without(option: str, *instead: str) -> tuple[str, ...]:
    """ANSWERS with another answer, or none, to one question."""
    at = ANSWERS.index(option)
    return (*ANSWERS[:at], *instead, *ANSWERS[at + 2 :])


def ask(site: TinySite, *words: str, typed: str) -> Run:
    """The command, with somebody who types these lines."""
    ended = subprocess.run(
        [sys.executable, "-m", "plugins.staff", "add-picture", *words],
        cwd=site.folder,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return Run(ended.returncode, ended.stdout)


def test_a_photo_comes_in_bare_and_described(site: TinySite) -> None:
    """Upright, smaller, nothing of the telephone's; the original stays; it is built."""
    photo = site.photo("elsewhere/IMG_0042.JPG")
    with Image.open(photo) as original:
        large, exif = original.resize((3200, 1600)), original.getexif()
    large.save(photo, exif=exif)
    before = photo.read_bytes()
    run = site.run("add-picture", *ANSWERS, FILE=str(photo))
    assert run.code == 0, run.said
    images = site.folder / "content" / "images"
    assert sorted(contents(images)) == ["door-2.jpg", "door-2.jpg.toml"]
    with Image.open(images / "door-2.jpg") as picture:
        assert picture.size == (800, 1600)
    assert set(tags(images / "door-2.jpg")[0]) - harmless() == set()
    sidecar = (images / "door-2.jpg.toml").read_text(encoding="utf-8")
    assert 'author = "Painter"\napproved_by = "Somebody Else"\n' in sidecar
    assert 'alt.en = "A \\"blue\\" door"' in sidecar
    assert photo.read_bytes() == before
    # Killed after all was answered and before it was in place: the next command goes on.
    ready = site.folder / "content" / ".added"
    ready.mkdir()
    images.rename(ready / "images")
    built = site.run("build")
    assert built.code == 0, built.said
    assert not ready.exists()
    assert (site.output / "images" / "door-2.jpg").exists()


def test_what_is_not_given_is_asked_in_both_languages(site: TinySite) -> None:
    """An answer that cannot be used is asked for again; the sentence about people counts."""
    photo = site.photo()
    lines = [
        "张三",
        "door",
        "nobody",
        "none",
        "Painter",
        "",
        "Somebody Else",
        "no",
        "一扇门",
        "A door",
    ]
    run = ask(site, str(photo), typed="\n".join(lines) + "\n")
    assert run.code == 0, run.said
    assert "图片里有人吗" in run.said
    assert "Are there people in the picture?" in run.said
    assert run.said.count("please answer again") == 3
    assert (site.folder / "content" / "images" / "door.jpg.toml").read_text("utf-8") == (
        'people = "none"\nidentity = "none"\nauthor = "Painter"\napproved_by = "Somebody Else"\n'
        'alt.zh = "一扇门"\nalt.en = "A door"\nai_generated = false\n'
    )


def test_a_label_of_ai_comes_in_with_its_picture(site: TinySite) -> None:
    """It is kept, and nobody is asked what the picture says itself; nor can it be denied."""
    photo = site.folder / "made.webp"
    Image.new("RGB", (9, 9)).save(photo, xmp=ai_label.packet(ai_label.DECLARED) + b"<x>Secret</x>")
    denied = site.run("add-picture", str(photo), *ANSWERS)
    assert denied.code == 1
    assert "--ai-generated yes" in denied.said
    assert site.run("add-picture", str(photo), *without("--ai-generated")).code == 0
    images = site.folder / "content" / "images"
    assert ai_label.packet(ai_label.DECLARED) in (images / "door-2.webp").read_bytes()
    assert "ai_generated = true" in (images / "door-2.webp.toml").read_text("utf-8")


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "an answer is missing": (without("--people"), "--people"),
    "no words in English": (ANSWERS[:-2], "--alt en=…"),
    "a name that tells": (without("--name", "--name", "zhang san"), "“zhang san”"),
    "an answer that is none": (without("--people", "--people", "few"), "invalid choice"),
    "nobody, yet visible": (
        (*ANSWERS, "--identity", "visible"),
        "content/images/door-2.jpg.toml [C1.contradiction]",
    ),
    "people without a consent": (without("--people", "--people", "minor"), "--identity"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_enters_the_content_before_all_is_in_order(site: TinySite, name: str) -> None:
    """Told in both languages; the content is as it was, byte for byte."""
    words, told = REFUSED[name]
    before = contents(site.folder / "content")
    run = ask(site, str(site.photo()), *words, typed="")
    assert run.code == 1
    assert told in run.said
    assert "Traceback" not in run.said
    assert contents(site.folder / "content") == before
    assert not (site.folder / "content" / "images").exists()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.jpg", b"<svg>", "[C7.unreadable]"),
        ("a.heic", b"x", "[C7.format]"),
        ("a.png", b"", "[C7.unreadable]"),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_is_asked(
    site: TinySite, name: str, data: bytes, told: str
) -> None:
    """Nobody describes a picture for nothing."""
    file = site.folder / name
    file.write_bytes(data)
    run = ask(site, str(file), typed="")
    assert run.code == 1
    assert told in run.said
    assert "图片里有人吗" not in run.said


@pytest.mark.parametrize("step", range(1, 7))
def test_a_kill_leaves_nothing_half(tmp_path: Path, step: int) -> None:
    """Killed at each of its steps: both files or neither, once the next command has begun."""
    content = make_site(tmp_path / "site").folder / "content"
    files = {"door.jpg": b"picture", "door.jpg.toml": b"sidecar"}
    if (child := os.fork()) == 0:
        _die_at(step)
        taking_in.take_in(content, files, lambda _: [])
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) == (step < 6)  # so each step was there to be killed at
    images = content / "images"
    there = set(contents(images)) if images.exists() else set()
    assert there in (set(), {"door.jpg.toml"}, set(files))  # never a picture without its words
    taking_in.finish(content)
    assert images.exists() == (step > 3)
    assert not images.exists() or contents(images) == files
    assert taking_in.take_in(content, files, lambda _: []) == []
    assert contents(images) == files
    assert list(content.glob(".add*")) == []


def _die_at(step: int) -> None:
    """Kill this process as it begins its step: two files written, three moves of a name."""
    left = step

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object) -> object:
            nonlocal left
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*given)

        return call

    os.fsync = dying(os.fsync)  # type: ignore[assignment]
    os.rename, os.replace = dying(os.rename), dying(os.replace)  # type: ignore[assignment]
