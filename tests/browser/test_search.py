"""Search in a real browser: whatever part of a sentence is typed, its page is found."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.browser.example_news import write_news
from tests.browser.reach import overflow, violations
from tests.browser.static_host import static_host
from tests.site.tiny_site import TinySite, make_site

CHINESE, ENGLISH = "/search/", "/en/search/"
# What is typed, and the key of the page that has to be found; its place does not matter.
IN_CHINESE = {
    "屋顶": "roof",  # a word
    "顶": "roof",  # the end of one
    "书写": "roof",  # across two words
    "腐烂的横": "roof",  # from one word into the next
    "旧书": "library",
    "用登": "library",
    "1280本书": "library",
    "豆腐、青菜": "kitchen",  # with the mark that stands there
    "豆腐青菜": "kitchen",  # and without it
    "0.8千瓦时": "kitchen",
    "补胎 刹车": "bicycle",  # two words, not side by side
    "蜗牛！": "garden",
    "走了音的钢琴": "music",
    "猫": "music",
    "7月20日的暴雨": "weather",
    "３５厘米": "weather",  # full-width digits
    "Wi-Fi和六台电脑": "computer",
    "ｄｅｂｉａｎ": "computer",
    "系统是Debian": "computer",
    "六十一": None,
    "鲸": "painting",
    "桃核": "clock",
    "一个人一个人": "bridge",
    "杏叶": "letters",
    "380万元": "accounts",
    "379.5": "accounts",
    "計師": "accounts",  # traditional characters for simplified ones
    "圖書角": "library",
    "會飛的鯨魚": "painting",
    "電腦教室裡": "computer",
    "鐘錶匠發現": "clock",
    "裁判吹": "sports",
    "章鱼有三颗心脏": "museum",
}
IN_ENGLISH = {
    "roof": "roof",
    "LEAKED": "roof",
    "run": "library",  # stems: running
    "bakes bread": "kitchen",
    "mechanics": "bicycle",
    "Debian linux": "computer",
    "ten thousand letter": "letters",
    "1,280": "library",
    "piano concert": "music",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """More than thirty news items in each language, all of a house that is not there."""
    made = make_site(tmp_path_factory.mktemp("searched") / "site")
    write_news(made)
    run = made.run("build")
    assert run.code == 0, run.said
    return made


@pytest.fixture(scope="module")
def address(site: TinySite) -> Iterator[str]:
    with static_host(site.output) as address:
        yield address


class Window:
    """A window, with the addresses that it asked for and all that the browser complained of."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def search(self, words: str, path: str = "") -> list[str]:
        """The keys of the pages that are found."""
        if path:
            self.page.goto(path)
        field = self.page.get_by_role("searchbox")
        field.fill(words)
        field.press("Enter")
        expect(self.page.get_by_role("status")).to_contain_text(f"“{words}”")
        return self.shown()

    def shown(self) -> list[str]:
        """The keys of the pages that are listed."""
        links = self.page.locator("#found h2 a").evaluate_all("all => all.map(one => one.pathname)")
        return [link.strip("/").rpartition("/")[2] for link in links]


@pytest.fixture
def window(browser: Browser, address: str) -> Iterator[Callable[..., Window]]:
    """Open windows, none of which may ask another host or break its page's policy."""
    opened: list[tuple[BrowserContext, Window]] = []

    def open_one(*, script: bool = True, width: int = 1280) -> Window:
        context = browser.new_context(
            base_url=address,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
        )
        opened.append((context, Window(context)))
        return opened[-1][1]

    yield open_one
    for context, one in opened:
        context.close()
        assert [url for url in one.asked if not url.startswith((address, "data:"))] == []
        assert [said for said in one.complaints if "Security Policy" in said] == []


@pytest.mark.parametrize(
    ("path", "queries"), [(CHINESE, IN_CHINESE), (ENGLISH, IN_ENGLISH)], ids=["zh", "en"]
)
def test_what_is_typed_is_found(
    window: Callable[..., Window], path: str, queries: dict[str, str | None]
) -> None:
    """From any place in a sentence, with or without its marks, whichever characters are used."""
    one = window()
    one.page.goto(path)
    missed = {}
    for words, key in queries.items():
        found = one.search(words)
        if (key not in found) if key else found:
            missed[words] = found
    assert missed == {}
    assert one.search("四年" if path == CHINESE else "relay") == ["sports"]
    assert one.search("會飛的鯨魚" if path == CHINESE else "whale") == ["painting"]
    assert one.complaints == []


