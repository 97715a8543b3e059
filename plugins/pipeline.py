"""Is every check there, and will it run? Pelican builds on without a plugin that it could not load.

A handler that is a nested function is collected as garbage and never runs, without a word: signals
hold their receivers weakly. So each plugin has to have a living receiver on the signal it works at.
"""

import logging
from collections.abc import Iterable

from pelican import Pelican
from pelican.log import FatalLogger
from pelican.plugins import signals

from plugins.gate import refuse
from plugins.problems import Problem, collected

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
    "plugins.safeguarding": "initialized",
    "plugins.traditional": "all_generators_finalized",
    "plugins.images": "finalized",
    "plugins.fundraising": "initialized",
    "plugins.filings": "initialized",
    "plugins.consent_text": "initialized",
    "plugins.bilingual": "all_generators_finalized",
    "plugins.fallback": "all_generators_finalized",
    "plugins.links": "all_generators_finalized",
    "plugins.translations": "all_generators_finalized",
    "plugins.topics": "all_generators_finalized",
    "plugins.news": "all_generators_finalized",
    "plugins.lists": "all_generators_finalized",
    "plugins.feeds": "finalized",
    "plugins.gate": "all_generators_finalized",
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


def inspect(pelican: Pelican) -> None:
    """Look at the pipeline before any other check begins."""
    settings = pelican.settings
    plugins: list[str] = settings["PLUGINS"]
    found = missing(plugins)
    found += [
        Problem("pipeline.asleep", _source(name), params={"plugin": name, "signal": signal})
        for name, signal in REQUIRED.items()
        if name in plugins and not _listens(name, signal)
    ]
    if "plugins.gate" in plugins and plugins.index("plugins.gate") < _last_check(plugins):
        found.append(Problem("pipeline.order", "pelicanconf.py"))
    if FatalLogger.fatal_lvl > logging.ERROR:
        found.append(Problem("pipeline.not_fatal"))
    if settings["CONTENT_CACHING_LAYER"] != "reader" or settings["CACHE_CONTENT"]:
        found.append(Problem("pipeline.cache", "pelicanconf.py"))
    collected(settings).extend(found)
    # At once: a check may rest on one that would never run.
    refuse(settings)


def _listens(plugin: str, signal: str) -> bool:
    living = getattr(signals, signal).receivers_for(None)
    return any(f"{receiver.__module__}.".startswith(f"{plugin}.") for receiver in living)


def _last_check(plugins: list[str]) -> int:
    checks = [name for name, signal in REQUIRED.items() if signal != "finalized"]
    return max(plugins.index(name) for name in checks if name in plugins)


def _source(plugin: str) -> str:
    return f"{plugin.replace('.', '/')}.py" if plugin.startswith("plugins.") else "pelicanconf.py"


def register() -> None:
    signals.initialized.connect(inspect)
