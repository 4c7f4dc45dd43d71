"""What `hallgate cluster` says of the gateways on a store."""

from __future__ import annotations

from gateway.cli.cluster import LIVES, LOOK, Seen, as_json, lines, look
from gateway.cluster.identity import holder
from gateway.cluster.membership import Membership
from gateway.model.message_id import moment_of
from gateway.store import migrate
from gateway.store.store import Store
from tests.gateway.cluster.shared_store import SharedStore

WRITTEN = moment_of(8)  # when the first message of a test was written


def names(count: int) -> list[str]:
    """Of gateways that run here, each since another second."""
    me = holder("x", 1_700_000_000)
    return [f"{me.rpartition(' ')[0]} {1_700_000_000 + n}" for n in range(count)]


def looked(hall: SharedStore, *alive: Membership) -> Seen:
    """While these live."""
    return look(hall.store, lambda: hall.now, lambda seconds: hall.passes(seconds, *alive))


def test_members_their_slots_and_what_waits_there(store: Store) -> None:
    """With what changed hands lately, and for how long the oldest message waits."""
    hall = SharedStore(store)
    hall.now = WRITTEN
    members = [hall.joins(name) for name in names(2)]
    hall.writes(members[0].own)
    hall.writes(members[0].own)
    hall.writes(members[1].own, after_ms=int(hall.now * 1000) + 3_600_000)
    hall.writes(7)
    hall.now += 30
    seen = looked(hall, *members)
    told = "\n".join(lines(seen))
    assert told.startswith(f"2 gateways, view 2, schema {migrate.newest()}\n")
    seconds = round(hall.now - WRITTEN)
    assert f"slot 0 (own), epoch 1: 2 messages wait, the oldest for {seconds} s\n" in told
    assert "slot 1 (own), epoch 1: nothing waits\n" in told
    assert f"slot 7 is nobody's: 1 message waits, the oldest for {seconds} s, for the next" in told
    assert "since 2023-11-14 22:13:20 UTC, version 1: can send\n" in told
    assert "slot 1 joined by process" in told
    json = as_json(seen)
    assert json["view"] == 2
    assert json["unheld"] == [{"slot": 7, "waiting": 1, "since": moment_of(32)}]
    assert [each["died"] for each in json["members"]] == [False, False]  # type: ignore[attr-defined]
    assert [each["what"] for each in json["changes"]] == ["joined"] * 2  # type: ignore[attr-defined]


def test_who_lives_is_told_from_who_stands_still(store: Store) -> None:
    """After a beat of each that lives; for others it waits as long as they could have needed."""
    hall = SharedStore(store)
    first, second = hall.together(*names(2))
    began = hall.now
    assert looked(hall, first, second).silent == set()
    assert hall.now - began < LIVES
    began = hall.now
    seen = looked(hall, first)
    assert LIVES <= hall.now - began <= LIVES + LOOK
    assert seen.silent == {second.me.holder}
    (line,) = [line for line in lines(seen) if "no sign of life for 4 s" in line]
    assert "since 2023-11-14 22:13:21 UTC" in line
    members = as_json(seen)["members"]
    assert [each["silent"] for each in members] == [False, True]  # type: ignore[attr-defined]


def test_nobody_waits_for_the_dead(store: Store) -> None:
    hall = SharedStore(store)
    machine, _, _, *rest = names(1)[0].split(" ")
    hall.joins(" ".join((machine, "1", "0", *rest)))  # the first process began at another time
    began = hall.now
    told = "\n".join(lines(looked(hall)))
    assert hall.now == began
    assert "version 1: has died; another takes over" in told


def test_a_store_that_nobody_serves(store: Store) -> None:
    told = list(lines(looked(SharedStore(store))))
    assert told == [f"0 gateways, view 0, schema {migrate.newest()}"]
