"""What the content files promise about the built site."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from babel.messages.pofile import read_po

from donations_api.frame import EN, Frame, Language, load_frame
from donations_api.giving import Giving, Mode, load_giving
from plugins import calendar, pictures
from plugins.terms import Term, load_terms


@dataclass(frozen=True, slots=True)
class Expectations:
    """``asking``: codes of the languages whose donation page may have a form (rule L3).

    ``declared``: what the donation page of a language (its code) has to say of who asks on it, and
    ``allowed`` the addresses elsewhere that it may link to; ``accounts``: numbers for transfers,
    without blanks and hyphens, which no page shows. ``filing``: that of the public security.
    ``contacts``: all of organisation.toml in one text; ``messages``: ids of the theme's catalogs;
    ``stopgaps``: the English words that pages show for a message that their language lacks.
    ``today`` is the day where the organisation is; ``drafts``: what is not for it may be shown.
    """

    frame: Frame
    content: Path
    site_url: str
    demo: bool
    asking: frozenset[str]
    declared: Mapping[str, tuple[str, ...]]
    allowed: frozenset[str]
    accounts: tuple[str, ...]
    icp_number: str
    filing: Mapping[str, str]
    contacts: str
    pictures: frozenset[str]
    messages: frozenset[str]
    stopgaps: frozenset[str]
    terms: Mapping[str, Term]
    today: date
    drafts: bool

    def may_ask(self, key: str, language: str) -> bool:
        """Whether the page ``key`` in ``language`` (its code) may ask for money."""
        return key == "donate" and language in self.asking

    @classmethod
    def of_content(
        cls, content: Path, theme: Path, site_url: str, *, demo: bool, drafts: bool = False
    ) -> Self:
        """Read them from the content. Raises FileWrong."""
        frame, giving = load_frame(content, theme), load_giving(content)
        codes = tuple(language.code for language in frame.languages)
        facts = giving.organisation.facts
        shown, _ = pictures.read(content, tuple(one.code for one in frame.written))
        catalog = theme / "locale" / f"{EN.code}.po"
        with catalog.open("rb") as file:
            words = {
                str(message.id): str(message.string) for message in read_po(file) if message.id
            }
        return cls(
            frame=frame,
            content=content,
            site_url=site_url,
            demo=demo,
            asking=frozenset(code for code in codes if giving.asking(code, sandbox=demo)),
            declared={
                language.code: tuple(_declared(giving, frame, language, demo=demo))
                for language in frame.languages
            },
            allowed=frozenset(_allowed(giving)),
            accounts=tuple(_accounts(giving)),
            filing=facts.get("public_security_filing", {}),
            icp_number=str(facts.get("icp_number", "")),
            contacts=re.sub(r"[ -]", "", "\n".join(_texts(facts))).lower(),
            pictures=frozenset(picture.path for picture in shown),
            messages=frozenset(words),
            stopgaps=frozenset(words.values()),
            terms=load_terms(content),
            today=calendar.today(facts.get("time_zone", "UTC")),
            drafts=drafts,
        )


def _declared(giving: Giving, frame: Frame, language: Language, *, demo: bool) -> Iterator[str]:
    """What rule L3 wants shown where money is asked for, or where a partner asks for it."""
    for one in giving.asking(language.code, sandbox=demo):
        if one.mode is Mode.QUALIFIED:
            yield frame.text(one.legal_name, language)
            yield frame.text(one.contact, language)
            yield from filter(None, (one.certificate, one.registration, one.campaign, one.check_at))
    for one in giving.partners(language.code):
        if one.partner:
            yield frame.text(one.partner.name, language)


def _allowed(giving: Giving) -> Iterator[str]:
    for one in giving.recipients:
        if one.mode is Mode.QUALIFIED:
            yield one.check_at
        if one.mode is Mode.PARTNER and one.partner and giving.leads_to_partner(one):
            yield one.partner.url


def _accounts(giving: Giving) -> Iterator[str]:
    for one in giving.recipients:
        for detail in ("account_number", "iban"):
            for text in one.bank.texts.get(detail, {}).values() if one.bank else ():
                yield re.sub(r"[ -]", "", text)


def _texts(values: Mapping[str, Any]) -> Iterator[str]:
    for value in values.values():
        entries = value if isinstance(value, list) else [value]
        for entry in entries:
            if isinstance(entry, Mapping):
                yield from _texts(entry)
            else:
                yield str(entry)
