"""The only module that sends mail: to a mail server, or into a folder.

Donors' texts never reach a header, and what is built is read back before it goes: Python's mail
classes before 3.11.10 let an encoded word in a subject smuggle in another header.
"""

import os
import re
import ssl
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_string, policy
from email.header import Header, decode_header, make_header
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.utils import format_datetime, parseaddr
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email

from donations_api.errors import MailDelayed, MailRefused
from donations_api.settings import is_loopback

if TYPE_CHECKING:
    import smtplib

TIME_OUT = 10  # seconds for each answer of the mail server
_PORTS = {"smtp": 587, "smtps": 465}
_SMUGGLING = re.compile(r"=\?|[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF that goes with a letter; ``name`` is ASCII."""

    name: str
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. ``language`` is the tag of HTML (``zh-Hans``).

    ``unsubscribe`` is an address where a mail program ends such mails with one click (RFC 8058).
    """

    sender: str
    subject: str
    text: str
    html: str
    language: str
    unsubscribe: str = ""
    attachments: tuple[Attachment, ...] = ()


class Mailer(Protocol):
    """Sends one letter to one address. ``now`` is UTC. Raises MailRefused and MailDelayed."""

    def send(self, letter: Letter, to: str, message_id: str, now: datetime) -> None: ...


def mailer_for(smtp_url: str, mail_from: str) -> Mailer:
    """The mailer for ``smtp://user:password@host:587``, ``smtps://…`` or ``file:folder``."""
    if smtp_url.startswith("file:"):
        return FileMailer(Path(smtp_url.removeprefix("file:")), mail_from)
    return SmtpMailer(urlsplit(smtp_url), mail_from)


class FileMailer:
    """Puts each mail into a folder, as ``<message id>.eml``; sent again, it takes its own place."""

    def __init__(self, folder: Path, mail_from: str) -> None:
        self._folder = folder
        self._mail_from = mail_from

    def send(self, letter: Letter, to: str, message_id: str, now: datetime) -> None:
        content = build(letter, self._mail_from, _recipient(to), message_id, now)
        name = re.sub(r"[^\w.-]", "_", message_id.strip("<>"), flags=re.ASCII)
        self._folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
            file.write(content)
        # Whoever looks into the folder sees whole mails only.
        os.replace(file.name, self._folder / f"{name}.eml")  # noqa: PTH105  # a name, not a Path


class SmtpMailer:
    """Hands mails to a mail server, encrypted wherever the server can."""

    def __init__(self, url: SplitResult, mail_from: str) -> None:
        self._url = url
        self._mail_from = mail_from
        self._sender = parseaddr(mail_from)[1]

    def send(self, letter: Letter, to: str, message_id: str, now: datetime) -> None:
        import smtplib  # a cold start that only takes a webhook sends nothing

        recipient = _recipient(to)
        content = build(letter, self._mail_from, recipient, message_id, now)
        try:
            with closing(self._connect()) as server:
                self._introduce(server)
                options = [] if recipient.isascii() else _international(server, recipient)
                server.sendmail(self._sender, [recipient], content, options)
                # The mail is taken; a bad farewell must not send it twice.
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()
        except smtplib.SMTPRecipientsRefused as error:
            _give_up(*error.recipients[recipient])
        except smtplib.SMTPDataError as error:
            _give_up(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            # Also a password that is not taken: the operator mends that, and the mail is fine.
            raise MailDelayed("mail.server_away", answer=_shown(error)) from error

    def _connect(self) -> "smtplib.SMTP":
        import smtplib

        url = self._url
        host, port = url.hostname or "", url.port or _PORTS[url.scheme]
        # Named, because Python would look the machine's own name up, which can take long.
        own_name = self._sender.rpartition("@")[2]
        if url.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, own_name, timeout=TIME_OUT, context=context)
        return smtplib.SMTP(host, port, own_name, timeout=TIME_OUT)

    def _introduce(self, server: "smtplib.SMTP") -> None:
        """Go over to encryption where it is not on yet, and log in."""
        url, loopback = self._url, is_loopback(self._url.geturl())
        server.ehlo()
        if url.scheme == "smtp" and server.has_extn("starttls"):
            context = ssl.create_default_context()
            if loopback:
                # The way to this very machine needs no proof, and its certificate has none.
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            server.starttls(context=context)
            server.ehlo()
        elif url.scheme == "smtp" and url.username and not loopback:
            raise MailDelayed("mail.not_private", host=url.hostname or "")
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))


