"""Pictures of pages, kept small, and whether a page still looks like its picture.

A picture shows the whole page at a third of its size, and is kept as WebP. The mean colours of its
blocks are compared: letters that another Chromium or another version of a font draws a little
otherwise stay below the measure; a part that moved, a heading that is gone, a colour that is
another do not.
"""

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image, ImageChops
from playwright.sync_api import CDPSession, Page

SCALE = 1 / 3  # pixels of the picture for one of the page
QUALITY = 50
BLOCK = 6  # pixels of the picture
# Of 255: by how much a block may be of another colour; how many may be of one that is further away;
# and by how much all may be together (a ground that is another by little).
FAR = 28
FEW = 6
EVEN = 3.5


WIDTHS = (360, 768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SETTLED = Path(__file__).with_name("settled.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Difference:
    """Two pictures: how many ``blocks`` are far off, the mean ``over`` all, where (``shown``)."""

    blocks: int
    over: float
    shown: Image.Image

    @property
    def is_another_look(self) -> bool:
        return self.blocks > FEW or self.over > EVEN


def compare(kept: Image.Image, now: Image.Image) -> Difference:
    """Hold the picture of a page against the one that is kept."""
    size = max(kept.width, now.width), max(kept.height, now.height)
    one, other = (_on(size, picture) for picture in (kept, now))
    blocks = ImageChops.difference(_blocks(one), _blocks(other)).tobytes()
    far = sum(max(blocks[at : at + 3]) > FAR for at in range(0, len(blocks), 3))
    shown = ImageChops.invert(ImageChops.difference(one, other).convert("L"))
    return Difference(far, sum(blocks) / len(blocks), shown)


def _blocks(picture: Image.Image) -> Image.Image:
    """The mean colour of each block: what saving spoils, and what letters are like, evens out."""
    size = max(1, picture.width // BLOCK), max(1, picture.height // BLOCK)
    return picture.resize(size, Image.Resampling.BOX)


def _on(size: tuple[int, int], picture: Image.Image) -> Image.Image:
    # What one of them does not have is of a colour that neither has.
    whole = Image.new("RGB", size, "#ff00ff")
    whole.paste(picture.convert("RGB"), (0, 0))
    return whole


def packed(picture: Image.Image) -> bytes:
    """The picture as it is kept."""
    into = io.BytesIO()
    picture.convert("RGB").save(into, "WEBP", quality=QUALITY, method=6)
    return into.getvalue()


def keep(file: Path, picture: Image.Image) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(packed(picture))


def tell(folder: Path, name: str, kept: Image.Image, now: Image.Image, apart: Difference) -> Path:
    """Write the new picture, the old one and the difference side by side; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    height = max(kept.height, now.height)
    beside = Image.new("RGB", (kept.width + now.width + apart.shown.width + 16, height), "#888")
    x = 0
    for picture in (now, kept, apart.shown):
        beside.paste(picture.convert("RGB"), (x, 0))
        x += picture.width + 8
    file = folder / f"{name}.png"
    beside.save(file)
    return file


def looks(page: Page, session: CDPSession) -> Iterator[tuple[str, Image.Image]]:
    """How the page that is open looks: at each width, in each scheme; the names of both first.

    What changes from run to run is settled, so the page is not to be used afterwards.
    """
    page.evaluate(SETTLED)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            yield f"{width}-{scheme}", look(page, session, width)


def look(page: Page, session: CDPSession, width: int) -> Image.Image:
    """The picture of the whole page."""
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": SCALE}
    asked = {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": True}
    taken = session.send("Page.captureScreenshot", asked | {"clip": clip})
    return Image.open(io.BytesIO(base64.b64decode(taken["data"]))).convert("RGB")
