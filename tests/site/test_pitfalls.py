"""What Pelican 4.12, Markdown, Babel and their plugins do that nobody expects, and what holds here.

Each was measured once. ``HELD`` says which test holds what; the tests of this module are those
that had no other home. Where a behaviour is Pelican's own, a control shows it on Pelican alone: if
a later version mends it, the control fails, and the guard can go.

Lists, tags and feeds are in ``test_lists.py``, languages' links in ``test_languages.py``, Markdown
in ``test_text.py`` and ``test_sanitise.py``, the search in ``tests/browser/test_search.py``,
Traditional Chinese in ``test_traditional.py``.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from plugins.pipeline import REQUIRED
from tests.architecture.tree import files, modules
from tests.site.test_good_site import read
from tests.site.test_news import write_item, write_lists
from tests.site.tiny_site import ROOT, Run, TinySite, contents, make_site

HERE = "tests/site/test_pitfalls.py"
HELD = {
    # Pelican fails open.
    "a plugin is missing": "tests/site/test_pipeline.py::test_a_build_without_a_check_is_refused",
    "a plugin cannot be loaded": (
        "tests/site/test_pipeline.py::test_a_plugin_that_cannot_be_loaded_stops_the_build"
    ),
    "a plugin raises, wherever": (
        "tests/site/test_pipeline.py::test_a_plugin_that_fails_stops_the_build"
    ),
    "a handler raises at an item": f"{HERE}::test_an_item_that_cannot_be_settled_stops_the_build",
    "a handler is a nested function": (
        "tests/site/test_pipeline.py::test_a_check_that_would_never_run_stops_the_build"
    ),
    "any handler is a nested function": f"{HERE}::test_each_handler_is_a_function_of_its_module",
    "pages come out of a cache": "tests/site/test_pipeline.py::test_cached_pages_are_refused",
    "a page is dropped, only logged": f"{HERE}::test_pelican_alone_drops_what_it_cannot_read",
    "a date in Chinese, a head that is no YAML": (
        "tests/site/test_bad_pages.py::test_a_bad_page_is_refused"
    ),
    "a removed picture stays": (
        "tests/site/test_good_site.py::test_a_picture_that_left_the_content_leaves_the_site"
    ),
    "a refused build leaves an empty site": (
        "tests/site/test_bad_pages.py::test_a_bad_page_is_refused"
    ),
    "plugins load by themselves": f"{HERE}::test_a_plugin_that_nobody_listed_does_not_load",
    "a second build in one process remembers the first": (
        f"{HERE}::test_builds_of_one_process_leave_nothing_behind"
    ),
    # Two languages.
    "pages are paired by their path": (
        "tests/site/test_good_site.py::test_one_table_makes_hreflang_and_the_sitemap"
    ),
    "zh-Hans is no code of a language": f"{HERE}::test_a_tag_is_no_code_and_no_locale",
    "a macro that is imported speaks the default language": (
        f"{HERE}::test_each_template_imports_with_the_context_of_its_page"
    ),
    "the writer keeps the default language's settings": (
        "tests/site/test_good_site.py::test_each_page_stands_in_its_own_language"
    ),
    "setlocale holds for all": f"{HERE}::test_the_computers_language_changes_nothing",
    "other readers read what no check knows": f"{HERE}::test_only_markdown_is_read",
    "a name in Chinese is turned into another": (
        "tests/site/test_bad_files.py::test_a_file_name_that_says_no_page_is_refused"
    ),
    # Libraries.
    "a sitemap without href and x-default": f"{HERE}::test_the_sitemap_links_each_page_s_languages",
    "a title that is a number, translation: true": (
        "tests/site/test_bad_pages.py::test_a_bad_page_is_refused"
    ),
    "yuan and yen share a sign": (
        "tests/donations/test_money.py::test_money_is_shown_as_its_reader_writes_it"
    ),
    "a lock file names a registry": f"{HERE}::test_no_lock_file_says_where_packages_come_from",
}


@pytest.mark.parametrize("pitfall", HELD)
def test_what_holds_a_pitfall_is_there(pitfall: str) -> None:
    """A test that was renamed or taken away is missed."""
    file, _, name = HELD[pitfall].partition("::")
    assert f"\ndef {name}(" in (ROOT / file).read_text(encoding="utf-8")


def pelican(site: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Pelican itself, without what ``make build`` puts around it."""
    return subprocess.run(
        [sys.executable, "-m", "pelican", *words],
        cwd=site,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
    )


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of Pelican's own, with none of our plugins."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "content").mkdir()
    (folder / "content" / "good.md").write_text(
        "Title: Good\nDate: 2026-03-05\nCategory: a\n\nText.\n"
    )
    (folder / "content" / "bad.md").write_text("Title: Bad\nDate: 2026年3月5日\n\nText.\n", "utf-8")
    (folder / "conf.py").write_text(
        "TIMEZONE = 'UTC'\nPATH = 'content'\nPLUGINS = ['nowhere']\nDIRECT_TEMPLATES = []\n"
        "FEED_ALL_ATOM = CATEGORY_FEED_ATOM = None\nAUTHOR_SAVE_AS = CATEGORY_SAVE_AS = ''\n"
    )
    return folder