@pytest.mark.parametrize("path", [CHINESE, ENGLISH])
def test_nothing_is_loaded_before_something_is_asked(
    window: Callable[..., Window], site: TinySite, path: str
) -> None:
    """No page has a script but the search page, and that one asks for the index when it has to.

    Where gifts are not taken yet, the page of giving has none either, though it might.
    """
    one = window()
    for page in sorted(site.output.rglob("index.html")):
        if page.parent.name != "search" and "room" not in page.parent.name:
            html = page.read_text(encoding="utf-8")
            assert html.count("<script") == html.count('<script type="application/ld+json">')
            assert ("script-src" in html) == (page.parent.name == "donate")
    one.page.goto(path.removesuffix("search/"))
    assert not [url for url in one.asked if ".js" in url or "pagefind" in url]
    one.page.get_by_role("banner").get_by_role(
        "link", name="搜索" if path == CHINESE else "Search"
    ).click()
    one.page.wait_for_load_state("networkidle")
    assert [url for url in one.asked if "/theme/search.js" in url]
    assert not [url for url in one.asked if "pagefind" in url]
    expect(one.page.get_by_role("searchbox")).to_be_focused()


def test_an_address_with_the_words_can_be_shared(window: Callable[..., Window]) -> None:
    """It shows what was found, and the address follows what is typed."""
    one = window()
    one.page.goto(f"{CHINESE}?q=桃核")
    expect(one.page.get_by_role("status")).to_have_text("“桃核”：找到1条结果")
    result = one.page.get_by_role("listitem").filter(has_text="老座钟又走了")
    expect(result.locator("mark")).to_have_text("桃核")
    expect(result.get_by_role("paragraph").first).to_have_text(
        "座钟停在四点一刻已经很多年。钟表匠发现，卡住齿轮的是一颗桃核。"
    )
    expect(result).to_contain_text("2026年1月10日")
    expect(result).to_contain_text("/news/clock/")
    one.page.get_by_role("searchbox").fill("屋顶")
    expect(one.page.get_by_role("link", name="屋顶修好了")).to_be_visible()
    assert one.page.evaluate("decodeURI(location.search)") == "?q=屋顶"


def test_what_is_being_composed_is_not_asked_yet(window: Callable[..., Window]) -> None:
    """Pinyin stands in the field until its character is chosen."""
    one = window()
    one.page.clock.install()
    one.page.goto(CHINESE)
    expect(one.page.get_by_role("searchbox")).to_be_focused()
    keyboard = one.page.context.new_cdp_session(one.page)
    keyboard.send(
        "Input.imeSetComposition", {"text": "ding", "selectionStart": 4, "selectionEnd": 4}
    )
    expect(one.page.get_by_role("searchbox")).to_have_value("ding")
    one.page.clock.run_for(5000)
    assert not [url for url in one.asked if "pagefind" in url]
    keyboard.send("Input.insertText", {"text": "顶"})
    one.page.clock.run_for(5000)
    one.page.clock.resume()
    expect(one.page.get_by_role("status")).to_have_text(re.compile("“顶”：找到.条结果"))


def test_the_keyboard_alone_is_enough(window: Callable[..., Window]) -> None:
    """Arrows walk from the field through the results and back; Escape clears; Enter follows."""
    one = window()
    one.page.goto(CHINESE)
    field, press = one.page.get_by_role("searchbox"), one.page.keyboard.press
    expect(field).to_be_focused()
    one.page.keyboard.type("房间")
    expect(one.page.get_by_role("status")).to_have_text("“房间”：找到16条结果")
    assert len(one.shown()) == 10
    links = one.page.locator("#found a")
    press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    press("ArrowUp")
    press("ArrowUp")
    expect(field).to_be_focused()
    one.page.get_by_role("button", name="显示更多结果").press("Enter")
    expect(links).to_have_count(16)
    expect(links.nth(10)).to_be_focused()
    expect(one.page.get_by_role("button", name="显示更多结果")).to_be_hidden()
    press("Escape")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    expect(links).to_have_count(0)
    expect(one.page.get_by_role("navigation", name="全部栏目")).to_be_visible()
    one.page.keyboard.type("桃核")
    expect(links).to_have_count(1)
    press("Tab")
    press("ArrowDown")  # on the button it does nothing
    press("Tab")
    expect(links.nth(0)).to_be_focused()
    press("Enter")
    expect(one.page.get_by_role("heading", level=1)).to_have_text("老座钟又走了")


