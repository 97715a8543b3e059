"""``make withdraw``: gone from content and site at once, for good, and whenever the power goes."""

import os
import re
import shutil
import signal
import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from plugins.host_rules import FILES
from plugins.kept import KEPT
from plugins.people import consent_register, fingerprints
from plugins.people.consent_register import VARIABLE
from plugins.people.withdrawals import Withdrawals, Withdrawn, read, write
from plugins.staff import withdraw
from plugins.verify.__main__ import main as verify_main
from plugins.verify.withdrawn import left
from tests.site.people import STORY, TODAY, photo, picture, register, sidecar, story, written
from tests.site.second_look import look_for
from tests.site.test_add_picture import ANSWERS
from tests.site.test_consents import ADDRESS, DAY, build, peopled
from tests.site.tiny_site import Run, TinySite, contents, make_site

PLAIN = dict.fromkeys(STORY, "")
# All that a run changes on the disk goes through these.
STEPS = ((Path, "replace"), (Path, "rename"), (Path, "unlink"), (Path, "write_bytes"))
STEPS += ((shutil, "rmtree"), (shutil, "copytree"), (shutil, "copyfile"))  # type: ignore[assignment]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A built site with a story about somebody, a picture of it in other news, and more."""
    site = peopled(make_site(tmp_path_factory.mktemp("served") / "site"))
    story(site, "plain.zh", "![](images/kite.jpg)", **PLAIN)
    site.write("content/translated/news/kite.en.txt", "The words that were translated.\n")
    build(site, register(site), DAY)
    return site


@pytest.fixture
def copy(served: TinySite, tmp_path: Path) -> TinySite:
    """A copy of that site that may be changed, with its register beside it."""
    return copied(served, tmp_path)


def copied(served: TinySite, folder: Path) -> TinySite:
    shutil.copytree(served.folder, folder / "site", symlinks=True)
    shutil.copy(served.folder.parent / "register.csv", folder)
    return TinySite(folder / "site")


def names(site: TinySite) -> str:
    """The word that names the register beside a site."""
    return f"{VARIABLE}={site.folder.parent / 'register.csv'}"


def withdrawn(site: TinySite, *words: str, code: int = 0) -> Run:
    run = site.run("withdraw", "CONSENT=C-17", names(site), DAY, *words)
    assert run.code == code, run.said
    return run


def texts(site: TinySite) -> dict[str, str]:
    return {path: data.decode("utf-8", "replace") for path, data in contents(site.output).items()}


def rules_say_so(site: dict[str, str]) -> None:
    """Hosts with rules say, at once and after each build, that story and picture are gone."""
    assert "/en/news/kite /en/news/kite/ 404!\n" in site["_redirects"]
    assert "/images/kite.jpg /404.html 404!\n" in site["_redirects"]
    assert 'RewriteRule "^news/kite/?$" "-" [G,NC]\n' in site[".htaccess"]
    assert '"^images/kite\\.jpg/?$" "-" [G,NC]\n' in site[".htaccess"]
    assert "/images/kite.jpg.480.avif /404.html 404!\n" in site["_redirects"]
    assert '    "~*^/en/news/kite/?\\?" "gone";\n' in site["redirects.nginx.conf"]
    assert site["redirects.nginx.conf"].count("\n") == 3 + 2 + 9 + 1


def test_one_command_takes_everything_down(copy: TinySite) -> None:
    """C10: with content that no build would take; the next build keeps to it on its own."""
    copy.edit("content/organisation.toml", "founded = 1999", "founded = ")
    run = withdrawn(copy, f"SITE_URL={ADDRESS}")
    for said in ("已撤回：1张图片，1篇故事", "pictures 1, stories 1", "git filter-repo", "微信"):
        assert said in run.said
    assert f"{ADDRESS}/images/kite.jpg" in run.said
    site = texts(copy)
    assert not any(path.startswith("images/kite") for path in site)
    cards = [path for path in site if path.startswith("share/") and "/news/" in path]
    assert [path.partition(".")[0] for path in cards] == ["share/zh/news/plain"]
    kept = [file.name for file in (copy.folder / KEPT).rglob("*")]
    assert not any(one.startswith(("kite.jpg.", "zh_news_kite.", "en_news_kite.")) for one in kept)
    rules_say_so(site)
    assert "这篇故事已经撤下" in site["news/kite/index.html"]
    assert "This story is no longer here" in site["en/news/kite/index.html"]
    assert 'alt="这张照片已不再展示"' in site["news/plain/index.html"]
    pages = "".join(text for path, text in site.items() if path not in FILES)
    assert "images/kite.jpg" not in pages
    for path in ("feed.xml", "sitemap.xml", "news/index.html", "en/news/index.html"):
        assert "news/kite/" not in site[path], path
    assert "Kite kite" not in "".join(site.values())
    left_over = "".join(contents(copy.folder / "content"))
    assert "kite" not in left_over
    row = (copy.folder.parent / "register.csv").read_text("utf-8-sig").splitlines()[1]
    assert ",withdrawn," in row
    copy.edit("content/organisation.toml", "founded = ", "founded = 1999")
    built = build(copy, DAY)
    assert "C10" not in built.said
    assert 'href="/news/kite/"' in texts(copy)["work/index.html"]
    site = texts(copy)
    rules_say_so(site)
    assert "data-gone" in site["en/news/kite/index.html"]


