"""What the content files promise about the built site."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from donations_api import catalogs
from donations_api.frame import EN, Frame, Language, load_frame
from donations_api.giving import Giving, Mode, load_giving
from plugins import calendar, old_addresses, pictures
from plugins.old_addresses import OldAddress
from plugins.terms import Term, load_terms


@dataclass(frozen=True, slots=True)
class Expectations:
    """``asking``: codes of the languages whose donation page may have a form (rule L3).

    ``declared``: what the donation page of a language (its code) has to say of who asks on it, and
    ``allowed`` the addresses elsewhere that it may link to; ``accounts``: numbers for transfers,
    without blanks and hyphens, which no page shows. ``filing``: that of the public security.
    ``facts``: organisation.toml as it stands; ``messages``: ids of the theme's catalogs;
    ``pictures`` and ``documents`` are paths in the site, ``made_by_ai`` some of them, and
    ``kept_here`` those of pictures that chats may not be given (C10).
    ``stopgaps``: the English words that pages show for a message that their language lacks.
    ``today`` is the day where the organisation is; ``drafts``: what is not for it may be shown.
    ``books``: the folder of the data that the open books are made of.
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
    facts: Mapping[str, Any]
    pictures: frozenset[str]
    made_by_ai: frozenset[str]
    kept_here: frozenset[str]
    documents: frozenset[str]
    messages: frozenset[str]
    stopgaps: frozenset[str]
    terms: Mapping[str, Term]
    today: date
    drafts: bool
    books: Path
    old_addresses: tuple[OldAddress, ...]

    @property
    def old_pages(self) -> dict[str, str]:
        """The language's code of each page that stands at an old address, by its path."""
        return {old.page: old.language for old in self.old_addresses if old.page}

    def may_ask(self, key: str, language: str) -> bool:
        """Whether the page ``key`` in ``language`` (its code) may ask for money."""
        return key == "donate" and language in self.asking

    @classmethod
    def of_content(
        cls, content: Path, theme: Path, site_url: str, *, demo: bool, drafts: bool = False
    ) -> Self:
        """Read them from the content. Raises FileWrong."""
        frame, giving = load_frame(content, theme), load_giving(content)
        facts = giving.organisation.facts
        codes = tuple(language.code for language in frame.languages)
        today = calendar.today(facts.get("time_zone", "UTC"))
        shown, _ = pictures.read(content, tuple(one.code for one in frame.written))
        old, _ = old_addresses.read(content, codes)
        papers = (content / "documents").glob("*.pdf")
        words = catalogs.read(theme / "locale" / f"{EN.code}.po", EN.code).texts
        return cls(
            frame=frame,
            content=content,
            site_url=site_url,
            demo=demo,
            asking=frozenset(
                code for code in codes if giving.asking(code, sandbox=demo, today=today)
            ),
            declared={
                language.code: tuple(_declared(giving, frame, language, demo=demo, today=today))
                for language in frame.languages
            },
            allowed=frozenset(_allowed(giving)),
            accounts=tuple(_accounts(giving)),
            filing=facts.get("public_security_filing", {}),
            icp_number=str(facts.get("icp_number", "")),
            facts=facts,
            pictures=frozenset(picture.path for picture in shown) | {pictures.ILLUSTRATION},
            made_by_ai=frozenset(picture.path for picture in shown if picture.ai_generated),
            kept_here=frozenset(
                one.path for one in shown if (one.people, one.identity) == ("minor", "visible")
            ),
            documents=frozenset(f"/documents/{file.name}" for file in papers),
            messages=frozenset(words),
            stopgaps=frozenset(map(str, words.values())),
            terms=load_terms(content),
            today=today,
            drafts=drafts,
            books=Path("var", "demo-data") if demo else content / "data",
            old_addresses=tuple(old),
        )


def _declared(
    giving: Giving, frame: Frame, language: Language, *, demo: bool, today: date
) -> Iterator[str]:
    """What rule L3 wants shown where money is asked for, or where a partner asks for it."""
    for one in giving.asking(language.code, sandbox=demo, today=today):
        if one.mode is Mode.QUALIFIED:
            yield frame.text(one.legal_name, language)
            yield frame.text(one.contact, language)
            yield from filter(None, (one.certificate, one.registration, one.campaign, one.check_at))
    for one in giving.partners(language.code, today=today):
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
