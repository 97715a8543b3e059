"""The mail server of a run, with moods; it keeps all that it ever took, however it answered."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

from aiosmtpd.smtp import Envelope

from tests.donations.mail_servers import Box

WELL = "well"
# "took": it has the mail, and its sender cannot know or is told too shortly.
MOODS = ("421", "451", "550", "hangs", "took_and_dropped_line", "took_without_answer")
_HANGS_FOR = 3.0  # seconds; longer than the portal waits


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that the server took: when (epoch seconds), whose, what, and in which mood."""

    at: float
    to: str
    content: bytes
    mood: str


class PostOffice(Box):
    """What the server of ``mail_server`` asks; ``mood`` may change at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.mood = WELL
        self.met = 0  # mails that came upon a mood
        self.mails: list[Taken] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd calls it so
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mood == "550":
            self.met += 1
            return "550 No such person here"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(  # noqa: N802
        self, server: Any, _session: Any, envelope: Envelope
    ) -> str:
        mood = self.mood
        self.met += mood not in (WELL, "550")
        match mood:
            case "421":
                return "421 Closing down"
            case "451":
                return "451 Later, please"
            case "hangs":
                await asyncio.sleep(_HANGS_FOR)
                return "451 That took too long"
        content = envelope.content or b""
        bare = content if isinstance(content, bytes) else content.encode()
        self.mails.append(Taken(time.time(), envelope.rcpt_tos[0], bare, mood))
        if mood == "took_without_answer":
            server.transport.abort()
        elif mood == "took_and_dropped_line":
            asyncio.get_running_loop().call_later(0, server.transport.close)
        return "250 OK"
