"""The catalogs are read as Babel reads them, whoever wrote them."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from donations_api.catalogs import read
from tests.architecture.tree import ROOT

OURS = [
    *(ROOT / "donations_api").rglob("*.po"),
    *(ROOT / "plugins").rglob("*.po"),
    *(ROOT / "theme").rglob("*.po"),
    *(ROOT / "tests/sites").rglob("*.po"),
]
# What an editor of catalogs leaves in one: every kind of entry, closely written.
EDITED = r"""# Words
msgid ""
msgstr ""
"Language: pl\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 "
"|| n%100>=20) ? 1 : 2);\n"

#: theme/templates/frame.html:12
#, python-format
msgid "one.line"
msgstr "raz „dwa” \"trzy\" C:\\nowy\ti %(dalej)s"
msgid "many.lines"
msgstr ""
"pierwszy\n"
"drugi"
#, fuzzy, python-format
#| msgid "earlier"
msgid "doubtful"
msgstr "może"

msgid "empty"
msgstr ""

msgctxt "menu"
msgid "elsewhere"
msgstr "nie tu"

msgid "books.gifts"
msgid_plural "books.gifts"
msgstr[0] "%(num)s dar"
msgstr[1] "%(num)s dary"
msgstr[2] "%(num)s darów"

#, fuzzy
#~ msgid "gone"
#~ msgstr "było"

msgid "last"
msgstr "koniec"
"""


def by_babel(file: Path) -> dict[object, object]:
    """The finished messages, without what is said only in a context."""
    with file.open("rb") as po:
        found = [one for one in read_po(po) if one.id and one.string and not one.fuzzy]
    return {
        one.id if isinstance(one.id, str) else one.id[0]: one.string
        for one in found
        if not one.context
    }


def test_all_catalogs_say_what_babel_reads_in_them() -> None:
    """No message is lost, none is added, and no letter of them differs."""
    assert len(OURS) > 10
    for file in OURS:
        texts = read(file, file.stem).texts
        assert texts == by_babel(file), file


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_catalog_from_an_editor_is_read_whole(tmp_path: Path, ends: str) -> None:
    """Doubtful, empty and former entries say nothing; the head's rule chooses by the number."""
    file = tmp_path / "pl.po"
    file.write_bytes(b"\xef\xbb\xbf" + EDITED.replace("\n", ends).encode())
    plain = tmp_path / "plain.po"
    plain.write_text(EDITED, encoding="utf-8")
    words = read(file, "en")
    assert words.texts == by_babel(plain)
    assert words.texts.keys() == {"one.line", "many.lines", "books.gifts", "last"}
    assert [words.text("books.gifts", number) for number in (1, 2, 5)] == [
        "%(num)s dar",
        "%(num)s dary",
        "%(num)s darów",
    ]


@pytest.mark.parametrize(("code", "forms"), [("zh", [0, 0]), ("en", [0, 1]), ("fr", [0, 1])])
def test_a_catalog_without_a_rule_counts_as_its_language_does(
    tmp_path: Path, code: str, forms: list[int]
) -> None:
    """Most files say nothing of numbers: Chinese has one form, English two."""
    file = tmp_path / f"{code}.po"
    file.write_text('msgid "last"\nmsgstr "end"\n', encoding="utf-8")
    assert [read(file, code).form(number) for number in (1, 2)] == forms
