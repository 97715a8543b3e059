"""``make preview`` as staff use it: save a file, see the page; break it, read how to mend it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import free_port, until
from tests.browser.nu import nu
from tests.browser.reach import violations
from tests.site.tiny_site import TinySite, contents, make_site

ABOUT = "content/pages/about.en.md"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Preview:
    """A running preview of a tiny site, and what it said in its terminal."""

    site: TinySite
    port: int
    process: subprocess.Popen[bytes]
    terminal: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
        """The status and the text of the answer; the path goes out as it is."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")

    def built_after(self, version: str) -> str:
        """The version of the build that ends after the one of that version."""

        def look() -> str | None:
            try:
                _, now = self.ask("/_preview/version")
            except OSError:
                return None
            return now if now not in ("", version) else None

        return until(look, self.terminal.read_text(encoding="utf-8"), seconds=60)

    def save(self, path: str, old: str, new: str) -> None:
        """Change a file, and wait until it has been built."""
        _, version = self.ask("/_preview/version")
        self.site.edit(path, old, new)
        self.built_after(version)


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview that is stopped as staff stop it, by Ctrl-C."""
    folder = tmp_path_factory.mktemp("preview")
    site, port, terminal = make_site(folder / "site"), free_port(), folder / "terminal"
    assert site.run("translated", ABOUT).code == 0
    with terminal.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "plugins.staff", "preview", f"PORT={port}"],
            cwd=site.folder,
            env=os.environ | {"PYTHONUTF8": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        running = Preview(site, port, process, terminal)
        try:
            running.built_after("")
            yield running
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=20) == 0, terminal.read_text(encoding="utf-8")
    said = terminal.read_text(encoding="utf-8")
    assert f"{running.url}/" in said.splitlines()[0]
    assert said.endswith("预览已停止。\nThe preview was stopped.\n")
    assert "Traceback" not in said


@pytest.fixture
def window(preview: Preview, browser: Browser) -> Iterator[Page]:
    """A window of 320 pixels on the preview, in which nothing may be complained of."""
    context = browser.new_context(viewport={"width": 320, "height": 800}, base_url=preview.url)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    # Chromium notes the answer 503 with which the problems take a page's place.
    assert [said for said in complaints if "status of 503" not in said] == []


def test_a_saved_file_is_seen_and_a_broken_one_says_how_to_mend_it(
    preview: Preview, window: Page
) -> None:
    """Nobody touches the browser: it follows, and comes back once the file is mended."""
    window.goto("/en/about/")
    expect(window.locator("main")).to_contain_text("The roof is blue.")
    assert violations(window) == []
    bar = window.locator("[data-preview]")
    expect(bar.get_by_role("link", name="Translations")).to_have_attribute("href", "/_status/")

    preview.site.edit(ABOUT, "The roof is blue.", "The roof is green.")
    expect(window.locator("main")).to_contain_text("The roof is green.", timeout=60_000)

    preview.site.edit(ABOUT, "title: About Example", "title: 2026")
    expect(window.locator("h1")).to_contain_text("内容有错，网站没有更新", timeout=60_000)
    main = window.locator("main")
    expect(main).to_contain_text("so the site was not updated")
    expect(main).to_contain_text(f"{ABOUT}:2")
    expect(main).to_contain_text("head.text")
    first = main.locator("li").first
    expect(first.locator("[lang=en]")).to_contain_text('Put it between double quotes: title: "2')
    expect(first.locator("[lang=zh-Hans]")).to_contain_text("双引号")
    assert "Traceback" not in window.content()
    assert violations(window) == []
    # Every page tells it, and each is still there as it was.
    assert preview.ask("/work/")[0] == 503
    main.get_by_role("link", name="This page as it was before").click()
    expect(window.locator("main")).to_contain_text("The roof is green.")
    window.go_back()

    preview.site.edit(ABOUT, "title: 2026", "title: About us")
    expect(window.locator("h1")).to_have_text("About us", timeout=60_000)
    assert "data-preview" not in "".join(
        data.decode()
        for name, data in contents(preview.site.folder / "var").items()
        if name.endswith(".html")
    )


def test_the_translations_stand_side_by_side(
    preview: Preview, window: Page, tmp_path: Path
) -> None:
    """In Chinese, in English, by night: the table, and under it what changed in the source."""
    preview.save("content/pages/about.zh.md", "蓝色", "红色")
    words = {
        "/_status/": ("旧了", "翻译时的原文"),
        "/_status/en/": ("stale", "Source when translated"),
        "/_problems/": ("E3.stale", "译文旧了", "The translation is out of date"),
    }
    for number, (path, wanted) in enumerate(words.items()):
        window.goto(path)
        for word in wanted:
            expect(window.locator("main")).to_contain_text(word)
        for scheme in SCHEMES:
            window.emulate_media(color_scheme=scheme)
            assert violations(window) == [], f"{path}, {scheme}"
        (tmp_path / f"{number}.html").write_text(preview.ask(path)[1], encoding="utf-8")
        cells = window.locator(".beside tbody td")
        if path != "/_problems/":
            changed = ("屋顶是蓝色的。", "屋顶是红色的。", r"The roof is \w+\.")
            expect(cells).to_have_text([re.compile(f"^{one}$") for one in changed])
            tags = [cell.get_attribute("lang") for cell in cells.all()]
            assert tags == ["zh-Hans", "zh-Hans", "en"]
    assert nu(*tmp_path.glob("*.html")) == []


def test_it_answers_this_computer_alone_and_nothing_but_the_site(preview: Preview) -> None:
    """No other name, no other folder; lost visitors read their page, donors where to try it."""
    assert preview.ask("/", Host="evil.example")[0] == 403
    assert preview.ask("/../report.json")[0] == 404
    assert preview.ask("/..%2f..%2f..%2fcontent/site.toml")[0] == 404
    status, lost = preview.ask("/en/nowhere/")
    assert status == 404
    assert '<html lang="en"' in lost
    assert "data-preview" in lost
    assert preview.ask("/en/about")[0] == 302
    assert preview.ask("/theme/site.css")[0] == 200
    assert preview.ask("/_preview/../workshop.py")[0] == 404
    status, told = preview.ask("/donations", "POST")
    assert status == 501
    assert "make demo" in told
    again = preview.site.run("preview", f"PORT={preview.port}")
    assert again.code == 1
    assert f"端口 {preview.port} 已被别的程序占用" in again.said
    assert "make preview PORT=" in again.said
