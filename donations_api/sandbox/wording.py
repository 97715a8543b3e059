"""The words of the sandbox's pages, from locale/<language>.po (symbolic ids)."""

from functools import cache
from pathlib import Path

from donations_api import catalogs
from donations_api.catalogs import Words

# Inside, in HTML, and for Babel's formats.
HTML_LANGUAGE = {"zh": "zh-Hans", "en": "en"}
FORMATS = {"zh": "zh_Hans_CN", "en": "en_GB"}


def wording(language: str, message_id: str, **values: object) -> str:
    """The text of ``message_id`` in ``zh`` or ``en``, with ``{values}`` filled in.

    Raises LookupError for an id that the catalog does not have.
    """
    if text := _catalog(language).text(message_id):
        return text.format(**values)
    raise LookupError(f"{message_id} is missing from locale/{language}.po")


def in_both_languages(message_id: str, **values: object) -> str:
    """Chinese and English on a line each, for who starts the sandbox: they may read either."""
    return "\n".join(wording(language, message_id, **values) for language in HTML_LANGUAGE)


@cache
def _catalog(language: str) -> Words:
    return catalogs.read(Path(__file__).parent / "locale" / f"{language}.po", language)
