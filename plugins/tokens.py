"""The colours of the theme by their names, light and dark, and which of them stand on which.

Contrast is that of WCAG 2.2: (lighter + 0.05) / (darker + 0.05) of relative luminance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from donations_api.colours import read_colours

TEXT, PART = 4.5, 3.0  # the least contrast of text, and of what a control is known by
# What stands on what, and how well it has to be seen.
PAIRS = (
    ("ink", "paper", TEXT),
    ("ink", "sheet", TEXT),
    ("soft", "paper", TEXT),
    ("soft", "sheet", TEXT),
    ("accent", "paper", TEXT),
    ("accent", "sheet", TEXT),
    ("accent-deep", "paper", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-deep", TEXT),
    ("on-night", "night", TEXT),
    ("on-night", "dusk", TEXT),
    ("on-night-soft", "night", TEXT),
    ("on-night-soft", "dusk", TEXT),
    ("on-gold", "gold", TEXT),
    ("on-gold", "gold-light", TEXT),
    ("ink", "found", TEXT),
    ("wrong", "paper", TEXT),
    ("wrong", "sheet", TEXT),
    ("edge", "sheet", PART),
    ("edge", "paper", PART),
    ("right", "sheet", PART),
    ("gold", "night", PART),
    ("gold", "dusk", PART),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """``above`` on ``ground`` as one scheme has them: their colours and their contrast."""

    above: str
    ground: str
    colours: tuple[str, str]
    contrast: float
    least: float

    @property
    def is_enough(self) -> bool:
        return self.contrast >= self.least


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours (``#rrggbb``) by name; ``dark`` has all names, those that it shares too."""

    light: Mapping[str, str]
    dark: Mapping[str, str]

    def pairs(self, scheme: str) -> list[Pair]:
        """Every pair in the ``scheme``, ``light`` or ``dark``."""
        colours: Mapping[str, str] = getattr(self, scheme)
        return [
            Pair(above, ground, (one, other), contrast(one, other), least)
            for above, ground, least in PAIRS
            for one, other in [(colours[above], colours[ground])]
        ]


def read(theme: Path) -> Tokens:
    """The tokens at the head of the theme's stylesheet."""
    day, night = (
        {name.replace("_", "-"): colour for name, colour in scheme.items()}
        for scheme in read_colours(theme)
    )
    return Tokens(day, night)


def contrast(one: str, other: str) -> float:
    """Between two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
