"""Takes withdrawn pictures and stories out of the site as it is served, with nothing built anew.

A build may be refused for any reason, and a withdrawal may not wait for it to be mended. So the
site that is there is copied, changed in the few places that matter, looked at, and switched.
"""

import re
import shutil
from functools import cache
from html import escape
from pathlib import Path

from donations_api import frame as framing
from donations_api.errors import FileWrong
from donations_api.frame import Language
from plugins import host_rules, search
from plugins.host_rules import Rule
from plugins.people.withdrawals import Withdrawals
from plugins.pictures import FOLDER, ILLUSTRATION, names_of, original_of
from plugins.problems import Problem
from plugins.safeguarding import illustration
from plugins.staff.making import CONTENT, THEME
from plugins.staff.switching import fresh_beside, put_in_place
from plugins.verify.withdrawn import (
    TEXTS,
    cards,
    documents,
    left,
    pages,
    shown_in,
    tag_of,
    text_of,
)

_MAIN = re.compile(r"(<main\b[^>]*>).*(</main>)", re.DOTALL)
_TITLE = re.compile(r"(<title\b[^>]*>).*?(</title>)", re.DOTALL)
_DESCRIPTION = re.compile(r"(<meta name=\"description\"[^>]*? content=\")[^\"]*")
_BARE = '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title></title>'
_BARE += '<meta name="robots" content="noindex"><main></main></html>'
_LOST = "/404.html"  # what a host shows that has no word for what is gone
# What is told of the picture in a chat, which goes with it.
_OF_A_PREVIEW = re.compile(r"<meta (?:property=\"og:image:|name=\"twitter:card\")[^>]*>\n?")
# What lists a story: in a list of news, in a feed, in the sitemap.
_LISTED = ('<article class="item">', "</article>"), ("<entry>", "</entry>"), ("<url>", "</url>")


def take_down(served: Path, withdrawn: Withdrawals) -> list[Problem] | None:
    """Switch ``served`` to a copy without it; what of it is left all the same, None with no site.

    Raises NotOurs, OSError.
    """
    with fresh_beside(served) as fresh:  # first brings back what a kill has left aside
        if not served.exists():
            return None
        shutil.copytree(served, fresh, dirs_exist_ok=True)
        gone = [*_stories(fresh, withdrawn), *_pictures(fresh, withdrawn)]
        gone += _documents(fresh, withdrawn)
        _rules(fresh, gone)
        if gone:
            _search(fresh)
        found = list(left(fresh, withdrawn))
        put_in_place(fresh, served)  # also when something is left: there is less of it
    for begun in served.parent.glob(f"{served.name}.next-*"):
        # Of a run that was killed, or of a build that read the content as it was before.
        shutil.rmtree(begun, ignore_errors=True)
    return found


def _pictures(site: Path, withdrawn: Withdrawals) -> list[Rule]:
    names = set(withdrawn.pictures)
    for file in shown_in(site):
        if original_of(file.name) in withdrawn.pictures or withdrawn.covers(file):
            names.add(original_of(file.name))
            file.unlink()
    if not names:
        return []
    shutil.copyfile(
        THEME / "static" / Path(ILLUSTRATION).name, site / ILLUSTRATION.removeprefix("/")
    )
    # Backwards a name that goes on stands before the one that it begins with.
    all_names = sorted((one for name in names for one in names_of(name)), reverse=True)
    named = rf"/{FOLDER}/(?:{'|'.join(map(re.escape, all_names))})"
    # With its caption, which tells of who is on it.
    part = r"(?:(?!</figure>).)*"
    figure = re.compile(rf"(<figure\b[^>]*>){part}{named}{part}(</figure>)", re.DOTALL)
    shown = re.compile(rf"<img\b[^>]*{named}[^>]*>")
    told = re.compile(rf"<(?:meta|source)\b[^>]*{named}[^>]*>\n?")
    for file, text in _texts(site):
        instead = illustration(_say(_tag(text), "picture.out"))
        new = figure.sub(rf"\g<1>{instead}\g<2>", text)
        new = shown.sub(lambda _, it=instead: it, new)  # type: ignore[misc]
        new = re.sub(named, ILLUSTRATION, told.sub("", new))
        if 'og:image"' not in new:
            new = _OF_A_PREVIEW.sub("", new)
        if new != text:
            file.write_bytes(new.encode())
    return [host_rules.gone(f"/{FOLDER}/{name}", _LOST) for name in sorted(all_names)]


