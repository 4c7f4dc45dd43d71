"""What one gateway at a time does: who has it, who takes it over, and when."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from typing import cast

import pytest_twisted
from twisted.internet.defer import Deferred

from gateway.cluster.identity import holder, is_dead
from gateway.cluster.leases import PATIENCE, Leases, LeaseWatch
from gateway.model.hall_reactor import IHallReactor
from gateway.ops.log import Log
from gateway.store.store import Store

PBX = "asterisk/pbx-a"


def test_one_of_two_has_it(store: Store) -> None:
    """However often both look; other leases may be the other's."""
    first, second = LeaseWatch(store, "a"), LeaseWatch(store, "b")
    for now in range(0, 100, 2):
        assert first.look([PBX], now) == {PBX}
        assert second.look([PBX], now + 1) == set()
    assert second.look([PBX, "boss"], 100) == {"boss"}
    assert first.look([PBX, "boss"], 101) == {PBX}


def test_who_stands_still_loses_it(store: Store) -> None:
    """After a while by the other's clock, whatever the clocks say; he finds out when he is back."""
    first, second = LeaseWatch(store, "a"), LeaseWatch(store, "b")
    assert first.look([PBX], 5_000) == {PBX}
    assert second.look([PBX], 10) == set()
    assert second.look([PBX], 10 + PATIENCE - 1) == set()
    assert second.look([PBX], 10 + PATIENCE) == {PBX}
    assert first.look([PBX], 5_002) == set()


def test_what_is_given_back_is_there_at_once(store: Store) -> None:
    """Nobody gives back what another has."""
    first, second = LeaseWatch(store, "a"), LeaseWatch(store, "b")
    assert first.look([PBX], 0) == {PBX}
    second.give_back([PBX])
    assert second.look([PBX], 1) == set()
    first.give_back([PBX])
    assert second.look([PBX], 2) == {PBX}


def test_who_has_died_here_is_not_waited_for(store: Store) -> None:
    """A process that was killed on this machine is dead for sure."""
    tell = "from gateway.cluster.identity import holder; print(holder('x'))"
    done = subprocess.run([sys.executable, "-c", tell], capture_output=True, text=True, check=True)
    dead = done.stdout.strip()
    assert is_dead(dead)
    assert LeaseWatch(store, dead).look([PBX], 0) == {PBX}
    assert LeaseWatch(store, holder("y")).look([PBX], 0) == {PBX}


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
    leases = Leases(cast(IHallReactor, reactor), LeaseWatch(store, "a"), Log(written))
    leases.want("asterisk/pbx-a", cannot)
    leases.want("boss", lambda held: taken.callback(None) if held else None)
    leases.start()
    await taken.addTimeout(10, reactor)
    assert leases.holds("boss")
    await leases.stop()
    assert b"no such certificate" not in written.getvalue()
    assert b"ValueError" in written.getvalue()
