"""What the SMSC sends again is done once, what a subscriber sends again is done twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_twisted
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError

from gateway.store.tables import subscriptions
from simulators.fault_timing import times
from tests.stories.hall import Hall

pytestmark = pytest.mark.slow


def services(hall: Hall, number: str) -> list[str]:
    """What somebody has ever ordered."""
    mine = select(subscriptions.c.service).where(subscriptions.c.msisdn == int(number))
    return [service for (service,) in hall.rows(mine.order_by(subscriptions.c.id))]


def at_the_next_message(hall: Hall, commits: Callable[[Connection], None]) -> None:
    """Something happens once: at the commit of the next transaction that takes a message in, and of
    no other, for a gateway has more to keep than messages. Nobody takes the listener away again:
    other threads of the desk may be going through the listeners just then."""
    taking: list[Connection] = []

    def executes(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if not taking and "INTO inbox" in statement:
            taking.append(connection)
            event.listen(connection, "commit", commits)

    event.listen(hall.gateway.store.engine, "before_cursor_execute", executes)


@pytest_twisted.ensureDeferred
async def test_a_second_yes_is_a_second_yes(hall: Hall) -> None:
    """The link is lost before the SMSC has proven that it read the answer to the first; what is
    said later is no repetition of it."""
    phone = hall.somebody()
    assert "正在订购" in await phone.asks("KTEDU40")
    await hall.calm()
    mark = hall.log.mark()
    hall.smsc.faults.drop_after = times(1, "submit_sm")
    assert "办理成功" in await phone.asks("是")
    await hall.log.told("line", since=mark, state="serving")
    assert "办理成功" in await phone.reads()  # sent again: nobody knows whether it was taken
    assert "正在订购校园WLAN 100小时" in await phone.asks("KTEDU100")
    assert "【办理成功】校园WLAN 100小时" in await phone.asks("是")
    assert services(hall, phone.number) == ["EDU40", "EDU100"]


@pytest_twisted.ensureDeferred
async def test_a_yes_that_is_delivered_again_is_one_yes(hall: Hall) -> None:
    """The link is lost with the answer on it: the SMSC has the subscriber's yes still."""
    phone = hall.somebody()
    assert "正在订购" in await phone.asks("KTEDU40")
    await hall.calm()
    mark = hall.log.mark()
    hall.smsc.faults.drop_before = times(1, "deliver_sm_resp")
    sent = phone.sends("是")
    await hall.log.told("line", since=mark, state="serving")
    said = await phone.reads()
    assert "【办理成功】校园WLAN 40小时" in said
    assert await sent.settled() == 0
    assert len(sent.mos[0].attempts) == 2
    assert services(hall, phone.number) == ["EDU40"]
    await phone.hears_nothing_but(said)


@pytest_twisted.ensureDeferred
async def test_a_commit_that_fails_takes_the_dialogue_back(hall: Hall) -> None:
    """The store says no at the last moment; the yes comes again and finds its order waiting."""
    phone = hall.somebody()
    assert "正在订购" in await phone.asks("KTEDU40")
    await hall.calm()

    def fail(_connection: Connection) -> None:
        raise OperationalError("commit", {}, Exception("the disk is full"))

    at_the_next_message(hall, fail)
    sent = phone.sends("是")
    said = await phone.reads()
    assert "【办理成功】校园WLAN 40小时" in said
    assert await sent.settled() == 0
    assert len(sent.mos[0].attempts) == 2
    assert services(hall, phone.number) == ["EDU40"]
    await phone.hears_nothing_but(said)


@pytest_twisted.ensureDeferred
async def test_a_commit_whose_answer_is_lost_is_not_done_again(hall: Hall) -> None:
    """The store has kept the change, and dies before it can say so; the SMSC, asked to wait,
    delivers it again."""
    phone = hall.somebody()

    def commit_and_fail(connection: Connection) -> None:
        connection.exec_driver_sql("COMMIT")
        raise OperationalError("commit", {}, Exception("the connection is gone"))

    at_the_next_message(hall, commit_and_fail)
    sent = phone.sends(f"MMXG#{phone.password}#580263#580263")
    said = await phone.reads()
    assert "修改成功" in said
    assert await sent.settled() == 0
    assert len(sent.mos[0].attempts) == 2
    await phone.hears_nothing_but(said)
