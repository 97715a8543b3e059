"""Tables: the columns' alignment without inline styles, and wide ones that scroll by themselves.

A Markdown extension; ``plugins.labels`` gives the box around a wide table its name.
"""

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

WIDE = "wide"
_COLUMNS_OF_A_PHONE = 3  # more of them do not fit; fewer need no box that the keyboard stops at
_ALIGNMENTS = {"text-align: right;": "right", "text-align: center;": "centre"}


class Tables(Extension):
    """The extension; it has no options."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  Markdown's own name
        # Before attribute lists (8): a style that somebody wrote is left for the sanitiser to tell.
        md.treeprocessors.register(_Arranger(md), "table_layout", 9)


class _Arranger(Treeprocessor):
    def run(self, root: Element) -> None:
        for cell in (one for one in root.iter() if one.tag in ("th", "td")):
            if alignment := _ALIGNMENTS.get(cell.attrib.pop("style", "")):
                cell.set("class", alignment)
        for parent in list(root.iter()):
            for place, table in enumerate(parent):
                if table.tag == "table" and len(table.findall("thead/tr/th")) > _COLUMNS_OF_A_PHONE:
                    box = Element("div", {"class": WIDE})
                    box.tail, table.tail = table.tail, None
                    box.append(table)
                    parent[place] = box


def makeExtension(**options: Any) -> Tables:  # noqa: N802  the name that Markdown looks for
    """Markdown's entry point."""
    return Tables(**options)
