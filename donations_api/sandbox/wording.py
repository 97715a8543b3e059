"""The words of the sandbox's pages, from locale/<language>.po (symbolic ids)."""

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

# Inside, in HTML, and for Babel's formats.
HTML_LANGUAGE = {"zh": "zh-Hans", "en": "en"}
FORMATS = {"zh": "zh_Hans_CN", "en": "en_GB"}


def wording(language: str, message_id: str, **values: object) -> str:
    """The text of ``message_id`` in ``zh`` or ``en``, with ``{values}`` filled in.

    Raises LookupError for an id that the catalog does not have.
    """
    message = _catalog(language).get(message_id)
    if message is None or not isinstance(message.string, str) or not message.string:
        raise LookupError(f"{message_id} is missing from locale/{language}.po")
    return message.string.format(**values)


def in_both_languages(message_id: str, **values: object) -> str:
    """Chinese and English on a line each, for who starts the sandbox: they may read either."""
    return "\n".join(wording(language, message_id, **values) for language in HTML_LANGUAGE)


@cache
def _catalog(language: str) -> Catalog:
    with (Path(__file__).parent / "locale" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)
