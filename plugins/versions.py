"""Versions of a page that nobody wrote: each is a page like any other."""

import copy

from pelican.contents import Content
from pelican.generators import Generator

from donations_api.frame import Language
from plugins import bilingual


def version(generator: Generator, page: Content, language: Language) -> Content:
    """A page's version in another language: same source file, the other language's address.

    Its text is still the source's. Appended to the generator's ``translations`` before
    ``bilingual.pair``, it takes part in addresses, lists, feeds and templates.
    """
    made = copy.copy(page)
    made.metadata = copy.copy(page.metadata)
    made.metadata["lang"] = made.lang = language.code
    bilingual.settle(generator, made.metadata)
    made.override_url = made.metadata["url"]
    made.override_save_as = made.metadata["save_as"]
    made.in_default_lang, made.translations = False, []
    return made