def _documents(site: Path, withdrawn: Withdrawals) -> list[Rule]:
    """A document cannot be changed here: it is offline until somebody has made it anew."""
    found = [one for one in documents(site) if withdrawn.shown_in(one)]
    for file in found:
        file.unlink()
    return [host_rules.gone(f"/{one.relative_to(site).as_posix()}", _LOST) for one in found]


def _stories(site: Path, withdrawn: Withdrawals) -> list[Rule]:
    gone = [page for key in sorted(withdrawn.stories) for page in pages(site, key)]
    for card in (one for key in withdrawn.stories for one in cards(site, key)):
        card.unlink()
    for page in gone:
        page.write_bytes(_tombstone(site, page).encode())
    paths = [f"/{page.parent.relative_to(site).as_posix()}/" for page in gone]
    if not paths:
        return []
    named = rf"(?:{'|'.join(map(re.escape, paths))})"
    link = re.compile(rf"(<a\b[^>]*href=\"{named}\"[^>]*>).*?(</a>)", re.DOTALL)
    # Behind a host or nothing: /news/kite/ is another page than /kite/.
    address = rf"(?:://[^/\s<>\"]+|(?<![\w%.~-])){named}"
    for file, text in _texts(site):
        new = text
        for begin, end in _LISTED:
            part = rf"{begin}(?:(?!{end}).)*?{address}[\"<](?:(?!{end}).)*{end}\n?"
            new = re.sub(part, "", new, flags=re.DOTALL)
        if file not in gone:
            title = escape(_say(_tag(text), "story.gone.title"))
            new = link.sub(rf"\g<1>{title}\g<2>", new)
        if new != text:
            file.write_bytes(new.encode())
    return [host_rules.gone(path, path) for path in paths]


def _search(site: Path) -> None:
    """Have the search know what the pages say now, and nothing else."""
    if (site / search.FOLDER).exists() and search.index(site):
        # Rather no search than one that still tells; mostly there is none any more.
        shutil.rmtree(site / search.FOLDER, ignore_errors=True)


def _rules(site: Path, gone: list[Rule]) -> None:
    """Have hosts with rules say that it is gone, from this moment on."""
    for name, host in host_rules.FILES.items() if gone else ():
        file = site / name
        text = text_of(file) if file.exists() else host.head + host.tail
        file.write_bytes(host.with_gone(text, gone).encode())


def _tombstone(site: Path, page: Path) -> str:
    """The lost visitors' page of the same language, which says instead that the story is gone."""
    above = [one / "404.html" for one in page.parents if one.is_relative_to(site)]
    lost = next((one for one in above if one.exists()), None)
    frame = text_of(lost) if lost else _BARE
    tag = _tag(text_of(page))
    title, said = (escape(_say(tag, f"story.gone.{one}")) for one in ("title", "description"))
    body = f'<article class="prose" data-gone>\n<h1>{title}</h1>\n<p>{said}</p>\n</article>'
    frame = _MAIN.sub(rf"\g<1>{body}\g<2>", frame)
    frame = _TITLE.sub(rf"\g<1>{title}\g<2>", frame, count=1)
    return _DESCRIPTION.sub(rf"\g<1>{said}", frame)


def _texts(site: Path) -> list[tuple[Path, str]]:
    files = (file for file in sorted(site.rglob("*")) if file.suffix in TEXTS)
    return [(file, text_of(file)) for file in files]


def _tag(html: str) -> str:
    """The language that a page says it is in."""
    return tag_of(html) or "zh"


@cache
def _say(tag: str, message: str) -> str:
    """A text of the theme in a page's language; with a broken site.toml in Chinese or English."""
    language: Language | str = "zh" if tag.startswith("zh") else "en"
    try:
        languages = framing.load_frame(CONTENT, THEME).languages
        language = next((one for one in languages if one.tag == tag), language)
    except FileWrong:
        pass
    return framing.translate((THEME / "locale", CONTENT / "locale"), language, message)
