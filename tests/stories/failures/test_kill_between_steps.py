"""The gateway dies between a yes and its effect, and between the effect and its acknowledgement:
a recharge, a plan, a number to be stopped. Beside PostgreSQL and Redis, which live on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_twisted
from sqlalchemy import Connection, func, select, text
from twisted.internet.task import deferLater
from twisted.internet.threads import deferToThread

from commands.model.accounts import NumberState
from gateway.store.engine import open_engine
from gateway.store.sample.people import put_cards
from gateway.store.tables import cards, ledger, orders, subscribers
from simulators.fault_timing import always
from simulators.smsc.smsc import Smsc
from tests.commands.fakes import own_sample
from tests.stories.deployment import Deployment, link, personas
from tests.stories.gateway_process import GatewayProcess

pytestmark = [pytest.mark.slow, pytest.mark.service]

Smscs = Callable[..., Smsc]
Start = Callable[..., GatewayProcess]
PAYER, PAID, MOVER, LOSER = "13800138001", "13800138003", "13800138010", "13800138009"
ASKED = {
    PAYER: (f"CZ#{PAID}#860000000000000001", "Y", "充值50.00元"),
    MOVER: ("TCBG#QQT58#917350", "是", "起变更为全球通商务58元套餐"),
    LOSER: ("TJ#846137", "Y", "停机"),
}


@pytest.fixture
def house(tmp_path: Path, postgres_url: str, redis_url: str) -> Deployment:
    house = Deployment(tmp_path, postgres_url, redis_url)
    house.configure([])
    house.move_in(personas().values())
    with house.store() as store:
        put_cards(store, own_sample().cards)
    return house


async def proposed(smsc: Smsc) -> None:
    """Everybody has asked, and is asked for a yes."""
    for number, (asks, _, _) in ASKED.items():
        smsc.send(number, asks)
        assert "回复" in (await smsc.phone(number).next()).text
    await smsc.quiet()


def confirm(smsc: Smsc) -> None:
    for number, (_, yes, _) in ASKED.items():
        smsc.send(number, yes)


async def told(smsc: Smsc) -> None:
    """Each hears that it is done, in the same words however often."""
    for number, (_, _, result) in ASKED.items():
        assert result in (await smsc.phone(number).next()).text
    assert "为您充值50.00元,当前余额53.00元" in (await smsc.phone(PAID).next()).text


def done(house: Deployment) -> dict[str, object]:
    """What the store has of it."""
    with house.store() as store, store.transaction() as connection:
        return {
            "used cards": _count(connection, cards.c.used_by == int(PAID)),
            "recharges": _count(connection, ledger.c.kind == "recharge"),
            "consents": _count(connection, orders.c.state == "done"),
            "paid": _of(connection, PAID, subscribers.c.balance_fen),
            "next plan": _of(connection, MOVER, subscribers.c.next_plan),
            "state": _of(connection, LOSER, subscribers.c.state),
        }


def _count(connection: Connection, condition: object) -> int:
    query = select(func.count()).where(condition)  # type: ignore[arg-type]
    return int(connection.execute(query).scalar_one())


def _of(connection: Connection, number: str, column: object) -> object:
    query = select(column).where(subscribers.c.msisdn == int(number))  # type: ignore[call-overload]
    return connection.execute(query).scalar_one()


NOTHING = {"used cards": 0, "recharges": 0, "consents": 0, "paid": 300,
           "next plan": "", "state": NumberState.NORMAL.value}  # fmt: skip
ONCE = {"used cards": 1, "recharges": 1, "consents": 3, "paid": 5_300,
        "next plan": "QQT58", "state": NumberState.SUSPENDED.value}  # fmt: skip


@contextmanager
def held(house: Deployment) -> Iterator[Connection]:
    """Somebody else works on these subscribers: nobody gets beyond reading them."""
    engine = open_engine(house.store_url)
    with engine.connect() as connection:
        mine = subscribers.c.msisdn.in_([int(number) for number in ASKED])
        connection.execute(select(subscribers.c.msisdn).where(mine).with_for_update()).all()
        yield connection
    engine.dispose()


async def somebody_waits(connection: Connection) -> None:
    """A desk stands before the rows that are held."""
    from twisted.internet import reactor

    waiting = text("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
    while not (await deferToThread(connection.execute, waiting)).scalar_one():
        await deferLater(reactor, 0.01)


@pytest_twisted.ensureDeferred
async def test_killed_between_the_yes_and_its_effect_it_is_done_once_afterwards(
    house: Deployment, smscs: Smscs, start: Start
) -> None:
    """The SMSC has no answer, so it sends the yes again; the order still waits for it."""
    smsc = smscs()
    house.configure([link(smsc.listen())])
    process = start("run", "--config", house.file)
    await process.serving()
    await proposed(smsc)
    with held(house) as connection:
        confirm(smsc)
        await somebody_waits(connection)
        await process.kill()
        smsc.drop()
    assert done(house) == NOTHING
    again = start("run", "--config", house.file)
    await again.serving()
    await told(smsc)
    assert done(house) == ONCE
    assert await again.stop() == 0
    assert again.log.strange == []


@pytest_twisted.ensureDeferred
async def test_killed_between_the_effect_and_its_acknowledgement_it_is_not_done_again(
    house: Deployment, smscs: Smscs, start: Start
) -> None:
    """The yes comes again, and is known: its stored answer is said."""
    smsc = smscs()
    house.configure([link(smsc.listen())])
    process = start("run", "--config", house.file)
    await process.serving()
    await proposed(smsc)
    smsc.faults.silent = always("deliver_sm_resp", "submit_sm", "enquire_link")
    confirm(smsc)
    for action in ("rc.other", "sv.plan_change", "st.suspend"):
        await process.log.told("served", action=action, result="ok")
    await process.kill()
    smsc.drop()
    smsc.faults.clear()
    assert done(house) == ONCE
    again = start("run", "--config", house.file)
    await again.serving()
    await told(smsc)
    await smsc.quiet()
    assert done(house) == ONCE
    assert await again.stop() == 0
    assert again.log.strange == []
