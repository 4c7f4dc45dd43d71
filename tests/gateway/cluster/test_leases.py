"""What one gateway at a time does: who has it, who takes it over, and when."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from typing import cast

import pytest_twisted
from twisted.internet.defer import Deferred

from gateway.cluster.identity import holder, is_dead, read
from gateway.cluster.leases import Leases, LeaseWatch
from gateway.cluster.membership import BEAT, PATIENCE
from gateway.model.hall_reactor import IHallReactor
from gateway.ops.log import Log
from gateway.store.store import Store
from tests.gateway.cluster.shared_store import SharedStore

PBX = "asterisk/pbx-a"


def test_one_of_two_has_it(store: Store) -> None:
    """However often both look; other leases may be the other's."""
    hall = SharedStore(store)
    hall.together("a", "b")
    first, second = LeaseWatch(store, "a"), LeaseWatch(store, "b")
    for _ in range(5):
        assert first.look([PBX]) == {PBX}
        assert second.look([PBX]) == set()
    assert second.look([PBX, "boss"]) == {"boss"}
    assert first.look([PBX, "boss"]) == {PBX}


def test_who_was_taken_over_loses_it(store: Store) -> None:
    """The members say so; he finds out when he is back, and takes nothing any more."""
    hall = SharedStore(store)
    _, heir = hall.together("a", "b")
    first, second = LeaseWatch(store, "a"), LeaseWatch(store, "b")
    assert first.look([PBX]) == {PBX}
    hall.passes(PATIENCE - BEAT, heir)
    assert second.look([PBX]) == set()
    hall.passes(2 * BEAT, heir)
    assert first.look([PBX, "boss"]) == set()
    assert second.look([PBX]) == {PBX}


def test_what_is_given_back_is_there_at_once(store: Store) -> None:
    """Nobody gives back what another has."""
    SharedStore(store).together("a", "b")
    first, second = LeaseWatch(store, "a"), LeaseWatch(store, "b")
    assert first.look([PBX]) == {PBX}
    second.give_back([PBX])
    assert second.look([PBX]) == set()
    first.give_back([PBX])
    assert second.look([PBX]) == {PBX}


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
