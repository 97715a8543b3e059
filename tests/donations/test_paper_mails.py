"""Papers on their way: attached to the letters, checked by who holds one, asked for by staff."""

import re
import stat
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests

from donations_api import papers, typesetting
from donations_api.app import create_app, drain, portal_for
from donations_api.clerk import Clerk
from donations_api.cli import COMMANDS, main
from donations_api.errors import Explained
from donations_api.gift import Receipt
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.links import Links
from donations_api.money import Money
from donations_api.records import Message, Signed
from donations_api.settings import Settings
from donations_api.yearly import queue_statement
from tests.donations.conftest import Deliver
from tests.donations.guards import Rows
from tests.donations.running import environment_of, listening, says
from tests.donations.stripe_events import NOW, a_refund, a_session, an_event, kept
from tests.donations.test_mailer import body, read
from tests.donations.test_papers import text_of

SIGNED = Signed("王会计", "捐赠人来信索取")


@pytest.fixture
def receipt(deliver: Deliver, ledger: Ledger) -> Receipt:
    return booked(deliver, ledger)


def booked(deliver: Deliver, ledger: Ledger, **changed: Any) -> Receipt:
    gift = kept(ledger, **changed)
    deliver(an_event(a_session(gift)))
    with ledger.books() as books:
        receipt = books.receipt_of(gift.id)
    assert receipt
    return receipt


def give_back(deliver: Deliver, receipt: Receipt, minor: int, name: str = "1", **how: Any) -> None:
    refund = a_refund(f"pi_{receipt.gift_id}", minor, name, **how)
    deliver(an_event(refund, "refund.failed" if how else "refund.created"))


def sent(settings: Settings) -> list[EmailMessage]:
    """The mails of the folder, whichever came first."""
    folder = Path(settings.smtp_url.removeprefix("file:"))
    return [read(file.read_bytes()) for file in folder.glob("*.eml")]


def pdf_of(mail: EmailMessage) -> tuple[str, bytes]:
    (attached,) = mail.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    return attached.get_filename() or "", attached.get_content()


def test_every_letter_of_a_receipt_brings_its_paper(
    receipt: Receipt, deliver: Deliver, settings: Settings
) -> None:
    """Receipt, cancellation, restoration: both parts stay, the text names the file, the paper's
    address leads to the page that checks it.
    """
    give_back(deliver, receipt, 5000)
    give_back(deliver, receipt, 5000, status="failed")
    assert drain(settings, NOW) == 3
    names = set()
    for mail in sent(settings):
        name, pdf = pdf_of(mail)
        assert name in body(mail, "plain")
        assert name in body(mail, "html")
        assert "张伟" in text_of(pdf)
        assert name.removesuffix(".pdf") in text_of(pdf)
        code = re.search(rf"{settings.site_url}/receipts/([\w-]+)", text_of(pdf))
        assert code
        assert Links(settings).receipt_of(code[1]).startswith("receipt_")
        names.add(name)
    assert names == {f"XX-2026-00000{n}.pdf" for n in (1, 2, 3)}


