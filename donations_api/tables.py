"""TOML files as people write them: each table knows where it stands, for errors that say so."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from donations_api.errors import FileWrong, not_toml

# Texts by language code, as the files have them: {"zh": "…", "en": "…"}.
Texts = Mapping[str, str]

_ADDRESS = re.compile(r"https://[\w-]+(?:\.[\w-]+)+(?:[:/?#]\S*)?$")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file, and ``where`` in it. Every method raises FileWrong."""

    file: Path
    where: str
    values: Mapping[str, Any]

    @classmethod
    def read(cls, file: Path) -> "Table":
        try:
            return cls(file, "", tomllib.loads(file.read_text(encoding="utf-8-sig")))
        except FileNotFoundError:
            raise FileWrong("file.missing", file=str(file)) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise not_toml(file, error) from None

    def refuse(self, key: str, message: str, **values: str) -> NoReturn:
        where = f"{self.where}.{key}".lstrip(".")
        raise FileWrong(message, file=str(self.file), where=where, **values)

    def need(self, key: str) -> Any:
        if self.values.get(key) in (None, "", [], {}):
            self.refuse(key, "file.needed")
        return self.values[key]

    def address(self, key: str) -> str:
        """An address that a page can link to, whole: ``https://`` and the name of a host."""
        if not _ADDRESS.match(self.text(key)):
            self.refuse(key, "file.https")
        return self.text(key)

    def text(self, key: str) -> str:
        value = self.need(key)
        if not isinstance(value, str):
            self.refuse(key, "file.text")
        return value

    def list(self, key: str) -> list[Any]:
        value = self.need(key)
        if not isinstance(value, list):
            self.refuse(key, "file.list")
        return value

    def texts(self, key: str) -> Texts:
        value = self.need(key)
        if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
            self.refuse(key, "file.texts")
        return value

    def told(self, key: str, languages: Sequence[str]) -> Texts:
        """One text that is the same in all ``languages``, or one for each."""
        text = self.need(key)
        return dict.fromkeys(languages, text) if isinstance(text, str) else self.texts(key)

    def tables(self, key: str) -> Iterator["Table"]:
        for number, value in enumerate(self.list(key), start=1):
            if not isinstance(value, dict):
                self.refuse(key, "file.tables", table=key)
            yield Table(self.file, f"{key}[{number}]", value)
