"""What screen readers say of footnotes and wide tables, in the language of the page.

Markdown writes these in English, and one Markdown reads the files of all languages.
"""

import re
from functools import partial
from pathlib import Path

from markupsafe import escape
from pelican.contents import Content
from pelican.plugins import signals

from donations_api import frame as framing
from plugins.markdown_extensions.tables import WIDE

# As Markdown's footnotes write them. The title's number says to which footnote the link belongs.
_NOTE = re.compile(
    r"(?P<start><a class=\"footnote-ref\") (?P<end>href=\"[^\"]*\">(?P<number>\d+)<)"
)
_BACK = re.compile(
    r"(?P<start><a class=\"footnote-backref\") (?P<end>href=\"[^\"]*\") "
    r"title=\"[^\"]*?(?P<number>\d+)[^\"]*\""
)
_WIDE = f'<div class="{WIDE}">'


def label(html: str, theme: Path, language: str) -> str:
    """The HTML of a page, with these names in its language (a code)."""
    say = partial(framing.translate, (theme / "locale",), language)

    def named(match: re.Match[str], message: str) -> str:
        name = escape(say(message) % {"number": match["number"]})
        return f'{match["start"]} aria-label="{name}" {match["end"]}'

    html = _NOTE.sub(partial(named, message="footnote.note"), html)
    html = _BACK.sub(partial(named, message="footnote.back"), html)
    box = f'{_WIDE[:-1]} role="region" tabindex="0" aria-label="{escape(say("table.wide"))}">'
    return html.replace(_WIDE, box)


def name_parts(content: Content) -> None:
    """Right after the sanitiser, so that only what is safe is named."""
    content._content = label(content._content, Path(content.settings["THEME"]), content.lang)


def register() -> None:
    signals.content_object_init.connect(name_parts)
