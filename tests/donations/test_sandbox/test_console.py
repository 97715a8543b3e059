"""The pages that show what the sandbox has done, and play the others' parts."""

import re

import pytest
import requests

from tests.donations.test_sandbox.rig import Rig


def test_console_shows_sessions_and_deliveries(rig: Rig) -> None:
    """Each session stands there with its amount and state, its page with what was told of it."""
    waiting, paid = rig.create(), rig.create()
    rig.press(paid.id)
    rig.webhook.answers = [500]
    rig.deliveries.deliver_due()

    page = rig.look()

    assert re.search(rf"{waiting.id} .{{1,40}} CN¥200.00 open", page)
    assert re.search(rf"{paid.id} .{{1,40}} CN¥200.00 paid", page)
    told = "checkout.session.completed waiting; attempts: 1 · last answer: 500"
    assert told in rig.look(f"sessions/{paid.id}")
    assert told in rig.look("?show=events")


def test_console_without_sessions_says_what_to_do(rig: Rig) -> None:
    """An empty list is explained, in both languages."""
    assert "No payments yet" in rig.look()
    assert "还没有支付记录" in rig.look(language="zh")


def test_pages_lead_to_one_another(rig: Rig) -> None:
    """From the session to the charge and the subscription, and back."""
    subscription = rig.subscribe()
    page = rig.look("?show=subscriptions")
    assert subscription.id in page

    page = rig.look(f"subscriptions/{subscription.id}")
    for kind in ("sessions", "charges"):
        (there,) = re.findall(r"(?:cs_test|ch)_\w+", rig.look(f"?show={kind}"))
        assert there in page
        back = rig.look(f"{kind}/{there}")
        assert subscription.id in back
        assert "invoice.paid delivered" in back


@pytest.mark.parametrize("kind", ["sessions", "subscriptions", "charges", "payouts", "nothing"])
def test_unknown_things_are_404(rig: Rig, kind: str) -> None:
    """To look at and to act upon."""
    assert requests.get(f"{rig.url}/{kind}/none", timeout=20).status_code == 404
    assert rig.act(f"{kind}/none", "refund_all") == 404


def test_unknown_acts_are_404(rig: Rig) -> None:
    """A button that the page does not have."""
    assert rig.act(f"charges/{rig.pay().id}", "explode") == 404
    assert rig.act("events", "explode") == 404


@pytest.mark.parametrize(
    ("page", "act"),
    [
        ("charges/{charge}", "refund_all"),
        ("events", "hold"),
        ("events", "lose"),
        ("events/x", "now"),
    ],
)
def test_other_sites_cannot_press_buttons(rig: Rig, page: str, act: str) -> None:
    """A form on another page is refused with 403, and nothing is done."""
    page = page.format(charge=rig.pay().id)

    assert rig.act(page, act, origin="https://example.org") == 403
    assert rig.types() == []


def test_event_can_be_delivered_again(rig: Rig) -> None:
    """The button sends an event once more."""
    rig.press(rig.create().id)
    (event,) = rig.news()

    assert rig.act("events/evt_none", "again") == 404
    assert rig.act(f"events/{event['id']}", "again") == 303
    assert rig.news() == [event]


def test_event_can_come_late_or_never(rig: Rig) -> None:
    """Put off, it comes at its time; dropped, it comes only when somebody sends it."""
    session = rig.create().id
    rig.press(session)
    event = re.findall(r"evt_\w+", rig.look("?show=events"))[0]

    assert rig.act(f"events/{event}", "late", seconds="600") == 303
    assert "put off until" in rig.look(f"sessions/{session}")
    assert rig.news() == []
    rig.clock.forward(599)
    assert rig.news() == []
    rig.clock.forward(2)
    assert len(rig.news()) == 1

    rig.act(f"events/{event}", "never")
    rig.clock.forward(100_000)
    assert rig.news() == []
    assert "never to be delivered" in rig.look(f"sessions/{session}")
    rig.act(f"events/{event}", "now")
    assert len(rig.news()) == 1


def test_held_events_wait_and_their_order_can_be_changed(rig: Rig) -> None:
    """While all is held nothing is told; one is sent first by hand, the rest when released."""
    rig.act("events", "hold")
    rig.press(rig.create().id)
    charge = rig.client().v1.charges.list().data[0].id
    rig.act(f"charges/{charge}", "refund_all")
    assert rig.news() == []
    assert rig.look("?show=events").count("held until released") == 2
    refund = re.findall(r"evt_\w+", rig.look("?show=events"))[0]  # the newest is first

    rig.act(f"events/{refund}", "now")
    assert rig.types() == ["refund.created"]
    rig.act("events", "release")
    assert rig.types() == ["checkout.session.completed"]
    rig.press(rig.create().id)
    assert rig.types() == ["checkout.session.completed"]


def test_lost_events_are_never_sent(rig: Rig) -> None:
    """Until it is switched off; the console says so in both languages, and goes before holding."""
    rig.act("events", "hold")
    assert rig.act("events", "lose") == 303
    rig.press(rig.create().id)
    rig.clock.forward(100_000)
    assert rig.news() == []
    assert "New events are lost" in rig.look()
    assert "新事件会被丢弃" in rig.look(language="zh")
    assert "never to be delivered" in rig.look("?show=events")

    rig.act("events", "release")
    assert rig.act("events", "stop_losing") == 303
    assert rig.news() == []
    assert "New events are sent at once" in rig.look()
    rig.press(rig.create().id)
    assert len(rig.news()) == 1


def test_button_leads_back_to_its_page(rig: Rig) -> None:
    """Back to where it was pressed, if that was here."""
    own = "/".join(rig.url.split("/")[:3])

    def back(referrer: str) -> str:
        return requests.post(
            f"{rig.url}/events?language=en",
            data={"act": "release"},
            headers={"Origin": own, "Referer": referrer},
            allow_redirects=False,
            timeout=20,
        ).headers["Location"]

    assert back(f"{rig.url}/charges/ch_1?language=zh") == "/sandbox/charges/ch_1?language=zh"
    assert back("https://example.org/x") == "/sandbox/?show=events&language=en"
    assert back(f"{own}/donate/") == "/sandbox/?show=events&language=en"


def test_what_cannot_be_done_says_why(rig: Rig) -> None:
    """The page comes again with the reason, and nothing has happened."""
    charge = rig.pay()

    assert rig.act(f"charges/{charge.id}", "refund", amount="25.01") == 409
    assert rig.act(f"charges/{charge.id}", "refund", amount="much") == 409
    assert rig.types() == []
    assert rig.act(f"charges/{charge.id}", "refund", amount="£5") == 303
    assert rig.types() == ["refund.created"]
