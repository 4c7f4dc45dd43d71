"""With a BOSS behind the hall: what is ordered is accepted, done there once, and told once,
whatever the BOSS does wrong and wherever the gateway dies."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import pytest_twisted
from sqlalchemy import select
from twisted.internet.threads import deferToThread

from commands.model.boss_jobs import BossJob
from commands.model.request import AuthLevel, Channel
from gateway.config.editions.conf_files import conf_files
from gateway.config.editions.edition import EditionDecision
from gateway.editions.publishing import Publisher
from gateway.model.message_id import MessageIds
from gateway.store.editions.editions import SqlEditions
from gateway.store.tables import errands, ledger
from simulators.boss.http_server import BossServer
from simulators.fault_timing import always, times
from simulators.smsc.smsc import Smsc
from tests.commands.fakes import OWN_CONF, own_sample
from tests.stories.deployment import Deployment, link, personas
from tests.stories.gateway_process import GatewayProcess
from tests.stories.hall import Hall, opened
from tests.stories.ussd.ussd_phone import UssdPhone

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]
Start = Callable[..., GatewayProcess]
ME, POOR = "13800138001", "13800138003"
CARD = "860000000000000001"  # 50 yuan
QUICK = {"timeout": 0.5, "retries": 1, "failures": 3, "rest": 0.5}


def behind(house: Deployment, smsc: Smsc, boss: BossServer, **more: Any) -> None:
    """The house is configured with a BOSS."""
    address = {"url": f"http://127.0.0.1:{boss.port}", "token": "t0ken"}
    http = {"listen": "127.0.0.1:0"}
    house.configure([link(smsc.listen())], boss=address | QUICK | more, http=http)


async def get(hall: Hall, path: str) -> tuple[int, str]:
    """Status and reasons."""

    def ask() -> tuple[int, str]:
        try:
            with urlopen(f"http://127.0.0.1:{hall.gateway.http_port}{path}", timeout=10) as page:
                return page.status, ""
        except HTTPError as error:
            with error:
                return error.code, " ".join(json.loads(error.read())["reasons"])

    return await deferToThread(ask)


def made(boss: BossServer, do: str) -> int:
    """How often the BOSS did such a thing."""
    return sum(change["do"] == do for _, change in boss.book.made)


def balance(boss: BossServer, number: str = ME) -> int:
    return int(boss.book.account(number)["balance_fen"])


def accepted(said: str) -> bool:
    return "已受理" in said and "结果将短信通知您" in said


def results(hall: Hall) -> list[tuple[str, str]]:
    rows = hall.rows(select(errands.c.action, errands.c.result).order_by(errands.c.id))
    return [(action, result) for action, result in rows]


@pytest_twisted.ensureDeferred
async def test_an_order_is_accepted_done_there_and_told(
    place: Deployment, smscs: Smscs, boss: BossServer
) -> None:
    """Our own copy has it as well, and the fee once."""
    smsc = smscs()
    behind(place, smsc, boss)
    async with opened(place, smsc) as hall:
        phone = hall.phone(ME)
        assert "正在订购校园WLAN 40小时" in await phone.asks("KTEDU40")
        assert accepted(await phone.asks("是"))
        assert "【办理成功】校园WLAN 40小时" in await phone.reads()
        assert "校园WLAN 40小时" in await phone.asks("CXYW")
        assert "余额46.80元" in await phone.asks("YE")
        assert len(hall.rows(select(ledger).where(ledger.c.reason == "EDU40"))) == 1
        assert results(hall) == [("sv.order", "done")]
    assert balance(boss) == 4_680
    assert (made(boss, "charge"), made(boss, "open")) == (1, 1)
    assert hall.log.strange == []


@pytest_twisted.ensureDeferred
async def test_a_card_is_looked_at_there(place: Deployment, smscs: Smscs, boss: BossServer) -> None:
    """Good, used and unknown ones; for another number without a word of its worth before."""
    smsc = smscs()
    behind(place, smsc, boss)
    async with opened(place, smsc) as hall:
        phone, other = hall.phone(ME), hall.phone(POOR)
        assert accepted(await phone.asks(f"CZ#{CARD}"))
        assert "充值50.00元,当前余额106.80元" in await phone.reads()
        assert accepted(await phone.asks(f"CZ#{CARD}"))
        assert "该卡已充值" in await phone.reads()
        assert accepted(await phone.asks("CZ#860000000000009999"))
        assert "充值卡密码错误,还可尝试2次" in await phone.reads()
        read_back = await phone.asks(f"CZ#{POOR}#860000000000000002")
        assert "充值,回复Y确认" in read_back
        assert accepted(await phone.asks("Y"))
        assert "充值100.00元,已短信通知对方" in await phone.reads()
        assert "为您充值100.00元,当前余额103.00元" in await other.reads()
        assert accepted(await phone.asks(f"CXCZK#{own_sample().cards[0].serial}"))
        assert "不能使用" in await phone.reads()
        assert hall.rows(select(errands.c.id).where(errands.c.args_sealed.is_not(None))) == []
    assert (made(boss, "redeem"), made(boss, "credit")) == (2, 2)
    assert hall.log.strange == []
    assert CARD.encode() not in hall.log.raw


@pytest.mark.parametrize("fault", ["lose", "twice", "fail"])
@pytest_twisted.ensureDeferred
async def test_whatever_becomes_of_the_answer_it_is_done_once(
    place: Deployment, smscs: Smscs, boss: BossServer, fault: str
) -> None:
    """Of the first three orders; each time the BOSS knows the key again."""
    smsc = smscs()
    behind(place, smsc, boss)
    setattr(boss.faults, fault, times(3, "orders"))
    async with opened(place, smsc) as hall:
        phone = hall.phone(ME)
        assert accepted(await phone.asks(f"CZ#{CARD}"))
        assert "充值50.00元,当前余额106.80元" in await phone.reads()
        assert accepted(await phone.asks("CZ#860000000000000002"))
        assert "充值100.00元,当前余额206.80元" in await phone.reads()
        await phone.hears_nothing()
    assert (made(boss, "redeem"), made(boss, "credit")) == (2, 2)
    assert balance(boss) == 20_680
    assert hall.log.strange == []


@pytest_twisted.ensureDeferred
async def test_a_boss_that_is_too_slow_is_left_alone_and_asked_again(
    place: Deployment, smscs: Smscs, boss: BossServer
) -> None:
    """Meanwhile the hall answers what it can itself, refuses a second wish of the same, and says
    that the BOSS does not answer."""
    smsc = smscs()
    behind(place, smsc, boss)
    boss.faults.slow, boss.faults.slowness = always(), 2.0
    async with opened(place, smsc) as hall:
        phone = hall.phone(ME)
        assert accepted(await phone.asks(f"CZ#{CARD}"))
        await hall.log.told("errand put off")
        assert "余额56.80元" in await phone.asks("YE")
        assert "正在办理" in await phone.asks("CZ#860000000000000002")
        await hall.log.told("errand put off", tries=2)
        assert hall.gateway.counts.gauges["boss_open"][1]() == 1.0
        assert await get(hall, "/readyz") == (503, "the BOSS does not answer")
        boss.faults.clear()
        assert "充值50.00元,当前余额106.80元" in await phone.reads()
        assert (await get(hall, "/readyz"))[0] == 200
        assert hall.gateway.counts.gauges["boss_open"][1]() == 0.0
    assert made(boss, "credit") == 1
    assert hall.gateway.counts.boss_calls["no answer"] >= 3
    assert hall.gateway.counts.errands == {("rc.self", "done"): 1}


@pytest_twisted.ensureDeferred
async def test_what_somebody_else_changes_meanwhile_is_looked_at_again(
    place: Deployment, smscs: Smscs, boss: BossServer
) -> None:
    """The money is spent elsewhere between our look and our order: nobody is overdrawn."""
    smsc = smscs()
    behind(place, smsc, boss)

    def spend(method: str, path: str) -> None:
        if path == "/orders" and not boss.book.made:
            boss.book.order("elsewhere", {
                "seen": {ME: 1}, "changes": [
                    {"do": "charge", "msisdn": ME, "fen": 5_000, "reason": "shop"}],
            })  # fmt: skip

    boss.watch = spend
    async with opened(place, smsc) as hall:
        phone = hall.phone(ME)
        await phone.asks("KTEDU40")
        assert accepted(await phone.asks("是"))
        assert "余额" in await phone.reads()
        assert results(hall) == [("sv.order", "refused")]
    assert balance(boss) == 680
    assert made(boss, "open") == 0


@pytest_twisted.ensureDeferred
async def test_what_the_boss_refuses_is_told_in_a_sentence(
    place: Deployment, smscs: Smscs, boss: BossServer
) -> None:
    """Its own reason is for the log."""
    smsc = smscs()
    behind(place, smsc, boss)
    boss.book.refuses[ME] = "fraud department"
    async with opened(place, smsc) as hall:
        phone = hall.phone(ME)
        assert accepted(await phone.asks(f"CZ#{CARD}"))
        assert "未能办理,未产生费用" in await phone.reads()
        assert hall.log.named("errand refused")[0]["reason"] == "fraud department"
        assert "余额56.80元" in await phone.asks("YE")
    assert boss.book.made == []


@pytest_twisted.ensureDeferred
async def test_a_screen_says_that_it_is_accepted(
    place: Deployment, smscs: Smscs, boss: BossServer
) -> None:
    """The dialogue is over before the BOSS has done anything; the result comes by SMS."""
    smsc = smscs()
    behind(place, smsc, boss)
    async with opened(place, smsc) as hall:
        phone = hall.phone(ME)
        caller = UssdPhone(phone)
        assert await caller.walks("5", "2", "1", "1") == "已受理,结果短信通知您。"
        assert not caller.open
        while accepted(said := await phone.reads()):
            pass
        assert "【办理成功】校园WLAN 40小时" in said
    assert made(boss, "open") == 1
    assert hall.log.strange == []


@pytest.mark.service
@pytest_twisted.ensureDeferred
async def test_beside_postgresql_and_redis_it_is_the_same(
    tmp_path: Path, postgres_url: str, redis_url: str, smscs: Smscs, start: Start, boss: BossServer
) -> None:
    """Several at once, several desks, a BOSS that loses answers, and a kill in the middle."""
    smsc, numbers = smscs(), [ME, "13800138006", "13800138010"]
    house = Deployment(tmp_path, postgres_url, redis_url)
    house.configure([])
    house.move_in(personas().values())
    behind(house, smsc, boss)
    boss.faults.lose = times(3, "orders")
    process = start("run", "--config", house.file)
    await process.serving()
    for number in numbers:
        smsc.send(number, "KTLL10")
        assert "正在订购" in (await smsc.phone(number).next()).text
    for number in numbers:
        smsc.send(number, "是")
    await boss.asked("/orders")
    await process.kill()
    smsc.drop()
    again = start("run", "--config", house.file)
    await again.serving()
    for number in numbers:
        while "【办理成功】" not in (await smsc.phone(number).next()).text:
            pass
    assert await again.stop() == 0
    assert (made(boss, "charge"), made(boss, "open")) == (3, 3)
    with house.store() as store, store.transaction() as connection:
        booked = connection.execute(select(ledger.c.msisdn)).scalars()
        assert sorted(map(str, booked)) == sorted(numbers)


@pytest.mark.parametrize("moment", ["/orders", "lost"])
@pytest_twisted.ensureDeferred
async def test_a_gateway_that_is_killed_takes_its_errands_up_again(
    place: Deployment, smscs: Smscs, start: Start, boss: BossServer, moment: str
) -> None:
    """While the BOSS is asked, and after it did it and nobody heard."""
    smsc = smscs()
    behind(place, smsc, boss, timeout=5.0)
    if moment == "lost":
        boss.faults.lose = always("orders")
    else:
        boss.faults.slow, boss.faults.slowness = always(moment.strip("/")), 60.0
    process = start("run", "--config", place.file)
    await process.serving()
    smsc.send(ME, f"CZ#{CARD}")
    assert accepted((await smsc.phone(ME).next()).text)
    if moment == "lost":
        await process.log.told("errand put off")
    else:
        await boss.asked(moment)
    await process.kill()
    boss.faults.clear()
    again = start("run", "--config", place.file)
    await again.serving()
    while accepted(said := (await smsc.phone(ME).next()).text):
        pass  # sent again, because nobody had noted yet that it was sent
    assert "充值50.00元,当前余额106.80元" in said
    smsc.send(ME, "YE")
    assert "余额106.80元" in (await smsc.phone(ME).next()).text
    assert (made(boss, "redeem"), made(boss, "credit")) == (1, 1)
    assert await again.stop() == 0
    assert again.log.strange == []


@pytest_twisted.ensureDeferred
async def test_what_cannot_be_carried_out_is_tried_rarely_and_given_up(
    place: Deployment, smscs: Smscs, boss: BossServer
) -> None:
    """Something is wrong with us: the BOSS is not asked again and again, and in the end whoever
    waits is told."""
    smsc = smscs()
    behind(place, smsc, boss, give_up=60)
    async with opened(place, smsc) as hall:
        phone, store, ids, now = (
            hall.phone(ME),
            hall.gateway.store,
            MessageIds(9, time.time),
            time.time(),
        )
        for number, placed in ((ME, now - 90), (POOR, now)):
            # an action that wants arguments, without any
            wish = BossJob(
                ids.next(), int(placed), "sv.forward", number, {}, int(AuthLevel.A3), number, True,
                Channel.SMS, "1",
            )  # fmt: skip
            with store.transaction() as connection:
                store.ports(connection).errands.place(wish)
        assert "未能办理,未产生费用" in await phone.reads()
        await hall.log.told("errand put off", tries=2)
        assert results(hall) == [("sv.forward", "dropped"), ("sv.forward", "")]
        again = len(hall.log.named("errand put off"))
        assert len(hall.log.named("errand failed")) == again + 1 < 9
    assert boss.book.made == []


@pytest_twisted.ensureDeferred
async def test_what_was_agreed_to_is_what_is_charged(
    place: Deployment, smscs: Smscs, boss: BossServer
) -> None:
    """It was ordered at 10 yuan; while the BOSS was away, it became 12 for others."""
    smsc = smscs()
    behind(place, smsc, boss)
    boss.faults.fail = always()
    async with opened(place, smsc) as hall:
        phone = hall.phone(ME)
        assert "10元" in await phone.asks("KTEDU40")
        assert accepted(await phone.asks("是"))
        await hall.log.told("errand put off")
        mark = hall.log.mark()
        decided = await deferToThread(publish_dearer, hall)
        await hall.log.told("edition", mark, version=decided.version)
        boss.faults.clear()
        assert "【办理成功】校园WLAN 40小时" in await phone.reads()
        assert "余额46.80元" in await phone.asks("YE")
        assert "12元" in await hall.phone("13800138002").asks("KTEDU40")
    assert balance(boss) == 4_680


def publish_dearer(hall: Hall) -> EditionDecision:
    """Campus WLAN costs 12 yuan."""
    files = conf_files(OWN_CONF)
    for name, old, new in (
        ("tariffs/services.yaml", "fee: 10\n    group: EDU", "fee: 12\n    group: EDU"),
    ):
        files[name] = files[name].replace(old, new)
    with hall.gateway.store.transaction() as connection:
        return Publisher(SqlEditions(connection), "li", int(time.time())).publish(files)
