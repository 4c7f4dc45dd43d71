"""What one gateway at a time does: who has it, who takes it over, and when."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from socket import gethostname
from typing import cast

import pytest_twisted
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from gateway.cluster.identity import holder, is_dead, place, read
from gateway.cluster.leases import Leases, LeaseWatch
from gateway.cluster.membership import BEAT, PATIENCE
from gateway.model.hall_reactor import IHallReactor
from gateway.ops.log import Log
from gateway.store.store import Store
from tests.gateway.cluster.shared_store import SharedStore

PBX = "asterisk/pbx-a"
HERE, THERE = "127.0.0.1:5038 boot/net:[1]", "127.0.0.1:5038 boot/net:[2]"


def held(watch: LeaseWatch, *names: str) -> set[str]:
    """After a look."""
    return watch.look(dict.fromkeys(names, "")).held


def test_one_of_two_has_it(store: Store) -> None:
    """However often both look; other leases may be the other's."""
    hall = SharedStore(store)
    hall.together("a", "b")
    first, second = LeaseWatch(store, "a"), LeaseWatch(store, "b")
    for _ in range(5):
        assert held(first, PBX) == {PBX}
        assert held(second, PBX) == set()
    assert held(second, PBX, "boss") == {"boss"}
    assert held(first, PBX, "boss") == {PBX}


def test_who_was_taken_over_loses_it(store: Store) -> None:
    """The members say so; he finds out when he is back, and takes nothing any more."""
    hall = SharedStore(store)
    _, heir = hall.together("a", "b")
    first, second = LeaseWatch(store, "a"), LeaseWatch(store, "b")
    assert held(first, PBX) == {PBX}
    hall.passes(PATIENCE - BEAT, heir)
    assert held(second, PBX) == set()
    hall.passes(2 * BEAT, heir)
    assert held(first, PBX, "boss") == set()
    assert held(second, PBX) == {PBX}


def test_what_is_given_back_is_there_at_once(store: Store) -> None:
    """Nobody gives back what another has."""
    SharedStore(store).together("a", "b")
    first, second = LeaseWatch(store, "a"), LeaseWatch(store, "b")
    assert held(first, PBX) == {PBX}
    second.give_back([PBX])
    assert held(second, PBX) == set()
    first.give_back([PBX])
    assert held(second, PBX) == {PBX}


def test_two_that_are_named_alike_are_told_by_who_has_not_got_the_lease(store: Store) -> None:
    """On two machines the loopback leads to two; and once the other is gone, nothing is wrong."""
    SharedStore(store).together("a", holder("b"))
    first, second = LeaseWatch(store, holder("b")), LeaseWatch(store, "a")
    assert first.look({PBX: HERE}) == ({PBX}, {})
    assert second.look({PBX: THERE}) == (set(), {PBX: f"127.0.0.1:5038 on {gethostname()}"})
    assert second.look({PBX: "10.0.0.5:5038"}).elsewhere.keys() == {PBX}
    for same in (HERE, ""):
        assert second.look({PBX: same}) == (set(), {})
    assert first.look({PBX: HERE}) == ({PBX}, {})
    first.give_back([PBX])
    assert second.look({PBX: THERE}) == ({PBX}, {})
    assert first.look({PBX: HERE}).elsewhere.keys() == {PBX}


def test_a_place_is_the_same_for_two_only_if_it_is() -> None:
    """The loopback is each machine's own, and the processes' on one machine the same."""
    assert place("pbx.example", 5038) == "pbx.example:5038"
    for host in ("127.0.0.1", "127.1.2.3", "localhost", "::1"):
        assert place(host, 5038).startswith(f"{host}:5038 ")
        assert place(host, 5038) == place(host, 5038)
    tell = "from gateway.cluster.identity import place; print(place('127.0.0.1', 5038))"
    told = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == place("127.0.0.1", 5038)


def test_who_has_died_here_is_known_for_sure() -> None:
    """A process that was killed on this machine; also before anybody took note, as in a container
    nobody may ever."""
    tell = "from gateway.cluster.identity import holder; print(holder('x'), flush=True)"
    with subprocess.Popen([sys.executable, "-c", tell], stdout=subprocess.PIPE, text=True) as gone:
        assert gone.stdout is not None
        name = gone.stdout.read().strip()  # to its end; it has not been waited for
        while not is_dead(name):
            pass
    assert is_dead(name)


def test_others_are_told_who_it_is() -> None:
    """And names of older gateways are understood."""
    told = read(holder("x", 1_700_000_000))
    assert told.host
    assert told.since == 1_700_000_000
    assert read("boot/pid:[1] 42 77 x").pid == "42"
    assert read("a").since == 0


def test_of_others_nobody_knows() -> None:
    """Who lives, who runs elsewhere, who is no process."""
    assert not is_dead(holder("x"))
    pid = holder("x").split(" ")[1]
    assert not is_dead(f"elsewhere/pid:[1] {pid} 77 x")
    assert is_dead(holder("x").replace(f" {pid} ", f" {pid} 9"))
    for name in ("", "a", " 1 2 x"):
        assert not is_dead(name)


@pytest_twisted.ensureDeferred
async def test_who_cannot_take_up_what_he_has_goes_on_beating(store: Store) -> None:
    """Else he would hold it for ever in his own eyes, and all else as well."""
    from twisted.internet import reactor

    taken: Deferred[None] = Deferred()

    def cannot(held: bool) -> None:
        raise ValueError("no such certificate")

    written = BytesIO()
    SharedStore(store).joins("a")
    watch = LeaseWatch(store, "a")
    leases = Leases(cast(IHallReactor, reactor), watch, lambda: True, Log(written))
    leases.want("asterisk/pbx-a", cannot)
    leases.want("boss", lambda held: taken.callback(None) if held else None)
    leases.start()
    await taken.addTimeout(10, reactor)
    assert leases.holds("boss")
    await leases.stop()
    assert b"no such certificate" not in written.getvalue()
    assert b"ValueError" in written.getvalue()


class StandingClock(Clock):
    """The reactor, but that no time passes."""

    def __init__(self, reactor: object) -> None:
        super().__init__()
        self._reactor = reactor

    def __getattr__(self, name: str) -> object:
        return getattr(self._reactor, name)


@pytest_twisted.ensureDeferred
async def test_what_somebody_had_who_is_gone_is_looked_at_at_once(store: Store) -> None:
    """Not with the next look: his callers hear nothing until then."""
    from twisted.internet import reactor

    hall = SharedStore(store)
    _, heir = hall.together("a", "b")
    assert held(LeaseWatch(store, "a"), PBX) == {PBX}
    looked: Deferred[None] = Deferred()
    taken: Deferred[None] = Deferred()
    clock = cast(IHallReactor, StandingClock(reactor))
    leases = Leases(clock, LeaseWatch(store, "b"), lambda: True, Log(BytesIO()))
    leases.want("boss", lambda held: looked.callback(None))
    leases.want(PBX, lambda held: taken.callback(None))
    leases.start()
    await looked.addTimeout(10, reactor)
    assert not leases.holds(PBX)
    hall.passes(PATIENCE + 2 * BEAT, heir)
    leases.look_again()
    await taken.addTimeout(10, reactor)
    assert leases.holds(PBX)
    leases.want("boss", lambda held: None)
    leases.want(PBX, lambda held: None)
    await leases.stop()
