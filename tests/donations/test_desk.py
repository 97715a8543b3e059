"""The treasurer's pages over real HTTP, on both databases."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from donations_api.desk import search
from donations_api.desk.hints import hints
from donations_api.entry import Kind
from donations_api.errors import MailRefused
from donations_api.giving import Giving
from donations_api.ledger import Ledger
from donations_api.money import Money
from donations_api.settings import Settings
from tests.donations.at_the_desk import Treasurer, desk_of, rows_of
from tests.donations.busy_books import BusyBooks
from tests.donations.guards import Rows
from tests.donations.recipients import content_that_is_late
from tests.donations.running import make_books, settings_for
from tests.donations.stripe_events import a_gift

NOW = datetime.now(UTC)
TYPED = {
    "amount": "1,234.50",
    "currency": "CNY",
    "date": f"{NOW - timedelta(days=1):%Y-%m-%d}",
    "account": "bank",
    "reference": "2026112300017",
    "name": "赵敏",
    "email": "zhao@example.org",
    "language": "zh",
    "fund": "most-needed",
    "why": "银行回单",
}


@pytest.fixture
def treasurer(settings: Settings) -> Iterator[Treasurer]:
    with desk_of(settings) as treasurer:
        yield treasurer.sit_down()


@pytest.fixture
def busy(ledger: Ledger, giving: Giving, settings: Settings) -> BusyBooks:
    return BusyBooks(ledger, giving, settings, NOW).fill()


@pytest.mark.parametrize("path", ["/gifts?q=a%00b", "/gifts/a%00b", "/gifts?q=a&month=%00"])
def test_a_nul_is_no_question(treasurer: Treasurer, path: str) -> None:
    """PostgreSQL takes none in a text; on both databases it is told as what it is."""
    answer = treasurer.browser.get(f"{treasurer.url}{path}", timeout=20)
    assert answer.status_code == 400
    assert treasurer.send("/enter", why="a\0b").status_code == 400


def test_the_first_page_says_what_has_to_be_published(tmp_path: Path) -> None:
    """What is overdue comes first, then what is near; what was published or has time is not told,
    and nobody is told to have a rest meanwhile.
    """
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    settings = settings_for(tmp_path, content=content_that_is_late(tmp_path, today))
    make_books(settings)
    with desk_of(settings) as treasurer:
        page = treasurer.sit_down().look("/")
    late = today.year - 2
    told = [row for row in rows_of(page) if "报告" in row]
    assert told[0].startswith(f"{late}年度财务会计报告")
    assert told[0].endswith(f"{late + 1}-05-31 已逾期")
    (final,) = [row for row in told if row.startswith("“屋顶”的结束报告")]
    assert final.endswith("30天内到期")
    assert f"{late}年度工作报告" not in page.text
    assert f"{today.year}年度" not in page.text
    assert "content/reports.toml" in page.text
    assert "喝杯茶" not in page.text


def test_the_first_page_says_what_waits_or_that_nothing_does(
    treasurer: Treasurer, ledger: Ledger, giving: Giving, settings: Settings
) -> None:
    """The number of each kind, and kind words when there is none."""
    assert "喝杯茶" in treasurer.look("/").text
    BusyBooks(ledger, giving, settings, NOW).fill()
    with ledger.reading() as books:
        counts = {name: number for name, number in books.overview.waiting().items() if number}
    assert counts == {
        "events": 1,
        "disputes": 1,
        "dead_letters": 1,
        "bounced_mails": 1,
        "failing_pledges": 1,
        "messages": 5,
    }
    page = treasurer.look("/").text
    assert "喝杯茶" not in page
    assert page.index("银行异议") < page.index("寄不出去的邮件") < page.index("留言待审")
    assert "Disputes at the bank" in treasurer.look("/", "en").text


def test_a_gift_is_found_by_whatever_is_known_of_it(treasurer: Treasurer, busy: BusyBooks) -> None:
    """One box: characters, pinyin, surnames of several readings, addresses, numbers, amounts."""
    first = busy.gifts[0]
    number = rows_of(treasurer.look("/gifts", q="zhangwei"))[0].split()[-1]
    wanted = {
        "张": ["张伟"],
        "张伟": ["张伟"],
        "张 伟": ["张伟"],
        "zhang": ["张伟"],
        "zhangwei": ["张伟"],
        "Zhang Wei": ["张伟"],
        "wei zhang": ["张伟"],
        "ZW": ["张伟"],
        "shan": ["单小雨"],
        "zengguoqiang": ["曾国强"],
        "qiu": ["仇英"],
        "oyj": ["欧阳静"],
        "whitfield": ["Eleanor Whitfield"],
        "eleanor@": ["Eleanor Whitfield"],
        number: ["张伟"],
        number.lower(): ["张伟"],
        first.id: ["张伟"],
        f"pi_{first.id}": ["张伟"],
        "200": ["张伟", "仇英", "刘洋"],
        "￥２００": ["张伟", "刘洋"],
        "HK$200": ["仇英"],
        "CNY 1,000.00": ["曾国强"],
        "£25": ["Eleanor Whitfield"],
        "hang": [],
        "100%": [],
        "_": [],
        "不存在": [],
    }
    for typed, names in wanted.items():
        found = rows_of(treasurer.look("/gifts", q=typed))
        assert len(found) == len(names), typed
        assert all(any(name in row for row in found) for name in names), typed
    local = first.created_at.astimezone(ZoneInfo("Asia/Shanghai"))
    for typed in (f"{local:%Y-%m}", f"{local:%Y-%m-%d}", f"{local.year}年{local.month}月"):
        assert any("张伟" in row for row in rows_of(treasurer.look("/gifts", q=typed))), typed
    listed = rows_of(treasurer.look("/gifts", month=f"{local:%Y-%m}"))
    assert any("张伟" in row for row in listed)
    assert rows_of(treasurer.look("/gifts", month="1999-12")) == []


def test_a_gift_that_is_forgotten_is_read_anew(ledger: Ledger, rows: Rows) -> None:
    """After its address was corrected, or its donor erased; and each gift is read once."""
    gift = a_gift(name="周杰")
    with ledger.books() as books:
        books.add_gift(gift)
        books.commit()
    search.fill(ledger)
    assert "zhoujie" in rows("SELECT words FROM search_words")[0][0]
    with ledger.books() as books:
        books.wishes.correct_address(gift, "jay@example.org")
        books.commit()
    search.fill(ledger)
    search.fill(ledger)
    assert len(rows("SELECT words FROM search_words")) == 1
    assert "jay@example.org" in rows("SELECT words FROM search_words")[0][0]
    with ledger.books() as books:
        books.privacy.forget_gift(gift.id)
        books.commit()
    search.fill(ledger)
    assert "zhoujie" not in rows("SELECT words FROM search_words")[0][0]


def test_a_long_list_has_pages(treasurer: Treasurer, ledger: Ledger) -> None:
    """Fifty gifts a page; each gift is on one of them."""
    with ledger.books() as books:
        for at in range(51):
            when = NOW - timedelta(minutes=at)
            books.add_gift(a_gift(name="张伟", amount=Money(1000 + at, "CNY"), created_at=when))
        books.commit()
    first, second = (treasurer.look("/gifts", q="zhang", page=page) for page in "12")
    assert len(rows_of(first)) == 50
    assert len(rows_of(second)) == 1
    assert "page=2" in first.text
    assert "page=3" not in second.text


def test_a_story_tells_everything_in_order(treasurer: Treasurer, busy: BusyBooks) -> None:
    """Made, paid, refunded, its documents, its mails; of another, the dispute."""
    page = treasurer.look(f"/gifts/{busy.gifts[1].id}").text
    order = ["捐赠人提交", "款项到账", ">退款<", "确认函作废通知"]
    assert [page.index(word) for word in order] == sorted(page.index(word) for word in order)
    assert "已部分退款" in page
    assert "捐赠人的银行提出异议" in treasurer.look(f"/gifts/{busy.gifts[2].id}").text
    assert "550 mailbox unavailable" in treasurer.look(f"/gifts/{busy.gifts[0].id}", "en").text
    assert treasurer.look("/gifts/gift_none").status_code == 404


def test_a_message_is_judged_and_the_later_verdict_counts(
    treasurer: Treasurer, busy: BusyBooks, ledger: Ledger
) -> None:
    """An act with who and why; without a reason nothing is noted."""
    gift, path = busy.gifts[0], f"/gifts/{busy.gifts[0].id}/message"
    assert "愿孩子们平安" in treasurer.look("/messages").text
    assert treasurer.send(path, verdict="message_published", why=" ").status_code == 422
    assert treasurer.send(path, verdict="praised", why="好").status_code == 422
    assert treasurer.send(path, verdict="message_published", why="没有个人信息").status_code == 303
    assert "愿孩子们平安" not in treasurer.look("/messages").text
    assert "愿孩子们平安" in treasurer.look("/messages", judged="yes").text
    assert treasurer.send(path, verdict="message_declined", why="捐赠人不愿意").status_code == 303
    with ledger.reading() as books:
        acts = [(one.kind, one.about, one.entered_by, one.reason) for one in books.acts_of(gift.id)]
    assert acts == [
        ("message_published", gift.id, "林会计", "没有个人信息"),
        ("message_declined", gift.id, "林会计", "捐赠人不愿意"),
    ]
    assert "不公开" in treasurer.look(f"/gifts/{gift.id}").text
    assert treasurer.look(path, verdict="message_published", why="x").status_code == 200
    with ledger.reading() as books:
        assert len(books.acts_of(gift.id)) == 2


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("愿孩子们平安", []),
        ("我家明明在育才小学读三年级", ["child"]),
        ("my daughter is 7 years old", ["child"]),
        ("电话13800138000", ["phone"]),
        ("１３８ ００１３ ８０００", ["phone"]),
        ("写信到 li@example.org", ["email"]),
        ("加我微信", ["contact"]),
        ("11010519491231002X", ["identity"]),
        ("捐200元，谢谢", []),
    ],
)
def test_what_might_point_to_a_person_is_hinted_at(message: str, found: list[str]) -> None:
    """Above all what points to a child."""
    assert hints(message) == found


def test_an_offline_gift_is_looked_at_and_then_booked(
    treasurer: Treasurer, ledger: Ledger, rows: Rows
) -> None:
    """What is wrong is told at its field, what was typed is kept, and it is booked once."""
    wrong = TYPED | {"amount": "abc", "why": "", "date": "2999-01-01", "email": "x@"}
    answer = treasurer.send("/enter", step="look", **wrong)
    assert answer.status_code == 422
    for field in ("amount", "date", "email", "why"):
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-mistake"' in answer.text
    assert 'value="abc"' in answer.text
    assert 'value="赵敏"' in answer.text
    seen = treasurer.send("/enter", step="look", **TYPED)
    assert seen.status_code == 200
    assert "¥1,234.50" in seen.text
    assert rows("SELECT id FROM gifts") == []
    booked = treasurer.send("/enter", step="book", **TYPED)
    assert booked.status_code == 303
    twice = treasurer.send("/enter", step="book", not_a_double="yes", **TYPED)
    assert twice.status_code == 422
    assert 'href="#reference"' in twice.text
    assert rows("SELECT name FROM gifts") == [("赵敏",)]
    with ledger.reading() as books:
        entry = books.entry(Kind.OFFLINE_GIFT, TYPED["reference"])
    assert entry
    assert (entry.amount, entry.entered_by, entry.reason) == (
        Money(123450, "CNY"),
        "林会计",
        "银行回单",
    )
    story = treasurer.look(booked.headers["Location"].partition("?")[0]).text
    assert "林会计" in story


def test_a_likely_double_has_to_be_confirmed(treasurer: Treasurer, rows: Rows) -> None:
    """The same name, amount and day; of somebody else, the same amount is another gift."""
    first = TYPED | {"amount": "２００元", "name": "张伟", "reference": "1"}
    assert treasurer.send("/enter", step="book", **first).status_code == 303
    second = first | {"reference": "2"}
    assert "可能已经录入过" in treasurer.send("/enter", step="look", **second).text
    assert treasurer.send("/enter", step="book", **second).status_code == 422
    other = first | {"reference": "3", "name": "王芳"}
    assert treasurer.send("/enter", step="book", **other).status_code == 303
    assert len(rows("SELECT id FROM gifts")) == 2
    confirmed = treasurer.send("/enter", step="book", not_a_double="yes", **second)
    assert confirmed.status_code == 303
    assert len(rows("SELECT id FROM gifts")) == 3


def test_a_correction_is_looked_at_and_then_booked(
    treasurer: Treasurer, ledger: Ledger, rows: Rows
) -> None:
    """A further entry with who and why, and the journal knows it."""
    assert 'name="from"' in treasurer.look("/correct").text
    assert 'value="gift_1"' in treasurer.look("/gifts/gift_1/correct").text
    typed = {"amount": "5", "currency": "CNY", "reference": "txn_1", "gift": "", "why": "记错了"}
    same = typed | {"from": "bank", "to": "bank"}
    assert 'href="#to"' in treasurer.send("/correct", step="book", **same).text
    moved = typed | {"from": "bank", "to": "cash"}
    assert treasurer.send("/correct", step="look", **moved).status_code == 200
    unknown = treasurer.send("/correct", step="book", **(moved | {"gift": "gift_none"}))
    assert 'href="#gift"' in unknown.text
    assert rows("SELECT id FROM entries") == []
    assert treasurer.send("/correct", step="book", **moved).status_code == 303
    assert 'href="#reference"' in treasurer.send("/correct", step="book", **moved).text
    with ledger.reading() as books:
        (entry,) = books.entered_by_hand()
    assert (entry.taken_from, entry.put_into, entry.entered_by) == ("bank", "cash", "林会计")
    assert "记错了" in rows_of(treasurer.look("/journal"))[0]


def test_one_dead_letter_is_tried_again(
    treasurer: Treasurer, busy: BusyBooks, ledger: Ledger
) -> None:
    """That one alone, with a reason; a second press finds none and notes nothing."""
    with ledger.books() as books:
        mail = books.overview.mails_of(busy.gifts[0].id)[0].id
        other = books.overview.mails_of(busy.gifts[4].id)[0]
        books.bury(other.id, NOW, MailRefused("mail.never_finished"))
        books.commit()
    path = f"/mails/{mail}/again"
    assert treasurer.send(path, why="").status_code == 422
    assert treasurer.send(path, why="地址已改").status_code == 303
    assert treasurer.send(path, why="地址已改").status_code == 303
    with ledger.reading() as books:
        dead = [one.id for one in books.overview.troubled_mails() if one.dead_at]
        acts = books.acts_about("mail_tried_again", mail)
    assert dead == [other.id]
    assert len(acts) == 1


def test_what_was_looked_at_waits_no_longer(
    treasurer: Treasurer, ledger: Ledger, giving: Giving, settings: Settings
) -> None:
    """An event and a mail that came back are ticked off, with a reason."""
    BusyBooks(ledger, giving, settings, NOW).fill()
    with ledger.reading() as books:
        (event,) = books.overview.troubled_events()
        (back,) = [one for one in books.overview.troubled_mails() if one.bounced_at]
    for path in (f"/events/{event.id}/seen", f"/mails/{back.id}/seen"):
        assert treasurer.send(path, why="").status_code == 422
        assert treasurer.send(path, why="已联系").status_code == 303
    with ledger.reading() as books:
        waiting = books.overview.waiting()
    assert (waiting["events"], waiting["bounced_mails"]) == (0, 0)


def test_a_failing_pledge_is_listed_with_its_next_try(
    treasurer: Treasurer, busy: BusyBooks
) -> None:
    """And the way to its gift."""
    (row,) = rows_of(treasurer.look("/pledges"))
    local = (busy.now + timedelta(days=3)).astimezone(ZoneInfo("Asia/Shanghai"))
    assert "刘洋" in row
    assert f"{local:%Y-%m-%d %H:%M}" in row


def test_the_journal_is_filtered_by_person_and_month(treasurer: Treasurer, busy: BusyBooks) -> None:
    """Who did what, when and why."""
    path = f"/gifts/{busy.gifts[0].id}/message"
    treasurer.send(path, verdict="message_published", why="甲")
    treasurer.send("/person", person="陈出纳")
    treasurer.send(path, verdict="message_declined", why="乙")
    assert len(rows_of(treasurer.look("/journal"))) == 2
    (row,) = rows_of(treasurer.look("/journal", person="陈出纳"))
    assert "乙" in row
    assert rows_of(treasurer.look("/journal", month="1999-12")) == []
    local = NOW.astimezone(ZoneInfo("Asia/Shanghai"))
    assert len(rows_of(treasurer.look("/journal", month=f"{local:%Y-%m}"))) == 2


def test_a_promise_that_is_sent_twice_has_one_code(treasurer: Treasurer, rows: Rows) -> None:
    """A double press leads to the first one's story; another amount is another promise."""
    names = ("amount", "currency", "name", "email", "language", "fund", "why")
    typed = {name: TYPED[name] for name in names}
    first, second = (treasurer.send("/enter/transfer", **typed) for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (303, second.headers["Location"])
    assert rows("SELECT count(*) FROM outbox WHERE kind = 'transfer'") == [(1,)]
    treasurer.send("/enter/transfer", **(typed | {"amount": "5"}))
    assert rows("SELECT count(DISTINCT transfer_code) FROM gifts") == [(2,)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_came_in_kind_has_no_value_anywhere(treasurer: Treasurer, language: str) -> None:
    """Neither in its story nor in a list: no sum, and no currency of none."""
    names = ("date", "reference", "name", "email", "language", "fund", "why")
    typed = {name: TYPED[name] for name in names}
    entered = treasurer.send("/enter/things", what="冬衣40件", **typed)
    story = entered.headers["Location"].partition("?")[0]
    for path in (story, f"{story}/documents", "/gifts", "/journal", "/months"):
        page = treasurer.look(path, language)
        assert page.status_code == 200
        assert not re.search("XXX|¤", page.text), path
