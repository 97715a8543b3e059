"""The colours of the theme: told apart by everyone, in light and in dark (rule W4)."""

import re

import pytest

from plugins import tokens
from tests.site.tiny_site import ROOT

STATIC = ROOT / "theme" / "static"
COLOUR = re.compile(r"(?<=[\s:,(])(?:#[0-9a-fA-F]{3,8}\b|rgba?\()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_stands_on_a_ground_can_be_read(scheme: str) -> None:
    """Every pair that the theme uses has the contrast that WCAG 2.2 AA asks for."""
    pairs = tokens.read(STATIC.parent).pairs(scheme)
    assert len(pairs) == len(tokens.PAIRS)
    assert [one for one in pairs if not one.is_enough] == []


def test_contrast_is_that_of_wcag() -> None:
    """Black on white is 21; the grey #767676 is the lightest that white text may stand on."""
    assert tokens.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert tokens.contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)
    assert tokens.contrast("#777777", "#ffffff") < tokens.TEXT


def test_each_colour_that_is_named_has_a_partner() -> None:
    """No colour is left out of the pairs but lines and bars, which stand beside words."""
    named = set(tokens.read(STATIC.parent).light)
    paired = {name for above, ground, _ in tokens.PAIRS for name in (above, ground)}
    assert named - paired == {"line", "came"}


def test_colours_stand_in_one_place() -> None:
    """The tokens of site.css; elsewhere only ink on paper, for printers."""
    for file in sorted(STATIC.glob("*.css")):
        rules = re.sub(r":root \{.*?\n\s*\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        screen = rules.split("@media print", 1)[0]
        assert COLOUR.findall(screen) == [], file.name
    drawn = {"scene.html"}  # a picture has colours of its own
    for file in sorted((STATIC.parent / "templates").glob("*.html")):
        inked = re.findall("[\"' ]#[0-9a-f]{3,8}[\"';]", file.read_text(encoding="utf-8"))
        assert bool(inked) == (file.name in drawn), file.name


def test_links_on_the_night_take_its_colours() -> None:
    """A link's own colour is made for paper; axe cannot tell what stands on a drawn ground."""
    css = (STATIC / "site.css").read_text(encoding="utf-8")
    for where in (".top a", ".opening a", ".trail a", ".foot a", ".night .quiet"):
        rules = re.findall(rf"^{re.escape(where)} {{([^}}]*)}}", css, re.MULTILINE)
        colours = re.findall(r"color: var\(--([a-z-]+)\)", " ".join(rules))
        assert set(colours) & {"on-night", "on-night-soft"}, where
        assert "accent" not in colours, where
