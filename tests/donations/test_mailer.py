"""The mailer: one letter to one address, exactly as it was meant, or a clear refusal."""

import re
import string
from email import message_from_bytes, message_from_string, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from donations_api import mailer
from donations_api.errors import MailRefused
from donations_api.mailer import Letter, build, mailer_for
from tests.donations.stripe_events import NOW

FROM = "Gifts <gifts@example.org>"
TO = "zhang@example.org"
ID = "<receipt_0123456789abcdef01234567@example.org>"
SUBJECT = "【演示】捐赠确认函 XX-2026-000001 · 示例之家"
TEXT = "尊敬的张伟：\n\n您的捐款已经收到。\n"
HTML = '<p lang="zh-Hans">尊敬的张伟：</p>\n'

INJECTIONS = [
    "Jo =?UTF-8?Q?=0ABcc:_e=40x?= é",
    "=?UTF-8?B?CkJjYzogZUB4?=",
    "Jo\nBcc: e@x.example",
    "Jo\r\nBcc: e@x.example\r\n\r\nHello",
    "Jo\rBcc: e@x.example",
    "Jo\x0bBcc: e@x.example",
    "Jo\x00",
    "Jo\x85Bcc: e@x.example",
    "Jo\u2028Bcc: e@x.example",
]


def a_letter(**changed: str) -> Letter:
    values: dict[str, Any] = {
        "sender": "示例之家",
        "subject": SUBJECT,
        "text": TEXT,
        "html": HTML,
        "language": "zh-Hans",
    }
    return Letter(**values | changed)


def read(content: bytes | str | None) -> EmailMessage:
    assert isinstance(content, bytes)
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part
    text: str = part.get_content()
    return text.replace("\r\n", "\n")


def send(url: str, to: str = TO, **changed: str) -> None:
    mailer_for(url, FROM).send(a_letter(**changed), to, ID, NOW)


def test_a_mail_says_what_was_meant() -> None:
    """Each header once; the Chinese subject decodes; the text part stands alone; seven bits."""
    content = build(a_letter(), FROM, TO, ID, NOW)
    message = read(content)
    assert message["Subject"] == SUBJECT
    assert str(message["From"]) == "示例之家 <gifts@example.org>"
    assert message["To"] == TO
    assert message["Message-ID"] == ID
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "zh-Hans"
    assert len(set(message.keys())) == len(message.keys()) == 9
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert body(message, "plain") == TEXT
    assert body(message, "html") == HTML
    assert content.isascii()
    lines = content.split(b"\r\n")
    assert all(len(line) <= 78 for line in lines)
    assert not any(b"\n" in line for line in lines)


def test_mail_programs_are_told_how_to_end_such_mails() -> None:
    """With an address there are RFC 8058's two headers, whole however long it is; else neither."""
    address = f"https://charity.example/pledges/{'token-' * 30}/stop"
    message = read(build(a_letter(unsubscribe=address), FROM, TO, ID, NOW))
    assert message["List-Unsubscribe"] == f"<{address}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(set(message.keys())) == len(message.keys()) == 11


NAMES = st.text(
    st.characters(exclude_categories=("C", "Z"), exclude_characters="=") | st.just(" "),
    min_size=1,
    max_size=60,
).filter(lambda text: text == " ".join(text.split()) and text)


@given(sender=NAMES, subject=NAMES, language=st.sampled_from(["en", "zh-Hans"]))
def test_any_name_and_subject_arrive_as_they_are(sender: str, subject: str, language: str) -> None:
    """Whatever an organisation is called, no blank and no letter is lost on the way."""
    letter = a_letter(sender=sender, subject=subject, language=language)
    # The older parser, since the newer one puts blanks between the encoded words of a name.
    message = message_from_string(build(letter, FROM, TO, ID, NOW).decode())

    def shown(name: str) -> str:
        return str(make_header(decode_header(message[name])))

    assert shown("From") == f"{sender} <gifts@example.org>"
    assert shown("Subject") == subject


@pytest.mark.parametrize("field", ["sender", "subject", "language", "unsubscribe"])
@pytest.mark.parametrize("text", INJECTIONS)
def test_no_text_smuggles_a_header(field: str, text: str) -> None:
    """A line break or an encoded word in a header is refused before it can become another one."""
    with pytest.raises(MailRefused) as caught:
        build(a_letter(**{field: text}), FROM, TO, ID, NOW)
    assert caught.value.message == "mail.header"


def test_what_was_built_is_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second guard: were the first one blind, the foreign header would still be seen. Without
    both it would be there.
    """
    smuggled = f"{ID}\r\nBcc: e@x.example"
    # A guard that only newer Pythons have, and the Python of some distributions.
    monkeypatch.setattr(policy.Policy, "verify_generated_headers", False, raising=False)
    monkeypatch.setattr(mailer, "_SMUGGLING", re.compile("(?!)"))
    with pytest.raises(MailRefused):
        build(a_letter(), FROM, TO, smuggled, NOW)
    monkeypatch.setattr(mailer, "_compare", lambda *_: None)
    assert read(build(a_letter(), FROM, TO, smuggled, NOW))["Bcc"] == "e@x.example"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "zhang",
        "a@b@example.org",
        f"{TO}\r\nBcc: e@x.example",
        f"{TO}, e@x.example",
        "Li <a@b.org>",
    ],
)
def test_what_is_no_single_address_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(MailRefused) as caught:
        send(f"file:{tmp_path}", address)
    assert caught.value.message == "mail.address"
    assert list(tmp_path.iterdir()) == []


def test_a_mail_in_a_folder(tmp_path: Path) -> None:
    """Whole mails only, named by their Message-ID; sent again, a mail takes its own place."""
    url = f"file:{tmp_path / 'var' / 'mail'}"
    for _ in range(2):
        send(url)
    (file,) = (tmp_path / "var" / "mail").iterdir()
    assert file.name == "receipt_0123456789abcdef01234567_example.org.eml"
    assert read(file.read_bytes())["Subject"] == SUBJECT


def test_what_staff_read_is_in_both_catalogs() -> None:
    """Each reason that a module of the portal gives has its words in both languages."""
    folder = Path(mailer.__file__).parent
    files = [*folder.glob("*.py"), *(folder / "commands").glob("*.py")]
    code = "".join(file.read_text("utf-8") for file in files)
    kinds, letters = "mail|webhook|ledger|offline|cli|progress", string.ascii_lowercase
    # A file's name, ``ledger.json``, is no message.
    ids = set(re.findall(rf'"((?:{kinds})\.(?!json)[{letters}_0-9]+)"', code))
    assert len(ids) > 50
    for language in ("zh", "en"):
        catalog = (folder / "locale" / f"{language}.po").read_text("utf-8")
        assert [one for one in sorted(ids) if f'msgid "{one}"\n' not in catalog] == []
