"""Several gateways share what nobody asked for: each message by one of them, also when one dies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_twisted
from sqlalchemy import func, select
from twisted.internet.task import deferLater

from gateway.model.unasked import UnaskedMessage
from gateway.store.tables import outbox, unasked
from gateway.store.unasked import SqlUnasked
from tests.stories.cluster.gateways import Gateways
from tests.stories.hall import SIGNATURE

pytestmark = pytest.mark.slow
NUMBERS = [str(13_700_000_000 + n) for n in range(200)]
WINDOW = 16


def say(hall: Gateways, source: str = "reminder") -> None:
    with hall.house.store() as store, store.transaction() as connection:
        SqlUnasked(connection, store.seal).add(
            UnaskedMessage(number, f"通知{SIGNATURE}", "zh", source, source, 0, True)
            for number in NUMBERS
        )


def told(hall: Gateways) -> list[int]:
    """How often each was."""
    return [len(hall.smsc.phone(number).received) for number in NUMBERS]


def in_line(hall: Gateways) -> int:
    """Messages that wait, or are leaving."""
    with hall.house.store() as store, store.reading() as connection:
        queue = select(func.count()).select_from(unasked).where(unasked.c.state == 0)
        there = select(func.count()).select_from(outbox).where(outbox.c.state.in_((0, 3)))
        return sum(int(connection.execute(each).scalar_one()) for each in (queue, there))


async def until(so: Callable[[], bool]) -> None:
    from twisted.internet import reactor

    for _ in range(2_400):
        if so():
            return
        await deferLater(reactor, 0.025)
    raise AssertionError("it has not come to that")


@pytest_twisted.ensureDeferred
async def test_each_is_told_once_by_one_of_them(gateways: Callable[..., Gateways]) -> None:
    """Both take part."""
    hall = gateways(window=20)
    running = await hall.serving(2, window=WINDOW)
    say(hall)
    await until(lambda: 0 not in told(hall))
    for each in running:
        assert await each.stop() == 0
    assert told(hall) == [1] * len(NUMBERS)
    with hall.house.store() as store, store.reading() as connection:
        by = connection.execute(select(outbox.c.owner, func.count()).group_by(outbox.c.owner)).all()
    assert len(by) == 2
    assert sum(count for _, count in by) == len(NUMBERS)


@pytest_twisted.ensureDeferred
async def test_what_one_had_in_hand_when_it_was_killed_the_other_says(
    gateways: Callable[..., Gateways],
) -> None:
    """But what was on its way: of that nobody knows, and nobody says it twice."""
    hall = gateways(window=20)
    first, _second = await hall.serving(2, window=WINDOW)
    say(hall)
    await until(lambda: sum(told(hall)) >= 40)
    await first.kill()
    await until(lambda: not in_line(hall))
    assert max(told(hall)) == 1
    assert len(NUMBERS) - sum(told(hall)) <= WINDOW // 2


@pytest_twisted.ensureDeferred
async def test_a_stop_reaches_all_of_them(gateways: Callable[..., Gateways]) -> None:
    """Within a second nothing more leaves; what was on its way then may be heard."""
    hall = gateways(window=20)
    await hall.serving(2, window=WINDOW)
    say(hall, "notice 1")
    await until(lambda: sum(told(hall)) >= 20)
    with hall.house.store() as store, store.transaction() as connection:
        SqlUnasked(connection, store.seal).drop("notice 1")
    await until_later(1.0)
    before = sum(told(hall))
    await until_later(2.0)
    assert sum(told(hall)) == before < len(NUMBERS)


async def until_later(seconds: float) -> None:
    from twisted.internet import reactor

    await deferLater(reactor, seconds)
