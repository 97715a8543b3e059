"""A month that is closed adds up to the minor unit, from the entries alone."""

import itertools
import json
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from donations_api.cli import main
from donations_api.entry import CAME, ROUTES, Account, Entry, Kind
from donations_api.gift import State
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.month_end import OURS, MonthEnd, added_up, month_end, month_ends
from donations_api.periods import days_of, month_of, year_of
from donations_api.settings import Settings
from tests.donations.guards import Rows
from tests.donations.running import environment_of
from tests.donations.stripe_events import NOW, a_gift, kept

SHANGHAI = ZoneInfo("Asia/Shanghai")
BY_HAND, SIGNED = (Kind.OFFLINE_GIFT, Kind.CORRECTION), ("Wang Fang", "counted")
GIFT = a_gift(state=State.RECEIVED)
_numbers = itertools.count(1)

accounts = st.sampled_from(list(Account))
routes = st.one_of(
    st.sampled_from([(kind, *ROUTES[kind]) for kind in ROUTES]),
    st.just((Kind.FEE, Account.FEES, Account.STRIPE)),
    st.sampled_from([(Kind.OFFLINE_GIFT, Account.DONORS, one) for one in ("bank", "cash")]),
    st.tuples(st.just(Kind.CORRECTION), accounts, accounts).filter(lambda one: one[1] != one[2]),
)
entries = st.builds(
    lambda route, minor, currency, fund, recipient, at: Entry(
        route[0],
        GIFT.id,
        Account(route[1]),
        Account(route[2]),
        Money(minor, currency),
        fund,
        recipient,
        f"reference_{next(_numbers)}",
        "person" if route[0] in BY_HAND else "evt_1",
        datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=at),
        NOW,
        *(SIGNED if route[0] in BY_HAND else ()),
    ),
    routes,
    st.integers(1, 10**12),
    st.sampled_from(["CNY", "GBP", "JPY"]),
    st.sampled_from(["", "most-needed", "school"]),
    st.sampled_from(["", "here", "there"]),
    st.integers(0, 24 * 364),
)


def local_month(entry: Entry) -> str:
    return f"{entry.received_at.astimezone(SHANGHAI):%Y-%m}"


def check(end: MonthEnd, entries: list[Entry]) -> None:
    """Each figure once more, from the entries one by one."""
    month = end.period.month
    before = [one for one in entries if local_month(one) < month]
    during = [one for one in entries if local_month(one) == month]
    check_accounts(end, before, during)
    check_funds(end, during)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for fund in end.funds:
        sums[fund.currency][0] += fund.closing
    for account in end.accounts:
        if account.account in OURS:
            sums[account.currency][1] += account.closing
    assert all(of_funds == of_accounts for of_funds, of_accounts in sums.values())
    assert sum(one.received for one in end.ways) == sum(one.received for one in end.funds)
    assert sum(one.gifts for one in end.ways) == sum(one.gifts for one in end.funds)


def check_accounts(end: MonthEnd, before: list[Entry], during: list[Entry]) -> None:
    for account in end.accounts:

        def put_in(some: list[Entry], account: Any = account) -> int:
            return sum(one.amount.minor for one in some if one.put_into is account.account)

        def taken_out(some: list[Entry], account: Any = account) -> int:
            return sum(one.amount.minor for one in some if one.taken_from is account.account)

        earlier = [one for one in before if one.amount.currency == account.currency]
        now = [one for one in during if one.amount.currency == account.currency]
        assert account.opening == put_in(earlier) - taken_out(earlier)
        assert (account.put_in, account.taken_out) == (put_in(now), taken_out(now))
        assert account.closing == account.opening + account.put_in - account.taken_out


