"""When there is more than can be done at once: nothing is lost, nothing grows, order is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_twisted
from smpplib import consts

from simulators.fault_timing import always
from simulators.smsc.settings import FLOOD
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, link
from tests.stories.failures.price_questions import Askers
from tests.stories.hall import Phone, opened

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]
NUMBERS = [str(13_600_000_000 + n) for n in range(50)]


def asking(smsc: Smsc, each: int) -> Askers:
    from twisted.internet import reactor

    return Askers(reactor, smsc, NUMBERS, each)


@pytest_twisted.ensureDeferred
async def test_what_the_desk_has_no_room_for_comes_again(place: Deployment, smscs: Smscs) -> None:
    """An SMSC that floods is told that the queue is full, and keeps its messages."""
    smsc = smscs(window=FLOOD, pipelined=True)
    place.configure([link(smsc.listen())], limits={"desk": 5})
    async with opened(place, smsc) as hall:
        smsc.faults.split = True  # room is looked for with every segment
        askers = asking(smsc, each=4)
        askers.begin()
        await askers.answered(60)
        assert smsc.audit.statuses()["ESME_RMSGQFUL"] > 0
        assert hall.gateway.counts.messages_refused["smsc-a"] > 0
    assert {mo.outcome for mo in smsc.audit.written()} == {consts.SMPP_ESME_ROK}
    assert smsc.audit.reckon(smsc.replies()).lost == []


@pytest_twisted.ensureDeferred
async def test_answers_that_find_no_room_in_memory_wait_in_the_store(
    place: Deployment, smscs: Smscs
) -> None:
    """The SMSC takes questions and no answers; once it does, all of them leave, in order."""
    smsc = smscs(window=50)
    place.configure([link(smsc.listen(), window=4)], limits={"outbox": 20})
    async with opened(place, smsc) as hall:
        smsc.faults.throttle = always("submit_sm")
        askers = asking(smsc, each=4)
        askers.begin()
        await smsc.quiet()
        assert hall.gateway.outbox.waiting <= 20
        smsc.faults.clear()
        await askers.answered(60)
        assert askers.complaints() == []


@pytest_twisted.ensureDeferred
async def test_a_throttled_link_rests_and_keeps_the_order(place: Deployment, smscs: Smscs) -> None:
    """So many a second and no more."""
    smsc = smscs()
    place.configure([link(smsc.listen(), window=8)])
    async with opened(place, smsc) as hall:
        smsc.faults.rate = 100.0
        askers = asking(smsc, each=2)
        askers.begin()
        await askers.answered(60)
        assert askers.complaints() == []
        assert hall.log.named("unsent") == []


@pytest_twisted.ensureDeferred
async def test_what_the_smsc_will_never_take_is_given_up(place: Deployment, smscs: Smscs) -> None:
    """With its reason in the log; what comes after it is not held up."""
    smsc = smscs()
    place.configure([link(smsc.listen())])
    async with opened(place, smsc) as hall:
        phone = Phone(hall, "13800138001")
        smsc.faults.refuse = always("submit_sm")
        assert await phone.sends("YE").settled() == 0
        event = await hall.log.told("unsent")
        assert event["reason"] == "invalid destination address"
        smsc.faults.clear()
        assert "【套餐查询】" in await phone.asks("CXTC")


@pytest_twisted.ensureDeferred
async def test_a_message_has_one_id_from_its_arrival_to_its_receipt(
    place: Deployment, smscs: Smscs
) -> None:
    """Also when the receipt overtakes the answer that it is about."""
    smsc = smscs()
    place.configure([link(smsc.listen())])
    async with opened(place, smsc) as hall:
        phone = hall.somebody()
        for early in (False, True):
            if early:
                smsc.faults.early_receipt = always("submit_sm")
            await phone.asks("2010")
            mark = hall.log.mark()
            await phone.asks("Y")
            served = await hall.log.told("served", mark, action="pw.random")
            answer = served["id"] + 1
            await hall.log.told("sent", mark, id=answer)
            receipt = await hall.log.told("receipt", mark, id=answer)
            assert receipt["state"] == "delivered"


@pytest_twisted.ensureDeferred
async def test_too_many_questions_an_hour_are_told_once(place: Deployment, smscs: Smscs) -> None:
    """Then silence, and the next hour all is well again; orders are no questions."""
    smsc = smscs()
    place.configure([link(smsc.listen())], limits={"queries_per_hour": 3})
    async with opened(place, smsc) as hall:
        phone = hall.somebody()
        for _ in range(3):
            assert "【话费余额】" in await phone.asks("YE")
        assert "过于频繁" in await phone.asks("YE")
        for _ in range(3):
            assert await phone.sends("YE").settled() == 0
        assert "正在订购" in await phone.asks("KTEDU40")
        hall.clock.ahead += 3600
        assert "【话费余额】" in await phone.asks("YE")
