"""The topics of each page, named in one file of it: its other languages stand under the same."""

from pelican.generators import Generator
from pelican.plugins import signals

from plugins import sources
from plugins.bilingual import pages_of
from plugins.problems import Problem, collected


def agree(generators: list[Generator]) -> None:
    """Give all versions of a page the topics of the first that names any; refuse what differs."""
    settings = generators[0].settings
    order = [language.code for language in settings["FRAME"].languages]
    named: dict[str, list[str]] = {}
    for page in sorted(pages_of(generators), key=lambda page: order.index(page.lang)):
        topics = page.metadata.get("topics")
        first = named.setdefault(page.translation_key, topics) if topics else None
        if first and set(first) != set(topics):
            content = sources.relative(settings["PATH"])
            file = sources.source(content, page.translation_key, page.lang).as_posix()
            params = {"topics": ", ".join(topics), "first": ", ".join(first)}
            collected(settings).append(Problem("topic.differs", file, params=params))
    for page in pages_of(generators):
        page.metadata["topics"] = named.get(page.translation_key, [])


def register() -> None:
    signals.all_generators_finalized.connect(agree)
