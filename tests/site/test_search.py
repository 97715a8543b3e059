"""The index of the search: what is in it, what is not, and that a spoiled one is noticed."""

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plugins.search import variants
from tests.site.second_look import Look, assert_good, assert_noticed, copy_of, look_for
from tests.site.test_good_site import read
from tests.site.test_news import write_item, write_lists
from tests.site.tiny_site import Run, TinySite, contents, make_site

ADDRESS = "https://house.example"
SEARCH, ITEM, GIVE = "search/index.html", "news/roof/index.html", "donate/index.html"
MARK = " data-pagefind-body"
POLICY = "connect-src &#39;self&#39;; script-src &#39;self&#39; &#39;wasm-unsafe-eval&#39;"
NOINDEX = '<meta name="robots" content="noindex"><title>'
# The file, what is changed in it, into what, and the problem that is to be told.
SPOILED = {
    "a mark on a list": ("news/index.html", "<main", f"<main{MARK}", "search.index"),
    "a form on a page that is found": (ITEM, "</main>", "<form></form></main>", "search.marked"),
    "a page that may not be found": (ITEM, "<title>", NOINDEX, "search.index"),
    "a news item that nobody finds": (ITEM, MARK, "", "search.unmarked"),
    "a sentence that left the page": (ITEM, "屋顶漏了。", "", "search.index"),
    "a script on another page": (
        ITEM,
        "</head>",
        '<script type="module" src="/theme/search.js"></script></head>',
        "W2.script",
    ),
    "another script": (SEARCH, "/theme/search.js", "/theme/other.js", "W2.script"),
    "a script from elsewhere": (SEARCH, "/theme/search.js", "//spy.example/", "W2.script"),
    "a script in the page": (SEARCH, "</main>", "<script>1</script></main>", "W2.script"),
    "a policy that allows more": (SEARCH, POLICY, f"{POLICY} *", "W2.policy"),
    "a policy for scripts elsewhere": (
        ITEM,
        "base-uri",
        "script-src &#39;self&#39;; base-uri",
        "W2.policy",
    ),
    "a policy of giving that allows more": (
        GIVE,
        "script-src &#39;self&#39;",
        "script-src *",
        "W2.policy",
    ),
    "the script of giving elsewhere": (
        ITEM,
        "</head>",
        '<script type="module" src="/theme/giving.js"></script></head>',
        "W2.script",
    ),
    "a script of giving that grew": (
        "theme/giving.js",
        "const KEPT",
        f"// {''.join(map(chr, range(19968, 24000)))}\nconst KEPT",
        "W5.heavy_script",
    ),
    "a form that asks for more": (SEARCH, 'role="search"', "", "L3.form"),
    "a form that asks elsewhere": (SEARCH, 'action="/search/"', 'action="/x/"', "L3.form"),
    "a script that grew": (
        "theme/search.js",
        "const HAN",
        f"// {''.join(map(chr, range(19968, 24000)))}\nconst HAN",
        "W5.heavy_script",
    ),
    "an index that names nothing": (
        "pagefind/pagefind-entry.json",
        '"languages"',
        '"x"',
        "search.index",
    ),
    "an index that lost a page": (
        "pagefind/pagefind-entry.json",
        '"page_count": 7',
        '"page_count": 6',
        "search.index",
    ),
}


def write_searched(site: TinySite) -> None:
    """The pages that search, a list of news and an item in each language."""
    write_lists(site)
    for code, title in {"zh": "搜索", "en": "Search"}.items():
        head = f"title: {title}\ndescription: {title} 1, 2, 3.\n"
        site.write(f"content/pages/search.{code}.md", f"---\n{head}---\n")
    for code, title in {"zh": "联系", "en": "Contact"}.items():
        head = f"title: {title}\ndescription: {title} 1, 2, 3.\n"
        site.write(f"content/pages/contact.{code}.md", f"---\n{head}---\n")
    write_item(site, "roof.zh", "2026-03-05", "屋顶漏了。已经补好。", title="屋顶")
    write_item(site, "roof.en", "2026-03-05", "The roof leaked.")


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site that can be searched, built once."""
    site = make_site(tmp_path_factory.mktemp("searched") / "site")
    write_searched(site)
    run = site.run("build", "--site-url", ADDRESS)
    assert run.code == 0, run.said
    return site


def fragments(folder: Path) -> dict[str, dict[str, Any]]:
    """What the index holds of each page, by its address."""
    files = (folder / "pagefind" / "fragment").iterdir()
    told = (gzip.decompress(file.read_bytes()).removeprefix(b"pagefind_dcd") for file in files)
    return {one["url"]: one for one in map(json.loads, told)}


def test_the_texts_of_pages_and_news_are_in_the_index(searched: TinySite) -> None:
    """Nothing of lists, of the form, of pages for the lost, of menus and of links below a text."""
    held = fragments(searched.output)
    pages = {"", "about/", "contact/", "help/", "work/", "privacy/", "news/roof/"}
    assert set(held) == {f"{root}{page}" for root in ("/", "/en/") for page in pages}
    item = held["/news/roof/"]
    assert item["content"].replace("\u200b", "") == "屋顶. 屋顶漏了。已经补好。"
    said = {name: text.replace("\u200b", "") for name, text in item["meta"].items()}
    assert said == {
        "title": "屋顶",
        "description": "roof.zh的近来情况 & <more>",
        "date": "2026年3月5日",
    }


def test_an_address_is_not_joined_to_its_label(searched: TinySite) -> None:
    """L6: `Emailhello@house.example` would be somebody else's, and the site refused."""
    assert "Email hello@house.example" in fragments(searched.output)["/en/contact/"]["content"]


