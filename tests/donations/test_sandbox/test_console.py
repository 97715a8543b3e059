"""The page that shows what the sandbox has done."""

import re

import requests

from tests.donations.test_sandbox.rig import Rig, text_of


def test_console_shows_sessions_and_deliveries(rig: Rig) -> None:
    """Each session stands there with its amount, its state and how far its event has come."""
    waiting, paid = rig.create(), rig.create()
    rig.press(paid.id)
    rig.webhook.answers = [500]
    rig.deliveries.deliver_due()

    page = text_of(requests.get(f"{rig.url}/?language=en", timeout=20))

    assert waiting.id in page
    assert paid.id in page
    assert "CN¥200.00 open" in page
    assert "CN¥200.00 paid checkout.session.completed" in page
    assert "waiting; attempts: 1 · last answer: 500" in page


def test_console_without_sessions_says_what_to_do(rig: Rig) -> None:
    """An empty list is explained, in both languages."""
    assert "No payments yet" in requests.get(f"{rig.url}/?language=en", timeout=20).text
    assert "还没有支付记录" in requests.get(f"{rig.url}/?language=zh", timeout=20).text


def test_event_can_be_delivered_again(rig: Rig) -> None:
    """The button sends an event once more, from our own page only."""
    rig.press(rig.create().id)
    rig.deliveries.deliver_due()
    page = requests.get(f"{rig.url}/?language=en", timeout=20).text
    action = re.search(r'action="(/sandbox/events/[^"]+)"', page)
    assert action
    own = "/".join(rig.url.split("/")[:3])

    def press(origin: str, path: str = action[1]) -> int:
        return requests.post(
            own + path, headers={"Origin": origin}, allow_redirects=False, timeout=20
        ).status_code

    assert press("https://example.org") == 403
    assert rig.deliveries.deliver_due() == 0
    assert press(own, "/sandbox/events/evt_none/deliver") == 404
    assert press(own) == 303
    assert rig.deliveries.deliver_due() == 1
    assert len(rig.webhook.told) == 2
