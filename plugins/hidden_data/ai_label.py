"""The mark of what AI made, as GB 45438-2025 has it in a picture's XMP, and nothing beside it.

The law forbids taking it off, so it is the one thing that a picture may carry. It is read wherever
a program may have put it, and written in one form alone: what is not of that form is hidden data.
"""

import html
import json
import re
from collections.abc import Mapping

Label = Mapping[str, str]

_FIELDS = (
    *("Label", "ContentProducer", "ProduceID", "ReservedCode1"),
    *("ContentPropagator", "PropagateID", "ReservedCode2"),
)
# What the organisation itself declares: made by AI ("1"; "2" is perhaps, "3" is suspected).
DECLARED: Label = dict.fromkeys(_FIELDS, "") | {"Label": "1"}
_BEFORE = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/">'
    "<TC260:AIGC>"
)
_AFTER = "</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>"
_OBJECT = re.compile(r'\{[^{}]*"Label"[^{}]*\}')
_VALUE = re.compile(r"[\w .,:;|/+=@()-]{0,256}")
# IPTC's word for the same, which C2PA's manifests use too.
_TRAINED = b"rainedalgorithmicmedia"


def packet(label: Label) -> bytes:
    """The XMP that carries the label: the one form of it that a picture may have."""
    kept = {name: label.get(name, "") for name in _FIELDS}
    told = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    return f"{_BEFORE}{html.escape(told)}{_AFTER}".encode()


def of_packet(data: bytes) -> Label | None:
    """The label of an XMP packet that holds nothing else; None for any other."""
    label = found_in(data)
    return label if label and packet(label) == data else None


def found_in(data: bytes) -> Label | None:
    """The label that is somewhere in a file's metadata, written by whatever program."""
    text = html.unescape(data.decode(errors="replace")).replace('\\"', '"')
    for found in _OBJECT.findall(text):
        try:
            told = json.loads(found)
        except json.JSONDecodeError:
            continue
        if isinstance(told, dict) and told.get("Label") in ("1", "2", "3"):
            return {name: _value(told.get(name)) for name in _FIELDS}
    return DECLARED if _TRAINED in data.lower() else None


def _value(value: object) -> str:
    # A number or a code; what is none may be somebody's name in a place where nobody looks.
    return value if isinstance(value, str) and _VALUE.fullmatch(value) else ""
