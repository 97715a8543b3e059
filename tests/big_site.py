"""``python -m tests.big_site 1000 FOLDER``: does a site of many pages stay quick, small and whole?

Makes so many news items of a charity that does not exist in Chinese and in English, some of them in
Chinese only, builds the site in FOLDER as staff do, looks at what was built, and prints both.
"""

import re
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import feedparser

from plugins.verify import Expectations, verify
from tests.site.tiny_site import ROOT, TinySite, make_site

ADDRESS = "https://house.example"
BEGAN = date(2020, 1, 1)  # an item a day from here on
# Most items are about the roof; of thanks a page tells, and of nothing nobody. Page 3 of the topic
# "3" must not get into the way of the topic "33".
TOPICS = {"roof": "3", "door": "33", "garden": "huayuan", "thanks": "ganxie", "nothing": "meiyou"}
WORDS = {"zh": ("屋顶", "修缮", "经过", "谁来帮忙"), "en": ("the roof", "mending", "story", "help")}
_HAN = re.compile(r"[\u4e00-\u9fff]")
_MAIN = re.compile(r"<main.*</main>", re.DOTALL)
_TERM = """\
[[topic]]
key = "{key}"
name.zh = "主题{number}"
name.en = "{name}"
slug.zh = "{slug}"

"""


@dataclass(frozen=True)
class Measured:
    """What building took and made, and what is wrong with it.

    ``seconds`` by the clock, ``busy`` those of a core, and MB of the biggest process.
    """

    seconds: float
    busy: float
    megabytes: int
    pages: int
    wrong: dict[str, int]


def fill(site: TinySite, items: int, alone: int = 10) -> None:
    """Write the list of news, the topics and so many items into the site's content.

    Each ``alone``-th item is in Chinese only.
    """
    for code, title in {"zh": "新闻", "en": "News"}.items():
        head = f"title: {title}\ndescription: {title} 1, 2, 3\n"
        site.write(f"content/pages/news.{code}.md", f"---\n{head}---\n")
    terms = (
        _TERM.format(key=key, number=number, name=key.title(), slug=slug)
        for number, (key, slug) in enumerate(TOPICS.items(), start=1)
    )
    site.write("content/terms.toml", "".join(terms))
    site.edit("content/pages/about.zh.md", "---\ntitle", "---\ntopics: [thanks]\ntitle")
    for number in range(items):
        for code in ("zh", "en") if number % alone else ("zh",):
            # A link leads to a file that is there in the same language.
            near = max(number - 1, 0) if code == "zh" or (number - 1) % alone else number
            site.write(f"content/news/item-{number:04}.{code}.md", _item(number, code, near))


def _item(number: int, code: str, near: int) -> str:
    what, verb, story, helpers = WORDS[code]
    about = "roof" if number % 4 else "door, garden"
    topics = f"topics: [{about}]\n" if code == "zh" else ""
    rows = "".join(f"| {what} {row} | {row * number} |\n" for row in range(1, 5))
    link = f"[{what}](item-{near:04}.{code}.md)".replace("](", "]({filename}")
    title = f"第{number}条：{what}" if code == "zh" else f"Item {number}: {what}"
    paragraph = (
        f"{what}{verb} {number}[^1]，{link}。\n\n"
        if code == "zh"
        else (f"About {verb} {what} {number},[^1] see {link}.\n\n")
    )
    return (
        f'---\ntitle: "{title}"\ndescription: "{title} – {story}"\n'
        f"date: {BEGAN + timedelta(days=number)}\n{topics}---\n\n"
        f"## {story}\n\n{paragraph * 6}## {helpers}\n\n"
        f"| {what} | {verb} |\n|---|---|\n{rows}\n[^1]: {story} {number}\n"
    )


def build(site: TinySite) -> Measured:
    """Build as staff do, and look at what came of it. A refusal raises with what was said."""
    begun = time.monotonic()
    run = site.run("build", "--site-url", ADDRESS, timeout=1200)
    seconds = time.monotonic() - begun
    if run.code:
        raise RuntimeError(run.said)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    content = site.folder / "content"
    expected = Expectations.of_content(content, ROOT / "theme", ADDRESS, demo=False)
    found, weights = verify(site.output, expected)
    codes = Counter(problem.code for problem in found)
    wrong = {
        "broken links": sum(number for code, number in codes.items() if code.startswith("E5")),
        "unreciprocated hreflang": codes["W1.hreflang"],
        "pages in the wrong language": codes["W1.lang"] + _strange(site.output),
        "feed errors": codes["W6.feed"] + _unreadable(site.output),
        "other problems": sum(codes.values()),
    }
    busy = used.ru_utime + used.ru_stime
    return Measured(seconds, busy, used.ru_maxrss // 1024, weights.pages, wrong)


def _strange(output: Path) -> int:
    """How many pages speak another language than their folder says."""
    strange = 0
    for file in output.rglob("*.html"):
        found = _MAIN.search(file.read_text(encoding="utf-8"))
        is_chinese = bool(found and _HAN.search(found[0]))
        strange += is_chinese == (file.relative_to(output).parts[0] == "en")
    return strange


def _unreadable(output: Path) -> int:
    """How many feeds a feed reader would stumble over."""
    feeds = (feedparser.parse(file.read_bytes()) for file in output.rglob("feed.xml"))
    return sum(bool(feed.bozo) for feed in feeds)


def main(words: list[str]) -> None:
    items, folder = int(words[0]), Path(words[1])
    site = make_site(folder)
    fill(site, items)
    measured = build(site)
    sys.stdout.write(
        f"{items} items, {measured.pages} pages: {measured.seconds:.1f} s "
        f"({measured.busy:.1f} s of a core), {measured.megabytes} MB at most\n"
    )
    for what, number in measured.wrong.items():
        sys.stdout.write(f"{number} {what}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
