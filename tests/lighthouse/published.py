"""The site as it would be published, with what it may lack yet: an article, books, a recipient.

The pages are those of ``content/``; the charity that asks on them is that of
``tests/sites/giving``, declared to be qualified, and news and books are those of
``tests/sites/house``.
"""

import shutil
from pathlib import Path

from tests.browser.sample import DAY, GIVING, HOUSE, put_picture
from tests.site.tiny_site import PROGRAM, QUALIFIED, ROOT, Run, TinySite

ADDRESS = "https://house.example"
OF_THE_CHARITY = ("organisation.toml", "donations.toml", "consent_texts.toml", "mark.svg")
OF_THE_HOUSE = ("news", "data", "reports.toml")


def publish(folder: Path) -> tuple[TinySite, Run]:
    """The site, built into ``output/`` of its folder for ``ADDRESS``, and what the build said."""
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    for name in OF_THE_CHARITY:
        if (GIVING / "content" / name).exists():
            shutil.copy(GIVING / "content" / name, content)
    for name in OF_THE_HOUSE:
        put = shutil.copytree if (HOUSE / name).is_dir() else shutil.copy
        shutil.rmtree(content / name, ignore_errors=True)
        put(HOUSE / name, content / name)
    put_picture(content)
    for name in PROGRAM:
        (folder / name).symlink_to(ROOT / name)
    site = TinySite(folder)
    site.declare("qualified", QUALIFIED)
    return site, site.run("build", "--site-url", ADDRESS, timeout=300, SITE_DAY=DAY)
