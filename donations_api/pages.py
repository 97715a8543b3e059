"""The portal's own pages: the theme's templates, in the visitor's language, with strict headers."""

from collections.abc import Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import BadRequest

from donations_api import templating
from donations_api.errors import FieldError
from donations_api.frame import DONATE, Frame, Language, translate
from donations_api.giving import Giving
from donations_api.settings import Settings

# Every answer has these. A page's address may hold a donor's token: no referrer, no store.
HEADERS = {
    "Content-Security-Policy": templating.policy_header(),
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_FORMS = "application/x-www-form-urlencoded", "multipart/form-data"


def refuse_nul() -> None:
    """Before each request: PostgreSQL takes no NUL in a text, and nobody means one.

    The donation form has words of its own for it, at the field, and keeps what was typed (D7).
    Raises BadRequest.
    """
    typed = [request.path, *request.args.values()]
    if request.endpoint != "give" and request.mimetype in _FORMS:
        typed += request.form.values()
    if any("\0" in text for text in typed):
        raise BadRequest


# A browser names a handful of languages; to look thousands of made-up ones up would take seconds.
_MOST_TAGS = 20


class Pages:
    """Renders the theme's templates for ``app``, which is prepared for them here."""

    def __init__(
        self, app: Flask, settings: Settings, giving: Giving, frame: Frame, *catalogs: Path
    ) -> None:
        templating.prepare(app.jinja_env, *frame.words, *catalogs)
        self._settings = settings
        self._giving = giving
        self._frame = frame

    def language(self, code: str | None) -> Language:
        """The visitor's language: ``code`` where it is one, else the path's, else the browser's.

        Remembered for the rest of the request, so that an error is told in the same language.
        """
        language = self._named(code) or self._named_by_path() or self._wanted_by_browser()
        g.language = language
        return language

    def form(
        self,
        language: Language,
        status: int,
        values: Mapping[str, str],
        errors: list[FieldError],
        today: date,
    ) -> Response:
        """The donation form again, with what was typed and what is to be mended."""
        return self.page(
            "donate.html",
            language,
            status,
            page_key=DONATE,
            alternates=self._form_in_each_language(),
            kept={**values, "way": "form"},
            form={"values": values, "errors": errors},
            **self._giving.form(language.code, sandbox=self._settings.sandbox, today=today),
        )

    def review(self, language: Language, wanted: object, values: Mapping[str, str]) -> Response:
        """The exact total, for a donor who covers the fee, before anything is asked of Stripe."""
        return self.page(
            "review.html",
            language,
            alternates=self._form_in_each_language(),
            kept=values,
            wanted=wanted,
            values=values,
        )

    def say(self, language: Language, message: str) -> str:
        """A text of the theme's catalog, for what is no page."""
        return translate(self._frame.words, language, message)

    def problem(self, problem: str, status: int) -> Response:
        """The page that says what went wrong and where to go from here."""
        language = g.get("language") or self.language(request.args.get("language"))
        return self.page("problem.html", language, status, problem=problem)

    def page(
        self,
        template: str,
        language: Language,
        status: int = 200,
        *,
        page_key: str = "",
        alternates: Mapping[str, str] | None = None,
        **context: Any,
    ) -> Response:
        """Any of the theme's templates; ``alternates``: the same page's paths by language code.

        With ``kept``, fields of a form, the switch sends them along, and no donor who changes the
        language has to type them again.
        """
        standing = templating.page_context(
            self._frame,
            language,
            organisation=self._giving.organisation,
            site_url=self._settings.site_url,
            demo=self._settings.sandbox,
            page_key=page_key,
            alternates=alternates,
        )
        # Alipay cannot open inside WeChat's own browser, and who is there is told so (rule D9).
        in_wechat = "MicroMessenger" in request.user_agent.string
        context = standing | {"in_wechat": in_wechat} | context
        response = make_response(render_template(template, **context), status)
        response.content_language = language.tag
        if page_key in templating.RUNNING:
            response.headers["Content-Security-Policy"] = templating.policy_header(page_key)
        return response

    def _form_in_each_language(self) -> dict[str, str]:
        return {one.code: one.page(DONATE) for one in self._frame.languages}

    def _named(self, code: str | None) -> Language | None:
        return next((one for one in self._frame.languages if one.code == code), None)

    def _named_by_path(self) -> Language | None:
        first = request.path.split("/")[1]
        return next((one for one in self._frame.languages if one.folder == first and first), None)

    def _wanted_by_browser(self) -> Language:
        """By language, then by script: "en-US,zh-Hans;q=.5" wants English, "zh-TW" Traditional."""
        for tag in islice(request.accept_languages.values(), _MOST_TAGS):
            wanted = _likely(tag)
            alike = [one for one in self._frame.languages if _likely(one.tag)[0] == wanted[0]]
            if alike:
                return next((one for one in alike if _likely(one.tag) == wanted), alike[0])
        return self._frame.default


def _likely(tag: str) -> tuple[str, str]:
    """Language and script of a tag; the likely script where it names none (``zh-TW``: Hant)."""
    try:
        locale = Locale.parse(tag.replace("-", "_"), resolve_likely_subtags=True)
    except (ValueError, TypeError, UnknownLocaleError):
        return tag.split("-")[0].lower(), ""
    return locale.language, locale.script or ""
