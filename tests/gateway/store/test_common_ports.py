"""What commands change, behind the same tests: in our own store of each kind, and at a BOSS."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

import pytest
import pytest_twisted
from twisted.internet.threads import deferToThread

from commands.model.accounts import Accounts, NumberState, SubscriberAccount, Subscriptions
from commands.model.recharge_cards import RechargeCard, RechargeCards
from commands.model.request import Secret
from gateway.boss.client import Boss
from gateway.boss.ports import BossAccounts, BossCards, BossServices, NotedChanges, SeenRecords
from gateway.config.sample.people import Persona
from gateway.store.sample.people import put_cards
from gateway.store.store import Store
from simulators.boss.http_server import BossServer
from tests.commands.fakes import own_sample
from tests.gateway.boss.conftest import admit as admit_there
from tests.gateway.boss.conftest import client
from tests.gateway.boss.conftest import server as server  # its fixture
from tests.gateway.store.people import LI, NOW, ZHANG, admit, somebody

LATER = NOW + 10 * 86_400
GOOD, USED = Secret("860000000000000001"), Secret("860000000000000003")


class CommonPorts(NamedTuple):
    """Those that both implement."""

    accounts: Accounts
    services: Subscriptions
    cards: RechargeCards


Act = Callable[[CommonPorts], Any]


class Keeper(Protocol):
    def admit(self, *personas: Persona) -> None: ...

    async def do(self, act: Act, key: int = 1) -> Any:
        """In one transaction: all of it happens, or nothing."""
        ...


class OwnStore:
    def __init__(self, store: Store) -> None:
        self._store = store
        put_cards(store, own_sample().cards)

    def admit(self, *personas: Persona) -> None:
        admit(self._store, *personas)

    async def do(self, act: Act, key: int = 1) -> Any:
        with self._store.transaction() as connection:
            ports = self._store.ports(connection)
            return act(CommonPorts(ports.accounts, ports.services, ports.cards))


class AtTheBoss:
    def __init__(self, server: BossServer, boss: Boss) -> None:
        self._server = server
        self._boss = boss

    def admit(self, *personas: Persona) -> None:
        admit_there(self._server, *personas)

    async def do(self, act: Act, key: int = 1) -> Any:
        return await deferToThread(self._do, act, key)

    def _do(self, act: Act, key: int) -> Any:
        """As the lane does: look, decide, and order what was decided."""
        boss, notes = self._boss, NotedChanges()
        records = {number: boss.subscriber(number) for number in (ZHANG, LI)}
        cards = {secret: boss.card(secret) for secret in (GOOD, USED)}
        seen = SeenRecords(
            {number: record for number, record in records.items() if record},
            {secret: card for secret, card in cards.items() if card},
        )
        found = act(
            CommonPorts(
                BossAccounts(seen, notes),
                BossServices(seen, notes),
                BossCards(seen, notes),
            )
        )
        if notes.changes:
            boss.make(str(key), seen.versions(), notes.changes)
        return found


@pytest_twisted.async_yield_fixture
async def at_the_boss(server: BossServer) -> AsyncIterator[AtTheBoss]:
    boss = client(server)
    yield AtTheBoss(server, boss)
    boss.close()


KINDS = ["sqlite_store", pytest.param("postgres_store", marks=pytest.mark.service), "at_the_boss"]


@pytest.fixture(params=KINDS)
def keeper(request: pytest.FixtureRequest) -> Keeper:
    """Our own store, or a BOSS."""
    found = request.getfixturevalue(request.param)
    return OwnStore(found) if isinstance(found, Store) else found


async def account(keeper: Keeper, number: str = ZHANG) -> SubscriberAccount:
    found = await keeper.do(lambda ports: ports.accounts.find(number))
    assert isinstance(found, SubscriberAccount)
    return found


@pytest_twisted.ensureDeferred
async def test_an_account_is_read_as_it_was_written(keeper: Keeper) -> None:
    """Every field; and who is not there is nobody."""
    special = SubscriberAccount(
        ZHANG, "MZ", "MZ38", False, False, NumberState.ARREARS, -2_000, 800, 1_200, 5, 48_600,
        frozenset({"red", "vip"}), "en", NOW + 86_400, "QQT88", LATER,
    )  # fmt: skip
    keeper.admit(somebody(account=special))
    found = await account(keeper)  # in our store the classes stand in lists
    assert replace(found, classes=found.classes_at(NOW), listed=()) == special
    assert await keeper.do(lambda ports: ports.accounts.find(LI)) is None


@pytest_twisted.ensureDeferred
async def test_fees_leave_the_balance_and_add_up(keeper: Keeper) -> None:
    """In one transaction and over several, and nobody else's."""
    keeper.admit(somebody(), somebody(LI))

    def pay(ports: CommonPorts) -> SubscriberAccount:
        ports.accounts.charge(ZHANG, 1_000, "EDU40", 1, NOW)
        return ports.accounts.charge(ZHANG, 500, "CL", 1, NOW)

    said = await keeper.do(pay)
    assert said == await account(keeper)
    assert (said.balance_fen, said.used_fen) == (4_180, 8_620)
    await keeper.do(lambda ports: ports.accounts.charge(ZHANG, 180, "X", 2, NOW), 2)
    assert (await account(keeper)).balance_fen == 4_000
    assert (await account(keeper, LI)).balance_fen == 5_680


