"""Delivery reports (RFC 3464): what a mail server says of a mail that it could not bring."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from donations_api.errors import Explained


@dataclass(frozen=True, slots=True)
class Bounce:
    """``message_id``: of our mail that came back; ``reason``: what the server said, for staff."""

    message_id: str
    reason: Explained


def read_bounce(report: bytes) -> Bounce | None:
    """The mail that a report is about; None when it tells of none, or of a delay alone."""
    # Headers are taken as they are written: Python's newer classes read into them, and fail at a
    # stranger's that is written wrong.
    message = message_from_bytes(report)
    status: Message | None = None
    original = ""
    for part in message.walk():
        match part.get_content_type():
            case "message/delivery-status":
                # A block about the report itself, then one for each address.
                status = next((one for one in _inside(part) if _has_failed(one)), status)
            case "message/rfc822":
                original = original or next(map(_message_id, _inside(part)), "")
            case "text/rfc822-headers":
                headers = part.get_payload(decode=True)
                if isinstance(headers, bytes):
                    original = original or _message_id(message_from_bytes(headers))
    if status is None or not original:
        return None
    said = _line(status, "Diagnostic-Code") or _line(status, "Status")
    return Bounce(original, Explained("mail.bounced", answer=said))


def _inside(part: Message) -> list[Message]:
    return [one for one in part.get_payload() if isinstance(one, Message)]


def _has_failed(status: Message) -> bool:
    return _line(status, "Action").lower() == "failed"


def _message_id(mail: Message) -> str:
    return _line(mail, "Message-ID")


def _line(message: Message, header: str) -> str:
    # PostgreSQL takes no NUL, which only a stranger's mail has.
    return " ".join(str(message.get(header, "")).replace("\0", " ").split())
