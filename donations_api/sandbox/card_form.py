"""The fields of a card as they stand on a page, and the card that was typed into them."""

from datetime import UTC, datetime

from flask import request

from donations_api.sandbox import cards


def typed(now: float) -> dict[str, str]:
    """What the fields hold: what was typed, or a test card."""
    return {
        "number": request.form.get("number", cards.PAYS),
        "expiry": request.form.get("expiry", _next_years_expiry(now)),
        "cvc": request.form.get("cvc", "123"),
    }


def read(now: float) -> cards.Card:
    """Raises CardRefused."""
    number, expiry, cvc = (request.form.get(name, "") for name in ("number", "expiry", "cvc"))
    return cards.read_card(number, expiry, cvc, now)


def _next_years_expiry(now: float) -> str:
    return f"12 / {(datetime.fromtimestamp(now, UTC).year + 1) % 100:02}"