def test_only_what_the_search_needs_is_there(searched: TinySite) -> None:
    """Pagefind's ready-made forms are not; one index and one set of variants a language."""
    folder = searched.output / "pagefind"
    assert {file.name for file in folder.glob("*.js")} == {"pagefind.js"}
    assert not [*folder.glob("*.css")]
    told = json.loads((folder / "pagefind-entry.json").read_text("utf-8"))["languages"]
    assert {tag: one["page_count"] for tag, one in told.items()} == {"zh-hans": 7, "en": 7}
    assert json.loads((folder / "variants.json").read_text("utf-8"))["zh-Hans"]["頂"] == "顶"


def test_each_page_leads_to_the_search_of_its_language(searched: TinySite) -> None:
    """The magnifier has a name; search engines are not sent to the page itself."""
    for path, link in ((ITEM, "/search/"), (f"en/{ITEM}", "/en/search/"), ("404.html", "/search/")):
        assert f'<a class="find" href="{link}"' in read(searched, path)
    assert '<meta name="robots" content="noindex">' in read(searched, SEARCH)
    assert "/search/" not in read(searched, "sitemap.xml")


def test_a_site_without_the_page_has_no_search(built: TinySite) -> None:
    """No link to it, and no index that nobody would ask."""
    assert 'class="find"' not in read(built, "index.html")
    assert not (built.output / "pagefind").exists()


def test_two_builds_have_the_same_index(searched: TinySite) -> None:
    """Byte for byte, wherever the folder lay."""
    run = searched.run("build", "--site-url", ADDRESS, "--into", "elsewhere/again")
    assert run.code == 0, run.said
    assert contents(searched.folder / "elsewhere" / "again") == contents(searched.output)


def test_a_site_whose_index_fails_is_not_built(site: TinySite, refused: Callable[..., Run]) -> None:
    """Visitors would be told that there is nothing."""
    write_searched(site)
    site.edit("plugins/search.py", '"-m", "pagefind",', '"-m", "pagefind.nowhere",')
    run = refused()
    run.tells("search", "content/pages")
    assert "No module named pagefind.nowhere" in run.said


@pytest.mark.parametrize(
    ("there", "typed", "tried"),
    [
        ("发面", "發", "发"),
        ("发面", "髮", "发"),
        ("发面", "麵", "面"),
        ("發髮面", "发", "發髮"),
        ("干乾", "乾", "乾干"),
        ("发面", "发", None),
        ("a", "發", None),
    ],
)
def test_simplified_and_traditional_stand_for_each_other(
    there: str, typed: str, tried: str | None
) -> None:
    """One character may be several in the other script; only those of the site are tried."""
    found = variants(set(there)).get(typed)
    assert (found and sorted(found)) == (tried and sorted(tried))


@pytest.fixture
def copy(searched: TinySite, tmp_path: Path) -> Path:
    return copy_of(searched, tmp_path)


@pytest.fixture(scope="module")
def look(searched: TinySite) -> Look:
    return look_for(searched, ADDRESS)


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_search_is_noticed(copy: Path, look: Look, name: str) -> None:
    """One thing is changed in one file of a site that has no problem."""
    assert_noticed(copy, look, SPOILED[name])


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ("pagefind", "search.index"),
        ("pagefind/wasm.en.pagefind", "search.index"),
        ("pagefind/pagefind.js", "search.index"),
        ("pagefind/variants.json", "search.index"),
        ("pagefind/*.pf_meta", "search.index"),
        ("pagefind/index/*", "search.index"),
        ("pagefind/fragment/*", "search.index"),
    ],
)
def test_an_index_that_lost_a_part_is_noticed(copy: Path, look: Look, lost: str, code: str) -> None:
    """As long as it is whole, there is no problem."""
    assert_good(copy, look)
    for part in copy.glob(lost):
        shutil.rmtree(part) if part.is_dir() else part.unlink()
    assert code in {problem.code for problem in look(copy)}


@pytest.mark.parametrize("name", ["pagefind/a.js", "pagefind/pagefind-ui.js", "theme/a.js"])
def test_a_program_that_is_not_the_search_s_is_a_stray_file(
    copy: Path, look: Look, name: str
) -> None:
    """Also beside the search's own."""
    (copy / name).write_text("1")
    assert [(one.code, one.file) for one in look(copy)] == [("stray", f"/{name}")]
