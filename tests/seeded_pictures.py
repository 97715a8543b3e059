"""Pictures as they come from cameras and programs: full of what nobody should see.

``exiftool`` puts it in, so that what is looked for is what is really written. All of it says
``Secret``, and each thumbnail is a picture of its own.
"""

import json
import random
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms

FORMATS = ("jpg", "png", "webp", "avif", "svg")
SECRET = b"Secret"
LABEL = {"Label": "1", "ContentProducer": "001191000000000000000000", "ProduceID": "7"}
_THUMBNAIL = "thumbnail.jpg"
_OF_ALL = (
    *("-EXIF:Artist=Secret", "-EXIF:Make=SecretPhone", "-EXIF:GPSLatitude=34.36", "-n"),
    *("-EXIF:GPSLatitudeRef=N", "-EXIF:GPSLongitude=107.23", "-EXIF:GPSLongitudeRef=E"),
    *("-EXIF:DateTimeOriginal=2026:01:02 03:04:05", "-EXIF:UserComment=Secret comment"),
    *("-XMP-dc:Creator=Secret", "-XMP-photoshop:City=SecretCity", "-XMP-dc:Title=Secret"),
    "-icc_profile<=profile.icc",
)
_OF = {
    "jpg": (
        *("-IPTC:By-line=Secret", "-IPTC:City=SecretCity", "-Comment=Secret comment"),
        *(f"-ThumbnailImage<={_THUMBNAIL}", "-Photoshop:URL=http://secret.example/Secret"),
    ),
    "png": ("-PNG:Author=Secret", "-PNG:Comment=Secret", "-PNG:ModifyDate=2026:01:02 03:04:05"),
    "webp": (),
    "avif": (),
}
_DRAWING = """<?xml version="1.0"?>
<!-- Secret -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
 viewBox="0 0 {width} 20" inkscape:export-filename="/home/Secret/a.png">
<title>Secret</title><desc>Secret</desc><metadata><creator>Secret</creator></metadata>
<g id="Secret" inkscape:label="Secret" style="fill:#b2380f"><path d="M0 0h{width}v9z"/></g>
</svg>
"""


def seed(folder: Path, number: int, chance: int = 1) -> list[Path]:
    """Write so many pictures into ``folder``, the same for each ``chance``."""
    draw = random.Random(chance)  # noqa: S311  no secret of anybody's
    folder.mkdir(parents=True)
    (folder.parent / "profile.icc").write_bytes(
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    )
    Image.new("RGB", (16, 12), "magenta").save(folder.parent / _THUMBNAIL)
    files = [folder / f"p{place}.{FORMATS[place % len(FORMATS)]}" for place in range(number)]
    orders: list[str] = []
    for place, file in enumerate(files):
        kind = file.suffix.removeprefix(".")
        if kind == "svg":
            file.write_text(_DRAWING.format(width=20 + place), encoding="utf-8")
            continue
        large = place % 50 == 10
        size = (2000, 1500) if large else (draw.randint(40, 300), draw.randint(40, 300))
        colour = tuple(draw.randrange(256) for _ in range(3))
        exif: Any = Image.Exif()
        exif[0x0112] = draw.randint(1, 8)
        exif.get_ifd(0x8769)[0x927C] = b"SecretMaker " * 8
        Image.new("RGB", size, colour).save(file, exif=exif)
        written = _OF_ALL + _OF[kind] + (_label_of() if is_by_ai(place) else ())
        orders += [*written, "-overwrite_original", "-q", "-m", str(file), "-execute"]
    subprocess.run(
        ["exiftool", "-config", str(_config(folder.parent)), "-@", "-"],
        input="\n".join(orders),
        cwd=folder.parent,
        encoding="utf-8",
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return files


def is_by_ai(place: int) -> bool:
    """Whether the picture at that place says itself that AI made it."""
    return place % 6 == 1 and FORMATS[place % len(FORMATS)] != "svg"


def tags(*files: Path) -> list[dict[str, str]]:
    """All that exiftool finds in each, by group and name (``GPS:GPSLatitude``)."""
    if not files:
        return []
    read = subprocess.run(
        ["exiftool", "-j", "-G1", "-a", "-s", "-u", "-n", "-@", "-"],
        input="\n".join(map(str, files)),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found: list[dict[str, str]] = json.loads(read.stdout)
    return found


def harmless() -> set[str]:
    """The tags that exiftool tells of pictures that have nothing but pixels."""
    found = {"System:FileName", "System:Directory"}
    for kind in ("JPEG", "PNG", "WEBP", "AVIF"):
        for mode in ("RGB", "RGBA") if kind != "JPEG" else ("RGB",):
            file = BytesIO()
            options = {"progressive": True} if kind == "JPEG" else {}
            Image.new(mode, (8, 8)).save(file, kind, **options)
            found |= _of_bytes(file.getvalue())
    return found | _of_bytes(
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" width="1" height="1"/>'
    )


def _of_bytes(data: bytes) -> set[str]:
    read = subprocess.run(
        ["exiftool", "-j", "-G1", "-a", "-s", "-u", "-"],
        input=data,
        capture_output=True,
        check=True,
    )
    return set(json.loads(read.stdout)[0])


def _label_of() -> tuple[str, ...]:
    return (f"-XMP-TC260:AIGC={json.dumps(LABEL)}",)


def _config(folder: Path) -> Path:
    """Teaches exiftool the name by which China's standard has the label written."""
    file = folder / "exiftool.config"
    file.write_text(
        "%Image::ExifTool::UserDefined = ('Image::ExifTool::XMP::Main' => {TC260 => {SubDirectory"
        " => {TagTable => 'Image::ExifTool::UserDefined::TC260'}}});\n"
        "%Image::ExifTool::UserDefined::TC260 = (GROUPS => {0 => 'XMP', 1 => 'XMP-TC260'},"
        " NAMESPACE => {'TC260' => 'http://www.tc260.org.cn/ns/AIGC/1.0/'}, WRITABLE => 'string',"
        " AIGC => {});\n1;\n",
        encoding="utf-8",
    )
    return file
