"""Rule L8: donors who can be recognised anywhere go through everything, and are looked for.

``MAY_HOLD`` is the whole list of places that may know them, and by what; any other is a leak.
"""

import io
import json
import logging
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import requests

from donations_api.app import create_app
from donations_api.cli import main
from donations_api.links import Links
from donations_api.settings import Settings
from plugins.books import open_books
from tests.donations.at_the_desk import desk_of
from tests.donations.guards import Rows
from tests.donations.running import FORM, Rig, environment_of, listening, rig
from tests.donations.stripe_events import an_event, body_of, signed
from tests.donations.test_transfers import content_with
from tests.site.tiny_site import make_site

# What a donor types, each in its own field; the last two stand in the message and the dedication.
CANARY = {
    "name": "坎娜莉Qzvname",
    "email": "qzvmail@canary.example",
    "message": "Qzvmessage愿你们平安",
    "phone": "13900907788",
    "address": "Qzvlane 77",
    "dedication": "Qzvdedication",
}
TYPED = {
    "name": CANARY["name"],
    "email": CANARY["email"],
    "message": f"{CANARY['message']} {CANARY['phone']}",
    "dedication": f"{CANARY['dedication']} {CANARY['address']}",
}
EVERYTHING = frozenset(CANARY)
# Where donors may be found, and by what.
MAY_HOLD = {
    "database": EVERYTHING,
    "stripe": {"email"},
    "letters": {"name", "email", "dedication", "address"},
    "the form, returned to the donor": EVERYTHING,
    "the donor's own pages": {"name", "dedication", "address"},
    "desk": EVERYTHING,
    "accountant's file": {"name", "email", "dedication", "address"},
    # Who chose "Show my name"; a message goes there once it was read at the desk.
    "what the site is told": {"name"},
    "the built site": {"name"},
}


@dataclass
class Finds:
    """What was looked at, by the name of the place; ``found``: who was where."""

    found: dict[str, set[str]] = field(default_factory=dict)

    def look(self, place: str, text: str | bytes) -> None:
        if isinstance(text, bytes):
            text = text.decode("utf-8", errors="replace")
        spelled = {one: json.dumps(mark)[1:-1] for one, mark in CANARY.items()}
        here = {
            one
            for one, mark in CANARY.items()
            if mark.lower() in text.lower() or spelled[one].lower() in text.lower()
        }
        self.found.setdefault(place, set()).update(here)


