"""The named points of the portal's work at which it can be killed or stopped.

They are laid around the portal's own methods in the process that is to fall: what is run is the
code of production, which knows nothing of it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from donations_api.books import Books
from donations_api.mailer import SmtpMailer
from donations_api.stripe_gateway import StripeGateway
from tests.faults.orders import Orders

# Questions to the books that write, and the commit that makes them last.
_WRITING = (
    "add_gift",
    "add_pledge",
    "note_session",
    "keep_event",
    "move_gift",
    "post",
    "next_serial",
    "add_receipt",
    "queue",
    "add_payment",
    "note_outcome",
    "note_invoice",
    "save_pledge",
    "add_dispute",
    "close_dispute",
    "claim",
    "mark_sent",
    "commit",
)
_WATCHED: dict[type, tuple[str, ...]] = {
    Books: _WRITING,
    SmtpMailer: ("send",),  # after it: the mail server said 250, and nothing is marked yet
    StripeGateway: ("create_checkout_session",),  # after it: the page is made, and not noted yet
}
POINTS = tuple(
    f"{when} {name}"
    for names in _WATCHED.values()
    for name in names
    for when in ("before", "after")
)
# Those that every gift passes; at the others a run with few gifts would wait for long.
OFTEN = tuple(
    f"{when} {name}"
    for name in (
        *("add_gift", "note_session", "keep_event", "post", "next_serial", "add_receipt"),
        *("queue", "add_payment", "note_outcome", "claim", "mark_sent", "commit", "send"),
        "create_checkout_session",
    )
    for when in ("before", "after")
)
# Those at which the books are open and written in: who stands still there holds everybody else up.
HOLDING = ("after keep_event", "after next_serial", "before commit", "after claim")


def lay_points(orders: Orders) -> None:
    """Lay the points around this process's own methods."""
    for owner, names in _WATCHED.items():
        for name in names:
            setattr(owner, name, _watched(getattr(owner, name), name, orders))


def _watched(method: Callable[..., Any], name: str, orders: Orders) -> Callable[..., Any]:
    @wraps(method)
    def watched(*words: Any, **named: Any) -> Any:
        orders.pass_by(f"before {name}")
        answer = method(*words, **named)
        orders.pass_by(f"after {name}")
        return answer

    return watched
