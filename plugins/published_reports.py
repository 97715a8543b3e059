"""The reports that were published (rule L4), with where each can be read."""

from collections.abc import Iterator
from typing import Any

from donations_api.frame import Language
from plugins import sources
from plugins.problems import Problem, collected


def published(settings: dict[str, Any], language: Language) -> Iterator[dict[str, Any]]:
    """The newest first; the links of each by the language they are in.

    A report that says it is where nothing is becomes a problem.
    """
    reports = [one for body in settings["GIVING"].recipients for one in body.duties.reports]
    for report in sorted(reports, key=lambda one: one.published, reverse=True):
        if report.published <= settings["TODAY"]:
            yield {"report": report, "links": list(_links(settings, language, report))}


def _links(
    settings: dict[str, Any], language: Language, report: Any
) -> Iterator[tuple[str, Language, str]]:
    """Path, language and size of each file; the size is empty where it is a page."""
    frame = settings["FRAME"]
    place = (sources.relative(settings["PATH"]) / "reports.toml").as_posix()
    for code, name in report.files.items():
        document = settings.get("DOCUMENTS", {}).get(f"/documents/{name}")
        if document:
            yield document.path, frame.language(code), document.size
        else:
            _collect(settings, Problem("L4.file", place, params={"name": name}))
    if report.page:
        if paths := settings["ADDRESSES"].get(report.page):
            own = language if language.code in paths else frame.original(paths)
            yield paths[own.code], own, ""
        else:
            _collect(settings, Problem("L4.page", place, params={"page": report.page}))


def _collect(settings: dict[str, Any], problem: Problem) -> None:
    if problem not in collected(settings):
        collected(settings).append(problem)
