"""The mailer before real mail servers: friendly, full, silent, rude, and somebody else's."""

import socket
import time
from pathlib import Path
from typing import Any

import pytest

from donations_api import mailer
from donations_api.errors import MailDelayed, MailRefused
from tests.donations.mail_servers import Box, certificate, mail_server
from tests.donations.test_mailer import SUBJECT, TEXT, TO, body, read, send


def test_a_mail_to_a_server() -> None:
    """The envelope names the one receiver and the sender, whatever the headers say."""
    box = Box()
    with mail_server(box) as address:
        send(f"smtp://{address}")
    (envelope,) = box.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("gifts@example.org", [TO])
    assert read(envelope.content)["Subject"] == SUBJECT
    assert body(read(envelope.content), "plain") == TEXT


def test_the_way_to_end_such_mails_survives_the_journey() -> None:
    """A server takes both headers as they were meant."""
    address, box = f"https://charity.example/pledges/{'token-' * 30}/stop", Box()
    with mail_server(box) as server:
        send(f"smtp://{server}", unsubscribe=address)
    message = read(box.taken[0].content)
    assert message["List-Unsubscribe"] == f"<{address}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize(
    ("box", "error"),
    [
        (Box(rcpt="550 no such user"), MailRefused),
        (Box(rcpt="451 try later"), MailDelayed),
        (Box(data="554 spam"), MailRefused),
        (Box(data="452 no room"), MailDelayed),
        (Box(data="421 going down"), MailDelayed),
    ],
)
def test_5xx_is_the_last_word_and_4xx_is_not(box: Box, error: type[Exception]) -> None:
    with mail_server(box) as address, pytest.raises(error) as caught:
        send(f"smtp://{address}")
    assert (box.rcpt if not box.rcpt.startswith("250") else box.data)[4:] in str(caught.value)


def test_a_server_that_is_away_is_waited_for() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(MailDelayed):
        send(f"smtp://127.0.0.1:{port}")


def test_a_server_that_says_nothing_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """No mail can hold up the others for long."""
    assert mailer.TIME_OUT <= 10
    monkeypatch.setattr(mailer, "TIME_OUT", 0.3)
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(MailDelayed):
        send(f"smtp://127.0.0.1:{silent.getsockname()[1]}")
    assert time.monotonic() - began < 3


def test_a_bad_farewell_sends_nothing_twice() -> None:
    """The mail was taken; that the server then hangs up rudely is no reason to try again."""

    class Rude(Box):
        async def handle_QUIT(self, *_: Any) -> str:  # noqa: N802
            return "554 go away"

    box = Rude()
    with mail_server(box) as address:
        send(f"smtp://{address}")
    assert len(box.taken) == 1


def test_encryption_is_used_where_it_is_offered(tmp_path: Path) -> None:
    box = Box()
    with mail_server(box, tls=certificate(tmp_path)) as address:
        send(f"smtp://{address}")
    assert box.encrypted == [True]


def test_user_and_password_are_given(tmp_path: Path) -> None:
    """Signs that mean something in an address are written with %; a wrong password is no fault of
    the mail.
    """
    box = Box()
    with mail_server(box, tls=certificate(tmp_path), users=True) as address:
        send(f"smtp://gifts%40example.org:p%40ss%2Fword@{address}")
        with pytest.raises(MailDelayed, match="535"):
            send(f"smtp://gifts%40example.org:wrong@{address}")
    assert box.users == [b"gifts@example.org"]


def test_a_password_goes_to_nobody_in_the_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without encryption a password stays here, but on this very machine; without the rule it
    would be sent.
    """
    box = Box()
    with mail_server(box, users=True) as address:
        url = f"smtp://gifts:p%40ss%2Fword@{address}"
        monkeypatch.setattr(mailer, "is_loopback", lambda _: False)
        with pytest.raises(MailDelayed) as caught:
            send(url)
        assert caught.value.message == "mail.not_private"
        assert box.taken == []
        monkeypatch.undo()
        send(url)
    assert box.users == [b"gifts"]


def test_a_certificate_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody in between cannot pose as the mail server of another host."""
    box = Box()
    with mail_server(box, tls=certificate(tmp_path)) as address:
        monkeypatch.setattr(mailer, "is_loopback", lambda _: False)
        with pytest.raises(MailDelayed, match="CERTIFICATE_VERIFY_FAILED"):
            send(f"smtp://{address}")
    with (
        mail_server(box, tls=certificate(tmp_path), at_once=True) as address,
        pytest.raises(MailDelayed, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        send(f"smtps://{address}")
    assert box.taken == []


def test_encrypted_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """smtps:// with a certificate that is vouched for."""
    folder = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(folder / "cert.pem"))
    box = Box()
    with mail_server(box, tls=folder, at_once=True) as address:
        send(f"smtps://localhost:{address.partition(':')[2]}")
    assert len(box.taken) == 1


def test_an_international_address() -> None:
    """张伟@… goes to a server that takes such addresses, and nowhere else."""
    address, box = "张伟@example.org", Box()
    with mail_server(box) as server:
        send(f"smtp://{server}", address)
    (envelope,) = box.taken
    assert envelope.rcpt_tos == [address]
    assert read(envelope.content)["To"] == address
    assert read(envelope.content)["Subject"] == SUBJECT

    with mail_server(box, utf8=False) as server, pytest.raises(MailRefused) as caught:
        send(f"smtp://{server}", address)
    assert caught.value.message == "mail.address_needs_smtputf8"


def test_a_chinese_domain_needs_no_special_server() -> None:
    box = Box()
    with mail_server(box, utf8=False) as server:
        send(f"smtp://{server}", "zhang@例子.中国")
    assert box.taken[0].rcpt_tos == ["zhang@xn--fsqu00a.xn--fiqs8s"]
