"""The sites that the tests begin with."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plugins import identifying
from tests.site.tiny_site import Run, TinySite, make_served_site, make_site


@pytest.fixture
def site(tmp_path: Path) -> TinySite:
    """A site that is in order, and what is served of it: last year's."""
    return make_served_site(tmp_path / "site")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A site with a picture, built once for all tests that only look."""
    made = make_site(tmp_path_factory.mktemp("built") / "site")
    made.picture()
    made.write(
        "content/pages/about.en.md",
        "---\ntitle: About Example\ndescription: Where the house came from.\n---\n\n"
        "## The roof\n\n![](images/door.jpg)\n",
    )
    run = made.run("build", "--site-url", "https://house.example")
    assert run.code == 0, run.said
    return made


@pytest.fixture
def refused(site: TinySite) -> Callable[..., Run]:
    """Build ``site``, which must be refused with nothing of what is served changed."""

    return site.refuse


@pytest.fixture
def nameless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TinySite]:
    """A site in the working directory, on a computer without a list of names."""
    site = make_site(tmp_path / "site")
    monkeypatch.chdir(site.folder)
    monkeypatch.delenv("NAMES_LIST", raising=False)
    _forget()
    yield site
    _forget()


def _forget() -> None:
    """What messages were veiled with: the list of this computer, as it was then."""
    identifying.veiled.cache_clear()
    identifying._watchman.cache_clear()
