"""Whether a picture or a story may be shown, by the consents behind it: decided here alone.

Build, check, preview and ``make consent`` ask the same questions. What was never allowed is an
error (C1-C3). What was allowed once and is no more (C9, C10) is no error, since a refused build
would leave it online: it is ``out``, and the site shows something neutral in its place.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from plugins.people.consent_register import Consent, Register, spoken
from plugins.people.stories import Story
from plugins.pictures import Picture
from plugins.problems import Problem, Severity

WARNED = timedelta(days=60)


class State(StrEnum):
    """How a consent stands on a day."""

    HOLDS = "holds"
    AHEAD = "ahead"  # given on a day that is still to come
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it. ``out``: not to be shown any more; ``problems`` say what and why."""

    out: bool
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Consents:
    """The register as it stands ``today``, with what was withdrawn since it was written."""

    register: Register
    withdrawn: frozenset[str]
    today: date

    def state(self, consent: Consent) -> State:
        if consent.consent_id in self.withdrawn or consent.status == "withdrawn":
            return State.WITHDRAWN
        if consent.expires < self.today:
            return State.EXPIRED
        return State.AHEAD if consent.given > self.today else State.HOLDS

    def of_picture(self, picture: Picture) -> Verdict:
        """Look at a picture by itself, wherever it is shown."""
        place = f"{picture.original.as_posix()}.toml"
        unknown = [
            one
            for one in picture.consent_ids
            if not self.register.get(one) and one not in self.withdrawn
        ]
        if unknown or (picture.people != "none" and not picture.consent_ids):
            if unknown:
                return Verdict(False, (Problem("C1.consent", place, 0, _codes(unknown)),))
            return Verdict(False, (Problem("C1.no_consent", place),))
        given = self._named(picture)
        verdict = self._standing(given, picture.consent_ids, place)
        if verdict.out:
            return verdict
        wrong = [*self._of_people(picture, given, place)]
        wrong += [
            Problem("C2.scope", place, params=_codes([one.consent_id]) | {"scope": "web"})
            for one in given
            if "web" not in one.scope
        ]
        return Verdict(False, (*wrong, *verdict.problems))

    def of_picture_on(self, picture: Picture, key: str, language: str) -> Iterator[Problem]:
        """Look at a picture on the page ``key``, whose text is in ``language`` (its code)."""
        place = f"{picture.original.as_posix()}.toml"
        for one in self._named(picture):
            params = _codes([one.consent_id]) | {"page": key}
            if key == "donate" and "fundraising" not in one.scope:
                yield Problem("C2.fundraising", place, params=params)
            if spoken(language) not in one.languages:
                yield Problem("C2.language", place, params=params | {"language": language})

    def of_story(self, story: Story) -> Verdict:
        """Look at a story: for each person in it the latest consent that covers it decides."""
        wrong: list[Problem] = []
        used: list[Consent] = []
        for subject in story.subjects:
            covering = self.covering(subject, story.language)
            if covering:
                # A withdrawal on the day of another consent counts more than that.
                first = [one for one in covering if one.given == covering[0].given]
                used.append(max(first, key=lambda one: self.state(one) is State.WITHDRAWN))
            else:
                params = {"subject": subject, "language": story.language}
                wrong.append(story.problem("C2.story", **params))
        verdict = self._standing(used, [], story.file.as_posix())
        if verdict.out:
            return verdict
        minors = [one for one in used if one.minor]
        if any(not one.child_assent for one in minors):
            wrong.append(story.problem("C2.assent"))
        if minors and not story.pseudonym:
            wrong.append(story.problem("C4.pseudonym", "pseudonym"))
        if story.risk_flags and not story.pseudonym:
            wrong.append(story.problem("C3.named", "pseudonym"))
        return Verdict(False, (*wrong, *verdict.problems))

    def covering(self, subject: str, language: str) -> list[Consent]:
        """What that person agreed to that would cover a story in ``language``, latest first."""
        return [
            one
            for one in self.register.of_subject(subject)
            if "web" in one.scope and spoken(language) in one.languages
        ]

    def exposed(self, story: Story, pictures: Iterable[Picture]) -> Iterator[Picture]:
        """Of a story with a risk flag: pictures anywhere that show who it is about (C3)."""
        for picture in pictures if story.risk_flags else ():
            people = {one.subject_code for one in self._named(picture)}
            if picture.identity == "visible" and people & set(story.subjects):
                yield picture

    def visible_on(self, story: Story, on_page: Sequence[Picture]) -> Iterator[Picture]:
        """Of the pictures on the page of a story with a risk flag: those that show anybody (C3).

        Whoever is seen beside it is taken for who it is about. ``exposed`` has told of the others.
        """
        told = {one.path for one in self.exposed(story, on_page)}
        for picture in on_page if story.risk_flags else ():
            if picture.identity == "visible" and picture.path not in told:
                yield picture

    def _named(self, picture: Picture) -> list[Consent]:
        found = map(self.register.get, picture.consent_ids)
        return [one for one in found if one]

    def _standing(self, given: Iterable[Consent], named: Iterable[str], place: str) -> Verdict:
        """Whether all of them hold today; ``named`` may be withdrawn and known no more."""
        states = {one.consent_id: self.state(one) for one in given}
        states |= {one: State.WITHDRAWN for one in named if one in self.withdrawn}
        params = {one: _codes([one]) for one in states}
        told = [
            Problem("C10.left", place, 0, params[one], Severity.WARNING)
            for one, state in states.items()
            if state is State.WITHDRAWN
        ]
        told += [
            Problem("C9.expired", place, 0, params[one], Severity.WARNING)
            for one, state in states.items()
            if state is State.EXPIRED
        ]
        if told:
            return Verdict(True, tuple(told))
        for one in given:
            if states[one.consent_id] is State.AHEAD:
                told.append(Problem("C1.ahead", place, 0, params[one.consent_id]))
            elif one.expires - self.today <= WARNED:
                day = params[one.consent_id] | {"day": one.expires.isoformat()}
                told.append(Problem("C9.soon", place, 0, day, Severity.WARNING))
        return Verdict(False, tuple(told))

    def _of_people(
        self, picture: Picture, given: Iterable[Consent], place: str
    ) -> Iterator[Problem]:
        minors = [one for one in given if one.minor]
        if picture.people == "minor" and not minors:
            yield Problem("C2.people", place)
        if picture.people != "minor" and minors:
            yield Problem("C2.people", place)
        for one in minors:
            if not one.child_assent:
                yield Problem("C2.assent", place)
            if one.guardian == "none" and picture.identity == "visible":
                yield Problem("C2.guardian", place, params=_codes([one.consent_id]))


def _codes(ids: Iterable[str]) -> dict[str, str]:
    return {"consent": ", ".join(ids)}
