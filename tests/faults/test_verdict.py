"""The verdict can fail: each of its figures is made wrong once, behind the program's back."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.donations.guards import Rows
from tests.faults import aftermath
from tests.faults.breaking import Window
from tests.faults.donors import Donors
from tests.faults.held import held_in
from tests.faults.plan import SQLITE, Wish
from tests.faults.post_office import Taken
from tests.faults.repeats import Copy, Repeats, count_repeats
from tests.faults.reports import Life, Try
from tests.faults.stand import stand_for
from tests.faults.statement import Owed
from tests.faults.verdict import FAULTS, Verdict, judge

FATES = ("kept", "partly_refunded", "refund_failed", "dispute_won", "renewed")


@dataclass
class Evidence:
    """What a small run without any fault has left: three lists, one of them a database."""

    owed: list[Owed]
    taken: list[Taken]
    file: Path

    @property
    def rows(self) -> Rows:
        """The ledger, which nothing guards any more."""
        return Rows(self._url)

    def judged(self) -> Verdict:
        return judge(self.owed, held_in(self._url), self.taken)

    @property
    def _url(self) -> str:
        return f"sqlite:///{self.file}"


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    """A gift of each fate, in quiet weather."""
    folder = tmp_path_factory.mktemp("calm")
    with stand_for(SQLITE, folder) as stand:
        donors = Donors(stand)
        for number, fate in enumerate(FATES, start=1):
            donors.give(Wish(number, 50, "GBP", "card", fate, 20, "en", told_again=False))
        aftermath.settle(stand)
        aftermath.run_commands(stand)
        yield Evidence(stand.stripe.statement.owed(), stand.post.mails, folder / "donations.db")


@pytest.fixture
def evidence(calm: Evidence, tmp_path: Path) -> Evidence:
    """A copy that may be spoiled, its triggers and unique keys taken away."""
    shutil.copy(calm.file, tmp_path / "donations.db")
    spoiled = Evidence([*calm.owed], [*calm.taken], tmp_path / "donations.db")
    spoiled.rows.drop_triggers()
    spoiled.rows.drop_keys()
    return spoiled


def copy_row(rows: Rows, table: str, where: str, **changed: str) -> None:
    """Put a row in once more, some of its columns changed."""
    names = [row[1] for row in rows(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(name, name) for name in names)
    rows(f"INSERT INTO {table} SELECT {values} FROM {table} WHERE {where} LIMIT 1")


def lose(evidence: Evidence) -> None:
    evidence.rows("DELETE FROM entries WHERE kind = 'gift' AND rowid = 1")


def invent(evidence: Evidence) -> None:
    copy_row(evidence.rows, "entries", "kind = 'refund'", id="'new'", reference="'re_invented'")


def book_twice(evidence: Evidence) -> None:
    copy_row(evidence.rows, "entries", "kind = 'gift'", id="'new'")


def number_twice(evidence: Evidence) -> None:
    copy_row(evidence.rows, "receipts", "kind = 'cn'", id="'new'", serial="serial + 100")


def change_amount(evidence: Evidence) -> None:
    evidence.rows("UPDATE entries SET amount = amount + 1 WHERE kind = 'dispute_withdrawn'")


def change_currency(evidence: Evidence) -> None:
    evidence.rows("UPDATE entries SET currency = 'EUR' WHERE kind = 'refund_failed'")


def change_gift(evidence: Evidence) -> None:
    evidence.rows(
        "UPDATE entries SET gift_id = (SELECT id FROM gifts ORDER BY created_at DESC LIMIT 1)"
        " WHERE rowid = 1"
    )


def say_other_sum(evidence: Evidence) -> None:
    said = "json_set(snapshot, '$.amount', 1)"
    evidence.rows(f"UPDATE receipts SET snapshot = {said} WHERE kind = 'cancellation'")


def leave_out_receipt(evidence: Evidence) -> None:
    evidence.rows("DELETE FROM outbox WHERE kind = 'restoration'")
    evidence.rows("DELETE FROM receipts WHERE kind = 'restoration'")


def skip_number(evidence: Evidence) -> None:
    evidence.rows("UPDATE receipts SET serial = serial + 100 WHERE serial = 2")


def number_doubly(evidence: Evidence) -> None:
    evidence.rows("UPDATE receipts SET serial = 1 WHERE serial = 2")


def count_too_far(evidence: Evidence) -> None:
    evidence.rows("UPDATE receipt_numbers SET serial = serial + 1")


def never_take(evidence: Evidence) -> None:
    del evidence.taken[2]


def never_queue(evidence: Evidence) -> None:
    evidence.rows("DELETE FROM outbox WHERE rowid = 1")


def rename_mail(evidence: Evidence) -> None:
    again = evidence.taken[0]
    content = again.content.replace(b"Message-ID: <", b"Message-ID: <another-", 1)
    evidence.taken.append(replace(again, content=content))


SPOILED: dict[str, tuple[Callable[[Evidence], None], str]] = {
    "an entry is deleted": (lose, "lost"),
    "an entry has nothing at Stripe": (invent, "unfounded"),
    "a payment is booked twice": (book_twice, "doubled"),
    "a payment has two receipts": (number_twice, "doubled"),
    "an amount is another one": (change_amount, "wrong"),
    "a currency is another one": (change_currency, "wrong"),
    "an entry is another gift's": (change_gift, "wrong"),
    "a receipt says another sum": (say_other_sum, "wrong"),
    "a document is lacking": (leave_out_receipt, "without_receipt"),
    "a number is left out": (skip_number, "gaps"),
    "two have one number": (number_doubly, "gaps"),
    "a number was taken for nothing": (count_too_far, "gaps"),
    "a mail was never taken": (never_take, "unsent"),
    "a receipt has no mail": (never_queue, "unsent"),
    "a mail has another Message-ID": (rename_mail, "other_ids"),
}


def test_quiet_weather_has_nothing_to_tell(evidence: Evidence) -> None:
    """As the program left it, every figure is 0; a renewal is a sixth payment (the control)."""
    verdict = evidence.judged()
    assert verdict.good, verdict
    assert verdict.paid == len(FATES) + 1


@pytest.mark.parametrize("what", SPOILED)
def test_each_figure_can_be_other_than_nought(evidence: Evidence, what: str) -> None:
    """What is spoiled is seen, in its own figure."""
    spoil, figure = SPOILED[what]
    spoil(evidence)
    verdict = evidence.judged()
    assert not verdict.good
    assert getattr(verdict, figure) > 0


def test_no_figure_is_left_untried() -> None:
    """Each figure that has to be 0 is made wrong above."""
    assert {figure for _, figure in SPOILED.values()} == set(FAULTS)


# A mail that was taken twice, at 10 and at 20; the first try of it was by process 7.
TWICE = [Copy(10.0, "<a>", "well"), Copy(20.0, "<a>", "well")]
TRY = Try("<a>", 7, begun=9.0, ended=10.1)
LIVES = [Life(7, 0.0), Life(8, 12.0)]
KILLED = [Life(7, 0.0, died=10.5, by=9), Life(8, 12.0)]
ENDED = [Life(7, 0.0, died=10.5, by=0), Life(8, 12.0)]


@pytest.mark.parametrize(
    ("first_mood", "the_try", "lives", "windows", "explained"),
    [
        pytest.param("well", TRY, LIVES, [], False, id="no fault at all"),
        pytest.param("well", TRY, KILLED, [], True, id="killed before it was marked"),
        pytest.param(
            "well", replace(TRY, marked=True), KILLED, [], False, id="marked, then killed"
        ),
        pytest.param("well", TRY, ENDED, [], False, id="ended by itself"),
        pytest.param("took_without_answer", TRY, LIVES, [], True, id="no answer came"),
        pytest.param("451", TRY, LIVES, [], False, id="another mood"),
        pytest.param(
            "well", TRY, LIVES, [Window("database", "lock", 10, 17)], True, id="could not be marked"
        ),
        pytest.param(
            "well", TRY, LIVES, [Window("database", "lock", 1, 8)], False, id="locked long before"
        ),
        pytest.param(
            "well", TRY, LIVES, [Window("mail", "mail_451", 9, 12)], False, id="not of the database"
        ),
    ],
)
def test_a_repeated_mail_needs_a_fault_of_its_own(
    first_mood: str, the_try: Try, lives: list[Life], windows: list[Window], explained: bool
) -> None:
    """Only what came between the server's taking a mail and its row being marked excuses it."""
    copies = [replace(TWICE[0], mood=first_mood), TWICE[1]]
    found = count_repeats(copies, [the_try], lives, windows)
    assert found == Repeats(explained, not explained)
