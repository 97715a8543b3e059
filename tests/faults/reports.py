"""What the portal's processes report while they live: births, deaths, and each try to send a mail.

A line each, through a pipe, because a process whose files may not grow can still write there:
``<seconds> <pid> <word> <about>``.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import IO, Any

from donations_api.books import Books
from donations_api.mailer import SmtpMailer
from donations_api.records import Message


@dataclass(slots=True)
class Try:
    """One try of one life of the portal to hand a mail over. All times are epoch seconds.

    ``failed``: the portal itself took it for not sent. ``marked``: its row said "sent", committed.
    """

    message_id: str
    pid: int
    begun: float
    ended: float | None = None
    failed: bool = False
    marked: bool = False


@dataclass(slots=True)
class Life:
    """A process of the portal. ``by``: the signal that ended it, 0 if it ended by itself."""

    pid: int
    born: float
    died: float | None = None
    by: int = 0


@dataclass
class Reports:
    """All that was reported, put together. ``lives`` and ``tries`` stand in their order."""

    lives: list[Life] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)
    _open: dict[int, dict[str, Try]] = field(default_factory=dict)
    _latest: dict[str, Try] = field(default_factory=dict)

    def read(self, lines: IO[str]) -> None:
        """Take every line until the pipe is closed."""
        for line in lines:
            moment, pid, word, about = line.rstrip("\n").split(" ", 3)
            self.take(float(moment), int(pid), word, about)

    def take(self, moment: float, pid: int, word: str, about: str) -> None:
        match word:
            case "born":
                self.lives.append(Life(pid, moment))
            case "died":
                self.lives[-1].died, self.lives[-1].by = moment, int(about)
                self._open.pop(pid, None)
            case "sending":
                one = self._latest[about] = Try(about, pid, moment)
                self.tries.append(one)
                self._open.setdefault(pid, {})[about] = one
            case "sent" | "not_sent":
                if one_open := self._open.get(pid, {}).pop(about, None):
                    one_open.ended, one_open.failed = moment, word == "not_sent"
            case "marked":
                self._latest[about].marked = True

    def sending(self) -> bool:
        """Whether a mail is being handed over at this moment."""
        return any(self._open.values())


def lay_reports(channel: int) -> None:
    """Let this process report its mails into the pipe ``channel``."""

    def tell(word: str, about: str) -> None:
        report(channel, os.getpid(), word, about)

    send, claim, mark, commit = SmtpMailer.send, Books.claim, Books.mark_sent, Books.commit
    claimed: dict[str, str] = {}  # the Message-ID of each row of the outbox

    @wraps(send)
    def told_send(self: SmtpMailer, letter: Any, to: str, message_id: str, now: Any) -> None:
        tell("sending", message_id)
        try:
            send(self, letter, to, message_id, now)
        except BaseException:
            tell("not_sent", message_id)
            raise
        tell("sent", message_id)

    @wraps(claim)
    def told_claim(self: Any, now: Any, until: Any) -> Message | None:
        message = claim(self, now, until)
        if message:
            claimed[message.id] = message.message_id
        return message

    @wraps(mark)
    def told_mark(self: Any, row: str, now: Any) -> None:
        mark(self, row, now)
        self.marked_row = row

    @wraps(commit)
    def told_commit(self: Any) -> None:
        commit(self)
        if row := getattr(self, "marked_row", ""):
            tell("marked", claimed[row])

    _lay(Books, "claim", told_claim)
    _lay(SmtpMailer, "send", told_send)
    _lay(Books, "mark_sent", told_mark)
    _lay(Books, "commit", told_commit)


def _lay(owner: type, name: str, method: Callable[..., Any]) -> None:
    setattr(owner, name, method)


def report(channel: int, pid: int, word: str, about: object) -> None:
    """One line, short enough to be written in one piece."""
    os.write(channel, f"{time.time():.6f} {pid} {word} {about}\n".encode())
