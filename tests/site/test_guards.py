"""Each guard taken out lets its bad site through; and behind the first look there is a second."""

from collections.abc import Callable

import pytest

from tests.site.test_bad_pages import ABOUT, PAGES
from tests.site.tiny_site import Run, TinySite


def bare_signs(site: TinySite) -> None:
    """A name with a sign in it, in a template that undoes what the filter escaped."""
    site.edit("content/organisation.toml", 'en = "Example House"', 'en = "Tea & Cake"')
    careless = "| tojson | replace('\\\\u0026', '&') | safe"
    site.edit("theme/templates/content.html", "| tojson", careless)


def test_bare_signs_in_data_are_refused(site: TinySite, refused: Callable[..., Run]) -> None:
    """W6: the control of the guard below."""
    bare_signs(site)
    refused().tells("W6.data", "content/pages/home.en.md")


# Each guard, and how it would look with the guard taken out: the bad site is then built.
GUARDS: dict[str, tuple[Callable[[TinySite], object], dict[str, tuple[str, str]]]] = {
    "L3, a payment address": (
        lambda site: site.write(ABOUT, PAGES["L3, a payment address"].text),
        {
            "plugins/fundraising.py": (
                "for pattern in closed if asking else (*_PAYMENTS, *closed)",
                "for pattern in ()",
            )
        },
    ),
    "L6, somebody's phone": (
        lambda site: site.write(ABOUT, PAGES["L6, somebody's phone"].text),
        {"plugins/identifying/contacts.py": ("    if _MANY.search(text):", "    if not text:")},
    ),
    "W2, a script": (
        lambda site: site.write(ABOUT, PAGES["W2, a script"].text),
        {
            "plugins/sanitise.py": ("cleaner.clean(cleaner.clean(html))", "html"),
            "plugins/verify/quiet.py": ("if element.tag in _FORBIDDEN", "if False"),
        },
    ),
    "E5, an address": (
        lambda site: site.write(ABOUT, PAGES["a link to an address that is not there"].text),
        {"plugins/verify/links.py": ("for link in _links(page)", "for link in ()")},
    ),
    "verify as a whole": (
        lambda site: site.write(ABOUT, PAGES["a link to an address that is not there"].text),
        {"plugins/staff/making.py": ("        problems += found\n", "")},
    ),
    "W6, bare signs in data": (
        bare_signs,
        {"plugins/verify/sharing.py": (' and not set("<>&") & set(block)', "")},
    ),
    "a title that is a number": (
        lambda site: site.write(
            ABOUT,
            PAGES["a title that is a number"].text.replace("---", "---\nfigures_differ: 甲", 1)
            + "\n## 屋顶\n",
        ),
        {
            "plugins/front_matter.py": (
                'name in (*_TEXTS, *_TEXTS_IF_THERE) and _kind(value) not in ("str", "null")',
                "False",
            )
        },
    ),
}


@pytest.mark.parametrize("name", GUARDS)
def test_without_its_guard_the_bad_site_would_be_built(site: TinySite, name: str) -> None:
    """So it is this guard that refuses it, and the tests above can fail."""
    spoil, edits = GUARDS[name]
    spoil(site)
    for file, (old, new) in edits.items():
        site.edit(file, old, new)
    run = site.run("build")
    assert run.code == 0, run.said


def test_a_script_that_slips_through_is_stopped_by_the_second_look(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """W2: verify trusts no sanitiser."""
    site.write(ABOUT, PAGES["W2, a script"].text)
    site.edit("plugins/sanitise.py", "cleaner.clean(cleaner.clean(html))", "html")
    refused().tells("W2.script", "content/pages/about.zh.md:8")


def test_an_original_that_slips_through_is_stopped_by_the_second_look(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """C7: if pictures were copied instead of made anew, verify would see what they carry."""
    site.picture()
    site.photo("content/images/door.jpg")
    site.edit("plugins/originals.py", "        elif carried.hidden:", "        elif ():")
    assert site.run("build").code == 0
    site.edit(
        "plugins/copies.py",
        "return {path: data for path, data in found.items() if data}",
        "return dict.fromkeys(found, picture.original.read_bytes())",
    )
    refused().tells("C7.hidden_data", "/images/door.jpg")


def test_a_form_that_slips_through_is_stopped_by_the_second_look(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """L3: a template that always shows the form is no way around the declared mode."""
    site.edit(
        "theme/templates/donate.html",
        "{% for one in recipients if one.mode",
        "{% set recipients = giving.recipients -%}\n"
        "{% set ways = giving.form('zh', sandbox=True, today=TODAY).ways -%}\n"
        "{% for one in recipients if one.mode",
    )
    refused().tells("L3.form", "content/pages/donate.zh.md")


def test_a_donation_in_data_is_stopped_by_the_second_look(
    site: TinySite, refused: Callable[..., Run]
) -> None:
    """L3: nor may search engines be told that one can donate where nobody may ask."""
    site.edit("plugins/structured_data.py", ' and context["recipients"]', "")
    refused().tells("L3.action", "content/pages/donate.zh.md")
