"""The content that is shipped, and nothing else: whoever takes the project over changes this too.

All other tests bring content of their own, of charities that do not exist.
"""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from donations_api.bank_accounts import load_accounts
from donations_api.giving import load_giving
from plugins.facts import unknown
from tests.architecture.test_tree import found
from tests.architecture.tree import files
from tests.site.tiny_site import ROOT

CONTENT = ROOT / "content"
TODAY = date(2026, 11, 26)
# Names, places, numbers and phrases by which one would know the organisation, in all spellings.
OURS = re.compile(
    r"xin[ -]?xing|bao[ -]?ji\b|新星|宝鸡|寶雞|陕ICP|16017036|street[ -](?:kids|children)|流浪"
    r"|sh[aǎ]{1,2}nxi|陕西|陝西|gansu|甘肃|ningxia|宁夏|\bMSF\b|m[eé]decins sans"
    r"|new star\b|竹子建站|x[iī]nx[iī]ng|b[aǎ]oj[iī]",
    re.IGNORECASE,
)
PROGRAM = ("plugins", "theme", "donations_api", "tests", ".ci")
SETTINGS = ("pelicanconf.py", "publishconf.py", "pyproject.toml", "package.json", "Makefile")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as it is shipped, built once."""
    folder = tmp_path_factory.mktemp("shipped") / "site"
    command = [sys.executable, "-m", "plugins.staff", "build", "--into", str(folder)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert ran.returncode == 0, ran.stdout
    assert "✗" not in ran.stdout
    return folder


def read(built: Path, path: str) -> str:
    return (built / path).read_text(encoding="utf-8")


def test_nobody_is_asked_for_money(built: Path) -> None:
    """Nobody is declared (rule L3): no form, no ribbon, and the donation page says why."""
    pages = sorted(built.rglob("*.html"))
    assert len(pages) >= 18
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<form" not in text.replace('<form role="search"', ""), page
        assert "data-demo" not in text, page
    assert "暂不接受在线捐款" in read(built, "donate/index.html")
    assert "not open yet" in read(built, "en/donate/index.html")


def test_the_organisation_says_who_it_is(built: Path) -> None:
    """Its names and its filing number, on each page of its language."""
    for path, name in (("", "宝鸡新星流浪儿童援助"), ("en/", "Baoji Xinxing Aid for Street Kids")):
        for page in ("index.html", "about/index.html", "404.html"):
            text = read(built, path + page)
            assert name in text
            assert re.search(r"<footer.*陕ICP备16017036号.*</footer>", text, re.DOTALL)


def test_the_program_and_its_tests_know_nothing_of_us() -> None:
    """Another charity changes content/ and this module; the documents may say whose site it was."""
    paths = [path for path in files(*PROGRAM) if path != Path(__file__).resolve()]
    paths += [ROOT / name for name in (*SETTINGS, "make.bat")]
    assert found(OURS, paths) == []
    assert found(OURS, [CONTENT / "organisation.toml", CONTENT / "pages" / "home.en.md"])


def test_gifts_are_taken_in_the_sandbox_only() -> None:
    """As shipped nobody is declared: a form in the sandbox, and nowhere else (rule L3)."""
    giving = load_giving(CONTENT)
    assert [currency.code for currency in giving.currencies] == [
        *("CNY", "HKD", "USD", "EUR", "GBP", "AUD", "CAD", "JPY"),
    ]
    assert giving.asking("zh", sandbox=True, today=TODAY)
    assert not giving.asking("zh", sandbox=False, today=TODAY)


def test_the_sample_statements_of_banks_are_read() -> None:
    """What the treasurer's guide names is there."""
    assert {"sample-zh", "sample-en"} <= {
        one.name for one in load_accounts(CONTENT, load_giving(CONTENT))
    }


def test_what_the_organisation_has_yet_to_supply_is_known() -> None:
    """Nothing of it was invented meanwhile."""
    open_ones = {problem.code for problem in unknown(CONTENT)}
    assert {"fact.email", "fact.phone", "fact.address", "fact.mode", "fact.legal_name"} <= open_ones
