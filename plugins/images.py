"""Rule C7: pictures are made anew, with nothing hidden in them; originals are never copied.

What stands in ``content/`` was made anew when it was taken in (``make add-picture``). The copies
for the site are made anew once more: only pixels and, of what AI made, the label go into them,
whatever way a picture took. Such a picture says on the page too that AI made it.
"""

from pathlib import Path

from pelican import Pelican
from pelican.generators import Generator
from pelican.plugins import signals

from donations_api.frame import Frame
from plugins import anew, copies, originals, sources
from plugins.anew import pixels
from plugins.bilingual import pages_of
from plugins.copies import Copies
from plugins.kept import COPIES, Shelf
from plugins.pictures import Picture
from plugins.problems import Problem, collected
from plugins.showing import Showing


def check_originals(pelican: Pelican) -> None:
    """Every picture has to open; what will be made of it is known from here on."""
    settings = pelican.settings
    settings["COPIES"] = {}
    settings["ON_PAGE"] = {}
    found = list(originals.check(sources.relative(settings["PATH"])))
    told = {problem.file for problem in found}
    for picture in settings["PICTURES"]:
        if picture.original.as_posix() not in told:
            try:
                settings["COPIES"][picture.path] = _copies(picture)
            except anew.Refused as refused:
                found.append(refused.problem)
    collected(settings).extend(found)


def _copies(picture: Picture) -> Copies:
    place = picture.original.as_posix()
    original = anew.read(picture.original, place)
    if original.label and not picture.ai_generated:
        raise anew.Refused(Problem("C7.ai_label", f"{place}.toml"))
    made = copies.of(picture, original)
    if original.kind != "SVG" and original.longest_side > pixels.LONGEST_SIDE:
        params = {"longest": str(pixels.LONGEST_SIDE), "file": place}
        raise anew.Refused(Problem("C7.oversized", place, params=params))
    return made


def describe(generators: list[Generator]) -> None:
    """Show the pictures of each page, and note which these are (``ON_PAGE``, in their order)."""
    settings = generators[0].settings
    known = {picture.path: picture for picture in settings["PICTURES"]}
    frame: Frame = settings["FRAME"]
    for page in pages_of(generators):
        language = frame.language(page.lang)
        showing = Showing(known, settings["COPIES"], frame, language)
        page._content = showing.of(page.translation_key, page._content)
        settings["ON_PAGE"][page.translation_key, page.lang] = showing.shown


def publish(pelican: Pelican) -> None:
    """Write the copies into the new site."""
    settings, shelf = pelican.settings, Shelf(COPIES)
    for picture in settings["PICTURES"]:
        made = copies.made(picture, settings["COPIES"][picture.path], shelf)
        for path, data in made.items():
            copy = Path(settings["OUTPUT_PATH"], path.removeprefix("/"))
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(data)
    shelf.clear()  # of what is shown no more nothing is kept either (C9, C10)


def register() -> None:
    signals.initialized.connect(check_originals)
    signals.all_generators_finalized.connect(describe)
    signals.finalized.connect(publish)
