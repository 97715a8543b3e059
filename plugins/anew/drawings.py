"""An SVG made anew from what it draws; what a program noted in it is left behind.

Scripts, photos and what lies elsewhere are no notes: a drawing that has them is refused, since
without them it would be another drawing. What may stay is listed in ``plugins.hidden_data``.
"""

import re
from xml.sax.saxutils import escape, quoteattr

from plugins.hidden_data import Unreadable, ai_label
from plugins.hidden_data.ai_label import Label
from plugins.hidden_data.drawings import (
    ATTRIBUTES,
    ELEMENTS,
    ELSEWHERE,
    LOOKS,
    SVG,
    TEXTS,
    parse,
    reader,
)

_XLINK = "http://www.w3.org/1999/xlink"
# Of the SVG elements that are on no list, these say something of the drawing and draw nothing.
_NOTES = {"title", "desc", "metadata"}
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^)\"']+)[\"']?\s*\)")
_LENGTH = re.compile(r"\s*([\d.]+)(?:px)?\s*")


def cleaned(data: bytes, label: Label | None) -> bytes:
    """The drawing alone, with its label where AI made it. Raises Unreadable."""
    return "".join(_written(data, label).out).encode()


def size(data: bytes) -> tuple[int, int]:
    """Width and height in CSS pixels. Raises Unreadable."""
    width, height = _written(data, None).size
    return round(width), round(height)


def _written(data: bytes, label: Label | None) -> "_Writer":
    writer = _Writer(label)
    parser = reader(" ")
    parser.StartElementHandler, parser.EndElementHandler = writer.start, writer.end
    parser.CharacterDataHandler = writer.text
    parse(parser, data)
    return writer


class _Writer:
    def __init__(self, label: Label | None) -> None:
        self.out: list[str] = []
        self.size = 0.0, 0.0
        self._label = label
        self._within: list[str] = []
        self._left_out = 0  # how deep inside of something that is left out
        self._names: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if not self.out:
            attributes = self._root(space, tag, attributes)
        if self._left_out or space != SVG or tag in _NOTES:
            self._left_out += 1
            return
        if tag not in ELEMENTS:
            raise Unreadable(f"SVG: <{tag}>")
        written = "".join(f" {key}={quoteattr(value)}" for key, value in self._kept(attributes))
        self.out.append(f"<{tag}{written}>")
        self._within.append(tag)
        if len(self.out) == 1 and self._label:
            self.out.append(f"<metadata>{ai_label.packet(self._label).decode()}</metadata>")

    def end(self, _name: str) -> None:
        if self._left_out:
            self._left_out -= 1
        else:
            self.out.append(f"</{self._within.pop()}>")

    def text(self, text: str) -> None:
        # Elsewhere nobody would see it.
        if not self._left_out and self._within[-1] in TEXTS:
            self.out.append(escape(text) if text.strip() else " ")

    def _root(self, space: str, tag: str, attributes: dict[str, str]) -> dict[str, str]:
        if (space, tag) != (SVG, "svg"):
            raise Unreadable(f'SVG: begins with <{tag} xmlns="{space}">')
        lengths = [_LENGTH.fullmatch(attributes.get(name, "")) for name in ("width", "height")]
        box = attributes.get("viewBox", "").replace(",", " ").split()
        try:
            if lengths[0] and lengths[1]:
                self.size = float(lengths[0][1]), float(lengths[1][1])
            elif len(box) == 4:
                self.size = float(box[2]), float(box[3])
        except ValueError as error:
            raise Unreadable(f"SVG: {error}") from None
        if min(self.size) <= 0:
            raise Unreadable("SVG: neither viewBox nor width and height")
        width, height = (f"{length:g}" for length in self.size)
        whole = {"viewBox": f"0 0 {width} {height}"} | attributes
        return {"xmlns": SVG} | whole | {"width": width, "height": height}

    def _kept(self, attributes: dict[str, str]) -> list[tuple[str, str]]:
        kept: dict[str, str] = {}
        for name, value in attributes.items():
            space, _, key = name.rpartition(" ")
            if key.lower().startswith("on"):
                raise Unreadable(f"SVG: {key}")
            if key == "href" and space in ("", _XLINK):
                if not value.startswith("#"):
                    raise Unreadable("SVG: href")
                kept["href"] = f"#{self._name(value[1:])}"
            elif space:
                continue  # an editor's own
            elif key == "style":
                kept |= self._style(value)
            elif key == "id":
                kept["id"] = self._name(value)
            elif key in ATTRIBUTES or (key, value) == ("xmlns", SVG):
                kept[key] = self._named_within(value)
        return list(kept.items())

    def _style(self, style: str) -> dict[str, str]:
        """CSS of the element itself, as attributes: a policy that allows no style keeps it off."""
        pairs = (one.partition(":") for one in style.split(";"))
        looks = {name.strip(): value.strip() for name, _, value in pairs}
        return {name: self._named_within(value) for name, value in looks.items() if name in LOOKS}

    def _named_within(self, value: str) -> str:
        """The value, which may name what is in the drawing itself and nothing else."""
        named = _REFERENCE.sub(lambda found: f"url(#{self._name(found[1])})", value)
        if ELSEWHERE.search(_REFERENCE.sub("", named)):
            raise Unreadable("SVG: url()")
        return named

    def _name(self, name: str) -> str:
        # Names of layers are somebody's words; here they are numbers.
        return self._names.setdefault(name, f"n{len(self._names) + 1}")