@pytest.mark.parametrize(
    ("path", "words", "button", "language", "title"),
    [
        (CHINESE, "LEAKED", "改搜English页面", "en", "The roof is mended"),
        (ENGLISH, "橫樑", "Search the pages in 简体中文", "zh-Hans", "屋顶修好了"),
    ],
)
def test_the_other_language_is_searched_where_this_one_has_nothing(
    window: Callable[..., Window], path: str, words: str, button: str, language: str, title: str
) -> None:
    """By its own index, with its own stems and characters; the results say their language."""
    one = window()
    assert one.search(words, path) == []
    expect(one.page.locator("#nothing li")).to_have_count(2)
    one.page.get_by_role("button", name=button).click()
    found = one.page.get_by_role("link", name=title)
    expect(found).to_be_focused()
    expect(one.page.locator("#found")).to_have_attribute("lang", language)
    assert one.page.evaluate("document.documentElement.lang") != language
    own = one.search("房间" if path == CHINESE else "bulb")
    assert len(own) == 10
    expect(one.page.locator("#found")).not_to_have_attribute("lang", language)


@pytest.mark.parametrize(
    "lost",
    [
        "pagefind.js",
        "variants.json",
        "pagefind-entry.json",
        "wasm.",
        ".pf_meta",
        ".pf_index",
        ".pf_fragment",
    ],
)
def test_an_index_that_does_not_come_is_told_in_words(
    window: Callable[..., Window], lost: str
) -> None:
    """Whichever part it is; nobody reads that nothing was found. What works again is used again."""
    one = window()
    one.page.goto(ENGLISH)

    def refuse(route: Route) -> None:
        route.abort() if lost in route.request.url else route.continue_()

    one.page.route("**/pagefind/**", refuse)
    field, status = one.page.get_by_role("searchbox"), one.page.get_by_role("status")
    field.fill("carpenter")
    expect(status).to_contain_text("Search is not available now")
    expect(one.page.get_by_role("navigation", name="All sections")).to_be_visible()
    expect(one.page.locator("#nothing")).to_be_hidden()
    one.page.unroute("**/pagefind/**", refuse)
    if lost == "pagefind.js":  # a module that failed is not asked for again before the page is
        one.page.reload()
    field.press("Enter")
    expect(status).to_have_text("1 result for “carpenter”")


def test_without_script_the_page_says_so_and_leads_on(window: Callable[..., Window]) -> None:
    """The field that would do nothing is not shown; sections and news are."""
    one = window(script=False)
    one.page.goto(f"{CHINESE}?q=屋顶")
    expect(one.page.get_by_role("searchbox")).to_be_hidden()
    expect(one.page.get_by_text("您的浏览器没有启用它")).to_be_visible()
    links = one.page.get_by_role("navigation", name="全部栏目").get_by_role("link")
    expect(links.first).to_be_visible()
    assert not [url for url in one.asked if ".js" in url]


def test_it_is_usable_by_all_and_fits_a_phone(window: Callable[..., Window]) -> None:
    """axe finds nothing, whether something was found or not; roles have names."""
    one = window(width=360)
    for path, searches in ((CHINESE, ("房间", "library")), (ENGLISH, ("carpenter", "屋顶"))):
        one.page.goto(path)
        for words in searches:
            one.search(words)
            assert violations(one.page) == [], (path, words)
            assert overflow(one.page) == 0, (path, words)
    form = one.page.get_by_role("search")
    expect(form.get_by_role("searchbox", name="What are you looking for?")).to_be_visible()
    expect(form.get_by_role("button", name="Search")).to_be_visible()
    expect(one.page.get_by_role("status")).to_have_text("Nothing found for “屋顶”")
