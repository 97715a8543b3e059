"""Pages that no file has: lists, months, donors. Each is a page like any other.

They stand in the table of addresses too, so that the switch, hreflang and the sitemap know them.
"""

from pelican.contents import Page
from pelican.generators import PagesGenerator

from donations_api import frame as framing
from donations_api.frame import Language


class Maker:
    """Makes the pages of one language, with one template."""

    def __init__(self, generator: PagesGenerator, language: Language, template: str) -> None:
        self._generator, self._settings = generator, generator.settings
        self._language, self._template = language, template

    def page(self, key: str, path: str, title: str, description: str) -> Page:
        """A page at ``path``: Pelican writes it with the others."""
        metadata = {
            "title": title,
            "description": description,
            "lang": self._language.code,
            "translation_key": key,
            "template": self._template,
            "url": path,
            "save_as": f"{path.removeprefix('/')}index.html",
        }
        page = Page("", metadata, self._settings, context=self._generator.context)
        self._generator.pages.append(page)
        self._settings["ADDRESSES"].setdefault(key, {})[self._language.code] = path
        return page

    def further(self, first: Page, count: int) -> tuple[list[str], list[str]]:
        """Make what ``first`` needs to be ``count`` pages: ``p2/``, ``p3/``, … below it.

        The keys and the paths of all of them, those of ``first`` too.
        """
        keys, paths = [first.translation_key], [first.url]
        for number in range(2, count + 1):
            numbers = {"number": str(number), "count": str(count)}
            said = first.metadata["description"]
            keys.append(f"{first.translation_key}/p{number}")
            paths.append(f"{first.url}p{number}/")
            self.page(
                keys[-1],
                paths[-1],
                self.say("list.page_title", title=first.title, **numbers),
                self.say("list.page_description", description=said, **numbers),
            )
        return keys, paths

    def say(self, message: str, **details: str) -> str:
        """A message of the theme, in the language of the pages."""
        words = self._settings["FRAME"].words
        return framing.translate(words, self._language, message) % details
