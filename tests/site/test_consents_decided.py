"""Whether a picture or a story may be shown, decided in one process: each day, each turn of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from plugins.people.consent_register import Consent, Register
from plugins.people.consents import Consents, State, Verdict
from plugins.people.stories import Story
from plugins.pictures import Picture
from plugins.problems import Problem, Severity

TODAY = date(2026, 11, 26)
DAY = timedelta(days=1)
SIDECAR = "content/images/kite.jpg.toml"
ADULT = Consent(
    consent_id="C-1",
    subject_code="A1",
    minor=False,
    child_assent=False,
    guardian="none",
    scope=frozenset({"web"}),
    languages=frozenset({"zh"}),
    given=TODAY,
    expires=TODAY + 61 * DAY,
    status="active",
    approved_by="Keeper",
)
CHILD = replace(ADULT, minor=True, child_assent=True, guardian="parent")
OVER: dict[str, Any] = {"expires": TODAY - DAY, "given": TODAY - 9 * DAY}


def second(consent: Consent = ADULT, **values: Any) -> Consent:
    """Another person's consent."""
    return replace(consent, **{"consent_id": "C-2", "subject_code": "A2"} | values)


def known(*consents: Consent, withdrawn: tuple[str, ...] = ()) -> Consents:
    return Consents(
        Register({one.consent_id: one for one in consents}), frozenset(withdrawn), TODAY
    )


def a_picture(
    people: str = "adult", identity: str = "visible", ids: str = "C-1", name: str = "kite.jpg"
) -> Picture:
    file = Path("content/images", name)
    return Picture(file, {"zh": "风筝"}, False, people, identity, tuple(ids.split()))


def told(code: str, consent: str = "", **params: str) -> Problem:
    """What is told of the picture's declaration."""
    return Problem(code, SIDECAR, 0, ({"consent": consent} if consent else {}) | params)


def warned(code: str, consent: str, **params: str) -> Problem:
    return replace(told(code, consent, **params), severity=Severity.WARNING)


STATES: dict[str, tuple[dict[str, Any], State]] = {
    "the last day": ({"expires": TODAY}, State.HOLDS),
    "the day after": ({"expires": TODAY - DAY}, State.EXPIRED),
    "given today": ({"given": TODAY}, State.HOLDS),
    "given tomorrow": ({"given": TODAY + DAY}, State.AHEAD),
    "withdrawn": ({"status": "withdrawn"}, State.WITHDRAWN),
    "withdrawn, and over": ({"status": "withdrawn"} | OVER, State.WITHDRAWN),
    "withdrawn since": ({"consent_id": "C-9"}, State.WITHDRAWN),
    "withdrawn since, and over": ({"consent_id": "C-9"} | OVER, State.WITHDRAWN),
}


@pytest.mark.parametrize("name", STATES)
def test_days_count_whole(name: str) -> None:
    """C9 and C10: a consent holds from its first day to its last; a withdrawal is stronger."""
    values, state = STATES[name]
    assert known(withdrawn=("C-9",)).state(replace(ADULT, **values)) is state


class Case(NamedTuple):
    """A picture, the consents that are known and those withdrawn since, and what came of it."""

    picture: Picture
    consents: tuple[Consent, ...] = (ADULT,)
    withdrawn: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    out: bool = False