@pytest_twisted.ensureDeferred
async def test_nothing_of_what_fails_halfway_happens(keeper: Keeper) -> None:
    """Money moves with what it is paid for, or not at all."""
    keeper.admit(somebody())

    def fail(ports: CommonPorts) -> None:
        ports.accounts.charge(ZHANG, 1_000, "EDU40", 1, NOW)
        raise RuntimeError("the service could not be opened")

    with pytest.raises(RuntimeError):
        await keeper.do(fail)
    assert (await account(keeper)).balance_fen == 5_680


@pytest_twisted.ensureDeferred
async def test_nobody_can_be_charged_who_is_not_there(keeper: Keeper) -> None:
    """That would be money from nowhere."""
    with pytest.raises(LookupError):
        await keeper.do(lambda ports: ports.accounts.charge(ZHANG, 1, "EDU40", 1, NOW))


@pytest_twisted.ensureDeferred
async def test_what_is_past_due_is_paid_first_and_who_owes_nothing_is_back(keeper: Keeper) -> None:
    """What is said at once is what is there afterwards."""
    owes = SubscriberAccount(
        ZHANG, "QQT", "QQT128", False, True, NumberState.ARREARS, -2_000, 7_120, past_due_fen=1_200
    )
    keeper.admit(somebody(account=owes))
    some = await keeper.do(lambda ports: ports.accounts.credit(ZHANG, 1_000, "card", 1, NOW), 1)
    assert some == await account(keeper)
    assert (some.state, some.balance_fen, some.past_due_fen) == (NumberState.ARREARS, -1_000, 200)
    back = await keeper.do(lambda ports: ports.accounts.credit(ZHANG, 5_000, "card", 2, NOW), 2)
    assert back == await account(keeper)
    assert (back.state, back.balance_fen, back.past_due_fen) == (NumberState.NORMAL, 4_000, 0)


@pytest_twisted.ensureDeferred
async def test_state_language_points_and_plans(keeper: Keeper) -> None:
    """Each as it was set; a plan that is fulfilled is no wish any more."""
    keeper.admit(somebody(account=SubscriberAccount(
        ZHANG, "QQT", "QQT128", True, True, NumberState.NORMAL, 0, 0, points=3_200)))  # fmt: skip

    def change(ports: CommonPorts) -> None:
        ports.accounts.set_state(ZHANG, NumberState.SUSPENDED)
        ports.accounts.set_language(ZHANG, "en")
        ports.accounts.spend_points(ZHANG, 1_800, 1, NOW)
        ports.accounts.set_next_plan(ZHANG, "MZ18", LATER, 1)

    await keeper.do(change)
    now = await account(keeper)
    assert (now.state, now.language, now.points) == (NumberState.SUSPENDED, "en", 1_400)
    assert (now.plan, now.next_plan, now.next_plan_at) == ("QQT128", "MZ18", LATER)
    await keeper.do(lambda ports: ports.accounts.change_plan(ZHANG, "MZ18", "MZ"), 2)
    now = await account(keeper)
    assert (now.brand, now.plan, now.next_plan, now.next_plan_at) == ("MZ", "MZ18", "", 0)


async def held(keeper: Keeper, at: int = NOW) -> list[str]:
    found = await keeper.do(lambda ports: ports.services.of(ZHANG, at))
    return [one.service for one in found]


@pytest_twisted.ensureDeferred
async def test_services_begin_end_and_go_on(keeper: Keeper) -> None:
    """What was closed before it began was never had."""
    keeper.admit(somebody())
    await keeper.do(lambda ports: ports.services.open(ZHANG, "DX10", LATER, 1), 1)
    assert await held(keeper) == ["LDXS", "DX10"]
    await keeper.do(lambda ports: ports.services.close(ZHANG, "DX10", LATER, 2), 2)
    await keeper.do(lambda ports: ports.services.close(ZHANG, "LDXS", LATER, 3), 3)
    assert (await held(keeper), await held(keeper, LATER)) == (["LDXS"], [])
    await keeper.do(lambda ports: ports.services.close(ZHANG, "LDXS", LATER + 1, 4), 4)
    assert await held(keeper, LATER) == []  # never longer than it was
    await keeper.do(lambda ports: ports.services.reopen(ZHANG, "LDXS", NOW, 5), 5)
    assert await held(keeper, LATER) == ["LDXS"]


@pytest_twisted.ensureDeferred
async def test_use_is_this_months(keeper: Keeper) -> None:
    keeper.admit(somebody())
    found = await keeper.do(lambda ports: ports.services.usage(ZHANG, NOW))
    assert [(one.item, one.used) for one in found] == [("voice_min", 236)]


@pytest_twisted.ensureDeferred
async def test_a_card_is_used_once(keeper: Keeper) -> None:
    """Within a transaction and after it; one that is used, or none at all, is not."""
    keeper.admit(somebody())
    assert await keeper.do(lambda ports: ports.cards.find(GOOD)) == RechargeCard(5_000, "good")

    def use(ports: CommonPorts) -> list[bool]:
        unknown = Secret("860000000000009999")
        return [ports.cards.redeem(card, ZHANG, NOW) for card in (GOOD, GOOD, USED, unknown)]

    assert await keeper.do(use) == [True, False, False, False]
    assert await keeper.do(lambda ports: ports.cards.find(GOOD)) == RechargeCard(5_000, "used")
    assert await keeper.do(use, 2) == [False, False, False, False]
