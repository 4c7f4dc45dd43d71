"""What nobody asked for, from its queue to the phone: once, behind answers, and no more once it is
stopped."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
import pytest_twisted
from sqlalchemy import func, select
from twisted.internet.task import deferLater

from gateway.model.unasked import UnaskedMessage
from gateway.store.messages import ACCEPTED, UNKNOWN
from gateway.store.store import Store
from gateway.store.tables import outbox
from gateway.store.unasked import SqlUnasked
from simulators.fault_timing import NEVER, always
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, link
from tests.stories.gateway_process import GatewayProcess
from tests.stories.hall import SIGNATURE, Hall

FIRST = 13_700_000_000  # numbers of whoever is told something


def say(store: Store, now: float, *numbers: str, source: str = "reminder") -> None:
    with store.transaction() as connection:
        SqlUnasked(connection, store.seal).add(
            UnaskedMessage(number, f"通知{number}{SIGNATURE}", "zh", source, source, int(now), True)
            for number in numbers
        )


@pytest_twisted.ensureDeferred
async def test_a_reminder_is_told_once(hall: Hall) -> None:
    """Whoever is told it again within a day is not."""
    phone = hall.somebody()
    say(hall.gateway.store, hall.clock(), phone.number)
    say(hall.gateway.store, hall.clock(), phone.number)
    assert await phone.reads() == f"通知{phone.number}"
    await phone.hears_nothing()


@pytest_twisted.ensureDeferred
async def test_what_is_stopped_is_not_told_though_gateways_have_it_in_hand(hall: Hall) -> None:
    """The SMSC takes nothing for a moment; what is held meanwhile is told after all."""
    store, held, dropped = hall.gateway.store, hall.somebody(), hall.somebody()
    hall.smsc.faults.throttle = always("submit_sm")
    say(store, hall.clock(), held.number, source="notice 1")
    say(store, hall.clock(), dropped.number, source="notice 2")
    await until(lambda: len(hall.gateway.outbox.unasked) == 2)
    with store.transaction() as connection:
        SqlUnasked(connection, store.seal).hold("notice 1")
        SqlUnasked(connection, store.seal).drop("notice 2")
    await until(lambda: not hall.gateway.outbox.unasked)
    hall.smsc.faults.throttle = NEVER
    await dropped.hears_nothing()
    await held.hears_nothing()
    with store.transaction() as connection:
        SqlUnasked(connection, store.seal).release("notice 1")
    assert await held.reads() == f"通知{held.number}"
    await held.hears_nothing()


async def until(so: Callable[[], bool]) -> None:
    from twisted.internet import reactor

    for _ in range(1_600):
        if so():
            return
        await deferLater(reactor, 0.025)
    raise AssertionError("it has not come to that")


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_who_is_killed_in_the_middle_forgets_nobody(
    place: Deployment, smscs: Callable[..., Smsc], start: Callable[..., GatewayProcess]
) -> None:
    """And tells nobody twice: whose message was on its way is known to be in doubt."""
    smsc = smscs()
    file = place.configure(
        [link(smsc.listen(), window=32)], unasked={"hours": "00:00-24:00", "per_second": 100}
    )
    numbers = [str(FIRST + n) for n in range(300)]
    with place.store() as store:
        say(store, 0, *numbers)
        for told in (60, 150):
            gateway = start("run", "--config", file)
            await until(partial(_are_told, smsc, numbers, told))
            await gateway.kill()
        gateway = start("run", "--config", file)
        await until(lambda: _ended(store) == len(numbers))
        assert await gateway.stop() == 0
        with store.reading() as connection:
            unknown = select(func.count()).where(outbox.c.state == UNKNOWN)
            doubts = connection.execute(unknown).scalar_one()
    messages = [len(smsc.phone(number).received) for number in numbers]
    assert max(messages) == 1
    assert len(numbers) - sum(messages) <= doubts <= 2 * (32 // 2)


def _ended(store: Store) -> int:
    """How many messages have left, or perhaps have."""
    with store.reading() as connection:
        over = outbox.c.state.in_((ACCEPTED, UNKNOWN))
        return int(connection.execute(select(func.count()).where(over)).scalar_one())


def _are_told(smsc: Smsc, numbers: list[str], count: int) -> bool:
    return sum(bool(smsc.phone(number).received) for number in numbers) >= count