BOTH = a_picture(ids="C-1 C-2")
KID, TWO_KIDS = a_picture("minor"), a_picture("minor", ids="C-1 C-2")
PICTURES = {
    "of nobody": Case(a_picture("none", "none", "")),
    "of one who agreed": Case(a_picture()),
    "of one who never agreed": Case(a_picture(ids=""), problems=(told("C1.no_consent"),)),
    "a consent that nobody knows": Case(
        a_picture(ids="C-1 C-8 C-9"), problems=(told("C1.consent", "C-8, C-9"),)
    ),
    "of nobody, with a consent that nobody knows": Case(
        a_picture("none", "none", "C-8"), problems=(told("C1.consent", "C-8"),)
    ),
    "given tomorrow": Case(
        a_picture(), (replace(ADULT, given=TODAY + DAY),), problems=(told("C1.ahead", "C-1"),)
    ),
    "60 days left": Case(
        a_picture(),
        (replace(ADULT, expires=TODAY + 60 * DAY),),
        problems=(warned("C9.soon", "C-1", day="2027-01-25"),),
    ),
    "the last day": Case(
        a_picture(),
        (replace(ADULT, expires=TODAY),),
        problems=(warned("C9.soon", "C-1", day="2026-11-26"),),
    ),
    "one ahead, one soon": Case(
        BOTH,
        (replace(ADULT, given=TODAY + DAY), second(expires=TODAY)),
        problems=(told("C1.ahead", "C-1"), warned("C9.soon", "C-2", day="2026-11-26")),
    ),
    "over": Case(a_picture(), (replace(ADULT, **OVER),), (), (warned("C9.expired", "C-1"),), True),
    "withdrawn": Case(
        a_picture(), (replace(ADULT, status="withdrawn"),), (), (warned("C10.left", "C-1"),), True
    ),
    "withdrawn, and known no more": Case(
        BOTH, (ADULT,), ("C-2",), (warned("C10.left", "C-2"),), out=True
    ),
    "one over, one withdrawn": Case(
        BOTH,
        (replace(ADULT, **OVER), second()),
        ("C-2",),
        (warned("C10.left", "C-2"), warned("C9.expired", "C-1")),
        out=True,
    ),
    "over, and never for the web": Case(
        a_picture("minor"),
        (replace(ADULT, scope=frozenset({"print"}), **OVER),),
        (),
        (warned("C9.expired", "C-1"),),
        out=True,
    ),
    "for print": Case(
        BOTH,
        (ADULT, second(scope=frozenset({"print", "fundraising"}))),
        problems=(told("C2.scope", "C-2", scope="web"),),
    ),
    "for print, and soon over": Case(
        a_picture(),
        (replace(ADULT, scope=frozenset(), expires=TODAY),),
        (),
        (told("C2.scope", "C-1", scope="web"), warned("C9.soon", "C-1", day="2026-11-26")),
    ),
    "a child": Case(KID, (CHILD,)),
    "a child and an adult": Case(TWO_KIDS, (CHILD, second())),
    "a child, an adult by the register": Case(KID, problems=(told("C2.people"),)),
    "an adult, a child by the register": Case(a_picture(), (CHILD,), problems=(told("C2.people"),)),
    "adults, one a child by the register": Case(
        BOTH, (ADULT, second(CHILD)), problems=(told("C2.people"),)
    ),
    "a child that was not asked": Case(
        TWO_KIDS, (CHILD, second(CHILD, child_assent=False)), problems=(told("C2.assent"),)
    ),
    "a child with no guardian, to be seen": Case(
        KID, (replace(CHILD, guardian="none"),), problems=(told("C2.guardian", "C-1"),)
    ),
    "a child with no guardian, not to be seen": Case(
        a_picture("minor", "obscured"), (replace(CHILD, guardian="none"),)
    ),
    "a child of which all is wrong": Case(
        a_picture(),
        (replace(CHILD, guardian="none", child_assent=False, scope=frozenset()),),
        problems=(
            told("C2.people"),
            told("C2.assent"),
            told("C2.guardian", "C-1"),
            told("C2.scope", "C-1", scope="web"),
        ),
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_decided_by_its_consents(name: str) -> None:
    """C1, C2, C9, C10: what was never allowed is an error; what is over is out, with a warning."""
    case = PICTURES[name]
    found = known(*case.consents, withdrawn=case.withdrawn).of_picture(case.picture)
    assert found == Verdict(case.out, case.problems)


def test_a_picture_is_on_pages_that_were_agreed_to() -> None:
    """C2: an appeal only by one who agreed to be in appeals; a language, however it is written."""
    consents = known(ADULT, second(scope=frozenset({"fundraising"}), languages=frozenset({"en"})))
    picture = a_picture(ids="C-1 C-2 C-9")
    assert list(consents.of_picture_on(picture, "donate", "en")) == [
        told("C2.fundraising", "C-1", page="donate"),
        told("C2.language", "C-1", page="donate", language="en"),
    ]
    assert list(consents.of_picture_on(picture, "home", "zh-hant")) == [
        told("C2.language", "C-2", page="home", language="zh-hant")
    ]


HEAD = "---\nsubjects: [A1]\npseudonym: true\nrisk_flags: []\n---\n"
Told = Callable[..., Story]


@pytest.fixture
def a_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Makes stories whose heads have ``subjects`` in line 2 and ``pseudonym`` in line 3."""
    monkeypatch.chdir(tmp_path)
    file = Path("kite.zh.md")
    file.write_text(HEAD, encoding="utf-8")

    def make(*subjects: str, pseudonym: bool = True, flags: str = "") -> Story:
        return Story("news/kite", "zh", file, subjects, pseudonym, tuple(flags.split()))

    return make


def of_story(code: str, line: int, **params: str) -> Problem:
    return Problem(code, "kite.zh.md", line, params)


def left(code: str, consent: str, **params: str) -> Problem:
    params = {"consent": consent} | params
    return Problem(code, "kite.zh.md", 0, params, Severity.WARNING)


def test_all_in_a_story_agreed_to_it(a_story: Told) -> None:
    """C2: each by a consent for the web in its language; whoever has none is named by a code."""
    nobody = [of_story("C2.story", 2, subject="A2", language="zh")]
    assert known(ADULT, second()).of_story(a_story("A1", "A2")) == Verdict(False)
    for consents in (
        known(ADULT),
        known(ADULT, second(scope=frozenset({"print"}))),
        known(ADULT, second(languages=frozenset({"en"}))),
    ):
        assert consents.of_story(a_story("A1", "A2")) == Verdict(False, tuple(nobody))
    assert known(ADULT).covering("A1", "zh-hant") == [ADULT]
    assert known(ADULT).covering("A1", "en") == []


def test_the_latest_consent_decides(a_story: Told) -> None:
    """C9 and C10: not an older one, either way; of one day, a withdrawal counts more."""
    older = second(subject_code="A1", given=TODAY - 9 * DAY)
    gone = Verdict(True, (left("C10.left", "C-1"),))
    over = Verdict(True, (left("C9.expired", "C-2"),))
    withdrawn = replace(ADULT, status="withdrawn")
    story = a_story("A1")
    assert known(ADULT, replace(older, status="withdrawn")).of_story(story) == Verdict(False)
    assert known(withdrawn, older).of_story(story) == gone
    twin = replace(older, given=TODAY)
    for same in ((withdrawn, twin), (twin, withdrawn)):
        assert known(*same).of_story(story) == gone
    assert known(ADULT, withdrawn=("C-1",)).of_story(story) == gone
    assert known(replace(older, expires=TODAY - DAY)).of_story(story) == over
    # Nothing else counts then.
    assert known(replace(older, expires=TODAY - DAY)).of_story(a_story("A1", "A3")) == over
    soon = Verdict(False, (left("C9.soon", "C-1", day="2026-11-26"),))
    assert known(replace(ADULT, expires=TODAY)).of_story(story) == soon


def test_children_and_hard_stories_have_other_names(a_story: Told) -> None:
    """C2, C3, C4: adults may be told of by their names, where nothing hard is told."""
    both = known(ADULT, second(CHILD))
    assert both.of_story(a_story("A1", pseudonym=False)) == Verdict(False)
    assert both.of_story(a_story("A1", "A2", flags="illness")) == Verdict(False)
    named = a_story("A1", "A2", pseudonym=False)
    assert both.of_story(named) == Verdict(False, (of_story("C4.pseudonym", 3),))
    hard = a_story("A1", pseudonym=False, flags="illness")
    assert both.of_story(hard) == Verdict(False, (of_story("C3.named", 3),))
    unasked = second(CHILD, child_assent=False, expires=TODAY)
    all_wrong = a_story("A1", "A2", "A3", pseudonym=False, flags="abuse")
    found = known(CHILD, unasked).of_story(all_wrong)
    assert found.problems == (
        of_story("C2.story", 2, subject="A3", language="zh"),
        of_story("C2.assent", 2),
        of_story("C4.pseudonym", 3),
        of_story("C3.named", 3),
        left("C9.soon", "C-2", day="2026-11-26"),
    )


def test_who_a_hard_story_is_about_is_seen_nowhere(a_story: Told) -> None:
    """C3: neither in pictures anywhere, nor is anybody else seen beside it; each is told once."""
    consents = known(ADULT, second())
    about, other = a_picture(), a_picture(ids="C-2", name="door.jpg")
    hidden = a_picture(identity="obscured", name="roof.jpg")
    pictures = [hidden, other, about, a_picture("none", "none", "", "tree.jpg")]
    hard = a_story("A1", "A3", flags="abuse")
    assert list(consents.exposed(hard, pictures)) == [about]
    assert list(consents.visible_on(hard, pictures)) == [other]
    assert list(consents.exposed(a_story("A1"), pictures)) == []
    assert list(consents.visible_on(a_story("A1"), pictures)) == []
