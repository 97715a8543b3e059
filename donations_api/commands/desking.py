"""``desk``: the treasurer's pages on this computer, and a browser that shows them."""

import argparse
import webbrowser

from donations_api.commands import DONE, ready_ledger
from donations_api.commands.serving import listen, port_number, until_stopped
from donations_api.console import say, text
from donations_api.desk.app import LARGEST_BODY, create_desk
from donations_api.desk.door import HOST, Door
from donations_api.settings import Settings


def desk_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", default="9010", type=port_number, help=text("cli.port"))
    parser.add_argument("--no-browser", action="store_true", help=text("desk.cli.no_browser"))


def desk(settings: Settings, options: argparse.Namespace) -> int:
    """Serve the desk until Ctrl-C, to this computer alone."""
    ready_ledger(settings)
    door = Door(options.port)
    app = create_desk(settings, door)
    server = listen(app, HOST, options.port, largest_body=LARGEST_BODY)
    with until_stopped():
        say("desk.cli.listening", address=door.address())
        say("desk.cli.stop")
        if not options.no_browser:
            webbrowser.open(door.address_once())
        server.run()
    server.close()
    return DONE
