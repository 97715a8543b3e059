"""What can go wrong on a gift's route, and how the donor or the sender should be answered.

Errors that a person reads carry a message id of the catalogs in ``locale/`` and its values; the
words are chosen where they are shown. ``app`` holds the one table from errors to HTTP statuses.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class Explained(Exception):
    """An error for a person to read: ``message`` is a catalogs' id, filled with ``values``."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message, values)
        self.message = message
        self.values = values


class SettingWrong(Explained):
    """A setting is missing or contradicts another one: the program must not start."""


class FileWrong(Explained):
    """A content file cannot be used. ``values`` name the ``file`` and ``where`` in it."""


def not_toml(file: Path, error: Exception) -> FileWrong:
    """What is to be said of a file of which ``error`` was the end: in what encoding, which line."""
    if isinstance(error, UnicodeDecodeError):
        return FileWrong("file.not_utf8", file=str(file))
    if isinstance(error, tomllib.TOMLDecodeError) and (at := _LINE.search(str(error))):
        return FileWrong("file.line", file=str(file), line=at[1])
    return FileWrong("file.unreadable", file=str(file), reason=str(error))


class WordWrong(Explained):
    """What was typed behind a command cannot be used; nothing was done."""


class EventRefused(Explained):
    """An authentic event that this set-up cannot take (another API version, live beside test).

    Kept as evidence for staff; the text tells the operator what to change.
    """


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing to mend in the form: the field, a message id of the theme's catalog, its values."""

    field: str
    message: str
    values: Mapping[str, str]


class FormRefused(Exception):
    """The form cannot be taken as it is; the donor gets it back with ``errors``, as typed."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__([error.message for error in errors])
        self.errors = errors


class GivingClosed(Exception):
    """This site may not ask for this gift (rule L3: the recipient's fundraising mode)."""


class StripeUnavailable(Exception):
    """Stripe did not do what it was asked; nothing was charged. A later try may be of use."""

    def __init__(self, reason: str, *, worth_retrying: bool) -> None:
        super().__init__(reason)
        self.worth_retrying = worth_retrying


class LedgerUnavailable(Explained):
    """The database is away, locked for long, or full; nothing was written. A later try may do."""


class EventForged(Exception):
    """The webhook's bytes were not signed with our secret, or not lately. Nothing of it is kept."""


class MailRefused(Explained):
    """This mail must not or cannot be sent (an address that is none); trying again is no use."""


class MailDelayed(Explained):
    """The mail server did not take the mail now; a later try may succeed."""


class PaperUnmade(MailDelayed):
    """A PDF could not be made: the mail that it goes with waits, and staff see why."""
