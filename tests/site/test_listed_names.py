"""C6: listed names are found in each form, and the list is known by its key alone."""

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

import pytest

from plugins.identifying import names
from plugins.identifying.names import ListUnusable, Names
from tests.site.findings import seen

KEY = b"a key for children who do not exist"


def listed(*people: str) -> Names:
    by_key = Names(KEY, frozenset())
    return Names(KEY, frozenset(by_key.digest(form) for one in people for form in names.forms(one)))


@pytest.mark.parametrize("length", [0, 1, 32, 63, 64, 65, 200])
def test_a_name_is_known_by_its_hmac(length: int) -> None:
    """As RFC 2104 has it, with a key of any length; twice the same."""
    key = bytes(range(200))[:length]
    by_key = Names(key, frozenset())
    for form in ("例小明", "testa exampleton", ""):
        wanted = hmac.new(key, form.encode(), hashlib.sha256).digest()
        assert by_key.digest(form) == wanted
        assert by_key.digest(form) == wanted


FORMS = {
    "例小明": {"例小明"},
    " 例 小·明 ": {"例小明"},
    "例明": {"例明"},
    "明": set(),
    "例.明": {"例明"},
    "欧阳示例": {"欧阳示例"},
    "例买提·示逊江": {"例买提", "示逊江", "例买提示"},
    "例·买提示": {"例买提示"},
    "例·买提示逊": {"买提示逊", "例买提示"},
    "例买提示逊江": {"例买提示"},
    "Testa Exampleton": {
        "testa exampleton",
        "exampleton testa",
        "testaexampleton",
        "exampletontesta",
    },
    "Ana Bo Cy": {"ana bo cy", "anabocy", "bo cy ana", "bocyana", "cy ana bo", "cyanabo"},
    "A B C D E F": {
        *("a b c d", "abcd", "b c d e f a", "bcdefa", "f a b c d e", "fabcde"),
    },
    "Máry-Jane": {"mary jane", "maryjane", "jane mary", "janemary"},
    "Li O": set(),
    "Li Bo": {"li bo", "libo", "bo li", "boli"},
    "Anna": {"anna"},
    "Ann": set(),
    "": set(),
    "·": set(),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_name_is_looked_for_in_these_forms(name: str) -> None:
    """Family name first or last, in one word or several; what is too short is no name."""
    assert names.forms(name) == FORMS[name]


CHINESE = {
    "昨天例小明回家了。": ["例小明"],
    "例小明": ["例小明"],
    "例 小 明画": ["例 小 明"],
    "例·小-明": ["例·小-明"],
    "例**小**明笑了": ["例**小**明"],
    "看例\n小明": ["例\n小明"],
    "例     小明": [],
    "例。小明": [],
    "例明明": [],
    "甲例买提乙丙示逊江丁": ["例买提", "示逊江"],
    "欧阳示例来了": ["欧阳示例"],
    "示例欧阳": [],
    "例小明和例小明": ["例小明", "例小明"],
    "明": [],
    "": [],
}


@pytest.mark.parametrize("text", CHINESE)
def test_a_chinese_name_is_found_among_other_characters(text: str) -> None:
    """However it is parted by signs or a line's end; up to four of them, and no sentence's end."""
    scan = listed("例小明", "例买提·示逊江", "欧阳示例")
    assert seen(text, scan.find(text)) == [f"C6.listed_name {one}" for one in CHINESE[text]]


LATIN = {
    "Testa Exampleton wrote": ["Testa Exampleton"],
    "by Exampleton, Testa.": ["Exampleton, Testa"],
    "TESTA EXAMPLETON": ["TESTA EXAMPLETON"],
    "testa-exampleton.jpg": ["testa-exampleton"],
    "news/testa_exampleton/": ["testa_exampleton"],
    "testaexampleton": ["testaexampleton"],
    "see TestaExampleton": ["TestaExampleton"],
    "见到了Testa Exampleton。": ["Testa Exampleton"],
    "Testa Exampleton’s brother": ["Testa Exampleton"],
    "Tésta Exampleton": ["Tésta Exampleton"],
    "testa exampleton": ["testa exampleton"],
    "Testa. Exampleton": ["Testa. Exampleton"],
    "Testa an Exampleton": [],
    "Testa \n Exampleton": ["Testa \n Exampleton"],
    "Testa\tExampleton": ["Testa\tExampleton"],
    "Testa     Exampleton": [],
    "li bo": [],
    "li boa": [],
    "we saw ana bo cy": ["ana bo cy"],
    "Li Bo sang": ["Li Bo"],
    "Li bo sang": [],
    "the LiBo sang": ["LiBo"],
    "libo": ["libo"],
    "he libo sang": [],
    "he Libo sang": ["Libo"],
    "li-bo.png": ["li-bo"],
    "Ali Bo": [],
    "ana bo cy": ["ana bo cy"],
    "ana bo ce": [],
    "an anabocy": ["anabocy"],
    "Ana Bo Cy Dee": ["Ana Bo Cy"],
    "We and Ana Bo Cy": ["Ana Bo Cy"],
    "AnaBoCy": ["AnaBoCy"],
    "see anaBoCy here": ["anaBoCy"],
    "مريم سامي هنا": ["مريم سامي"],
    "Aa Bb Cc Dd Ee": ["Aa Bb Cc Dd"],
    "1 2 3": [],
}


@pytest.mark.parametrize("text", LATIN)
def test_another_name_is_found_as_it_is_written(text: str) -> None:
    """Turned, accented, in an address; a short one in small letters is an ordinary word."""
    scan = listed("Testa Exampleton", "Li Bo", "Li Boa", "Ana Bo Cy", "مريم سامي", "Aa Bb Cc Dd")
    assert seen(text, scan.find(text)) == [f"C6.listed_name {one}" for one in LATIN[text]]


def test_a_finding_tells_the_name_by_its_digest_alone() -> None:
    """The digest is that of the form, in hex, wherever and however the name stands."""
    scan, digest = listed("Testa Exampleton", "例小明"), Names(KEY, frozenset()).digest
    for text, form in (("by Exampleton, Testa.", "exampleton testa"), ("例·小-明", "例小明")):
        (found,) = scan.find(text)
        assert found.digest == digest(form).hex()
        assert found.certain


class Counted(Names):
    """Counts what is tried."""

    tried = 0

    def digest(self, form: str) -> bytes:
        self.tried += 1
        return super().digest(form)


def test_what_was_no_name_is_not_tried_again() -> None:
    """A site says the same words many times. A name is found each time."""
    scan = Counted(KEY, frozenset({Names(KEY, frozenset()).digest("例小明")}))
    assert list(scan.find("甲乙丙丁")) == []
    assert scan.tried == 6
    assert list(scan.find("甲乙丙丁")) == []
    assert scan.tried == 6
    for tried in (9, 10):
        assert len(list(scan.find("例小明"))) == 1
        assert scan.tried == tried
    assert list(scan.find("戊己庚辛壬")) == []
    assert scan.tried == 10 + 4 + 3 + 2
    nobody = Counted(KEY, frozenset())
    assert list(nobody.find("例小明")) == []
    assert nobody.tried == 0


def write(folder: Path, lines: Iterable[str]) -> dict[str, str]:
    """The environment of a computer with that list."""
    file = folder / "list"
    file.write_text("\n".join(lines), encoding="utf-8")
    return {"NAMES_LIST": str(file), "NAMES_KEY": KEY.decode()}


def test_the_environment_names_the_list(tmp_path: Path) -> None:
    """Without a list nobody is looked for; a list has its own key's HMAC in it."""
    assert names.from_environment({}) is names.NOBODY
    assert names.from_environment({"NAMES_KEY": "x"}) is names.NOBODY
    assert names.from_environment({"NAMES_LIST": ""}) is names.NOBODY
    digest = Names(KEY, frozenset()).digest
    good = [digest(names.CHECK).hex(), digest("例小明").hex().upper()]
    scan = names.from_environment(write(tmp_path, good))
    assert seen("例小明", scan.find("例小明")) == ["C6.listed_name 例小明"]


def reason(environment: dict[str, str]) -> str:
    with pytest.raises(ListUnusable) as wrong:
        names.from_environment(environment)
    assert wrong.value.__cause__ is None
    return str(wrong.value)


def test_a_list_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    """Each reason in words that name nobody: key, file, lines, another key's list."""
    digest = Names(KEY, frozenset()).digest
    check, one = digest(names.CHECK).hex(), digest("例小明").hex()
    good = write(tmp_path, [check])
    assert seen("例", names.from_environment(good).find("例")) == []
    assert reason({"NAMES_LIST": good["NAMES_LIST"]}) == "NAMES_KEY < 32"
    assert reason(good | {"NAMES_KEY": "k" * 31}) == "NAMES_KEY < 32"
    assert reason(good | {"NAMES_KEY": "k" * 32}) == "NAMES_KEY ≠ NAMES_LIST"
    assert reason(write(tmp_path, [one])) == "NAMES_KEY ≠ NAMES_LIST"
    assert reason(write(tmp_path, [check, "00"])) == "HMAC-SHA256"
    assert reason(write(tmp_path, [check, "no hex"])) == "ValueError"
    assert reason(write(tmp_path, [check, "例小明"])) == "UnicodeDecodeError"
    assert reason(good | {"NAMES_LIST": str(tmp_path / "nowhere")}) == "FileNotFoundError"
