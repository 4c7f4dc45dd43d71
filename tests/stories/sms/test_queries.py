"""Queries over the air: records from the store, secrets that are wiped, limits that are kept."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import pytest_twisted
from sqlalchemy import select

from commands.model.request import Secret
from gateway.config.sample import people as sample_people
from gateway.store.sample.people import put_cards
from gateway.store.tables import inbox, outbox, strikes, tickets
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, link
from tests.stories.hall import Hall, opened

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("manners")]

Smscs = Callable[[], Smsc]

ORDINARY, STUDENT, MEMBER = "13800138001", "13800138002", "13800138010"


@pytest_twisted.ensureDeferred
async def test_the_months_charges_are_the_balances_figure(hall: Hall) -> None:
    """Also after something was ordered: every query tells of it."""
    phone = hall.phone(ORDINARY)
    assert "本月合计71.20元:套餐费64.00元,通话费7.20元。" in await phone.asks("CXHF")
    await phone.asks("KTEDU40")
    await phone.asks("是")
    assert "本月已消费81.20元" in await phone.asks("YE")
    assert "81.20元:套餐费64.00元,通话费7.20元,增值业务费10.00元。" in await phone.asks("111")
    assert "剩余40小时;校园外0分钟;流量0MB/40GB;本月费用10.00元" in await phone.asks("CXWLAN")


@pytest_twisted.ensureDeferred
async def test_records_are_read_from_the_store(hall: Hall) -> None:
    """One question of each kind."""
    put_cards(hall.gateway.store, [sample_people.card(7)])
    phone = hall.phone(ORDINARY)
    for text, answer in [
        ("CXZD", "合计143.06元:套餐费128.00元,通话费12.16元,流量费2.90元"),
        ("CXJF", "您的积分为3200,其中400将于"),
        ("CXXJ", "您是三星客户"),
        ("CXXY", "您的信用度为100.00元"),
        ("CXZT", "目前为正常"),
        ("CXZL", "入网:2018年5月6日"),
        ("CXFH", "近六个月返还2笔,合计20.00元"),
        ("CXSSZD#739204", "合帐号码138****8009"),
        ("CXJFJL#739204", "最近3笔:"),
        ("CXGSD#13800138000", "北京"),
        ("CXCZK#20261000000000007", "目前可以使用"),
        ("ZF#LL30", "30元流量包:30元/月,含流量500MB"),
    ]:
        assert answer in await phone.asks(text)
    colleague = hall.phone("13800138008")
    assert "您的短号为6102" in await colleague.asks("CXVW")
    assert "为13800138008" in await hall.phone(MEMBER).asks("CXDH 6102")


@pytest_twisted.ensureDeferred
async def test_a_puk_is_wiped_once_it_has_left(hall: Hall) -> None:
    """And neither it nor the password that asked for it is in the journal."""
    phone = hall.phone(STUDENT)
    assert "您的PUK码为60294718" in await phone.asks("CXPUK#123456")
    await hall.calm()
    newest = hall.rows(select(outbox.c.secret, outbox.c.text_sealed).order_by(outbox.c.id.desc()))
    assert newest[0] == (True, None)
    (heard,) = hall.rows(select(inbox.c.text_sealed).order_by(inbox.c.id.desc()).limit(1))
    assert hall.gateway.store.seal.open(heard[0]) == "CXPUK#***"


@pytest_twisted.ensureDeferred
async def test_a_doubtful_card_becomes_a_ticket_that_can_be_followed(hall: Hall) -> None:
    """Asked about by somebody new, so that today's count is theirs."""
    phone = hall.somebody()
    said = await phone.asks("CXCZK#20261170000000005")
    mine = tickets.c.phone == int(phone.number)
    ((number, kind),) = hall.rows(select(tickets.c.number, tickets.c.kind).where(mine))
    assert kind == "card"
    assert f"工单{number}" in said
    assert f"{number}(充值卡核实)" in await phone.asks(f"CXGD#{number}")
    for _ in range(4):
        await phone.asks("CXCZK#20261010000000002")
    assert "已满5次" in await phone.asks("CXCZK#20261010000000002")
    struck = select(strikes.c.id).where(strikes.c.struck == phone.number)
    assert len(hall.rows(struck)) == 5


@pytest_twisted.ensureDeferred
async def test_detailed_records_come_as_a_link_after_both_proofs(
    place: Deployment, smscs: Smscs
) -> None:
    """Where they can be had: service.records says where they come from."""
    smsc = smscs()
    links = [link(smsc.listen())]
    place.configure(links)
    async with opened(place, smsc) as hall:
        assert "详单暂不能" in await hall.phone(ORDINARY).asks("CXXD#739204")
    place.configure(links, service={"records": "store"})
    async with opened(place, smsc) as hall:
        await _told_by_a_link(hall)


async def _told_by_a_link(hall: Hall) -> None:
    """The code and the link are secrets that leave no trace in the store."""
    phone = hall.phone(ORDINARY)
    assert "请回复6位随机码" in await phone.asks("CXXD#739204")
    code = re.search(r"随机码([0-9]{6})", await phone.reads())
    assert code
    assert "回复Y确认" in await phone.asks(code[1])
    link = re.search(r"https://10086\.example/x/([0-9]{24}) ", await phone.asks("Y"))
    assert link
    await hall.calm()
    with hall.gateway.store.transaction() as connection:
        kept = hall.gateway.store.ports(connection).links
        found = kept.use(Secret(link[1]), int(hall.clock()))
    assert found is not None
    assert (found.kind, found.msisdn) == ("detail", ORDINARY)
    for words in hall.rows(select(outbox.c.text_sealed).where(outbox.c.text_sealed.is_not(None))):
        assert link[1] not in hall.gateway.store.seal.open(words[0])


@pytest_twisted.ensureDeferred
async def test_a_recharge_is_found_among_the_payments(hall: Hall) -> None:
    """The same figure for who asks whether it came in, and for who reads the list."""
    put_cards(hall.gateway.store, [sample_people.card(9)])
    phone = hall.phone(ORDINARY)
    today = hall.gateway.store.calendar.at(int(hall.clock()))
    assert "没有查到" in await phone.asks(f"CXDZ#50#{today:%m%d}")
    assert "当前余额106.80元" in await phone.asks("CZ#870000000000000009")
    assert "查到与您所述" in await phone.asks(f"CXDZ#50#{today:%m%d}")
    said = await phone.asks("CXJFJL#739204")
    assert f"最近3笔:{today.month}月{today.day}日充值卡50.00元;" in said