class Everything(logging.Handler):
    """Each line of each library at its lowest level, with traces, as the fullest log has them."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines = io.StringIO()
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.threadName == "MainThread" and record.name.startswith("urllib3"):
            return  # that is the donor's browser
        self.lines.write(self.format(record) + "\n")


@pytest.fixture(scope="module")
def finds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Finds]:
    """Everything has happened to the canaries, and every place was looked at."""
    folder, finds, log = tmp_path_factory.mktemp("canaries"), Finds(), Everything()
    root = logging.getLogger()
    before = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    try:
        with rig(folder, content=content_with(folder)) as both:
            give(both, finds)
            break_things(both, finds)
            take_out(both, finds, folder)
        yield_log(log, finds)
        yield finds
    finally:
        root.removeHandler(log)
        root.setLevel(before)


def yield_log(log: Everything, finds: Finds) -> None:
    said = log.lines.getvalue()
    broken = ("unexpected at POST /donations: ", "unexpected at POST /webhooks/stripe: ")
    for told in ("POST /donations 303", "urllib3", *broken):
        assert told in said, "the log does not tell what the test is about"
    finds.look("log", said)


def give(both: Rig, finds: Finds) -> None:
    """Each way to give, and the pages that a donor sees by it."""
    form = both.give(**TYPED | {"amount": "nothing"})
    assert form.status_code == 422
    finds.look("the form, returned to the donor", form.text)
    back = both.paid(**TYPED | {"anonymous": "no"})
    both.paid(**TYPED | {"frequency": "monthly", "anonymous": "yes"})
    transfer = both.give(**TYPED | {"way": "transfer"}).headers["Location"]
    assert both.give(**TYPED | {"frequency": "reminder"}).status_code == 303
    both.deliveries.deliver_due()
    for address in (back, both.portal + transfer):
        finds.look("pages that an unsigned reader sees", requests.get(address, timeout=20).text)
    gift = both.gifts()[0]
    mine = Links(both.settings).my_gift(gift.id)
    finds.look("the donor's own pages", requests.get(mine, timeout=20).text)
    finds.look("the donor's own file", requests.get(f"{mine}/gifts.csv", timeout=20).content)
    number, receipt = Rows(both.settings.database_url)(
        "SELECT number, id FROM receipts WHERE gift_id = ?", gift.id
    )[0]
    paper = requests.get(f"{mine}/receipts/{number}", timeout=20)
    finds.look("the donor's own pages", paper.text)
    check = requests.get(Links(both.settings).check(receipt), timeout=20)
    assert check.status_code == 200
    finds.look("the page behind a receipt's code", check.text)


def break_things(both: Rig, finds: Finds) -> None:
    """Errors whose own words name the donor, and addresses and events that do."""
    rows = Rows(both.settings.database_url)
    words = " ".join(CANARY.values()).replace("'", "")
    say = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
    rows(f"CREATE TRIGGER told BEFORE INSERT ON gifts {say}")
    answers = [both.give(**TYPED)]
    rows("DROP TRIGGER told")
    # Stripe tells of a payment, and what cannot be written down says whose it is.
    both.paid(**TYPED)
    rows(f"CREATE TRIGGER told BEFORE INSERT ON receipts {say}")
    both.deliveries.deliver_due()
    rows("DROP TRIGGER told")
    here, email = both.portal, CANARY["email"]
    answers += [
        requests.get(f"{here}/{path}", allow_redirects=False, timeout=20)
        for path in (email, f"gifts/{email}", f"donations?email={email}")
    ]
    event = an_event({"object": "refund", "description": words, "id": "re_x", "amount": "many"})
    proven = body_of(event | {"type": "refund.created"})
    for body in (proven, b'{"id": "' + words.encode() + b'"'):
        answers += [
            requests.post(f"{here}/webhooks/stripe", body, headers=headers, timeout=20)
            for headers in ({"Stripe-Signature": signed(body, at=datetime.now(UTC))}, {})
        ]
    away = replace(both.settings, stripe_api_base="http://127.0.0.1:9")
    with listening(create_app(away)) as lonely:
        retried = requests.post(f"{lonely}/donations", FORM | TYPED, timeout=30)
        assert retried.status_code == 503
        finds.look("the form, returned to the donor", retried.text)
        answers.append(requests.get(f"{lonely}/donations/thanks?gift={words}", timeout=30))
    assert [one.status_code for one in answers] == [500, 404, 404, 303, 200, 400, 400, 400, 404]
    for answer in answers:
        finds.look("error pages", f"{answer.headers} {answer.text}")


def take_out(both: Rig, finds: Finds, folder: Path) -> None:
    """All that leaves the books: letters, files, what commands say, the desk, the built site."""
    rows = Rows(both.settings.database_url)
    finds.look("database", both_files(both.settings))
    finds.look("stripe", both.sandbox_database.read_bytes())
    for file in both.mails():
        finds.look("letters", letter(file))
    with desk_of(both.settings) as treasurer:
        treasurer.sit_down()
        gift = f"/gifts/{both.gifts()[0].id}"
        for path in ("/", "/gifts", gift, f"{gift}/donor", f"{gift}/message", "/mails", "/events"):
            page = treasurer.look(path)
            assert page.status_code == 200, path
            finds.look("desk", page.text)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment_of(both.settings).items():
            patch.setenv(name, value)
        site = make_site(folder / "site")
        for name in ("organisation.toml", "donations.toml", "consent_texts.toml"):
            shutil.copy(both.settings.content / name, site.folder / "content")
        for code in ("zh", "en"):
            text = f"---\ntitle: Books {code}\ndescription: The books, {code}.\n---\n"
            site.write(f"content/pages/transparency.{code}.md", text)
        data = site.folder / open_books.DEMO
        data.mkdir(parents=True)
        for words in (
            ("publish-ledger", "--into", str(data)),
            ("check",),
            ("balance",),
            ("bank-lines",),
            ("send",),
        ):
            finds.look("what commands say", said_by(*words))
        accounts = folder / "gifts.xlsx"
        finds.look("what commands say", said_by("export", "gifts", "--into", str(accounts)))
        finds.look("accountant's file", unpacked(accounts))
        entries = folder / "entries.csv"
        finds.look("what commands say", said_by("export", "entries", "--into", str(entries)))
        finds.look("the ledger's file", entries.read_bytes())
    for file in data.iterdir():
        finds.look("what the site is told", file.read_bytes())
    run = site.run("build", "--demo")
    assert run.code == 0, run.said
    finds.look("what the build says", run.said)
    for file in site.output.rglob("*"):
        if file.is_file():
            finds.look("the built site", file.read_bytes())
    assert rows("SELECT count(*) FROM gifts") != [(0,)]


def said_by(*words: str) -> str:
    """What a command says, on either stream."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        patch.setattr("sys.stderr", out)
        assert main(list(words)) in (0, 1)
    return out.getvalue()


def both_files(settings: Settings) -> bytes:
    return Path(settings.database_url.removeprefix("sqlite:///")).read_bytes()


def letter(file: Path) -> str:
    """A letter's head and texts as its reader has them."""
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    parts = (mail.get_body((kind,)) for kind in ("plain", "html"))
    return f"{mail['To']} " + " ".join(part.get_content() for part in parts if part)


def unpacked(file: Path) -> str:
    with zipfile.ZipFile(file) as packed:
        return " ".join(packed.read(name).decode("utf-8") for name in packed.namelist())


def test_the_canaries_were_everywhere_that_may_know_them(finds: Finds) -> None:
    """Each place that may know of them was looked at and does: the search finds what is there."""
    assert {place: finds.found.get(place) for place in MAY_HOLD} == MAY_HOLD


def test_nowhere_else_is_anybody_found(finds: Finds) -> None:
    """L6, L8: logs at their fullest, errors, exports, commands, open books, built site: nobody."""
    elsewhere = {place: who for place, who in finds.found.items() if place not in MAY_HOLD}
    assert len(elsewhere) >= 8
    assert {place: who for place, who in elsewhere.items() if who} == {}
