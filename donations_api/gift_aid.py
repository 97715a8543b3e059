"""Gift Aid, for recipients in the UK: a donor's declaration, and which gifts it covers.

A declaration is kept with the words that were agreed to, at least six years; it is never deleted.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from donations_api.books import new_id
from donations_api.clerk import Clerk
from donations_api.errors import Explained, FieldError, FormRefused
from donations_api.form import read_line
from donations_api.frame import Frame, Language
from donations_api.gift import Gift
from donations_api.giving import Giving
from donations_api.pledge import months_after
from donations_api.records import Signed
from donations_api.wishes import Declaration

KIND = "uk_gift_aid"  # the recipients' kind of receipt
CURRENCY = "GBP"
SCOPES = ("gift", "all")
ABROAD = "X"  # what HMRC wants in place of a postcode outside the UK

# As long as HMRC's schedule takes them, in characters.
LONGEST = {"title": 4, "first_name": 35, "last_name": 35, "house": 40}
_MAY_BE_EMPTY = "title"
_YEARS_BEFORE = 4
_POSTCODE = re.compile(r"(GIR|[A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")


@dataclass(frozen=True, slots=True)
class Declared:
    """What a donor wrote on the form. ``postcode`` is ``ABROAD`` outside the UK."""

    scope: str
    title: str
    first_name: str
    last_name: str
    house: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Words:
    """HMRC's model: what the donor wants, what is ticked, and the two as they are kept."""

    wish: str
    taxpayer: str
    whole: str


def read_declared(form: Mapping[str, str]) -> Declared:
    """Check the form: ``scope``, those of ``LONGEST``, ``postcode``, ``abroad``, ``agreed``.

    Raises FormRefused with all that is to be mended, in the form's order.
    """
    errors: list[FieldError] = []

    def refuse(field: str, wrong: str, **values: str) -> None:
        errors.append(FieldError(field, f"error.{field}.{wrong}", values))

    scope = form.get("scope", "")
    if scope not in SCOPES:
        refuse("scope", "missing")
    lines: dict[str, str] = {}
    for field, longest in LONGEST.items():
        line, wrong = read_line(form.get(field, ""), longest)
        lines[field] = line
        if wrong == "too_long":
            refuse(field, wrong, most=str(longest))
        elif wrong:
            refuse(field, wrong)
        elif not line and field != _MAY_BE_EMPTY:
            refuse(field, "empty")
        elif field == "house" and not line[0].isalnum():
            refuse(field, "begins")
        elif line and field != "house" and not _is_latin(line):
            refuse(field, "not_latin")
    postcode, wrong = _postcode(form.get("postcode", ""), abroad=form.get("abroad") == "yes")
    if wrong:
        refuse("postcode", wrong)
    if form.get("agreed") != "yes":
        refuse("agreed", "missing")
    if errors:
        raise FormRefused(errors)
    return Declared(scope=scope, postcode=postcode, **lines)


def words(
    say: Callable[[str], str],
    giving: Giving,
    frame: Frame,
    language: Language,
    about: Gift,
    scope: str,
) -> Words:
    """The declaration in the donor's language; ``say`` gives a text of the theme's catalog."""
    recipient = giving.recipient(about.recipient)
    charity = (recipient.legal_name if recipient else {}) or giving.organisation.name
    values = {
        "amount": about.amount.display(language.locale),
        "charity": frame.text(charity, language),
    }
    wish, taxpayer = say(f"gift_aid.wish.{scope}") % values, say("gift_aid.taxpayer")
    return Words(wish, taxpayer, say("gift_aid.whole") % {"wish": wish, "taxpayer": taxpayer})


def declare(
    clerk: Clerk,
    gift: Gift,
    declared: Declared,
    statement: str,
    language: str,
    signed: Signed | None = None,
) -> None:
    """Keep a declaration; ``signed`` when somebody enters what a donor signed on paper.

    ``statement``: the words that stood there, in ``language``. Raises Explained for a recipient
    elsewhere, and for a gift in another currency.
    """
    if clerk.recipient_of(gift).receipt != KIND:
        raise Explained("gift_aid.not_uk", recipient=gift.recipient)
    if gift.amount.currency != CURRENCY:
        raise Explained("gift_aid.other_currency", currency=gift.amount.currency)
    declaration = Declaration(
        id=new_id("declaration"),
        recipient=gift.recipient,
        gift_id=gift.id,
        email=gift.email,
        scope=declared.scope,
        title=declared.title,
        first_name=declared.first_name,
        last_name=declared.last_name,
        house=declared.house,
        postcode=declared.postcode,
        statement=statement,
        language=language,
        declared_at=clerk.now,
    )
    clerk.books.wishes.add_declaration(declaration)
    if signed:
        clerk.act("gift_aid_declared", declaration.id, signed, gift.id, scope=declared.scope)


def cancel(clerk: Clerk, gift: Gift, signed: Signed | None = None) -> None:
    """Cancel what covers the gift: of one for all gifts, those that came before stay covered."""
    clerk.books.wishes.cancel_declarations(gift.recipient, gift.id, gift.email, clerk.now)
    if signed:
        clerk.act("gift_aid_cancelled", gift.id, signed, gift.id)


def live(declarations: list[Declaration]) -> Declaration | None:
    """The newest one that was not cancelled."""
    return next((one for one in declarations if not one.cancelled_at), None)


def uncovered(declaration: Declaration, received_at: datetime, zone: ZoneInfo) -> str:
    """Why a declaration does not cover a gift of its donor: empty, ``before`` or ``after``.

    ``zone`` is that of the recipient, whose calendar counts the four years.
    """
    cancelled = declaration.cancelled_at
    if declaration.scope == "gift":
        # What is not claimed by then will not be.
        return "after" if cancelled else ""
    if received_at < months_after(declaration.declared_at, -12 * _YEARS_BEFORE, zone):
        return "before"
    return "after" if cancelled and received_at >= cancelled else ""


def _is_latin(line: str) -> bool:
    """Whether HMRC can read a name: letters of the Latin alphabet, and the marks in names."""
    letters = [sign for sign in line if sign not in " '’.-"]
    return bool(letters) and all(unicodedata.name(sign, "").startswith("LATIN") for sign in letters)


def _postcode(typed: str, *, abroad: bool) -> tuple[str, str]:
    """A postcode as HMRC writes it, and what is to be mended about it, if anything."""
    given = "".join(unicodedata.normalize("NFKC", typed).upper().split())
    if abroad:
        return ABROAD, "both" if given else ""
    if not given:
        return "", "empty"
    if not (found := _POSTCODE.fullmatch(given)):
        return "", "not_uk"
    return f"{found[1]} {found[2]}", ""
