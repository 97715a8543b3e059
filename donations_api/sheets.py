"""What a paper says: a snapshot in the words of one language, as plain JSON values to be set.

``papers`` sets it. The keys: ``language``, ``organisation``, ``mark``, ``title``, ``number``,
``text``, ``demo``, ``copy``, ``sum`` (of a receipt), ``facts``, ``table`` and ``totals`` (of a
year), ``notes``, ``issued``, ``check``, ``page``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_name

from donations_api.frame import Frame, Language, translate
from donations_api.gift import CANCELLATION, RESTORATION
from donations_api.in_words import in_words
from donations_api.money import Money

YEARLY = "yearly"

_CATALOGS = (Path(__file__).parent / "locale",)

# What snapshots of earlier versions did not say.
_UNSAID = {
    "fee_cover": 0,
    "dedication": "",
    "in_kind": "",
    "registration": "",
    "mark": {},
    "copy": False,
    "gift_aid": False,
}


def sheet(frame: Frame, said: Mapping[str, Any]) -> dict[str, Any]:
    """The sheet of a receipt, a cancellation, a restoration, or of a donor's year."""
    language = frame.spoken(said["language"], *_CATALOGS)
    writer = _Writer(frame, language, _UNSAID | dict(said))
    return writer.common() | (writer.year() if said["kind"] == YEARLY else writer.document())


