"""Reads what was typed into a form of the desk, and gathers what has to be mended."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from email_validator import EmailNotValidError, validate_email

from donations_api.errors import FieldError
from donations_api.frame import Frame
from donations_api.giving import Giving, Recipient
from donations_api.money import AmountUnreadable, Money, parse_amount
from donations_api.periods import YEARS

LONGEST = 200  # characters of a line


class Typed:
    """``errors`` stand in the order in which the fields were asked for."""

    def __init__(self, form: Mapping[str, str]) -> None:
        self._form = form
        self.errors: list[FieldError] = []

    def line(self, field: str, *, needed: bool = True) -> str:
        """One line of text."""
        text = " ".join(self._form.get(field, "").split())
        if needed and not text:
            self.refuse(field, f"empty.{field}")
        elif len(text) > LONGEST:
            self.refuse(field, "too_long", most=str(LONGEST))
        elif text and not text.isprintable():
            self.refuse(field, "not_text")
        return text

    def why(self, at: str) -> None:
        """Why it is done, which the field ``at`` asks where a page has several forms."""
        errors = Typed(self._form)
        errors.line("why")
        self.errors += [replace(one, field=at) for one in errors.errors]

    def choice(self, field: str, choices: Iterable[str]) -> str:
        given = self._form.get(field, "")
        if given not in choices:
            self.refuse(field, "choice")
        return given

    def amount(self, currency: str) -> Money | None:
        """The field ``amount`` in this currency; None where it is to be mended."""
        try:
            return parse_amount(self._form.get("amount", ""), currency)
        except AmountUnreadable as error:
            empty = error.reason == "empty"
            message = "desk.error.empty.amount" if empty else f"error.amount.{error.reason}"
            self.errors.append(FieldError("amount", message, {}))
            return None

    def day(self, field: str, *, latest: date) -> date:
        """A day (``2026-11-23``, ``2026/11/23``) that has come."""
        text = self._form.get(field, "").strip().replace("/", "-").replace(".", "-")
        try:
            day = date(*map(int, text.split("-")))
        except (TypeError, ValueError, OverflowError):
            day = date.min
        if day.year not in YEARS:
            self.refuse(field, "day")
            return latest
        if day > latest:
            self.refuse(field, "day_to_come")
        return day

    def email(self, field: str) -> str:
        """An address; it may be absent."""
        given = self._form.get(field, "").strip()
        if not given:
            return ""
        try:
            return validate_email(given, check_deliverability=False).normalized
        except EmailNotValidError:
            self.errors.append(FieldError(field, "error.email.not_an_address", {}))
            return given

    def donor(self, giving: Giving, frame: Frame) -> dict[str, str]:
        """Who gave, in which language letters go there, and for what."""
        return {
            "name": self.line("name"),
            "email": self.email("email"),
            "language": self.choice("language", [one.code for one in frame.languages]),
            "fund": self.choice("fund", [one.key for one in giving.funds]),
        }

    def recipient(self, giving: Giving) -> Recipient | None:
        """To whom; the form asks only where there are several."""
        keys = [one.key for one in giving.recipients]
        return giving.recipient(keys[0] if len(keys) == 1 else self.choice("recipient", keys))

    def money(self, giving: Giving) -> Money | None:
        """The fields ``amount`` and ``currency``; None where they are to be mended."""
        currency = self.choice("currency", [one.code for one in giving.currencies])
        return None if self.errors else self.amount(currency)

    def refuse(self, field: str, reason: str, **values: str) -> None:
        self.errors.append(FieldError(field, f"desk.error.{reason}", values))
