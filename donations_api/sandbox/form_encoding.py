"""Stripe's form encoding: ``line_items[0][price_data][currency]=cny`` to nested, typed values."""

import re
from collections.abc import Iterable
from typing import Any

from donations_api.sandbox.errors import ApiError

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_DEEPEST = 10  # Stripe's own parameters nest five or six levels
_INTEGER = re.compile(r"-?[0-9]{1,18}")


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The pairs as dicts within dicts; leaves are still text, lists still have numbered keys.

    Raises ApiError for a name that cannot be read or that contradicts another one.
    """
    tree: dict[str, Any] = {}
    for name, value in pairs:
        match = _NAME.fullmatch(name)
        if not match or name.count("[") >= _DEEPEST:
            raise ApiError(f"Invalid parameter name: {name}", param=name)
        path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        node = tree
        for part in path[:-1]:
            node = node.setdefault(part or str(len(node)), {})
            if not isinstance(node, dict):
                raise ApiError(f"Invalid object: {name}", param=name)
        last = path[-1] or str(len(node))
        if last in node:
            raise ApiError(f"Parameter given twice: {name}", param=name)
        node[last] = value
    return tree


def typed(raw: Any, schema: dict[str, Any]) -> Any:
    """Text turned into the type that the schema names; what does not fit is left for validation."""
    if options := schema.get("anyOf"):
        return typed(raw, next((option for option in options if _suits(raw, option)), {}))
    kind = schema.get("type")
    if isinstance(raw, dict):
        if kind == "array" and all(key.isdecimal() for key in raw):
            return [typed(raw[key], schema["items"]) for key in sorted(raw, key=int)]
        known = schema.get("properties", {})
        rest = schema.get("additionalProperties") or {}
        return {key: typed(value, known.get(key, rest)) for key, value in raw.items()}
    if kind == "integer" and _INTEGER.fullmatch(raw):
        return int(raw)
    if kind == "boolean":
        return {"true": True, "false": False}.get(raw, raw)
    return raw


def written(path: Iterable[str | int]) -> str:
    """The name of a value as it stands on the wire: ``line_items[0][quantity]``."""
    first, *rest = map(str, path)
    return first + "".join(f"[{part}]" for part in rest)


def _suits(raw: Any, schema: dict[str, Any]) -> bool:
    if "enum" in schema:
        return raw in schema["enum"]
    return isinstance(raw, dict) == (schema.get("type") in {"object", "array"})
