"""Only what the site is made of lies in the folder, and nothing on a page was left half made."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from plugins.pictures import FORMATS, ILLUSTRATION
from plugins.problems import Problem
from plugins.verify import icons, running, search
from plugins.verify.expectations import Expectations
from plugins.verify.pages import Page, Site
from plugins.verify.redirects import host_files

_KINDS = {".html", ".css", ".xml", ".txt", *FORMATS}
# What the preview shows to staff: the state of translations, and texts before their time.
_PREVIEW = ("/_status/", "/_problems/", "/_preview/")
_RAW = re.compile(r"\{(?:filename|static|attach)\}[^\s\"'<>)]*")
_MESSAGE = re.compile(r"\b[a-z_]+(?:\.[a-z_]+)+\b")


def problems(site: Site, expected: Expectations) -> Iterator[Problem]:
    """Stray files, what is for staff, raw links, and ids of messages in place of their words."""
    of_hosts = {f"/{name}" for name in host_files(site, expected)}
    for path in sorted(site.files - of_hosts - set(expected.old_pages) - {ILLUSTRATION}):
        known = PurePosixPath(path).suffix.lower() in _KINDS or path in expected.documents
        ours = search.is_part(path) or running.is_script(path) or icons.is_one(path, expected)
        if not (known or ours):
            yield Problem("stray", path)
        if path.startswith(_PREVIEW):
            yield Problem("E3.preview", path, params={"found": path})
    if not site.pages:
        yield Problem("empty", "output")
    for page in site.pages:
        if any("data-preview" in element.attributes for element in page.elements):
            yield page.problem("E3.preview", "data-preview", found="data-preview")
        for raw in _RAW.findall(page.html):
            yield page.problem("E5.raw_link", raw, link=raw)
        for message in _shown_messages(page) & expected.messages:
            yield page.problem("message_id", message, message=message)


def _shown_messages(page: Page) -> set[str]:
    values = (value for element in page.elements for value in element.attributes.values())
    texts = (element.text for element in page.all("body", "title"))
    return {found for text in (*values, *texts) for found in _MESSAGE.findall(text)}
