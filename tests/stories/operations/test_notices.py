"""A notice from its draft to what came of it, by a gateway that runs: on the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
import pytest_twisted
from twisted.internet.task import deferLater

from commands.marketing.message_preferences import MARKETING
from gateway.model.notices.notice import Notice, NoticeDraft, NoticeKind, NoticeState, NoticeTarget
from gateway.model.operators.audit import Actor
from gateway.notices.campaigns import Campaigns
from gateway.notices.refusals import NoticeRefusal
from gateway.notices.world import read_notice_world
from gateway.store.ports.preferences import SqlPreferences
from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import ACCOUNT, Deployment, link, personas
from tests.stories.hall import Hall, Phone, opened
from tests.stories.ussd.ussd_phone import UssdPhone

WRITER, APPROVER = Actor("8001", "test"), Actor("8002", "test")
ALWAYS = {"hours": "00:00-24:00", "per_second": 200}


@pytest_twisted.async_yield_fixture(scope="module")
async def hall(house: Deployment) -> AsyncIterator[Hall]:
    """A gateway that may speak at any hour."""
    from twisted.internet import reactor

    smsc = Smsc(reactor, ACCOUNT, chance=Random(1), terms=SmscSettings(redelivery=lambda n: 0.05))
    house.configure([link(smsc.listen())], unasked=ALWAYS)
    house.move_in(personas().values())
    async with opened(house, smsc) as hall:
        yield hall
    await smsc.stop()


class Office:
    """Those who write notices, and those who approve them."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.world = read_notice_world(hall.house.settings)

    def do(self, act: Callable[[Campaigns], Any], who: Actor = WRITER) -> Any:
        store = self.hall.gateway.store
        with store.transaction() as connection:
            now = int(self.hall.clock())
            return act(Campaigns(connection, store.seal, self.world, who, now))

    def begun(self, draft: NoticeDraft, *phones: Phone) -> int:
        """Written by one, for these phones, and approved by another."""
        numbers = [phone.number for phone in phones]
        number = int(self.do(lambda all: all.add(draft, numbers)).number)
        self.do(lambda all: all.approve(number), APPROVER)
        return number

    async def comes_to(self, number: int, state: NoticeState) -> Notice:
        notice: Notice = self.do(lambda all: all.find(number))
        for _ in range(1_200):
            if notice.state is state:
                return notice
            await wait(0.025)
            notice = self.do(lambda all: all.find(number))
        raise AssertionError(f"notice {number} is {notice.state}")

    def wish(self, phone: Phone, value: str) -> None:
        with self.hall.gateway.store.transaction() as connection:
            now = int(self.hall.clock())
            SqlPreferences(connection).put(phone.number, MARKETING, value, "10", now)


async def wait(seconds: float) -> None:
    from twisted.internet import reactor

    await deferLater(reactor, seconds)


@pytest.fixture
def office(hall: Hall) -> Office:
    return Office(hall)


ADVERT = NoticeDraft("流量包", NoticeKind.ADVERTISING, "{plan}客户可办理流量包,余额{balance}元。")


@pytest_twisted.ensureDeferred
async def test_only_who_asked_for_it_is_sent_advertising(hall: Hall, office: Office) -> None:
    """With the reader's own facts; not who said nothing, refused, or is on the red list."""
    wants, silent, refused = (hall.somebody(balance_fen=1234) for _ in range(3))
    red = hall.somebody(classes=frozenset({"red"}))
    for phone, wish in ((wants, "on"), (refused, "off"), (red, "on")):
        office.wish(phone, wish)
    number = office.begun(ADVERT, wants, silent, refused, red)
    assert "余额12.34元。" in await wants.reads()
    notice = await office.comes_to(number, NoticeState.DONE)
    assert notice.left_out == {
        "did not ask for advertising": 1, "refused advertising": 1, "red list": 1,
    }  # fmt: skip
    for phone in (wants, silent, refused, red):
        await phone.hears_nothing()


@pytest_twisted.ensureDeferred
async def test_what_a_service_tells_reaches_all_in_their_language(
    hall: Hall, office: Office
) -> None:
    """Whatever they want of advertising."""
    refused, english = hall.somebody(), hall.somebody("en")
    office.wish(refused, "off")
    draft = NoticeDraft("系统升级", NoticeKind.SERVICE, "系统今晚升级。", "System upgrade tonight.")
    number = office.begun(draft, refused, english)
    assert await refused.reads() == "系统今晚升级。"
    assert await english.reads() == "System upgrade tonight."
    await office.comes_to(number, NoticeState.DONE)


