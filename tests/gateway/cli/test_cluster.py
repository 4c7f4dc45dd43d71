"""What `hallgate cluster` says of the gateways on a store."""

from __future__ import annotations

from gateway.cli.cluster import as_json, lines
from gateway.cluster.identity import holder
from gateway.store.cluster_report import cluster_report
from gateway.store.store import Store
from tests.gateway.cluster.shared_store import SharedStore


def test_members_their_slots_and_what_waits_there(store: Store) -> None:
    """With what changed hands lately; the reader sees who has died here."""
    hall = SharedStore(store)
    me = holder("x", 1_700_000_000)
    first = hall.joins(me)
    hall.joins(f"{me.rpartition(' ')[0]} 1700000001")
    hall.writes(first.own)
    hall.writes(7)
    report = cluster_report(store)
    told = "\n".join(lines(report))
    assert told.startswith("2 gateways, view 2\n")
    assert "slot 0 (own), epoch 1: 1 messages wait" in told
    assert "slot 7 is nobody's: 1 messages wait" in told
    assert "since 2023-11-14 22:13:20 UTC, version 1: has no bind that can send\n" in told
    assert "slot 1 joined by process" in told
    json = as_json(report)
    assert json["view"] == 2
    assert json["unheld"] == [{"slot": 7, "waiting": 1}]
    assert [each["died"] for each in json["members"]] == [False, False]  # type: ignore[attr-defined]
    assert [each["what"] for each in json["changes"]] == ["joined"] * 2  # type: ignore[attr-defined]


def test_a_store_that_nobody_serves(store: Store) -> None:
    assert list(lines(cluster_report(store))) == ["0 gateways, view 0"]