def test_a_child_goes_into_no_chat(copy: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """C10: chats keep what they were given, so they get a card; another way is noticed."""
    monkeypatch.setenv(VARIABLE, str(copy.folder.parent / "register.csv"))
    monkeypatch.setenv("SITE_DAY", TODAY)
    look, page = look_for(copy, ADDRESS), copy.output / "news/plain/index.html"
    assert "/images/kite.jpg" in page.read_text("utf-8")
    assert look(copy.output) == []
    changed, number = re.subn(
        r"/share/zh/news/plain\.[0-9a-f]+\.jpg(.*\n.*)1200(.*\n.*)630",
        r"/images/kite.jpg\g<1>320\g<2>240",
        page.read_text("utf-8"),
    )
    assert number == 1
    page.write_text(changed, encoding="utf-8")
    assert [one.code for one in look(copy.output)] == ["C1.elsewhere"]


def test_it_cannot_come_back(copy: TinySite, tmp_path: Path) -> None:
    """C10: neither by an older register, nor as the same picture by another name and size."""
    withdrawn(copy)
    (tmp_path / "register.csv").write_text(written({}, {"consent_id": "C-18"}), encoding="utf-8")
    small = copy.folder / "content/images/other.jpg"
    photo().resize((120, 90)).save(small, quality=40)
    none = {"people": '"none"', "identity": '"none"', "consent_ids": "[]"}
    small.with_name("other.jpg.toml").write_text(sidecar(**none), encoding="utf-8")
    picture(copy, "third.jpg", 3)
    before = contents(copy.output)
    run = copy.run("build", names(copy), DAY)
    assert run.code == 1
    run.tells("C10.again", "content/images/other.jpg")
    assert contents(copy.output) == before
    for name in ("other.jpg", "other.jpg.toml"):
        (copy.folder / "content/images" / name).unlink()
    photo().save(tmp_path / "again.jpg")
    added = copy.run("add-picture", str(tmp_path / "again.jpg"), *ANSWERS)
    assert added.code == 1
    added.tells("C10.again", "content/images/door-2.jpg")
    run = build(copy, names(copy), DAY)
    run.tells("C10.left", "content/images/third.jpg.toml")
    assert "images/third.jpg" not in contents(copy.output)


def test_verify_knows_a_picture_by_its_looks(copy: TinySite, tmp_path: Path) -> None:
    """C10: put into the built site under any name, and pages that still tell."""
    looks = fingerprints.of(copy.output / "images/kite.jpg")
    assert looks
    day = consent_register.load(tmp_path / "register.csv").consents["C-17"].given
    now = Withdrawals((Withdrawn("C-17", day, ("kite.jpg",), (looks,), ("news/kite",)),))
    photo().resize((200, 150)).save(copy.output / "images" / "door.png")
    found = {one.file for one in left(copy.output, now)}
    assert {"/images/kite.jpg", "/images/door.png", "/news/kite/", "/en/news/kite/"} < found
    assert "/feed.xml" in found
    assert {"/news/plain/", "/sitemap.xml"} < found
    assert not {"/about/", "/work/"} & found


def test_what_cannot_be_done_is_said(copy: TinySite, tmp_path: Path) -> None:
    """A code that nobody knows changes nothing; without a register the pictures go all the same."""
    before = contents(copy.folder / "content")
    run = copy.run("withdraw", "CONSENT=C-99", names(copy), DAY)
    assert run.code == 1
    assert "C-99" in run.said
    assert contents(copy.folder / "content") == before
    run = copy.run("withdraw", "C-17", f"{VARIABLE}={tmp_path}/none.csv", DAY)
    assert run.code == 1
    assert "stories that rest on C-17 were not looked for" in run.said
    assert not (copy.output / "images/kite.jpg").exists()
    assert (copy.folder / "content/news/kite.zh.md").exists()
    withdrawn(copy)
    assert not (copy.folder / "content/news/kite.zh.md").exists()


def test_a_file_that_is_spoiled_refuses(site: TinySite, refused: Callable[..., Run]) -> None:
    """What was withdrawn would not be known."""
    site.write("content/withdrawn.toml", '[[withdrawn]]\nconsent = "C-17"\n')
    refused().tells("C10.unreadable", "content/withdrawn.toml")


def test_the_consents_are_listed(copy: TinySite) -> None:
    """``make consent``: what rests on what, what ends soon, what nobody uses, what has none."""
    rows = [{"expires": "2027-01-10"}, {"consent_id": "C-18", "subject_code": "A18"}]
    picture(copy, "none.jpg", 3, consent_ids="[]")
    run = copy.run("consent", "--json", register(copy, *rows), DAY)
    assert run.code == 0, run.said
    assert '"state": "soon"' in run.said
    assert '"unused": [\n  "C-18"\n ]' in run.said
    assert '"without": [\n  "content/images/none.jpg"\n ]' in run.said
    said = copy.run("consent", names(copy), DAY).said  # the table is as narrow as the terminal
    assert "60天内到期" in said
    assert "C-18" in said


def run_until(site: TinySite, steps: int) -> int:
    """Withdraw in a process of its own, killed before its ``steps``-th change; its exit status."""
    process = os.fork()
    if process == 0:
        left_to_do = [steps]

        def counted(function: Callable[..., object]) -> Callable[..., object]:
            def call(*given: object, **named: object) -> object:
                if left_to_do[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left_to_do[0] -= 1
                return function(*given, **named)

            return call

        for owner, name in STEPS:
            setattr(owner, name, counted(getattr(owner, name)))
        os.chdir(site.folder)
        os.environ |= {"SITE_DAY": TODAY, VARIABLE: str(site.folder.parent / "register.csv")}
        os.close(1)
        os.open(os.devnull, os.O_WRONLY)
        os._exit(withdraw.main(["C-17"]))
    return os.waitpid(process, 0)[1]


def test_killed_at_any_step_the_next_run_comes_to_the_same_end(
    served: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """kill -9 before each change on the disk, until a run needs no more of them.

    ``EVERY=1 make test ARGS="-k killed_at_any_step"`` tries them all, and not each seventh.
    """
    every = int(os.environ.get("EVERY", "7"))
    (tmp_path / "whole").mkdir()
    whole = copied(served, tmp_path / "whole")
    with monkeypatch.context() as here:  # in this process, so that those below find all words read
        here.chdir(whole.folder)
        here.setenv("SITE_DAY", TODAY)
        here.setenv(VARIABLE, str(tmp_path / "whole/register.csv"))
        assert withdraw.main(["C-17"]) == 0
    wanted = contents(tmp_path / "whole")
    assert not any("kite.jpg" in path for path in wanted)
    steps, status = 0, int(signal.SIGKILL)
    while status == signal.SIGKILL:
        folder = tmp_path / str(steps)
        folder.mkdir()
        site = copied(served, folder)
        status = run_until(site, steps)
        assert status in (0, signal.SIGKILL)
        assert run_until(site, -1) == 0
        assert contents(folder) == wanted, steps
        shutil.rmtree(folder)
        steps += every
    assert steps > 15


def test_fingerprints_tell_pictures_apart(tmp_path: Path) -> None:
    """The same for each size and quality; another picture differs, however many there are."""
    prints = []
    for seed in range(30):
        file, again = tmp_path / "one.png", tmp_path / "again.jpg"
        photo(seed).save(file)
        photo(seed).resize((70, 52)).save(again, quality=30)
        one, other = fingerprints.of(file), fingerprints.of(again)
        assert one
        assert other
        assert fingerprints.alike(one, other)
        prints.append(one)
    pairs = [(a, b) for at, a in enumerate(prints) for b in prints[:at]]
    assert not any(fingerprints.alike(a, b) for a, b in pairs)
    (tmp_path / "none.jpg").write_text("no picture")
    assert fingerprints.of(tmp_path / "none.jpg") is None


def test_the_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Each entry with its day; without the file there are none."""
    assert read(tmp_path) == (Withdrawals(), [])
    day = date(2026, 2, 28)
    entry = Withdrawn("C-17", day, ("kite.jpg",), ("00ff00ff00ff00ff",), ("news/kite",))
    write(tmp_path, [entry])
    assert read(tmp_path) == (Withdrawals((entry,)), [])


def test_the_site_online_is_asked_too(
    served: TinySite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """C9: right when it was published, and not when the day has passed or none answers."""
    monkeypatch.chdir(served.folder)
    monkeypatch.setenv(VARIABLE, str(served.folder.parent / "register.csv"))
    handler = partial(SimpleHTTPRequestHandler, directory=str(served.output))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        for day, code in ((TODAY, 0), ("2028-01-01", 1)):
            monkeypatch.setenv("SITE_DAY", day)
            assert verify_main(["--live", address]) == code
        server.shutdown()
    run = Run(1, capsys.readouterr().out)
    for path in ("/images/kite.jpg", "/news/kite/", "/en/news/kite/"):
        run.tells("C9.shown", f"{address}{path}")
    assert verify_main(["--live", address]) == 1
    Run(1, capsys.readouterr().out).tells("C9.no_answer", f"{address}/")
