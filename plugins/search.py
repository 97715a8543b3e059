"""Search: an index of the built pages, one a language, which the search page's own script asks.

There is one when the site has a page that searches it, ``content/pages/search.<language>.md``.
Pagefind (https://pagefind.app) indexes what a page marks with ``data-pagefind-body``, unless search
engines are told to leave that page out. It finds words, and Chinese has no spaces between them.
Where two programs cut a sentence differently, what is typed is not found; so each Chinese character
counts as a word here, and the script asks for them in their order.
"""

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from pelican import Pelican
from pelican.plugins import signals

from plugins.gate import refuse
from plugins.problems import Problem, collected
from plugins.sitemap import NOINDEX

FOLDER = "pagefind"
VARIANTS = "variants.json"
_HAN = (
    r"\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # as in theme/static/search.js
)
_CHARACTER = re.compile(f"[{_HAN}]")
_SEAM = re.compile(rf"(?<=[{_HAN}])(?=\w)|(?<=\w)(?=[{_HAN}])")
# Pagefind joins what stands in neighbouring cells; an address would be another one.
_CELL = re.compile(r"(?<=</d[td]>|</t[hd]>)(?=<)")
_LANGUAGE = re.compile(r"<html lang=\"([^\"]+)\"")
_MARK = " data-pagefind-body"
# Of what pagefind writes: its program, and the index. Its ready-made forms are not used.
_WANTED = re.compile(r"pagefind\.js|pagefind-entry\.json|.+\.pf_\w+|wasm\..+\.pagefind")
_TYPED = range(0x3400, 0xA000)  # the characters that keyboards offer, simplified and traditional


def write(pelican: Pelican) -> None:
    """Write the index beside the pages, which are there already."""
    settings = pelican.settings
    if not settings["FRAME"].searched:
        return
    if reason := index(Path(settings["OUTPUT_PATH"])):
        found = Problem("search", "content/pages", params={"reason": reason})
        collected(settings).append(found)
        refuse(settings)


def index(output: Path) -> str:
    """Make the index of a built site anew; why that failed, or nothing."""
    with TemporaryDirectory() as scratch:
        characters = _set_apart(output, Path(scratch))
        shutil.rmtree(output / FOLDER, ignore_errors=True)
        if reason := _index(Path(scratch), output / FOLDER):
            return reason
    _tidy(output / FOLDER)
    file = output / FOLDER / VARIANTS
    told = {tag: variants(there) for tag, there in sorted(characters.items())}
    file.write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return ""


def variants(there: set[str]) -> dict[str, str]:
    """For what may be typed: the characters ``there`` that are the same, simplified or traditional.

    Characters that stand for themselves alone are left out.
    """
    from opencc import OpenCC  # its tables take long to load, and few builds need them

    typed = [chr(number) for number in _TYPED]
    # Each on a line of its own: the converter looks at neighbours.
    simplified = OpenCC("t2s").convert("\n".join(typed)).split("\n")
    simple = dict(zip(typed, simplified, strict=True))
    same: defaultdict[str, str] = defaultdict(str)
    for character in sorted(there):
        same[simple.get(character, character)] += character
    alike = {one: same[simple[one]] for one in typed if simple[one] in same}
    return {one: others for one, others in alike.items() if others != one}


def _set_apart(output: Path, folder: Path) -> dict[str, set[str]]:
    """Copy the marked pages with a seam between Chinese characters; those of each language."""
    characters: dict[str, set[str]] = {}
    for file in sorted(output.rglob("*.html")):
        html = file.read_text(encoding="utf-8", errors="replace")
        language = _LANGUAGE.search(html)
        if language and _MARK in html and not NOINDEX.search(html):
            copy = folder / file.relative_to(output)
            copy.parent.mkdir(parents=True, exist_ok=True)
            apart = _SEAM.sub("\u200b", _CELL.sub(" ", html))
            copy.write_text(apart, encoding="utf-8")
            characters.setdefault(language[1], set()).update(_CHARACTER.findall(html))
    return characters


def _index(pages: Path, index: Path) -> str:
    """Run pagefind; why it failed, or nothing."""
    command = [sys.executable, "-m", "pagefind", "--site", str(pages), "--output-path", str(index)]
    try:
        ended = subprocess.run([*command, "--silent"], capture_output=True, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = ended.stderr.decode(errors="replace").strip().splitlines()
    return (said or ["?"])[-1] if ended.returncode else ""


def _tidy(index: Path) -> None:
    for file in index.rglob("*"):
        if file.is_file() and not _WANTED.fullmatch(file.name):
            file.unlink()
    entry = index / "pagefind-entry.json"
    # Pagefind names the languages in another order each time.
    told = json.dumps(json.loads(entry.read_text(encoding="utf-8")), sort_keys=True)
    entry.write_text(told, encoding="utf-8")


def register() -> None:
    signals.finalized.connect(write)
