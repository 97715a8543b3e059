"""What is left in pictures on their way to the site: ``python -m tests.pictures_bench 1000``.

Seeded pictures are taken in as staff do it and built; and once more they are put into the content
as they came, in a site whose check of originals was taken out, to see what the build itself leaves.
``exiftool`` says what is there. All figures but the first three have to be 0.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from plugins import hidden_data
from plugins.pictures import FORMATS, original_of
from tests.seeded_pictures import SECRET, harmless, is_by_ai, seed, tags
from tests.site.tiny_site import SIDECAR, TinySite, make_site

_ADD = (
    "import json, sys; from plugins.staff.add_picture import main\n"
    "sys.exit(max(main(words) for words in json.load(sys.stdin)))"
)


@dataclass(frozen=True, slots=True)
class Found:
    """``seeded``: tags that were put in. ``overlooked``: pictures in which our reader saw none.

    ``tags``, ``secrets``, ``originals`` and ``thumbnails`` are what was left of them in the site
    and in its content; ``labels_lost``: pictures by AI that do not say so any more.
    """

    pictures: int
    copies: int
    seeded: int
    overlooked: int
    tags: int
    secrets: int
    originals: int
    thumbnails: int
    labels_lost: int


def prove(folder: Path, number: int) -> Found:
    """Send so many pictures both ways; ``folder`` is empty."""
    files = seed(folder / "raw", number)
    known = harmless()
    seeded = sum(len(set(one) - known) for one in tags(*files))
    overlooked = [
        file
        for file in files
        if not hidden_data.look(file.read_bytes(), FORMATS[file.suffix]).hidden
    ]
    taken, bare = _taken_in(folder / "taken", files), _as_they_came(folder / "bare", files)
    copies = [*_pictures(taken.output), *_pictures(bare.output)]
    copies += _pictures(taken.folder / "content")
    originals = {_digest(file) for file in files}
    left = tags(*copies)
    return Found(
        pictures=number,
        copies=len(copies),
        seeded=seeded,
        overlooked=len(overlooked),
        tags=sum(not _is_label(name) for one in left for name in set(one) - known),
        secrets=sum(SECRET in file.read_bytes() for file in copies),
        originals=sum(_digest(file) in originals for file in copies),
        # A JPEG within a file would be one; so would any that exiftool takes out of it.
        thumbnails=sum(file.read_bytes().count(b"\xff\xd8\xff", 1) for file in copies),
        labels_lost=sum(
            is_by_ai(_place(file)) and not any(map(_is_label, one))
            for file, one in zip(copies, left, strict=True)
        ),
    )


def _taken_in(folder: Path, files: list[Path]) -> TinySite:
    site = make_site(folder)
    words = [
        [
            *(str(file), "--name", file.stem, "--people", "none", "--author", "Painter"),
            *("--approver", "Somebody Else", "--alt", "zh=一扇门", "--alt", "en=A door"),
            *("--ai-generated", "yes" if is_by_ai(place) else "no"),
        ]
        for place, file in enumerate(files)
    ]
    subprocess.run(
        [sys.executable, "-c", _ADD],
        input=json.dumps(words),
        cwd=folder,
        encoding="utf-8",
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return _built(site)


def _as_they_came(folder: Path, files: list[Path]) -> TinySite:
    site = make_site(folder)
    site.edit("plugins/originals.py", "        elif carried.hidden:", "        elif ():")
    site.edit("plugins/images.py", "original.longest_side > pixels.LONGEST_SIDE", "False")
    for place, file in enumerate(files):
        by_ai = "ai_generated = true" if is_by_ai(place) else "ai_generated = false"
        picture = site.folder / "content" / "images" / file.name
        picture.parent.mkdir(exist_ok=True)
        picture.write_bytes(file.read_bytes())
        sidecar = SIDECAR.replace("ai_generated = false", by_ai)
        picture.with_name(f"{file.name}.toml").write_text(sidecar, encoding="utf-8")
    return _built(site)


def _built(site: TinySite) -> TinySite:
    run = site.run("build", timeout=3600)
    assert run.code == 0, run.said
    return site


def _pictures(folder: Path) -> list[Path]:
    return sorted(file for file in folder.glob("images/*") if file.suffix in FORMATS)


def _place(file: Path) -> int:
    """Of a picture, or of a copy of it, among those that were seeded: that of ``p7.jpg`` is 7."""
    return int(Path(original_of(file.name)).stem[1:])


def _is_label(name: str) -> bool:
    return name.lower() == "xmp-tc260:aigc"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _lines(found: Found) -> Iterator[str]:
    yield from (f"{name:<12} {value}\n" for name, value in asdict(found).items())


def main(number: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        found = prove(Path(folder), number)
    sys.stdout.writelines(_lines(found))
    left = found.overlooked, found.tags, found.secrets, found.originals, found.thumbnails
    return int(any((*left, found.labels_lost)))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