def test_pelican_alone_drops_what_it_cannot_read(bare: Path) -> None:
    """The control: exit 0 without a plugin and without a page; ``--fatal errors`` notices both."""
    loose = pelican(bare, "-s", "conf.py", "-o", "loose", "content")
    assert loose.returncode == 0
    assert "Cannot load plugin" in " ".join(loose.stdout.split())
    assert [file.name for file in (bare / "loose").glob("*.html")] == ["good.html"]
    strict = pelican(bare, "-s", "conf.py", "-o", "strict", "content", "--fatal", "errors")
    assert strict.returncode == 1
    assert not (bare / "strict").exists()


def test_an_item_that_cannot_be_settled_stops_the_build(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """Pelican would drop the one item; a page fails in another place of it."""
    write_lists(site)
    write_item(site, "roof.zh", "2026-03-05")
    write_item(site, "roof.en", "2026-03-05")
    site.edit(
        "plugins/bilingual.py",
        '    language = generator.settings["FRAME"].language(metadata["lang"])',
        '    if "roof" in metadata["translation_key"]:\n        raise ValueError(1)\n'
        '    language = generator.settings["FRAME"].language(metadata["lang"])',
    )
    refused().tells("pelican", "pelicanconf.py")


def handlers(module: Path) -> list[tuple[str, bool]]:
    """The name of each function that a module connects, and whether the module itself has it."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [
        (ast.unparse(call.args[0]), ast.unparse(call.args[0]) in own)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "connect"
        and "signals" in ast.unparse(call.func)
    ]


def test_each_handler_is_a_function_of_its_module(tmp_path: Path) -> None:
    """Also beside the one by which the pipeline sees that a plugin is awake."""
    found = {module.name: handlers(module) for module in modules("plugins")}
    assert sum(map(len, found.values())) >= len(REQUIRED)
    assert {name: one for name, all_ in found.items() for one in all_ if not one[1]} == {}
    nested = tmp_path / "nested.py"
    nested.write_text(
        "def register():\n    def inner(x): ...\n    signals.finalized.connect(inner)\n"
        "    signals.finalized.connect(lambda x: x)\n"
    )
    assert [good for _, good in handlers(nested)] == [False, False]


INTRUDER = """
from pathlib import Path
from pelican.plugins import signals

def write(pelican):
    Path(pelican.settings["OUTPUT_PATH"], "intruder.html").write_text("<p>")

def register():
    signals.finalized.connect(write)
"""


@pytest.mark.parametrize(("plugins", "loads"), [("PLUGINS", False), ("NOT_THE_PLUGINS", True)])
def test_a_plugin_that_nobody_listed_does_not_load(
    tmp_path: Path, bare: Path, plugins: str, loads: bool
) -> None:
    """Whatever is installed in Pelican's namespace loads by itself, unless a list is set."""
    folder = tmp_path / "installed" / "pelican" / "plugins" / "intruder"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(INTRUDER)
    conf = tmp_path / "conf.py"
    text = (bare / "conf.py").read_text().replace("PLUGINS = ['nowhere']", f"{plugins} = []")
    conf.write_text(text.replace("'content'", f"'{bare / 'content'}'"))
    words = ("-s", str(conf), "-o", str(tmp_path / "made"))
    assert pelican(bare, *words, PYTHONPATH=str(tmp_path / "installed")).returncode == 0
    assert (tmp_path / "made" / "intruder.html").exists() is loads
    assert re.search(r"^PLUGINS = \[$", (ROOT / "pelicanconf.py").read_text("utf-8"), re.MULTILINE)


TWICE = """
from pathlib import Path
from pelican.plugins import signals
from plugins.staff.making import make
for name in ("one", "two"):
    assert make(Path(name), "http://127.0.0.1:8000", demo=False).good
print([name for name, signal in vars(signals).items() if getattr(signal, "receivers", None)])
"""


def test_builds_of_one_process_leave_nothing_behind(site: TinySite) -> None:
    """Pelican lives in a process of its own: its signals would call each handler once more."""
    ran = subprocess.run(
        [sys.executable, "-c", TWICE],
        cwd=site.folder,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "[]\n"
    assert contents(site.folder / "one") == contents(site.folder / "two")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('code = "en"', 'code = "zh-Hant"', "language.code"),
        ('locale = "en_GB"', 'locale = "zh-Hans"', "language.locale"),
    ],
)
def test_a_tag_is_no_code_and_no_locale(
    site: TinySite, refused: Callable[..., Run], old: str, new: str, code: str
) -> None:
    """Pelican lowers the default language and compares; Babel wants to be told of the hyphen."""
    site.edit("content/site.toml", old, new)
    refused().tells(code, "content/site.toml")


