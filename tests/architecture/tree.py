"""The project's own files, as they would be handed on."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("plugins", "donations_api")

_NOT_OURS = {".git", ".venv", "node_modules", "var", "__pycache__", ".hypothesis"}
_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".ico", ".pdf", ".otf"}


def files(*folders: str) -> Iterator[Path]:
    """Text files of ``folders`` (of the whole project without any), paths absolute."""
    for start in folders or (".",):
        for folder, subfolders, names in os.walk(ROOT / start):
            subfolders[:] = [name for name in subfolders if not _is_made(name)]
            yield from (Path(folder, n) for n in names if Path(n).suffix not in _PICTURES)


def modules(*folders: str) -> Iterator[Path]:
    """Python modules of ``folders``."""
    return (path for path in files(*folders) if path.suffix == ".py")


def _is_made(folder: str) -> bool:
    return folder in _NOT_OURS or folder.startswith("output") or folder.endswith("_cache")
