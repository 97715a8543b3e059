"""What a donor may pass on: the words in which the organisation's home page describes it."""

import re
from functools import cache
from pathlib import Path

from donations_api.frame import Language

_HEAD = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)


def described(content: Path, language: Language) -> str:
    """The home page's description in ``language``; empty where there is none.

    It is the one that chats and search engines show, in the head of ``pages/home.<language>.md``.
    """
    said = _said(content / "pages" / f"home.{language.source}.md")
    return language.write(said)


@cache
def _said(page: Path) -> str:
    # A cold start that only takes a webhook reads no page.
    import yaml

    try:
        head = _HEAD.match(page.read_text(encoding="utf-8-sig"))
        values = yaml.safe_load(head[1]) if head else None
    except (OSError, ValueError, yaml.YAMLError):
        # Whoever wrote it hears of it from the build. ValueError: no UTF-8, or no such date.
        return ""
    return str(values.get("description") or "") if isinstance(values, dict) else ""
