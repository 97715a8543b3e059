"""Tiny whole sites: the program as it is, and the content of a charity that does not exist."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po
from PIL import Image

from plugins.kept import KEPT
from tests import warm_python

ROOT = Path(__file__).resolve().parents[2]
BASE = ROOT / "tests" / "sites" / "base"
TRIO = ROOT / "tests" / "sites" / "trio"
PROGRAM = ("plugins", "donations_api", "theme", "pelicanconf.py", "publishconf.py")
# Languages that a test adds to a site.toml.
TRADITIONAL = """
[[language]]
code = "zh-hant"
tag = "zh-Hant"
name = "繁體中文"
folder = "zh-hant"
locale = "zh_Hant_HK"
made_from = "zh"
"""
# Names of what holds no words.
PICTURES = (".avif", ".ico", ".jpg", ".png", ".webp")
ARABIC = """
[[language]]
code = "ar"
tag = "ar"
name = "العربية"
folder = "ar"
locale = "ar_EG"
"""
SIDECAR = """\
people = "none"
identity = "none"
approved_by = "Somebody Else"
ai_generated = false
alt.zh = "蓝色的门"
alt.en = "A blue door"
"""
# What a recipient in mainland China shows where it asks for money (rule L3); all of it is invented.
QUALIFIED = """\
legal_name.zh = "示例之家基金会"
legal_name.en = "Example House Foundation"
certificate = "示募证000号"
campaign = "示备000号"
contact.zh = "示例街1号捐赠部"
contact.en = "Gifts desk, 1 Example Street"
check_at = "https://register.example/"
"""
PARTNER = """\
partner.name.zh = "示例慈善会"
partner.name.en = "Example Charity Federation"
partner.url = "https://give.platform.example/house"
"""
PLATFORMS = """\
confirmed = "2026-11-26"
[[platform]]
name.zh = "示例募捐平台"
name.en = "Example Platform"
host = "give.platform.example"
"""
# The colours that what is drawn asks a theme for, none of which is ours.
COLOURS = """\
:root {
  --night: #101030; --dusk: #302050; --gold: #c0a010; --on-night: #f0f0e0; --on-night-soft: #c0c0b0;
}
"""


@dataclass(frozen=True)
class Run:
    """A command that ended: its exit code and all that it said."""

    code: int
    said: str

    def tells(self, code: str, place: str) -> None:
        """Assert that this problem was told at this place, in both languages, with its cure."""
        assert "Traceback" not in self.said
        assert f" {place} [{code}]\n" in self.said, self.said
        for language in ("zh", "en"):
            for message in (f"problem.{code}", f"problem.{code}.mend"):
                wanted = re.escape(catalog(language)[message])
                pattern = re.sub(r"%\\?\((\w+)\\?\)s", ".*", wanted)
                assert re.search(pattern, self.said), f"{message} in {language}:\n{self.said}"

    def refuses(self, code: str, place: str) -> None:
        """As ``tells``, and the problem is an error: a warning would let the file through."""
        self.tells(code, place)
        assert f"✗ {place} [{code}]\n" in self.said


@dataclass(frozen=True)
class TinySite:
    """A folder with content of its own and everything else of the project."""

    folder: Path

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Change one place of a file; a file of the program becomes a copy of this site's own."""
        self._own(Path(path))
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is not once in {path}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def declare(self, mode: str, facts: str = "") -> None:
        """Declare the mode in which the one recipient raises money, and lines with its facts."""
        self.edit("content/organisation.toml", 'mode = "undeclared"\n', f'mode = "{mode}"\n{facts}')

    def run(self, *words: str, timeout: float = 60, **environment: str) -> Run:
        """``make <words>``, from this folder; ``timeout`` in seconds."""
        ended = warm_python.run(
            "plugins.staff",
            *words,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **environment},
            together=True,
            timeout=timeout,
        )
        return Run(ended.returncode, ended.stdout.decode())

    def refuse(self, *words: str) -> Run:
        """Build, which must be refused with nothing of what is served changed."""
        before = contents(self.output)
        run = self.run("build", *words)
        assert run.code == 1, run.said
        assert contents(self.output) == before
        assert [entry.name for entry in self.folder.glob("output.*")] == []
        return run

    def picture(self, name: str = "door.jpg", sidecar: str | None = SIDECAR) -> Path:
        """A picture as ``make add-picture`` leaves it: upright, and nothing but pixels."""
        file = self.folder / "content" / "images" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 40), "blue").save(file, "PNG" if name.endswith(".png") else "JPEG")
        if sidecar is not None:
            file.with_name(f"{file.name}.toml").write_text(sidecar, encoding="utf-8")
        return file

    def photo(self, path: str = "photo.jpg") -> Path:
        """A photo as a telephone makes it: turned by its EXIF data, with place and maker in it."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        photo = Image.new("RGB", (40, 20), "blue")
        exif = Image.Exif()
        exif[0x0112] = 6  # orientation: a quarter turn
        exif[0x010F] = "SecretPhone"
        exif.get_ifd(0x8825)[1] = "N"  # GPS
        kind = "PNG" if file.suffix == ".png" else "JPEG"
        photo.save(file, kind, exif=exif, comment=b"SecretComment", xmp=b"<x>SecretXmp</x>")
        return file

    def _own(self, path: Path) -> None:
        for part in [*reversed(path.parents), path]:
            here = self.folder / part
            if here.is_symlink():
                there = here.resolve()
                here.unlink()
                if there.is_dir():
                    here.mkdir()
                    for entry in there.iterdir():
                        if entry.name != "__pycache__":
                            (here / entry.name).symlink_to(entry)
                else:
                    shutil.copyfile(there, here)


def catalog(language: str) -> dict[str, str]:
    """The site's own messages."""
    with (ROOT / "plugins" / "locale" / f"{language}.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, byte for byte."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def make_served_site(folder: Path) -> TinySite:
    """A site that is in order, and what is served of it: last year's."""
    made = make_site(folder)
    made.write("output/index.html", "last year's home page")
    made.write("output/sitemap.xml", "last year's map")
    return made


def paint_theme(folder: Path) -> None:
    """A theme of other colours than ours, for what asks for nothing else."""
    static = folder / "static"
    static.mkdir(parents=True)
    (static / "site.css").write_text(COLOURS, encoding="utf-8")


def make_site(folder: Path, sample: Path = BASE) -> TinySite:
    """A site that is in order."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(sample / "content", folder / "content")
    for name in PROGRAM:
        (folder / name).symlink_to(ROOT / name)
    # What is kept there says in its name all that it depends on, so all sites can share it.
    (ROOT / KEPT).mkdir(parents=True, exist_ok=True)
    (folder / KEPT).parent.mkdir(exist_ok=True)
    (folder / KEPT).symlink_to(ROOT / KEPT)
    return TinySite(folder)
