"""Where an unexpected error came from, for the log: its kind and the way to it, never its words.

What an error says may quote a donor: a database its row, a parser its text. Logs are kept by hosts
and read by operators, and hold nothing personal (rule L8).
"""

import traceback
from collections.abc import Iterator
from pathlib import Path

_INNERMOST = 8  # frames of each error


def trace(error: BaseException) -> str:
    """``ValueError at giving.py:12 < app.py:200; of KeyError at rows.py:3``, innermost first."""
    return "; of ".join(_told(one) for one in _chain(error))


def _told(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_INNERMOST:]
    way = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
    return f"{type(error).__name__} at {way or 'nowhere'}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
