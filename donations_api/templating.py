"""What the templates are given: the context that every page stands in, their words, their policy.

Pelican renders the theme's templates when the site is built, and the donation portal renders the
same files for the pages that know a gift. Both prepare their Jinja environment here and give each
page the context that ``page_context`` makes, so that one frame looks and links the same from both.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from donations_api import filters
from donations_api.colours import read_colours
from donations_api.frame import DONATE, EN, SEARCH, Frame, Language, catalog, translate

PAYMENT_PAGE = "https://checkout.stripe.com"

# What the pages that run a script of our own allow beyond the others, by their keys. The search
# runs WebAssembly as well.
THANKS, TRANSFER = "thanks", "transfer"
RUNNING = {
    SEARCH: "; script-src 'self' 'wasm-unsafe-eval'",
    DONATE: "; script-src 'self'",
    THANKS: "; script-src 'self'",
    TRANSFER: "; script-src 'self'",
}


def content_policy(donations_url: str = "", page_key: str = "") -> str:
    """The Content-Security-Policy of a page: our own files, no script, no other host.

    Those of ``RUNNING`` may run our own script. Where none runs nobody connects either; still each
    may with us, because those who judge a page from a browser ask for robots.txt in its name.
    Browsers hold a form's redirect to ``form-action`` too, so Stripe's payment page is named.
    """
    targets = " ".join(filter(None, ["'self'", donations_url, PAYMENT_PAGE]))
    return (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; manifest-src 'self'; "
        f"form-action {targets}; base-uri 'none'; connect-src 'self'{RUNNING.get(page_key, '')}"
    )


def policy_header(page_key: str = "") -> str:
    """The same as a server sends it: ``frame-ancestors`` counts in a header only."""
    return f"{content_policy(page_key=page_key)}; frame-ancestors 'none'"


def page_context(
    frame: Frame,
    language: Language,
    *,
    organisation: object,
    site_url: str,
    demo: bool,
    donations_url: str = "",
    page_key: str = "",
    alternates: Mapping[str, str] | None = None,
    stand_ins: Mapping[str, str] | None = None,
    otherwise: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The context that the frame's template needs on every page.

    ``alternates`` gives the path of the same page in each language where it exists, by code, and
    ``stand_ins`` that of the pages that show the source's text instead. For a language in neither
    the switch leads to the path that ``otherwise`` gives, or else to its home page. ``page_key``
    marks the menu's current entry. ``demo`` puts the ribbon on the page. ``donations_url`` is the
    portal's address where it is not the site's own.

    ``written_in`` is the language of the page's own text. Where it is not the reader's, the
    attributes ``as_written`` say so in HTML, and ``as_read`` mark what is the reader's inside of
    it. ``address`` is the path of the page that the text belongs to.
    """
    alternates, stand_ins, otherwise = alternates or {}, stand_ins or {}, otherwise or {}
    original = frame.original(alternates) if alternates else language
    written_in = original if language.code in stand_ins else language
    return {
        "frame": frame,
        "colours": read_colours(frame.theme),
        "language": language,
        "organisation": organisation,
        "site_url": site_url,
        "demo": demo,
        "donations_url": donations_url,
        "content_policy": content_policy(donations_url, page_key),
        "page_key": page_key,
        "alternates": [
            (one, alternates[one.code]) for one in frame.languages if one.code in alternates
        ],
        "switch": [
            (one, stand_ins[one.code], original)
            if one.code in stand_ins
            else (one, alternates.get(one.code) or otherwise.get(one.code, one.root), one)
            for one in frame.languages
            if one.code != language.code
        ],
        "written_in": written_in,
        "fallback": written_in != language,
        "as_written": _marked(written_in) if written_in != language else "",
        "as_read": _marked(language) if written_in != language else "",
        "address": alternates.get(written_in.code, ""),
    }


def prepare(environment: Environment, *folders: Path) -> None:
    """Give a Jinja environment the catalogs in ``folders`` and the filters of the templates.

    A template asks with ``_("id")`` and is answered in the ``language`` of its context; so a macro
    is imported ``with context``, or it speaks no language.
    """
    environment.add_extension("jinja2.ext.i18n")

    @pass_context
    def gettext(context: Context, message: str) -> str:
        return translate(folders, context["language"], message)

    @pass_context
    def ngettext(context: Context, one: str, _many: str, number: int) -> str:
        words = catalog(folders, context["language"])
        return words.text(one, number) or catalog(folders, EN).text(one, number)

    @pass_context
    def method_name(context: Context, key: str) -> str:
        return translate(folders, context["language"], f"method.{key}")

    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= filters.FILTERS | {"method_name": method_name}


def _marked(language: Language) -> Markup:
    return Markup(' lang="{}" dir="{}"').format(language.tag, language.direction)
