"""Rule L8: what donors agree to has a version, and a version never changes its words."""

from collections.abc import Callable
from pathlib import Path

from donations_api.frame import load_frame
from donations_api.giving import load_giving
from plugins.consent_text import check, words
from tests.site.tiny_site import ROOT, Run, TinySite

TEXTS = "content/consent_texts.toml"
LABEL = {"zh": "我单独同意", "en": "I give my separate consent"}


def test_words_that_changed_need_a_new_version(site: TinySite, refused: Callable[..., Run]) -> None:
    """In each language; the message has the words that are to be kept."""
    site.edit("theme/locale/en.po", LABEL["en"], "I am glad to give my separate consent")
    run = refused()
    run.tells("L8.changed", TEXTS)
    assert "I am glad to give" in run.said
    assert run.said.count("[L8.changed]") == 1


def test_a_version_without_its_words_is_refused(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """Raising the version alone keeps no proof."""
    site.edit("content/donations.toml", 'consent_version = "1"', 'consent_version = "2"')
    refused().tells("L8.unrecorded", TEXTS)


def test_a_record_that_cannot_be_read_proves_nothing(tmp_path: Path) -> None:
    """Nor does one that is not there, or holds no texts; all three refuse."""
    said = {"zh": "我同意", "en": "I agree"}
    file = tmp_path / "consent_texts.toml"
    assert [one.code for one in check(tmp_path, "1", said)] == ["L8.unrecorded"]
    for text, code in (
        ('["1"', "L8.unreadable"),
        ('"1" = "I agree"', "L8.unrecorded"),
        ('["1"]\nzh = 1\nen = "I agree"', "L8.changed"),
    ):
        file.write_text(text, encoding="utf-8")
        (found,) = check(tmp_path, "1", said)
        assert (found.code, found.file) == (code, file.as_posix()), text
    assert found.params == {"version": "1", "language": "zh", "text": "我同意"}
    file.write_text("[", encoding="utf-8")
    (found,) = check(tmp_path, "1", said)
    assert "key part" in found.params["reason"]
    file.write_bytes('["1"]\nzh = "我同意"'.encode("gbk"))
    assert [one.code for one in check(tmp_path, "1", said)] == ["L8.unreadable"]
    file.write_bytes(b"\xef\xbb\xbf" + b'["1"]\nen = "I agree"')
    assert list(check(tmp_path, "1", {"en": "I agree", "ar": "I agree"})) == []
    file.write_text('["1"]\nzh = "我同意"', encoding="utf-8")
    assert [one.params["language"] for one in check(tmp_path, "1", said)] == ["en"]
    file.write_text('["1"]\nzh = " 我同意\\n"\nen = "I  agree"', encoding="utf-8")
    assert list(check(tmp_path, "1", said)) == []
    assert [one.params["language"] for one in check(tmp_path, "1", said | {"fr": "Oui"})] == ["fr"]


def test_the_shipped_record_tells_what_the_form_says() -> None:
    """L8: the version that is stored with a gift leads to the words that its donor read."""
    content = ROOT / "content"
    said = words(load_frame(content, ROOT / "theme"))
    assert said.keys() == LABEL.keys()
    assert "Stripe, outside mainland China. Your email" in said["en"]
    assert "your data. I give my separate consent" in said["en"]
    assert all(LABEL[language] in text for language, text in said.items())
    assert list(check(content, load_giving(content).consent_version, said)) == []