def test_a_mail_whose_paper_fails_waits_and_staff_see_why(
    receipt: Receipt,
    ledger: Ledger,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """It is not sent without its paper and not lost: it goes out once the paper can be made."""
    with monkeypatch.context() as broken:
        broken.setattr(papers, "_TEMPLATE", tmp_path / "paper.typ")
        assert drain(settings, NOW) == 0
    with ledger.books() as books:
        (unsent,) = books.unsent()
    assert not unsent.dead
    assert unsent.reason
    assert unsent.reason.message == "mail.no_pdf"
    assert drain(settings, NOW + timedelta(minutes=2)) == 1
    (mail,) = sent(settings)
    assert pdf_of(mail)[0] == f"{receipt.number}.pdf"


def queue(ledger: Ledger, receipt: Receipt, kind: str, **said: Any) -> None:
    with ledger.books() as books:
        message = Message(
            id=f"mail_{kind}", kind=kind, cause=f"copy of {receipt.id}", receipt_id=receipt.id,
            gift_id=receipt.gift_id, pledge_id=None, said=said, address="other@example.org",
            message_id=f"<{kind}@example.org>",
        )  # fmt: skip
        assert books.queue(message, NOW)
        books.commit()


def test_a_copy_says_so_in_the_language_that_was_asked_for(
    receipt: Receipt, deliver: Deliver, ledger: Ledger, settings: Settings
) -> None:
    """What the mail says outranks the receipt's snapshot; a cancellation is copied as one."""
    give_back(deliver, receipt, 5000)
    with ledger.books() as books:
        _, cancellation = books.receipts_of(receipt.gift_id)
    drain(settings, NOW)
    queue(ledger, receipt, "receipt", language="en", copy=True)
    queue(ledger, cancellation, "copy", language="en")
    assert drain(settings, NOW) == 2
    mails = {str(mail["Message-ID"]): mail for mail in sent(settings)}
    for kind, title, number in (
        ("receipt", "Donation acknowledgement", receipt.number),
        ("copy", "Cancellation of an acknowledgement", cancellation.number),
    ):
        mail = mails[f"<{kind}@example.org>"]
        name, pdf = pdf_of(mail)
        assert "[COPY]" in str(mail["Subject"])
        assert "[COPY]" in body(mail, "plain")
        assert name == f"{number}-copy.pdf"
        assert "COPY" in text_of(pdf)
        assert "".join(title.split()) in text_of(pdf)


def test_a_paper_can_be_checked_by_who_holds_it(
    deliver: Deliver, ledger: Ledger, settings: Settings
) -> None:
    """Valid, cancelled in part, cancelled, restored; in the visitor's language; nothing of the
    donor; nothing that a search engine keeps.
    """
    receipt = booked(deliver, ledger, name="欧阳修远", dedication="外婆", message="平安")
    with listening(create_app(settings)) as address:
        path = Links(settings).check(receipt.id).removeprefix(settings.site_url)

        def shows(validity: str, *wanted: str) -> None:
            number = f'<span class="number">{receipt.number}</span>'
            for language in ("zh", "en"):
                answer = requests.get(f"{address}{path}?language={language}", timeout=10)
                assert answer.status_code == 200
                assert says(answer, f"check.{validity}.text", language, number=number)
                for one in (receipt.number, "200.00", *wanted):
                    assert one in answer.text
                for private in (
                    "欧阳",
                    "外婆",
                    "平安",
                    "zhang@",
                    receipt.gift_id,
                    "最需要",
                    "most",
                ):
                    assert private not in answer.text
                assert '<meta name="robots" content="noindex">' in answer.text
                assert "<script" not in answer.text

        shows("valid")
        give_back(deliver, receipt, 5000)
        shows("part", "150.00")
        give_back(deliver, receipt, 15000, "2")
        shows("cancelled", "0.00")
        give_back(deliver, receipt, 5000, status="failed")
        shows("part", "50.00")
        give_back(deliver, receipt, 15000, "2", status="failed")
        shows("restored")
        with ledger.books() as books:
            cancellation = books.receipts_of(receipt.gift_id)[1]
        path = Links(settings).check(cancellation.id).removeprefix(settings.site_url)
        shows("restored", cancellation.number, "50.00")


def test_a_forged_code_gets_a_friendly_page(receipt: Receipt, settings: Settings) -> None:
    """Whatever is wrong with it: one changed sign, another portal's, none at all."""
    foreign = Links(replace(settings, secret_key="another secret of the tests"))
    code = Links(settings).check(receipt.id).rpartition("/")[2]
    unknown = Links(settings).check("receipt_" + 24 * "0").rpartition("/")[2]
    swapped = "A" if code[0] != "A" else "B"
    forged = [
        *(swapped + code[1:], code[:-2] + "AA", code[:-1], code + "=", code + "A", f"{code}!"),
        *("x", "XX-2026-000001", receipt.id, "漢字", unknown),
        foreign.check(receipt.id).rpartition("/")[2],
    ]
    with listening(create_app(settings)) as address:
        assert requests.get(f"{address}/receipts/{code}", timeout=10).status_code == 200
        for one in forged:
            answer = requests.get(f"{address}/receipts/{one}?language=zh", timeout=10)
            assert answer.status_code == 404, one
            assert says(answer, "problem.no_such_paper.text"), one


def statement(
    ledger: Ledger, giving: Giving, settings: Settings, language: str, year: int = 2026
) -> int:
    with ledger.books() as books:
        clerk = Clerk(books, giving, settings, NOW)
        number = queue_statement(clerk, "zhang@example.org", year, language, SIGNED)
        books.commit()
    return number


def test_a_donors_year(
    deliver: Deliver, ledger: Ledger, giving: Giving, settings: Settings, rows: Rows
) -> None:
    """All gifts of the address, what went back of them, each currency's total; who sent it and why
    is noted, in the same transaction.
    """
    first = booked(deliver, ledger)
    booked(deliver, ledger, amount=Money(3000, "JPY"))
    booked(deliver, ledger, email="other@example.org", amount=Money(77700, "CNY"))
    kept(ledger)  # not paid
    give_back(deliver, first, 5000)
    drain(settings, NOW)
    assert statement(ledger, giving, settings, "en") == 1
    assert drain(settings, NOW) == 1
    (mail,) = [one for one in sent(settings) if "of the year" in str(one["Subject"])]
    assert mail["To"] == "zhang@example.org"
    name, pdf = pdf_of(mail)
    assert name == "statement-2026.pdf"
    for part in (text_of(pdf), "".join(body(mail, "plain").split())):
        assert "CN¥150.00" in part
        assert "JP¥3,000" in part
        assert "777.00" not in part
    for one in ("XX-2026-000001", "XX-2026-000002", "CN¥50.00", "张伟", "公益事业捐赠统一票据"):
        assert one in text_of(pdf)
    assert rows("SELECT kind, about, entered_by, reason FROM acts") == [
        ("yearly", "house 2026", SIGNED.by, SIGNED.why)
    ]


def test_a_year_ends_where_the_recipient_is(
    deliver: Deliver, ledger: Ledger, giving: Giving, settings: Settings, rows: Rows
) -> None:
    """New Year in Shanghai comes eight hours before UTC's; without gifts there is no statement."""
    booked(deliver, ledger)
    rows("DROP TRIGGER receipts_never_change" + ("" if rows.on_sqlite else " ON receipts"))
    rows(
        "UPDATE receipts SET snapshot = replace(snapshot, ?, ?)",
        "2026-11-23T08:00:00+00:00",
        "2026-12-31T16:30:00+00:00",
    )
    with pytest.raises(Explained) as refused:
        statement(ledger, giving, settings, "", 2026)
    assert refused.value.message == "yearly.no_gifts"
    assert statement(ledger, giving, settings, "", 2027) == 1
    with pytest.raises(Explained) as refused:
        statement(ledger, giving, settings, "fr", 2027)
    assert refused.value.message == "yearly.language"


def test_staff_ask_for_papers_by_command(
    receipt: Receipt,
    settings: Settings,
    ledger: Ledger,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One receipt as a file, in either language; a year by mail; mistakes are explained."""
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    into = tmp_path / "one.pdf"
    asked = ("receipt-pdf", "--number", receipt.number, "--into", str(into))
    assert main([*asked]) == 0
    assert "人民币贰佰元整" in text_of(into.read_bytes())
    assert main([*asked, "--language", "en"]) == 0
    assert "twohundredyuan" in text_of(into.read_bytes())
    year = ("yearly-statement", "--email", receipt_address(ledger, receipt), "--by", "王会计")
    assert main([*year, "--year", "2026", "--why", "来信索取"]) == 0
    wrong = (
        ([*asked, "--language", "fr"], "fr"),
        (["receipt-pdf", "--number", "XX-1", "--into", str(into)], "XX-1"),
        ([*year, "--year", "2025", "--why", "来信索取"], "2025"),
        ([*year, "--year", "2026", "--why", " "], "请写明是谁做的、为什么"),
        (["yearly-statement", "--email", "none", "--by", "a", "--why", "b", "--year", "1"], "none"),
    )
    # It names a donor, and a place that is none leaves what was there.
    assert stat.S_IMODE(into.stat().st_mode) == 0o600
    capsys.readouterr()
    assert main(["receipt-pdf", "--number", receipt.number, "--into", str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err
    assert [one.name for one in tmp_path.glob("*.pdf")] == ["one.pdf"]
    for words, named in wrong:
        assert main(words) == 1, words
        assert named in capsys.readouterr().err
    assert {"receipt-pdf", "yearly-statement"} <= COMMANDS.keys()


def receipt_address(ledger: Ledger, receipt: Receipt) -> str:
    with ledger.books() as books:
        gift = books.gift(receipt.gift_id)
    assert gift
    return gift.email


def test_no_web_request_makes_a_paper(receipt: Receipt, settings: Settings) -> None:
    """The donor's own page shows the letter, which takes no paper to be made."""
    typesetting._fonts.cache_clear()
    portal = portal_for(settings)
    token = portal.links.my_gift(receipt.gift_id).rpartition("/")[2]
    with listening(create_app(settings)) as address:
        page = requests.get(f"{address}/gifts/{token}/receipts/{receipt.number}", timeout=10)
    assert page.status_code == 200
    assert ".pdf" not in page.text
    assert typesetting._fonts.cache_info().misses == 0
