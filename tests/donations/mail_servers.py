"""Real mail servers on free ports, each with a temper of its own."""

import asyncio
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

PASSWORD = b"p@ss/word"


class Box:
    """What a server took, and how it answers: with ``data`` to a mail, after a while if ``slow``.

    ``first`` are answers to the first mails, one each.
    """

    def __init__(
        self,
        rcpt: str = "250 OK",
        data: str = "250 OK",
        slow: float = 0,
        first: tuple[str, ...] = (),
    ) -> None:
        self.rcpt, self.data, self.slow, self.first = rcpt, data, slow, list(first)
        self.taken: list[Envelope] = []
        self.encrypted: list[bool] = []
        self.users: list[bytes | None] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(  # noqa: N802
        self, _server: Any, session: Any, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.slow)
        answer = self.first.pop(0) if self.first else self.data
        if answer.startswith("250"):
            self.taken.append(envelope)
            self.encrypted.append(session.ssl is not None)
            self.users.append(session.auth_data.login if session.auth_data else None)
        return answer

    def messages(self) -> list[tuple[list[str], str]]:
        """Who got which mail, by its Message-ID."""
        return [
            (envelope.rcpt_tos, message_from_bytes(envelope.content)["Message-ID"])
            for envelope in self.taken
            if isinstance(envelope.content, bytes)
        ]


def _authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:
    return AuthResult(success=data.password == PASSWORD, handled=False, auth_data=data)


@contextmanager
def mail_server(
    box: Box,
    *,
    tls: Path | None = None,
    at_once: bool = False,
    users: bool = False,
    utf8: bool = True,
) -> Iterator[str]:
    """A server that puts mails into ``box``; its host and port.

    ``tls`` is a certificate's folder: STARTTLS is offered, or TLS ``at_once`` from the start.
    """
    options: dict[str, Any] = {"enable_SMTPUTF8": utf8}
    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "cert.pem", tls / "key.pem")
    if context and at_once:
        options["ssl_context"] = context
    elif context:
        options["tls_context"] = context
    if users:
        options |= {"authenticator": _authenticate, "auth_require_tls": False}
    controller = Controller(box, hostname="127.0.0.1", port=0, **options)
    # The controller looks whether it listens, at the port that it was given: so ask for a free one.
    controller.port = _free_port()
    controller.start()
    try:
        yield f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def certificate(folder: Path) -> Path:
    """A certificate that nobody vouches for, in ``folder``."""
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subject = ["-subj", "/CN=localhost"]
    subprocess.run([*command.split(), *files, *subject], check=True, capture_output=True)
    return folder
