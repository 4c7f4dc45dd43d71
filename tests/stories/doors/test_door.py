"""Another interface asks, and the subscriber's phone hears of it: beside a gateway on one store,
with everything in SQLite, and with PostgreSQL and Redis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import pytest_twisted
from sqlalchemy import select

from gateway.model import doors as door
from gateway.model.doors import DoorInterface, DoorRefusal
from gateway.ops.log import Log
from gateway.serving.beside.doors import Doors
from gateway.store.store import Store
from gateway.store.tables import audit, inbox, ledger, orders, profiles, subscriptions
from tests.stories.doors.partner import Partner, fact
from tests.stories.hall import Hall, Phone

pytestmark = pytest.mark.slow
DATA: dict[str, Any] = {"service": "LL30"}


@pytest.fixture(scope="module")
def beside(hall: Hall) -> Iterator[tuple[Store, Doors]]:
    """The door, as the process of the API has it."""
    with hall.house.store() as store:
        doors = Doors(hall.house.settings, store, hall.clock, Log())
        yield store, doors
        doors.close()


@pytest.fixture
def web(beside: tuple[Store, Doors]) -> Partner:
    return Partner(*beside, DoorInterface("63", "web", "网上营业厅"))


@pytest.fixture
def group(beside: tuple[Store, Doors]) -> Partner:
    return Partner(*beside, DoorInterface("60", "group", "兴达集团平台", group="兴达集团"))


def held(hall: Hall, phone: Phone) -> list[str]:
    mine = subscriptions.c.msisdn == int(phone.number)
    return [row[0] for row in hall.rows(select(subscriptions.c.service).where(mine))]


def charged(hall: Hall, phone: Phone) -> int:
    mine = (ledger.c.msisdn == int(phone.number)) & (ledger.c.kind == "fee")
    return len(hall.rows(select(ledger.c.fen).where(mine)))


def consent(hall: Hall, phone: Phone) -> Any:
    mine = orders.c.phone == int(phone.number)
    (row,) = hall.rows(select(orders).where(mine))
    return row


@pytest_twisted.ensureDeferred
async def test_a_password_typed_there_shows_what_it_shows_by_sms(hall: Hall, web: Partner) -> None:
    """In words and as figures; the journal has the interface, the audit who looked."""
    someone = hall.somebody(balance_fen=5680)
    told = await web.asks(someone.number, "q.balance", password=someone.password)
    assert (told.state, told.code, fact(told, "balance")) == (door.DONE, "q.balance.pre.ok", 5680)
    assert "56.80元" in told.words
    mine = inbox.c.phone == int(someone.number)
    rows = hall.rows(
        select(inbox.c.channel, inbox.c.port, inbox.c.action, inbox.c.result).where(mine)
    )
    assert [tuple(row) for row in rows] == [("door", "0.1.63", "q.balance", "ok")]
    (look,) = hall.rows(select(audit).where(audit.c.subscriber == someone.number))
    assert (look.operator, look.action, look.result) == (
        "interface:test", "requests.q.balance", "done",
    )  # fmt: skip


@pytest_twisted.ensureDeferred
async def test_the_subscribers_own_yes_by_sms_does_it_once(hall: Hall, web: Partner) -> None:
    someone = hall.somebody()
    asked = await web.asks(someone.number, "sv.order.data", by_sms=True, **DATA)
    assert (asked.state, held(hall, someone)) == (door.WAITING, [])
    text = await someone.reads()
    assert text.startswith("网上营业厅为您申请办理")
    assert "30元/月" in text
    assert "回复“是”" in text
    await hall.calm()
    assert await web.looks(asked, hall.clock()) == door.WAITING
    assert "已开通" in await someone.asks("是")
    assert await web.looks(asked, hall.clock()) == door.DONE
    assert (held(hall, someone), charged(hall, someone)) == (["LL30"], 1)
    kept = consent(hall, someone)
    assert (kept.interface, kept.channel, kept.answer, kept.state) == ("63", "door", "是", "done")
    await someone.hears_nothing()


@pytest_twisted.ensureDeferred
async def test_a_no_and_a_silence_order_nothing(hall: Hall, web: Partner) -> None:
    someone = hall.somebody()
    asked = await web.asks(someone.number, "sv.order.data", by_sms=True, **DATA)
    await someone.reads()
    await hall.calm()
    await someone.asks("否")
    assert await web.looks(asked, hall.clock()) == door.DECLINED
    again = await web.asks(someone.number, "sv.order.data", by_sms=True, **DATA)
    assert await web.looks(again, hall.clock() + 25 * 3600) == door.EXPIRED
    assert held(hall, someone) == []
    await someone.reads()


@pytest_twisted.ensureDeferred
async def test_what_the_subscriber_was_asked_before_goes_on_waiting(
    hall: Hall, web: Partner
) -> None:
    """A partner takes no order of his own back, and does not end what he was about to type."""
    someone = hall.somebody()
    assert "回复“是”" in await someone.asks("KTLL10")
    asked = await web.asks(someone.number, "sv.order.data", by_sms=True, **DATA)
    assert asked.state == door.WAITING  # whoever asks is not told why
    await hall.calm()
    assert "已开通" in await someone.asks("是")
    assert held(hall, someone) == ["LL10"]
    await someone.asks("TS")
    other = await web.asks(someone.number, "sv.order.tone", by_sms=True)
    assert "彩铃" in await someone.reads()
    assert "已登记您的投诉" in await someone.asks("账单多扣了十元")
    assert other.state == door.WAITING


@pytest_twisted.ensureDeferred
async def test_who_has_proven_nothing_learns_nothing_of_a_number(hall: Hall, web: Partner) -> None:
    """No such number, one on the black list, one who has it already: all look alike."""
    black = hall.somebody(classes=frozenset({"black"}))
    having = hall.somebody()
    told = await web.asks(
        having.number, "sv.order.data", password=having.password, agreed=True, **DATA
    )
    assert told.state == door.DONE
    told_apart = set()
    for number in ("13911112222", black.number, having.number, hall.somebody().number):
        asked = await web.asks(number, "sv.order.data", by_sms=True, **DATA)
        told_apart.add((asked.state, asked.code, asked.words, asked.needs))
        coded = await web.asks(number, "q.balance", send_code=True)
        told_apart.add((coded.state, coded.code, coded.words, coded.needs))
    assert len(told_apart) == 2


@pytest_twisted.ensureDeferred
async def test_a_code_sent_for_one_thing_opens_no_other(
    hall: Hall, web: Partner, beside: tuple[Store, Doors]
) -> None:
    """Nor with other parameters, nor for another partner; and it opens once."""
    app = Partner(*beside, DoorInterface("64", "app", "掌厅"))
    someone = hall.somebody()
    sent = await web.asks(someone.number, "sv.order.data", send_code=True, **DATA)
    assert (sent.state, sent.needs) == (door.NEEDS, "code")
    text = await someone.reads()
    assert "网上营业厅" in text
    assert "30元流量包" in text
    code = text.partition("随机码")[2][:6]
    other: dict[str, Any] = {"service": "LL50"}
    for asked in (
        app.asks(someone.number, "sv.order.data", code=code, agreed=True, **DATA),
        web.asks(someone.number, "sv.order.data", code=code, agreed=True, **other),
        web.asks(someone.number, "q.balance", code=code),
    ):
        assert (await asked).code == "auth.otp_none"
    done = await web.asks(someone.number, "sv.order.data", code=code, agreed=True, **DATA)
    assert (done.state, held(hall, someone)) == (door.DONE, ["LL30"])
    again = await web.asks(someone.number, "sv.order.data", code=code, agreed=True, **DATA)
    assert again.code == "auth.otp_none"
    assert consent(hall, someone).answer == "同意"


@pytest_twisted.ensureDeferred
async def test_both_proofs_where_both_are_needed(hall: Hall, web: Partner) -> None:
    """A3: the password first, then a code that was sent because of it."""
    me = hall.phone("13800138008")
    password: dict[str, Any] = {"password": "258096"}
    first = await web.asks(me.number, "st.resume", **password)
    assert (first.state, first.needs) == (door.NEEDS, "code")
    code = (await me.reads()).partition("随机码")[2][:6]
    wrong = "000000" if code != "000000" else "000001"
    told = await web.asks(me.number, "st.resume", code=wrong, agreed=True, **password)
    assert (told.state, told.code) == (door.REFUSED, "auth.otp_wrong")
    done = await web.asks(me.number, "st.resume", code=code, agreed=True, **password)
    assert (done.state, done.code) == (door.DONE, "st.resume.ok")


@pytest_twisted.ensureDeferred
async def test_terms_are_told_there_and_answered_there(hall: Hall, web: Partner) -> None:
    someone = hall.somebody()
    asked = await web.asks(someone.number, "sv.order.data", password=someone.password, **DATA)
    assert (asked.state, fact(asked, "fee")) == (door.PROPOSED, 3000)
    assert "30元/月" in asked.words
    assert "回复" not in asked.words
    done = await web.says(asked, someone.number, yes=True)
    again = await web.says(asked, someone.number, yes=True)
    late = await web.says(asked, someone.number, yes=False)
    assert [(one.state, one.replayed) for one in (done, again, late)] == [
        (door.DONE, False), (door.DONE, True), (door.DONE, True),
    ]  # fmt: skip
    assert (held(hall, someone), charged(hall, someone)) == (["LL30"], 1)
    kept = consent(hall, someone)
    assert (kept.answer, kept.interface) == ("同意", "63")


@pytest_twisted.ensureDeferred
async def test_a_key_is_served_once_and_for_one_thing(hall: Hall, web: Partner) -> None:
    someone = hall.somebody()
    order: dict[str, Any] = {"password": someone.password, "agreed": True, **DATA}
    first = await web.asks(someone.number, "sv.order.data", "mine", **order)
    again = await web.asks(someone.number, "sv.order.data", "mine", **order)
    assert (first.state, again.replayed, again.words) == (door.DONE, True, first.words)
    assert charged(hall, someone) == 1
    with pytest.raises(DoorRefusal) as refused:
        await web.asks(someone.number, "q.balance", "mine", password=someone.password)
    assert refused.value.status == 409


@pytest_twisted.ensureDeferred
async def test_guesses_through_partners_lock_partners_only(
    hall: Hall, web: Partner, beside: tuple[Store, Doors]
) -> None:
    """Three in all, by whatever door; the owner's own phone has its own count."""
    app = Partner(*beside, DoorInterface("64", "app", "掌厅"))
    someone = hall.somebody()
    for partner in (web, app):
        told = await partner.asks(someone.number, "q.balance", password="918273")
        assert told.code == "auth.pw_wrong"
    assert (await web.asks(someone.number, "q.balance", password="918274")).code == "auth.pw_locked"
    right = await app.asks(someone.number, "q.balance", password=someone.password)
    assert right.code == "auth.pw_locked"
    assert "余额" in await someone.asks(f"CXYE#{someone.password}")