# ``from "a.html" import b`` and ``import "a.html" as a``.
IMPORT = re.compile(r"\{%-?\s*(?:from\s+\S+\s+)?import\b.*?%\}")


def test_each_template_imports_with_the_context_of_its_page() -> None:
    """Without it a macro speaks no language, or the default one."""
    folders = ("theme/templates", "donations_api")
    imports = [
        (path.name, found)
        for path in files(*folders)
        if path.suffix in (".html", ".jinja")
        for found in IMPORT.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(imports) > 40
    assert [one for one in imports if "with context" not in one[1]] == []


def test_a_macro_without_its_context_speaks_no_other_language(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """Behind the rule above: there is no language to fall back on, so the build stops."""
    site.edit("theme/templates/page.html", "{{ page.content }}", "{{ page.content }}{{ word() }}")
    site.edit(
        "theme/templates/page.html",
        '{% extends "content.html" %}',
        '{% extends "content.html" %}\n{% from "word.html" import word %}',
    )
    site.write("theme/templates/word.html", '{% macro word() %}{{ _("frame.skip") }}{% endmacro %}')
    refused().tells("pelican", "pelicanconf.py")


def test_the_computers_language_changes_nothing(tmp_path: Path, built: TinySite) -> None:
    """Days and amounts are written by Babel in each page's language, wherever the site is made."""
    site = make_site(tmp_path / "site")
    for path, text in contents(built.folder / "content").items():
        file = site.folder / "content" / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text)
    languages = {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8", "LANGUAGE": "zh", "TZ": "Asia/Tokyo"}
    run = site.run("build", "--site-url", "https://house.example", timeout=60, **languages)
    assert run.code == 0, run.said
    assert contents(site.output) == contents(built.output)
    assert re.search(r'^LOCALE = "C"', (ROOT / "pelicanconf.py").read_text("utf-8"), re.MULTILINE)


def test_only_markdown_is_read(site: TinySite, refused: Callable[..., Run]) -> None:
    """What Pelican reads as well would pass by the checks of heads, links and pictures."""
    site.write("content/pages/more.zh.rst", "更多\n====\n\n正文。\n")
    site.write("content/pages/more.zh.html", "<html><head><title>更多</title></head></html>")
    run = refused()
    run.tells("name", "content/pages/more.zh.rst")
    run.tells("name", "content/pages/more.zh.html")


def test_the_sitemap_links_each_page_s_languages(built: TinySite) -> None:
    """Sitemap protocol 0.9: each link has its href, the default language's page is x-default."""
    urls = ElementTree.fromstring(read(built, "sitemap.xml"))  # noqa: S314  made by this very test
    links = {
        url[0].text: {link.get("hreflang"): link.attrib for link in url[1:]}
        for url in urls
        if url[0].tag.endswith("}loc")
    }
    about = links["https://house.example/en/about/"]
    assert about == links["https://house.example/about/"]
    assert {tag: link["href"] for tag, link in about.items()} == {
        "zh-Hans": "https://house.example/about/",
        "en": "https://house.example/en/about/",
        "x-default": "https://house.example/about/",
    }
    every = [link for of_page in links.values() for link in of_page.values()]
    assert {frozenset(link) for link in every} == {frozenset({"rel", "hreflang", "href"})}


def test_no_lock_file_says_where_packages_come_from() -> None:
    """uv's and npm's would; what was locked is known by its hash."""
    assert not (ROOT / "uv.lock").exists()
    package_lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity"' in package_lock
    assert '"resolved"' not in package_lock
    for name in ("requirements.txt", "requirements-test.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index-url" not in text
