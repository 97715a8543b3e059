"""A page in a language that nobody wrote it in, made from its version in another."""

from typing import Any

from pelican.contents import Content
from pelican.generators import Generator

from donations_api.frame import Language
from plugins.bilingual import settle


def version(generator: Generator, page: Any, language: Language) -> Content:
    """A page's version in another language: same source file, the other language's address.

    Its text and its head are those of ``page`` as they stand by now. Whoever makes it appends it
    to the generator's ``translations``, before the table of addresses is filled.
    """
    metadata = page.metadata | {"lang": language.code}
    settle(generator, metadata)
    return type(page)(
        page._content,
        metadata=metadata,
        settings=generator.settings,
        source_path=page.source_path,
        context=generator.context,
    )