@pytest_twisted.ensureDeferred
async def test_what_is_secret_goes_to_the_phone(hall: Hall, web: Partner) -> None:
    me = hall.phone("13800138001")
    told = await web.asks(me.number, "q.puk", password="739204")
    assert (told.state, told.code) == (door.DONE, "door.by_sms")
    assert "48120375" not in str(told)
    assert "48120375" in await me.reads()


@pytest_twisted.ensureDeferred
async def test_a_group_invites_and_the_member_agrees(hall: Hall, group: Partner) -> None:
    someone = hall.somebody()
    asked = await group.asks(someone.number, "vw.invite", short="6177")
    assert (asked.state, asked.code) == (door.DONE, "vw.invited")
    invited = await someone.reads()
    assert "兴达集团" in invited
    assert "6177" in invited
    assert "JRVW" in invited
    assert "短号6177" in await someone.asks("JRVW")
    assert "已加入" in await someone.asks("是")
    mine = profiles.c.msisdn == int(someone.number)
    assert hall.rows(select(profiles.c.short_number).where(mine))[0][0] == "6177"
    nobody = await group.asks("13911112222", "vw.invite", short="6178")
    assert (nobody.state, nobody.code) == (door.DONE, "vw.invited")
    taken = await group.asks(hall.somebody().number, "vw.invite", short="6177")
    assert taken.code == "vw.taken"
    tone = await group.asks(someone.number, "gp.tone", by_sms=True)
    assert tone.state == door.WAITING
    text = await someone.reads()
    assert "集团彩铃" in text
    assert "0元" in text
    await hall.calm()
    assert "已开通" in await someone.asks("是")
    assert "JTCL" in held(hall, someone)
    assert charged(hall, someone) == 0


@pytest_twisted.ensureDeferred
async def test_a_stranger_is_no_member(hall: Hall, group: Partner) -> None:
    someone = hall.somebody()
    asked = await group.asks(someone.number, "gp.tone", by_sms=True)
    assert asked.state == door.WAITING
    await someone.hears_nothing()
    nothing: dict[str, Any] = {}
    for action, more in (("q.balance", nothing), ("sv.order.data", DATA)):
        told = await group.asks(someone.number, action, password=someone.password, **more)
        assert told.code == "sys.channel"


@pytest_twisted.ensureDeferred
async def test_nobody_is_asked_all_day(hall: Hall, web: Partner) -> None:
    someone = hall.somebody()
    for code in ("LL10", "LL30", "LL50", "LL10", "LL30", "LL50", "LL10"):
        await web.asks(someone.number, "sv.order.data", by_sms=True, service=code)
        await web.asks(someone.number, "sv.order.tone", by_sms=True)
        await hall.calm()
        someone.sends("否")
    await hall.calm()
    asked = [one for one in hall.smsc.phone(someone.number).received if "为您申请" in one.text]
    assert len(asked) <= 5
