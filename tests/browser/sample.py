"""Example House with a page of each kind: what browsers are shown, and what pictures are taken of.

Its charity is that of ``tests/sites/giving``, which takes gifts in each way; texts, news and books
of half a year lie in ``tests/sites/house``. All of it is made up.
"""

import json
import shutil
from pathlib import Path

from PIL import Image, ImageDraw

from tests.site.tiny_site import ROOT, SIDECAR, TRADITIONAL, TinySite, make_site

GIVING = ROOT / "tests" / "sites" / "giving"
HOUSE = ROOT / "tests" / "sites" / "house" / "content"
DAY = "2026-11-26"  # as of which its books are told
BOOKS = ("ledger.json", "donors.json", "spending.csv")


def make_sample(folder: Path, *, traditional: bool = False) -> TinySite:
    """The site's folder, not built yet; its books are there for a demo and for publishing."""
    site = make_site(folder, GIVING)
    furnish(site.folder / "content")
    demo = site.folder / "var" / "demo-data"
    demo.mkdir(parents=True)
    for name in BOOKS:
        text = (HOUSE / "data" / name).read_text(encoding="utf-8")
        if name.endswith(".json"):
            text = json.dumps(json.loads(text) | {"demo": True}, ensure_ascii=False)
        (demo / name).write_text(text, encoding="utf-8")
    if traditional:
        with (site.folder / "content" / "site.toml").open("a", encoding="utf-8") as file:
            file.write(TRADITIONAL)
    return site


def furnish(content: Path) -> None:
    """Put the house's pages, news, books and its one picture into the folder of a content."""
    shutil.copytree(HOUSE, content, dirs_exist_ok=True)
    put_picture(content)


def put_picture(content: Path) -> None:
    """The lamp of the news: drawn here, so that the project keeps no picture for it."""
    picture = content / "images" / "lamp.png"
    picture.parent.mkdir(exist_ok=True)
    drawing = Image.new("RGB", (1200, 800), "#2b3b6e")
    drawn = ImageDraw.Draw(drawing)
    drawn.ellipse((450, 200, 750, 500), fill="#f2b134")
    drawn.rectangle((540, 500, 660, 760), fill="#16203a")
    drawing.save(picture)
    sidecar = SIDECAR.replace("蓝色的门", "一盏灯").replace("A blue door", "A lamp")
    picture.with_name("lamp.png.toml").write_text(sidecar, encoding="utf-8")
