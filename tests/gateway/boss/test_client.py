"""The HTTP adapter against the reference BOSS and all that it can do wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import pytest_twisted
from pydantic import SecretStr
from twisted.internet.threads import deferToThread

from commands.model.accounts import NumberState
from commands.model.recharge_cards import RechargeCard
from commands.model.request import Secret
from gateway.boss.client import Boss, BossAway, BossMoved, BossRefused
from gateway.model.boss_changes import Charge, OpenService, RedeemCard
from gateway.model.detailed_record import DetailedRecord
from simulators.boss.http_server import BossServer
from simulators.fault_timing import always, times
from tests.commands.fakes import own_sample
from tests.gateway.boss.conftest import admit, client
from tests.gateway.store.people import LI, NOW, ZHANG, somebody

GOOD = Secret("860000000000000001")
FEE = Charge(ZHANG, 1_000, "EDU40")


async def asks(function: Callable[..., Any], *args: Any) -> Any:
    """In a thread, as the lane does."""
    return await deferToThread(function, *args)


async def away(function: Callable[..., Any], *args: Any) -> str:
    with pytest.raises(BossAway) as raised:
        await asks(function, *args)
    return str(raised.value)


@pytest_twisted.ensureDeferred
async def test_what_it_keeps_is_read_as_it_was_written(server: BossServer) -> None:
    """Subscribers with all that they have, and cards; who is unknown is nobody."""
    admit(server, somebody(), somebody(LI))
    boss = client(server)
    found = await asks(boss.subscriber, ZHANG)
    assert (found.version, found.account) == (1, somebody().account)
    assert (found.services, found.usage) == (somebody().subscriptions, somebody().usage)
    assert await asks(boss.subscriber, "13800138009") is None
    assert await asks(boss.card, GOOD) == RechargeCard(5_000, "good")
    assert await asks(boss.card, Secret("860000000000009999")) is None
    printed = own_sample().cards[0].serial
    assert await asks(boss.card_by_serial, printed) == RechargeCard(5_000, "good")
    assert await asks(boss.card_by_serial, "20261111111111111") is None


@pytest_twisted.ensureDeferred
async def test_detailed_records_are_of_a_number_and_a_time(server: BossServer) -> None:
    """None of who is unknown; what is not as agreed is no answer."""
    admit(server, somebody(), somebody(LI))
    boss = client(server)
    line = {"kind": "data", "other": "", "at": NOW, "length": 2_048, "fen": 0}
    server.book.records[ZHANG] = [line, line | {"at": NOW + 60}, line | {"at": NOW + 61}]
    found = await asks(boss.detailed_records, ZHANG, NOW, NOW + 61)
    assert found == [DetailedRecord("data", "", NOW + n, 2_048, 0) for n in (0, 60)]
    assert await asks(boss.detailed_records, LI, NOW, NOW + 61) == []
    assert await asks(boss.detailed_records, "13800138009", NOW, NOW + 61) == []
    server.book.records[ZHANG] = [line | {"kind": "letter"}]
    assert "not as agreed" in await away(boss.detailed_records, ZHANG, NOW, NOW + 61)


@pytest_twisted.ensureDeferred
async def test_no_secret_stands_in_an_address(server: BossServer) -> None:
    """Addresses are logged on their way."""
    boss = client(server)
    await asks(boss.card, GOOD)
    assert server.calls == [("POST", "/cards/find")]


@pytest_twisted.ensureDeferred
async def test_an_order_is_made_once_under_its_key(server: BossServer) -> None:
    """All of its changes together; what comes with a key that is done is the same wish."""
    admit(server, somebody())
    boss = client(server)
    for _ in range(3):
        await asks(boss.make, "17", {ZHANG: 1}, [FEE, OpenService(ZHANG, "EDU40", NOW)])
    await asks(boss.make, "17", {ZHANG: 2}, [FEE])  # planned anew by who did not know
    assert [change["do"] for _, change in server.book.made] == ["charge", "open"]


@pytest_twisted.ensureDeferred
async def test_an_order_on_what_has_changed_is_not_made(server: BossServer) -> None:
    """A version that is old, a card that is used: nothing of the order is done."""
    admit(server, somebody())
    boss = client(server)
    await asks(boss.make, "1", {ZHANG: 1}, [FEE, RedeemCard(ZHANG, GOOD)])
    for key, seen, change in (("2", 1, FEE), ("3", 2, RedeemCard(ZHANG, GOOD))):
        with pytest.raises(BossMoved):
            await asks(boss.make, key, {ZHANG: seen}, [FEE, change])
    assert server.book.account(ZHANG)["balance_fen"] == 4_680


@pytest_twisted.ensureDeferred
async def test_what_it_refuses_is_told_with_its_reason(server: BossServer) -> None:
    """It is no failure: the breaker stays closed."""
    admit(server, somebody())
    server.book.refuses[ZHANG] = "in court"
    boss = client(server, failures=1)
    with pytest.raises(BossRefused, match="in court"):
        await asks(boss.make, "1", {ZHANG: 1}, [FEE])
    assert boss.breaker.state == "closed"


@pytest.mark.parametrize("fault", ["lose", "fail_after", "drop", "fail", "twice"])
@pytest_twisted.ensureDeferred
async def test_a_call_that_is_not_answered_is_made_again_under_its_key(
    server: BossServer, fault: str
) -> None:
    """Twice in a row; it is done once, and what is asked next gets its own answer."""
    admit(server, somebody())
    setattr(server.faults, fault, times(2, "orders"))
    boss = client(server)
    await asks(boss.make, "1", {ZHANG: 1}, [FEE])
    await asks(boss.make, "2", {ZHANG: 2}, [FEE])
    assert len(server.book.made) == 2
    found = await asks(boss.subscriber, ZHANG)
    assert (found.version, found.account.balance_fen) == (3, 3_680)


@pytest.mark.parametrize(
    "fault", ["drop", "fail", "slow", "nonsense", "lose", "fail_after", "stray", "drip"]
)
@pytest_twisted.ensureDeferred
async def test_who_never_answers_is_away(server: BossServer, fault: str) -> None:
    """Also who answers too late, or something that is no answer. What was done stays done."""
    admit(server, somebody())
    setattr(server.faults, fault, always())
    boss = client(server, timeout=0.1, failures=100)
    await away(boss.subscriber, ZHANG)
    await away(boss.make, "1", {ZHANG: 1}, [FEE])
    server.faults.clear()
    await asks(boss.make, "1", {ZHANG: 1}, [FEE])
    assert server.book.account(ZHANG)["balance_fen"] == 4_680


@pytest_twisted.ensureDeferred
async def test_a_record_that_is_not_as_agreed_is_named_without_its_values(
    server: BossServer,
) -> None:
    """For the log."""
    admit(server, somebody())
    server.book.account(ZHANG)["state"] = "asleep"
    assert await away(client(server).subscriber, ZHANG) == "not as agreed: account.state"
    server.book.account(ZHANG)["state"] = NumberState.NORMAL.value
    server.book.account(ZHANG)["balance_fen"] = "a lot"
    assert "account.balance_fen" in await away(client(server).subscriber, ZHANG)


@pytest_twisted.ensureDeferred
async def test_after_failures_it_is_left_alone(server: BossServer) -> None:
    """Nobody calls any more, until a rest later one does."""
    admit(server, somebody())
    server.faults.fail = always()
    now = [0.0]
    boss = client(server, retries=0, failures=2, rest=30)
    boss = Boss(boss._settings, boss.breaker, clock=lambda: now[0])
    for _ in range(5):
        await away(boss.subscriber, ZHANG)
    assert len(server.calls) == 2
    assert boss.results == {"failed": 2, "not asked": 3}
    assert boss.rests()
    server.faults.clear()
    now[0] = 30.0
    assert not boss.rests()
    assert await asks(boss.subscriber, ZHANG) is not None
    assert boss.breaker.state == "closed"


@pytest_twisted.ensureDeferred
async def test_it_wants_to_know_who_we_are(server: BossServer) -> None:
    """A wrong token is nothing to be tried again at once."""
    server._token = "right"
    admit(server, somebody())
    assert "401" in await away(client(server, token=SecretStr("wrong")).subscriber, ZHANG)
    assert len(server.calls) == 1
    assert await asks(client(server, token=SecretStr("right")).subscriber, ZHANG) is not None


@pytest_twisted.ensureDeferred
async def test_who_closes_asks_nothing_again(server: BossServer) -> None:
    """A BOSS that hangs holds nobody up for longer than one call."""
    boss = client(server)
    server.faults.slow = always()
    calling = deferToThread(boss.subscriber, ZHANG)
    await server.asked("/subscribers")
    boss.hurry()
    with pytest.raises(BossAway, match="closing"):
        await calling
    assert await away(boss.card, GOOD) == "we are closing"
    assert len(server.calls) == 1
