"""``python -m donations_api.demo``: one server for everything, until Ctrl-C."""

import argparse
import json
import os
import secrets
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from donations_api.app import create_app
from donations_api.cli import explaining
from donations_api.commands.serving import Postman, listen, port_number, until_stopped
from donations_api.console import say, text, write_line
from donations_api.demo.mailbox import create_mailbox
from donations_api.demo.site import create_site
from donations_api.desk.app import LARGEST_BODY, create_desk
from donations_api.desk.door import Door
from donations_api.errors import Explained
from donations_api.frame import load_frame
from donations_api.giving import load_giving
from donations_api.ledger import Ledger
from donations_api.open_books import publish
from donations_api.pages import HEADERS
from donations_api.sandbox import Deliveries, SandboxSettings, create_sandbox
from donations_api.settings import Settings
from donations_api.templating import RUNNING, policy_header

HOST = "127.0.0.1"
API_KEY = "sk_test_demo"  # the stand-in asks for a key; this one opens nothing else


def main(words: list[str]) -> int:
    """Run the demo; its exit code."""
    parser = argparse.ArgumentParser("donations_api.demo", description=text("demo.description"))
    parser.add_argument("--port", type=port_number, default=8000, help=text("cli.port"))
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--site", type=Path, help=text("demo.option.site"))
    what.add_argument("--publish", type=Path, help=text("demo.option.publish"))
    parser.add_argument("--state", type=Path, default="var", help=text("demo.option.state"))
    options = parser.parse_args(words)
    state = options.state.resolve()
    if options.publish:
        return explaining(lambda: publish_books(options.publish, state, options.port))
    return explaining(lambda: show(options.site.resolve(), state, options.port))


def publish_books(folder: Path, state: Path, port: int) -> int:
    """Write the demo's own open books into ``folder``, if anybody ever gave in this demo."""
    if not (state / "donations.db").exists():
        return 0
    settings, _ = _settings(state, f"http://{HOST}:{port}")
    ledger = Ledger(settings.database_url)
    ledger.migrate()
    zone = load_giving(settings.content).recipients[0].time_zone
    folder.mkdir(parents=True, exist_ok=True)
    publish(ledger, folder, zone, datetime.now(UTC), demo=True)
    return 0


def show(site: Path, state: Path, port: int) -> int:
    """Serve the built ``site`` and what belongs to it; gifts and mails are kept in ``state``."""
    if not (site / "index.html").is_file():
        raise Explained("demo.no_site", folder=str(site))
    state.mkdir(parents=True, exist_ok=True)
    address = f"http://{HOST}:{port}"
    settings, sandbox = _settings(state, address)
    postman = Postman(settings)
    portal = create_app(settings, on_queued=postman.wake)
    door = Door(port, "/desk")
    server = listen(
        DispatcherMiddleware(
            _portal_or_site(portal, create_site(site, HEADERS, _running(settings))),
            {
                "/sandbox": create_sandbox(sandbox),
                "/mailbox": create_mailbox(settings, state / "mail"),
                "/desk": create_desk(settings, door),
            },
        ),
        HOST,
        port,
        largest_body=LARGEST_BODY,
    )
    Ledger(settings.database_url).migrate()
    deliveries = Deliveries(sandbox)
    with until_stopped(), postman:
        deliveries.start()
        _say_where(settings, address, door)
        server.run()
    server.close()
    deliveries.stop()
    say("demo.stopped", folder=str(state))
    return 0


def _settings(state: Path, address: str) -> tuple[Settings, SandboxSettings]:
    """The portal's settings as a host would give them, and the stand-in's to match."""
    kept = _secrets(state / "demo.json")
    portal = {
        "DATABASE_URL": f"sqlite:///{state / 'donations.db'}",
        "STRIPE_API_KEY": API_KEY,
        "STRIPE_API_BASE": f"{address}/sandbox",
        "STRIPE_WEBHOOK_SECRET": kept["webhook_secret"],
        "SECRET_KEY": kept["secret_key"],
        "SITE_URL": address,
        "SMTP_URL": f"file:{state / 'mail'}",
        "MAIL_FROM": "demo@example.org",
        "CONTENT": os.environ.get("CONTENT", ""),
    }
    sandbox = SandboxSettings(
        public_url=f"{address}/sandbox",
        api_key=API_KEY,
        webhook_secret=kept["webhook_secret"],
        webhook_url=f"{address}/webhooks/stripe",
        database=state / "sandbox.db",
    )
    return Settings.from_environ(portal), sandbox


def _running(settings: Settings) -> dict[str, dict[str, str]]:
    """The headers of the pages that run a script of our own, by their paths."""
    languages = load_frame(settings.content, settings.theme).languages
    return {
        one.page(key): HEADERS | {"Content-Security-Policy": policy_header(key)}
        for one in languages
        for key in RUNNING
    }


def _secrets(file: Path) -> dict[str, str]:
    """Secrets of this demo's own, kept so that its links still open after the next start."""
    if not file.exists():
        made = {
            "secret_key": secrets.token_urlsafe(32),
            "webhook_secret": f"whsec_{secrets.token_hex(24)}",
        }
        # Under another name first: half a file would stop every later start.
        unfinished = file.with_suffix(".part")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(made), encoding="utf-8")
        unfinished.replace(file)
    kept: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return kept


def _portal_or_site(portal: Flask, site: Flask) -> WSGIApplication:
    """The portal answers the paths that its routes begin with; the site has all the others."""
    portals = {rule.rule.split("/")[1] for rule in portal.url_map.iter_rules()}

    def choose(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        first = environ["PATH_INFO"].removeprefix("/").split("/")[0]
        return (portal if first in portals else site)(environ, start_response)

    return choose


def _say_where(settings: Settings, address: str, door: Door) -> None:
    languages = load_frame(settings.content, settings.theme).languages
    for message, page in (("demo.home", "home"), ("demo.donate", "donate")):
        for one in languages:
            write_line(f"{text(message, language=one.name)}  {address}{one.page(page)}")
    write_line(f"{text('demo.mailbox')}  {address}/mailbox/")
    write_line(f"{text('demo.sandbox')}  {address}/sandbox/")
    write_line(f"{text('demo.desk')}  {door.address()}")
    say("demo.stop")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
