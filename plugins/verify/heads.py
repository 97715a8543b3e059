"""The heads of the content's files, read anew: by none of what the site was made with."""

import re
from pathlib import Path
from typing import Any

import yaml

_HEAD = re.compile(r"\s*---\s*\n(.*?)^(?:---|\.\.\.)\s*$", re.MULTILINE | re.DOTALL)
_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where it was built in


def text(file: Path) -> str:
    """The head as it is written; empty where there is none."""
    head = _HEAD.match(file.read_text(encoding="utf-8-sig", errors="replace"))
    return head[1] if head else ""


def parsed(head: str) -> dict[str, Any]:
    """What a head says, its names in lower case; empty for one that cannot be read."""
    try:
        read: Any = yaml.load(head, Loader=_FAST)  # noqa: S506  safe, as its name says
    except (yaml.YAMLError, ValueError):
        return {}
    return {str(name).lower(): value for name, value in read.items()} if read else {}
