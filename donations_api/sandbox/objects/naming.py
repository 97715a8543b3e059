"""Ids as Stripe writes them, and lists as it answers them."""

import secrets
import string
from typing import Any

Made = dict[str, Any]

_LETTERS = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


def listing(url: str, data: list[Made], *, has_more: bool = False) -> Made:
    return {"object": "list", "url": url, "has_more": has_more, "data": data}
