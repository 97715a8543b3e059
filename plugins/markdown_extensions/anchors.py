"""Headings that can be linked to: an id that can be read, and the heading itself as its link.

``#一个24小时开放的中心`` is made of the heading's words; ``{#roof}`` behind it chooses another.
A Markdown extension, for after Markdown's own ``toc``, which gives the ids.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify_unicode
from markdown.treeprocessors import Treeprocessor

_ID = re.compile(r"\bid=\"([\w-]+)\"")
_HEADING = re.compile(r"h[2-6]")
_RAW_HTML = "\x02wzxhzdk:"  # how Markdown marks HTML that it puts back at the end


@cache
def ids_of(theme: Path) -> frozenset[str]:
    """The ids that the templates give: none of a text may be one of them."""
    templates = sorted((theme / "templates").glob("*.html"))
    return frozenset(found for one in templates for found in _ID.findall(one.read_text("utf-8")))


def slugs_beside(theme: Path) -> Callable[[str, str], str]:
    """What ``toc`` makes ids with; a heading "Main" gets another id than the page's main part."""
    taken = ids_of(theme)

    def slug(text: str, separator: str) -> str:
        made: str = slugify_unicode(text, separator)
        return f"{made}_1" if made in taken else made

    return slug


class Anchors(Extension):
    """The extension; it has no options."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  Markdown's own name
        md.treeprocessors.register(_Linker(md), "anchors", 4)  # toc has 5


class _Linker(Treeprocessor):
    def run(self, root: Element) -> None:
        for heading in root.iter():
            # A link within a link is none, and HTML that is put back later may be one.
            texts = "".join(heading.itertext())
            linked = heading.find(".//a") is not None or _RAW_HTML in texts
            if _HEADING.fullmatch(heading.tag) and heading.get("id") and texts and not linked:
                link = Element("a", href=f"#{quote(heading.attrib['id'])}")
                link.text, heading.text = heading.text, None
                link.extend(heading)
                heading[:] = [link]


def makeExtension(**options: Any) -> Anchors:  # noqa: N802  the name that Markdown looks for
    """Markdown's entry point."""
    return Anchors(**options)
