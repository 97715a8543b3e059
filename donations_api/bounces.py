"""Delivery reports (RFC 3464): what a mail server says of a mail that it could not bring."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from donations_api.errors import Explained


@dataclass(frozen=True, slots=True)
class Bounce:
    """``message_id``: of our mail that came back; ``reason``: what the server said, for staff."""

    message_id: str
    reason: Explained


def read_bounce(report: bytes) -> Bounce | None:
    """The mail that a report is about; None when it tells of none, or of a delay alone."""
    message = message_from_bytes(report, EmailMessage, policy=policy.default)
    status: Message | None = None
    original = ""
    for part in message.walk():
        match part.get_content_type():
            case "message/delivery-status":
                # A block about the report itself, then one for each address.
                status = next(
                    (one for one in part.iter_parts() if one.get("Action") == "failed"), status
                )
            case "message/rfc822" | "text/rfc822-headers":
                original = original or _message_id(part)
    if status is None or not original:
        return None
    said = status.get("Diagnostic-Code") or status.get("Status") or ""
    return Bounce(original, Explained("mail.bounced", answer=" ".join(str(said).split())))


def _message_id(part: EmailMessage) -> str:
    if part.get_content_type() == "message/rfc822":
        return str(next(iter(part.iter_parts())).get("Message-ID") or "")
    headers = part.get_payload(decode=True)
    if not isinstance(headers, bytes):
        return ""
    return str(message_from_bytes(headers, policy=policy.default).get("Message-ID") or "")
