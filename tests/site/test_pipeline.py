"""What Pelican lets pass by itself: plugins that are not there, fail, sleep or are cached away.

Measured on Pelican 4.12: without these guards each of these sites is built.
"""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from plugins.required import REQUIRED
from tests.site.tiny_site import Run, TinySite, contents


@pytest.mark.parametrize("plugin", sorted(REQUIRED))
def test_a_build_without_a_check_is_refused(
    site: TinySite, refused: Callable[..., Run], plugin: str
) -> None:
    """Also without the plugin that looks for the others, or the one that refuses."""
    site.edit("pelicanconf.py", f'    "{plugin}",', "")
    run = refused()
    run.tells("pipeline.missing", "pelicanconf.py")
    assert plugin in run.said


def test_a_plugin_that_cannot_be_loaded_stops_the_build(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """Pelican would log it and go on."""
    site.edit("pelicanconf.py", '"plugins.links",', '"plugins.links", "plugins.nowhere",')
    refused().tells("pelican", "pelicanconf.py")
    assert "Cannot load plugin" in (site.folder / "var" / "build.log").read_text()


@pytest.mark.parametrize(
    ("plugin", "function"),
    [
        ("links", "def register() -> None:"),
        ("bilingual", "def settle(generator: Generator, metadata: dict[str, Any]) -> None:"),
        ("safeguarding", "def decide(pelican: Pelican) -> None:"),
        ("bilingual", "def pair(generators: list[Generator]) -> None:"),
        ("images", "def publish(pelican: Pelican) -> None:"),
    ],
)
def test_a_plugin_that_fails_stops_the_build(
    site: TinySite, refused: Callable[..., Run], plugin: str, function: str
) -> None:
    """Wherever it fails, also after Pelican has written: that was into another folder."""
    site.edit(f"plugins/{plugin}.py", function, f"{function}\n    raise ValueError(1)")
    refused().tells("pelican", "pelicanconf.py")


def nested(site: TinySite) -> None:
    """Make the look at each page a function inside a function, which is forgotten at once."""
    site.edit(
        "plugins/safeguarding.py",
        "    signals.all_generators_finalized.connect(protect)",
        "    def nested(generators: list[Generator]) -> None:\n"
        "        protect(generators)\n\n"
        "    signals.all_generators_finalized.connect(nested)",
    )


def test_a_check_that_would_never_run_stops_the_build(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """Signals hold a nested function weakly: it is gone before the signal is sent."""
    nested(site)
    refused().tells("pipeline.asleep", "plugins/safeguarding.py")


def test_without_the_guard_nobody_would_notice_the_sleeping_check(site: TinySite) -> None:
    """Pelican ends well; the bad link that the check was there for goes unseen by it."""
    site.edit(
        "plugins/links.py",
        "    signals.initialized.connect(check_links)",
        "    def nested(pelican: Pelican) -> None:\n"
        "        check_links(pelican)\n\n"
        "    signals.initialized.connect(nested)",
    )
    site.edit(
        "plugins/pipeline.py", "if name in plugins and not _listens(name, signal)", "if False"
    )
    site.edit("content/pages/work.zh.md", "每年修一次。", "[甲]({static}/x.zh.md)")
    environment = {"PATH": os.environ["PATH"], "PROBLEMS_FILE": str(site.folder / "report.json")}
    command = [sys.executable, "-m", "pelican", "-o", "direct", "--fatal", "errors"]
    ended = subprocess.run(command, cwd=site.folder, env=environment, capture_output=True)
    assert ended.returncode == 0
    assert "E5.link_kind" not in (site.folder / "report.json").read_text()


def test_the_gate_stands_behind_the_checks(site: TinySite, refused: Callable[..., Run]) -> None:
    """Handlers run in the order of the list; a check behind the gate could refuse nothing."""
    site.edit("pelicanconf.py", '    "plugins.links",\n', "")
    site.edit("pelicanconf.py", '    "plugins.sitemap",', '    "plugins.sitemap", "plugins.links",')
    refused().tells("pipeline.order", "pelicanconf.py")


@pytest.mark.parametrize("setting", ['CONTENT_CACHING_LAYER = "generator"', "CACHE_CONTENT = True"])
def test_cached_pages_are_refused(
    site: TinySite, refused: Callable[..., Run], setting: str
) -> None:
    """The checks would not see them again."""
    site.edit("pelicanconf.py", "DELETE_OUTPUT_DIRECTORY = False", setting)
    refused().tells("pipeline.cache", "pelicanconf.py")


def test_pelican_by_hand_has_to_stop_at_errors(site: TinySite) -> None:
    """Without ``--fatal errors`` it would drop the page that it cannot read; nothing is written."""
    environment = {"PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "pelican", "-o", "direct"]
    ended = subprocess.run(command, cwd=site.folder, env=environment, capture_output=True)
    assert ended.returncode == 1
    assert b"--fatal errors" in b" ".join(ended.stdout.split())
    assert not (site.folder / "direct").exists()
    fatal = subprocess.run([*command, "--fatal", "errors"], cwd=site.folder, env=environment)
    assert fatal.returncode == 0
    assert len(contents(site.folder / "direct")) > 14


def test_publishconf_is_for_a_real_address(site: TinySite) -> None:
    """Used by hand without https it stops; and it is never a demo, whatever is asked for."""
    command = [sys.executable, "-m", "pelican", "-s", "publishconf.py", "-o", "direct"]
    environment = {"PATH": os.environ["PATH"], "DEMO": "yes"}
    for address, code in (("http://house.example", 1), ("https://house.example", 0)):
        ended = subprocess.run(
            [*command, "--fatal", "errors"],
            cwd=site.folder,
            env=environment | {"SITE_URL": address},
            capture_output=True,
        )
        assert ended.returncode == code, ended.stdout
    assert b"data-demo" not in (site.folder / "direct" / "index.html").read_bytes()
