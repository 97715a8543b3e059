"""How a page shows its pictures: a copy that fits the screen, the words, what was said of it.

A paragraph of one picture is a figure, and one of several a gallery; the picture's title in the
Markdown is its caption, and the sidecar may name whom to thank. Sizes are written down, so that
nothing moves when a picture comes, and only the first one of a news item is asked for at once.
"""

import re
from collections.abc import Mapping

from markupsafe import Markup

from donations_api.frame import Frame, Language, translate
from plugins import sources
from plugins.copies import Copies, Copy
from plugins.pictures import Picture

_IMAGE = re.compile(r"<img\b[^>]*?\bsrc=\"/?(?P<path>[^\"]+)\"[^>]*>")
_TITLE = re.compile(r"\btitle=\"(?P<title>[^\"]*)\"")
# A paragraph of pictures alone; or else a picture, wherever it stands.
_SHOWN = re.compile(
    rf"<p>\s*(?P<alone>(?:<img\b[^>]*>\s*(?:<br>\s*)?)+)</p>|{_IMAGE.pattern}", re.DOTALL
)
# How wide a picture stands on a page, by the measure of the theme's text (38rem) and its margins.
_SIZES = "(min-width: 38rem) 35.5rem, calc(100vw - 2.5rem)"
_IN_GALLERY = "(min-width: 38rem) 17.5rem, calc(50vw - 1.5rem)"

_AT_ONCE = Markup('fetchpriority="high"')
_LATER = Markup('loading="lazy" decoding="async"')


class Showing:
    """Shows the pictures of one page. ``shown``: these and their usual copies, in order."""

    def __init__(
        self,
        known: Mapping[str, Picture],
        copies: Mapping[str, Copies],
        frame: Frame,
        language: Language,
    ) -> None:
        self._known, self._copies = known, copies
        self._frame, self._language = frame, language
        self._first_at_once = False
        self.shown: list[tuple[Picture, Copy]] = []

    def of(self, key: str, html: str) -> str:
        """The HTML of the page ``key`` with its pictures shown."""
        self._first_at_once = sources.is_news(key)
        return _SHOWN.sub(
            lambda found: (
                self._by_themselves(found["alone"])
                if found["alone"]
                else self._picture(found, _SIZES)
            ),
            html,
        )

    def _by_themselves(self, paragraph: str) -> str:
        images = list(_IMAGE.finditer(paragraph))
        sizes = _IN_GALLERY if len(images) > 1 else _SIZES
        figures = "\n".join(self._figure(one, sizes) for one in images)
        return f'<div class="gallery">\n{figures}\n</div>' if len(images) > 1 else figures

    def _figure(self, found: re.Match[str], sizes: str) -> str:
        title, picture = _TITLE.search(found[0]), self._known.get(f"/{found['path']}")
        told = [Markup(title["title"])] if title and title["title"].strip() else []  # noqa: S704
        if picture and picture.credit:
            name = self._frame.text(picture.credit, self._language)
            words = self._say("picture.credit") % {"name": name}
            told.append(Markup('<small class="credit">{}</small>').format(words))
        caption = f"<figcaption>{' '.join(told)}</figcaption>" if told else ""
        return f"<figure>{self._picture(found, sizes)}{caption}</figure>"

    def _picture(self, found: re.Match[str], sizes: str) -> str:
        path = f"/{found['path']}"
        if path not in self._known:  # the illustration in the place of one that is out
            return found[0]
        picture, copies = self._known[path], self._copies[path]
        alt = self._frame.text(picture.alt, self._language)
        at_once = self._first_at_once and not self.shown
        self.shown.append((picture, copies.usual))
        image = Markup('<img src="{}" alt="{}" width="{}" height="{}" {}>').format(
            copies.usual.path,
            alt,
            *copies.usual.size,
            _AT_ONCE if at_once else _LATER,
        )
        smaller = [_source(kind, some, sizes) for kind, some in copies.smaller.items()]
        whole = f"<picture>{''.join(smaller)}{image}</picture>" if smaller else str(image)
        if not picture.ai_generated:
            return whole
        said = Markup('<small class="by-ai">{}</small>').format(self._say("picture.ai_generated"))
        return f"{whole}{said}"

    def _say(self, message: str) -> str:
        return translate(self._frame.words, self._language, message)


def _source(kind: str, copies: tuple[Copy, ...], sizes: str) -> Markup:
    """``kind`` is a format as Pillow names it; browsers name it in small letters."""
    addresses = ", ".join(f"{copy.path} {copy.width}w" for copy in copies)
    return Markup('<source type="image/{}" srcset="{}" sizes="{}">').format(
        kind.lower(), addresses, sizes
    )
