"""L4: which reports are shown, and where each leads, decided in one process."""

from datetime import date
from pathlib import Path

from plugins.documents import Document
from plugins.problems import Problem
from tests.site.open_pages import here, make, read
from tests.site.tiny_site import TinySite

__all__ = ["here"]  # the fixture

PLACE = "content/reports.toml"
REPORT = """
[[report]]
covers = ["annual", "accounts"]
year = 2026
title = { zh = "示例年报", en = "A sample report" }
"""


def test_reports_lead_to_what_was_published(here: TinySite) -> None:
    """L4: the newest first, none before its day; in another language where there is no own."""
    here.write(
        PLACE,
        f'{REPORT}page = "about"\npublished = 2026-11-20\n'
        f'{REPORT}file = {{ zh = "a.pdf", en = "b.pdf" }}\npublished = 2026-12-01\n'
        f'{REPORT}page = "work"\npublished = 2026-10-01\n'
        f'{REPORT}page = "about"\npublished = 2026-12-02\n',
    )
    settings = read()
    zh, en = (settings["FRAME"].language(one) for one in ("zh", "en"))
    papers = [Document(Path(f"content/documents/{one}.pdf"), b"x" * 2048) for one in "ab"]
    settings["DOCUMENTS"] = {one.path: one for one in papers}
    settings["ADDRESSES"] = {
        "about": {"zh": "/about/", "en": "/en/about/"},
        "work": {"en": "/en/work/"},
    }
    make(settings, "zh", "en")
    for code, own in (("zh", ("/about/", zh)), ("en", ("/en/about/", en))):
        first, second, third = settings["AROUND"]["transparency", code]["reports"]
        assert first["report"].published == date(2026, 12, 1)
        assert first["links"] == [
            ("/documents/a.pdf", zh, "2 KB"),
            ("/documents/b.pdf", en, "2 KB"),
        ]
        assert third["links"] == [("/en/work/", en, "")]
        assert second["report"].published == date(2026, 11, 20)
        assert second["links"] == [(*own, "")]
    assert settings["PROBLEMS"] == []


def test_a_report_that_is_not_there_is_told_once(here: TinySite) -> None:
    """L4: whatever the number of languages; what is there is shown."""
    here.write(
        PLACE,
        f'{REPORT}file = {{ zh = "a.pdf", en = "b.pdf" }}\npublished = 2026-11-21\n'
        f'{REPORT}page = "abuot"\npublished = 2026-11-20\n',
    )
    settings = read()
    settings["DOCUMENTS"] = {"/documents/b.pdf": Document(Path("b.pdf"), b"x")}
    make(settings, "zh", "en")
    lacks = [
        Problem("L4.file", PLACE, params={"name": "a.pdf"}),
        Problem("L4.page", PLACE, params={"page": "abuot"}),
    ]
    assert settings["PROBLEMS"] == lacks
    first, second = settings["AROUND"]["transparency", "en"]["reports"]
    assert ([one[0] for one in first["links"]], second["links"]) == (["/documents/b.pdf"], [])
    del settings["DOCUMENTS"]
    make(settings, "zh")
    assert settings["PROBLEMS"][2:] == [Problem("L4.file", PLACE, params={"name": "b.pdf"})]