def check_funds(end: MonthEnd, during: list[Entry]) -> None:
    for fund in end.funds:
        spent = fund.returned + fund.disputed + fund.fees
        gained = fund.received + fund.exchanged + fund.corrected
        assert fund.closing == fund.opening + gained - spent
        mine = [
            one for one in during if (one.fund, one.amount.currency) == (fund.fund, fund.currency)
        ]
        came = [one for one in mine if one.kind in CAME]
        assert fund.gifts == len(came)
        assert fund.received == sum(one.amount.minor for one in came)
        back = {Kind.REFUND: 1, Kind.REFUND_FAILED: -1}
        assert fund.returned == sum(back.get(one.kind, 0) * one.amount.minor for one in mine)
        withdrawn = {Kind.DISPUTE_WITHDRAWN: 1, Kind.DISPUTE_REINSTATED: -1}
        assert fund.disputed == sum(withdrawn.get(one.kind, 0) * one.amount.minor for one in mine)
        fees = [one for one in mine if one.kind is Kind.FEE]
        signs = [1 if one.put_into is Account.FEES else -1 for one in fees]
        assert fund.fees == sum(
            sign * one.amount.minor for sign, one in zip(signs, fees, strict=True)
        )
        sent = {Kind.PAYOUT: 1, Kind.PAYOUT_FAILED: -1}
        assert fund.paid_out == sum(sent.get(one.kind, 0) * one.amount.minor for one in mine)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@examples(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(found=st.lists(entries, max_size=40), recipient=st.sampled_from(["", "here"]))
def test_whatever_was_booked_adds_up(ledger: Ledger, found: list[Entry], recipient: str) -> None:
    """Each month of a year, of all or of one recipient: its funds, accounts and ways."""
    with ledger.books() as books:
        books.add_gift(GIFT)
        for one in found:
            assert books.post(one)
        ends = list(month_ends(books.extracts, year_of("2026", SHANGHAI), recipient))
    mine = [one for one in found if recipient in ("", one.recipient)]
    for end in ends:
        check(end, mine)
    whole = {(one.fund, one.currency): one for one in added_up(ends)}
    for last in ends[-1].funds:
        assert whole[last.fund, last.currency].closing == last.closing
    assert sum(one.gifts for one in whole.values()) == len([o for o in mine if o.kind in CAME])


def test_both_databases_close_a_month_alike(ledger: Ledger, rows: Rows) -> None:
    """The opening of a month is the closing of the one before; what waits is counted."""
    gift = kept(ledger, state=State.RECEIVED)
    kept(ledger, state=State.RECEIVED, amount=Money(0, "XXX"), in_kind="棉衣", created_at=NOW)

    def post(kind: Kind, minor: int, at: str) -> None:
        accounts = ROUTES.get(kind, (Account.DONORS, Account.CASH))
        moment = datetime.fromisoformat(at)
        whose = () if kind is Kind.PAYOUT else (gift.fund, gift.recipient)
        with ledger.books() as books:
            books.post(
                Entry(
                    kind,
                    gift.id,
                    *accounts,
                    Money(minor, "CNY"),
                    *(whose or ("", "")),
                    f"{kind}{at}",
                    "person" if kind in BY_HAND else "evt_1",
                    moment,
                    moment,
                    *(SIGNED if kind in BY_HAND else ()),
                )
            )
            books.commit()

    post(Kind.GIFT, 10000, "2026-10-31T15:59:59+00:00")
    post(Kind.GIFT, 20000, "2026-10-31T16:00:00+00:00")
    post(Kind.OFFLINE_GIFT, 700, "2026-11-30T15:59:59+00:00")
    post(Kind.FEE, 300, "2026-11-02T00:00:00+00:00")
    post(Kind.PAYOUT, 9000, "2026-11-03T00:00:00+00:00")
    rows(
        "INSERT INTO bank_lines VALUES ('l', 'a', 'house', 'f', 1, '2026-11-30', 5, 'CNY', '',"
        " '', '', '', 'open', NULL, NULL, '2026-12-01')"
    )
    with ledger.reading() as books:
        end = month_end(books.extracts, month_of("2026-11", SHANGHAI))
        next_one = month_end(books.extracts, month_of("2026-12", SHANGHAI))
        mine = month_end(books.extracts, month_of("2026-11", SHANGHAI), "house")
        earlier = month_end(books.extracts, month_of("2026-10", SHANGHAI))
    nobodys, fund = end.funds
    assert (fund.opening, fund.received, fund.fees, fund.closing) == (10000, 20700, 300, 30400)
    assert (fund.gifts, nobodys.paid_out, nobodys.closing) == (2, 9000, 0)
    assert [(w.account, w.gifts, w.received) for w in end.ways] == [
        (Account.CASH, 1, 700),
        (Account.STRIPE, 1, 20000),
    ]
    assert [f.opening for f in next_one.funds] == [0, 30400]
    assert [f.fund for f in mine.funds] == ["most-needed"]
    still = end.still_open
    assert (still.in_kind, still.bank_lines, still.mails) == (1, 1, 0)
    assert (earlier.still_open.in_kind, earlier.still_open.bank_lines) == (0, 0)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_commands_print_both_languages_and_json(
    settings: Settings,
    ledger: Ledger,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """With the recipient whose days are meant; a month that is none is exit 2."""
    for name, value in environment_of(settings).items():
        monkeypatch.setenv(name, value)
    gift = kept(ledger, state=State.RECEIVED)
    with ledger.books() as books:
        whose = gift.fund, gift.recipient
        books.post(
            Entry(
                Kind.GIFT, gift.id, *ROUTES[Kind.GIFT], gift.amount, *whose, "pi", "evt", NOW, NOW
            )
        )
        books.commit()

    def told(*words: str) -> Any:
        assert main(list(words)) == 0
        return json.loads(capfd.readouterr().out)

    assert main(["month-end", "--month", "2026-11"]) == 0
    out = capfd.readouterr().out
    assert "按用途 / By fund" in out
    assert "200.00" in out
    month = told("month-end", "--month", "2026-11", "--recipient", "house", "--json")
    assert month["funds"][0]["closing"] == "200.00"
    assert month["still_open"][0] == {"what": "in_kind", "number": 0}
    year = told("year-end", "--year", "2026", "--json")
    assert year["in_all"][0]["received"] == "200.00"
    assert year["year"] == "2026"
    assert [row["month"] for row in year["months"]][:1] == ["2026-11"]
    assert told("year-end", "--year", "2190", "--json")["in_all"][0]["received"] == "0.00"
    assert main(["month-end", "--month", "November"]) == 2
    assert main(["year-end", "--year", "26"]) == 2
    assert main(["month-end", "--month", "2026-11", "--recipient", "nobody"]) == 2


def test_a_month_is_whole_in_its_zone() -> None:
    """Also where a clock is put back; a span knows the months that it touches."""
    london = month_of("2026-10", ZoneInfo("Europe/London"))
    assert london.ends - london.begins == timedelta(days=31, hours=1)
    touched = days_of("2026-11-30", "2027-01-01", SHANGHAI).months()
    assert [one.month for one in touched] == ["2026-11", "2026-12", "2027-01"]