@pytest_twisted.ensureDeferred
async def test_nobody_gets_two_advertisements_within_a_day(hall: Hall, office: Office) -> None:
    """Of whichever campaign."""
    phone = hall.somebody()
    office.wish(phone, "on")
    first = office.begun(ADVERT, phone)
    await phone.next()
    await office.comes_to(first, NoticeState.DONE)
    second = office.begun(replace(ADVERT, zh="另一个活动。"), phone)
    await office.comes_to(second, NoticeState.DONE)
    await phone.hears_nothing()
    assert office.do(lambda all: all.results(second)).left_out == 1


@pytest_twisted.ensureDeferred
async def test_a_stop_holds_and_a_pause_ends(hall: Hall, office: Office) -> None:
    """Whoever was not told yet is told after a pause, and not after a stop."""
    draft = NoticeDraft("通知", NoticeKind.SERVICE, "营业厅迁址。", start_at=int(hall.clock()) + 3)
    stopped, paused = hall.somebody(), hall.somebody()
    first, second = office.begun(draft, stopped), office.begun(draft, paused)
    office.do(lambda all: all.stop(first))
    office.do(lambda all: all.pause(second))
    await wait(4.5)
    await stopped.hears_nothing()
    await paused.hears_nothing()
    office.do(lambda all: all.resume(second))
    assert await paused.reads() == "营业厅迁址。"
    await office.comes_to(second, NoticeState.DONE)
    await stopped.hears_nothing()


@pytest_twisted.ensureDeferred
async def test_what_people_did_is_told_beside_what_the_others_did(
    hall: Hall, office: Office
) -> None:
    """Delivered, answered, ordered; the control group is the same whenever it is drawn."""
    phones = [hall.somebody() for _ in range(20)]
    for phone in phones:
        office.wish(phone, "on")
    number = office.begun(replace(ADVERT, control=50), *phones)
    await office.comes_to(number, NoticeState.DONE)
    await hall.calm()
    told = [phone for phone in phones if hall.smsc.phone(phone.number).received]
    others = [phone for phone in phones if phone not in told]
    assert told
    assert others
    for phone in told:
        await phone.next()
    assert "余额" in await told[0].asks("YE")
    assert "余额" in await others[0].asks("YE")
    await hall.calm()
    found = office.do(lambda all: all.results(number))
    assert (found.told.people, found.control.people) == (len(told), len(others))
    assert (found.sent, found.failed, found.waiting) == (len(told), 0, 0)
    assert (found.told.answered, found.control.answered) == (1, 1)
    assert found.delivered == len(told)
    drawn = office.do(lambda all: all.preview(number)).drawn
    assert (drawn.told, drawn.control) == (len(told), len(others))


@pytest_twisted.ensureDeferred
async def test_network_works_are_said_on_screens_while_they_last(
    hall: Hall, office: Office
) -> None:
    """To those of the region; 72 hours before is the latest."""
    now = int(hall.clock())
    draft = NoticeDraft(
        "网络割接", NoticeKind.WORKS, "30日凌晨网络割接。", target=NoticeTarget(brands=("MZ",)),
        happens_at=now + 71 * 3600, ends_at=now + 80 * 3600,
    )  # fmt: skip
    number = office.do(lambda all: all.add(draft)).number
    with pytest.raises(NoticeRefusal, match="72 hours"):
        office.do(lambda all: all.approve(number), APPROVER)
    later = replace(draft, happens_at=now + 73 * 3600)
    office.do(lambda all: all.rewrite(number, later))
    concerned, other = hall.phone("13800138002"), hall.phone("13800138001")
    late = hall.phone("13800138005")
    office.do(lambda all: all.approve(number), APPROVER)
    assert await concerned.reads() == later.zh
    await until(lambda: bool(said(hall)))
    assert (await UssdPhone(concerned).dials()).startswith(later.zh)
    assert not (await UssdPhone(other).dials()).startswith(later.zh)
    office.do(lambda all: all.stop(number))
    await until(lambda: not said(hall))
    assert not (await UssdPhone(late).dials()).startswith(later.zh)


def said(hall: Hall) -> object:
    return hall.gateway._batches.book.said


async def until(so: Callable[[], bool]) -> None:
    for _ in range(400):
        if so():
            return
        await wait(0.025)
    raise AssertionError("it has not come to that")


def test_whoever_wrote_it_does_not_approve_it(office: Office) -> None:
    """Nor who changed it last; nothing is changed once it is approved."""
    number = office.do(lambda all: all.add(ADVERT)).number
    with pytest.raises(NoticeRefusal, match="colleague"):
        office.do(lambda all: all.approve(number), WRITER)
    office.do(lambda all: all.rewrite(number, replace(ADVERT, zh="改。")), APPROVER)
    with pytest.raises(NoticeRefusal, match="colleague"):
        office.do(lambda all: all.approve(number), APPROVER)
    office.do(lambda all: all.approve(number), WRITER)
    with pytest.raises(NoticeRefusal, match=r"is (approved|running|done)"):
        office.do(lambda all: all.rewrite(number, ADVERT))
