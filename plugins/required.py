"""What has to take part in every build. Known without Pelican, so that its run can be doubted."""

from collections.abc import Iterable

from plugins.problems import Problem

# What must take part in every build, and the signal at which it does its work.
REQUIRED = {
    "plugins.pipeline": "initialized",
    "pelican.plugins.yaml_metadata": "readers_init",
    "plugins.front_matter": "initialized",
    "plugins.figures": "initialized",
    "plugins.typography": "initialized",
    "plugins.schedule": "all_generators_finalized",
    "plugins.sanitise": "content_object_init",
    "plugins.labels": "content_object_init",
    "plugins.reading_time": "content_object_init",
    "plugins.exposure": "initialized",
    "plugins.safeguarding": "all_generators_finalized",
    "plugins.traditional": "all_generators_finalized",
    "plugins.images": "finalized",
    "plugins.documents": "finalized",
    "plugins.fundraising": "initialized",
    "plugins.deadlines": "initialized",
    "plugins.filings": "initialized",
    "plugins.consent_text": "initialized",
    "plugins.bilingual": "all_generators_finalized",
    "plugins.fallback": "all_generators_finalized",
    "plugins.links": "all_generators_finalized",
    "plugins.translations": "all_generators_finalized",
    "plugins.topics": "all_generators_finalized",
    "plugins.news": "all_generators_finalized",
    "plugins.lists": "all_generators_finalized",
    "plugins.disclosure": "all_generators_finalized",
    "plugins.feeds": "finalized",
    "plugins.redirects": "all_generators_finalized",
    "plugins.sharing": "all_generators_finalized",
    "plugins.gate": "all_generators_finalized",
    "plugins.icons": "finalized",
    "plugins.sitemap": "finalized",
    "plugins.search": "finalized",
}


def missing(plugins: Iterable[str]) -> list[Problem]:
    """The required plugins that took no part."""
    there = set(plugins)
    return [
        Problem("pipeline.missing", "pelicanconf.py", params={"plugin": name})
        for name in REQUIRED
        if name not in there
    ]
