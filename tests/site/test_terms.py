"""Topics: what is wrong with them is told where it is to be mended."""

from collections.abc import Callable

from tests.site.test_news import write_item, write_lists
from tests.site.tiny_site import Run, TinySite

TERMS = """\
[[topic]]
key = "projects"
name.zh = "项目"
name.en = "Projects"

[[topic]]
key = "thanks"
name.zh = "致谢"
name.en = "Thanks"
slug.zh = "ganxie"
"""


def test_what_a_head_says_of_topics_is_checked(site: TinySite, refused: Callable[..., Run]) -> None:
    """All of it in one run, each at its line, an unknown topic with the nearest known one."""
    write_lists(site)
    site.write("content/terms.toml", TERMS)
    write_item(site, "one.zh", "2026-03-05\ntopics:\n  - thanks\n  - project")
    write_item(site, "two.zh", "2026-03-05\ntopics: projects")
    write_item(site, "three.zh", "2026-03-05\ndraft: maybe")
    write_item(site, "four.zh", "2026-03-05\ntags: [a]")
    write_item(site, "five.zh", "2026-03-05\nexpires: soon")
    write_item(site, "p2.zh", "2026-03-05")
    write_item(site, "2026.zh", "2026-03-05")
    run = refused()
    run.tells("topic.unknown", "content/news/one.zh.md:7")
    assert "The nearest is “projects”" in run.said
    run.tells("head.topics", "content/news/two.zh.md:5")
    run.tells("head.draft", "content/news/three.zh.md:5")
    run.tells("head.group", "content/news/four.zh.md:5")
    run.tells("head.date", "content/news/five.zh.md:5")
    run.tells("name.list", "content/news/p2.zh.md")
    run.tells("name.list", "content/news/2026.zh.md")


def test_languages_that_name_different_topics_are_refused(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """Written twice, they have to agree, in any order; written once, they hold for both."""
    write_lists(site)
    site.write("content/terms.toml", TERMS)
    write_item(site, "red.zh", "2026-03-05\ntopics: [projects, thanks]")
    write_item(site, "red.en", "2026-03-05\ntopics: [projects]")
    write_item(site, "blue.zh", "2026-03-05\ntopics: [projects, thanks]")
    write_item(site, "blue.en", "2026-03-05\ntopics: [thanks, projects]")
    write_item(site, "green.zh", "2026-03-05")
    write_item(site, "green.en", "2026-03-05\ntopics: [thanks]")
    run = refused()
    run.tells("topic.differs", "content/news/red.en.md")
    assert run.said.count("[topic.differs]") == 1


def test_a_topic_needs_names_and_an_address_of_its_own(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """In each language; and a file that is no table is told of like any other."""
    file = "content/terms.toml"
    site.write(file, f'{TERMS}slug.en = "projects"\n[[topic]]\nkey = "中心"\nname.zh = "中心"\n')
    run = refused()
    run.tells("topic.same_address", file)
    run.tells("topic.name", file)
    run.tells("topic.word", file)
    site.write(file, "[[topic]]\nkey = projects\n")
    assert "✗ content/terms.toml:2 [file.line]" in refused().said


def test_a_topic_without_topics_to_choose_from_is_told(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """An organisation need not have topics at all."""
    write_lists(site)
    write_item(site, "one.zh", "2026-03-05\ntopics: [thanks]")
    refused().tells("topic.none", "content/news/one.zh.md:5")