@dataclass(frozen=True, slots=True)
class _Writer:
    frame: Frame
    language: Language
    said: Mapping[str, Any]

    def common(self) -> dict[str, Any]:
        said = self.said
        return {
            "language": self.language.tag.split("-")[0],
            "organisation": self._text(said["organisation"]),
            "mark": said["mark"],
            "demo": [self._say("paper.demo"), self._say("paper.demo.text")] if said["demo"] else [],
            "copy": [self._say("paper.copy"), self._say("receipt.copy")] if said["copy"] else [],
            "issued": self._day(said["issued_at"]),
            "page": self._say("paper.page"),
            "check": [self._say("paper.check"), self._say("paper.check.text")],
        }

    def document(self) -> dict[str, Any]:
        said, kind = self.said, self.said["kind"]
        own = kind not in (CANCELLATION, RESTORATION)
        return {
            "title": self._say("receipt.title" if own else f"paper.{kind}.title"),
            "number": said["number"],
            "text": self._opening(kind),
            "sum": self._sum(kind),
            "facts": [[self._say(label), value] for label, value in self._facts(kind) if value],
            "notes": self._notes(kind),
        }

    def year(self) -> dict[str, Any]:
        said = self.said
        notes = [self._say("paper.yearly.note")]
        if said["country"] == "CN":
            notes.append(self._say("paper.yearly.ticket"))
        columns = ("date", "number", "came", "returned", "stands")
        zone = self._zone(said["issued_at"])
        return {
            "title": f"{self._say('letter.yearly.title')} {said['year']}",
            "number": "",
            "text": self._say("paper.yearly.text", year=str(said["year"]), zone=zone),
            "facts": [
                [self._say("paper.donor"), said["donor"] or self._say("paper.donor.unnamed")],
                *([self._say(label), value] for label, value in self._recipient() if value),
            ],
            "table": {
                "columns": [self._say(f"paper.yearly.{one}") for one in columns],
                "rows": [self._row(gift) for gift in said["gifts"]],
            },
            "totals": [
                [self._say("paper.yearly.totals"), one["currency"], *self._sums(one)]
                for one in said["totals"]
            ],
            "notes": [{"title": self._say("paper.yearly.note.title"), "text": "\n".join(notes)}],
        }

    def _opening(self, kind: str) -> str:
        said = self.said
        match kind:
            case "cancellation":
                return self._say(f"paper.cancellation.{said['reason']}", cancels=said["cancels"])
            case "restoration":
                return self._say("paper.restoration.text", restores=said["restores"])
        return self._say("paper.receipt.text" + (".in_kind" if said["in_kind"] else ""))

    def _sum(self, kind: str) -> dict[str, Any]:
        """The amount in figures and in words, or what was given in kind, which has no value."""
        if self.said["in_kind"]:
            return {
                "label": self._say("receipt.in_kind"),
                "value": self.said["in_kind"],
                "words": [self._say("receipt.in_kind.note")],
                "figures": False,
            }
        amount = self._money(self.said["amount"])
        own = kind not in (CANCELLATION, RESTORATION)
        language = self.language
        words = [language.write(in_words(amount, language.source))]
        # Whose books are in yuan reads the capital numerals, whatever the donor's language is.
        if amount.currency == "CNY" and language.source != "zh":
            words.append(in_words(amount, "zh"))
        return {
            "label": self._say("receipt.amount" if own else f"letter.{kind}.amount"),
            "value": self._figures(amount),
            "words": [one for one in words if one],
            "figures": True,
        }

    def _facts(self, kind: str) -> list[tuple[str, str]]:
        said = self.said
        donor = ("paper.donor", said["donor"] or self._say("paper.donor.unnamed"))
        fund = ("receipt.fund", self._text(said["fund"]))
        if kind == CANCELLATION:
            return [
                donor,
                ("letter.cancellation.cancels", said["cancels"]),
                ("letter.cancellation.remaining", self._shown(said["remaining"])),
                ("letter.cancellation.gift_amount", self._shown(said["gift_amount"])),
                ("letter.cancellation.gift_date", self._day_in_zone(said["received_at"])),
                fund,
                *self._recipient(),
            ]
        own = kind != RESTORATION
        fee_cover = self._shown(said["fee_cover"]) if own and said["fee_cover"] else ""
        return [
            donor,
            ("letter.restoration.restores", "" if own else said["restores"]),
            ("receipt.date", self._day_in_zone(said["received_at"])),
            ("receipt.fee_cover", fee_cover),
            fund,
            ("receipt.dedication", said["dedication"]),
            *self._recipient(),
        ]

    def _recipient(self) -> list[tuple[str, str]]:
        return [
            ("receipt.recipient", self._text(self.said["legal_name"] or self.said["organisation"])),
            ("receipt.registration", self.said["registration"]),
        ]

    def _notes(self, kind: str) -> list[dict[str, str]]:
        """What the law of the recipient's country wants to be said."""
        match kind:
            case "cn":
                titled, text = "receipt.ticket.title", "paper.ticket"
            case "us":
                titled, text = "receipt.us.title", "receipt.us"
            case "uk_gift_aid":
                titled, text = "receipt.uk_gift_aid.title", gift_aid(self.said)
            case _:
                return []
        return [{"title": self._say(titled), "text": self._say(text)}]

    def _row(self, gift: Mapping[str, Any]) -> list[str]:
        day = self._day(gift["received_at"], "medium")
        if gift["in_kind"]:
            return [day, gift["number"], self._say("paper.yearly.in_kind", what=gift["in_kind"])]
        return [day, gift["number"], *self._sums(gift)]

    def _sums(self, one: Mapping[str, Any]) -> list[str]:
        """What came, what was returned and what stands; minor units of ``one``'s currency."""
        came, back = Money(one["amount"], one["currency"]), Money(one["returned"], one["currency"])
        stands = Money(came.minor - back.minor, came.currency)
        locale = self.language.locale
        return [each.display(locale) if each.minor else "–" for each in (came, back, stands)]

    def _say(self, message: str, **values: str) -> str:
        text = translate(_CATALOGS, self.language, message)
        return text % values if values else text

    def _text(self, texts: Mapping[str, str]) -> str:
        return self.frame.text(texts, self.language)

    def _money(self, minor: int) -> Money:
        return Money(minor, self.said["currency"])

    def _shown(self, minor: int) -> str:
        return self._money(minor).display(self.language.locale)

    def _figures(self, amount: Money) -> str:
        shown = amount.display(self.language.locale)
        return self._say("receipt.amount.value", amount=shown, currency=amount.currency)

    def _local(self, moment: str) -> datetime:
        return datetime.fromisoformat(moment).astimezone(ZoneInfo(self.said["time_zone"]))

    def _day(self, moment: str, length: str = "long") -> str:
        return format_date(self._local(moment), length, locale=self.language.locale)

    def _zone(self, moment: str) -> str:
        return get_timezone_name(self._local(moment), locale=self.language.locale)

    def _day_in_zone(self, moment: str) -> str:
        return self._say("receipt.date.value", day=self._day(moment), zone=self._zone(moment))


def gift_aid(said: Mapping[str, Any]) -> str:
    """The message on Gift Aid, which only a declaration opens and things given never have."""
    if said["in_kind"]:
        return "receipt.uk_gift_aid.in_kind"
    return f"receipt.uk_gift_aid.{'declared' if said.get('gift_aid') else 'undeclared'}"