def build(letter: Letter, mail_from: str, to: str, message_id: str, now: datetime) -> bytes:
    """The mail as it travels: a text part that stands alone, an HTML part, what is attached.

    Raises MailRefused.
    """
    headers = {
        "From": f"{letter.sender} <{parseaddr(mail_from)[1]}>",
        "To": to,
        "Subject": letter.subject,
        "Date": format_datetime(now),
        "Message-ID": message_id,
        # Nobody's absence note should answer a machine (RFC 3834).
        "Auto-Submitted": "auto-generated",
        "Content-Language": letter.language,
    }
    if letter.unsubscribe:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for name, value in headers.items():
        if _SMUGGLING.search(value):
            raise MailRefused("mail.header", header=name)
    # Seven bits, so that no server on the way has to change the bytes. Nothing is folded anew:
    # Python's folding loses blanks in a Chinese subject and breaks long identifiers.
    rules = (policy.SMTP if to.isascii() else policy.SMTPUTF8).clone(
        cte_type="7bit", refold_source="none"
    )
    parts = (EmailMessage(rules), EmailMessage(rules))
    parts[0].set_content(letter.text)
    parts[1].set_content(letter.html, subtype="html")
    message = MIMEMultipart("alternative", _subparts=parts)
    if letter.attachments:
        attached = [_attached(one, rules) for one in letter.attachments]
        message = MIMEMultipart("mixed", _subparts=[_inner(message), *attached])
    written = headers | {
        "From": f"{_words(letter.sender, 'From')} <{parseaddr(mail_from)[1]}>",
        "Subject": _words(letter.subject, "Subject"),
    }
    for name, value in written.items():
        message[name] = value
    content = message.as_bytes(policy=rules)
    _compare(content, headers)
    return content


def _inner(message: MIMEMultipart) -> MIMEMultipart:
    """A message as a part of another one, which alone says that it is MIME."""
    del message["MIME-Version"]
    return message


def _attached(attachment: Attachment, rules: "policy.EmailPolicy[EmailMessage]") -> EmailMessage:
    part = EmailMessage(rules)
    part.set_content(attachment.pdf, "application", "pdf", filename=attachment.name)
    return part


def _words(text: str, header: str) -> str:
    """A text of people's as encoded words (RFC 2047), folded for the header it stands in."""
    return Header(text, "utf-8", header_name=header).encode()


def _compare(content: bytes, headers: dict[str, str]) -> None:
    """Read the mail as its receiver will: it has the headers that were meant, and no other one."""
    found = message_from_string(content.decode())
    technical = {"MIME-Version", "Content-Type"}
    if sorted(found.keys()) != sorted([*headers, *technical]):
        raise MailRefused("mail.header", header=", ".join(found.keys()))
    for name, value in headers.items():
        if str(make_header(decode_header(found[name]))) != value:
            raise MailRefused("mail.header", header=name)


def _recipient(address: str) -> str:
    """The address for the envelope: a Chinese domain in its ASCII form. Raises MailRefused."""
    try:
        checked = validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        raise MailRefused("mail.address", address=address) from None
    return checked.ascii_email or checked.normalized


def _international(server: "smtplib.SMTP", address: str) -> list[str]:
    if not server.has_extn("smtputf8"):
        raise MailRefused("mail.address_needs_smtputf8", address=address)
    return ["SMTPUTF8", "BODY=8BITMIME"]


def _give_up(code: int, answer: bytes | str) -> None:
    """The server spoke about this one mail: 5xx is its last word (RFC 5321), 4xx is not."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    if 500 <= code < 600:
        raise MailRefused("mail.refused_by_server", answer=f"{code} {text}")
    raise MailDelayed("mail.server_away", answer=f"{code} {text}")


def _shown(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
