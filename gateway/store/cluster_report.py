"""What the store says of its members, for people: who is there, what waits, what changed hands."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from gateway.store.members import MemberRow, SqlMembers
from gateway.store.store import Store
from gateway.store.tables import slot_changes

LATEST = 10  # changes that are told


class SlotChange(NamedTuple):
    at_ms: int
    slot: int
    epoch: int
    what: str  # joined, left, taken over, handed over, freed
    holder: str
    before: str


class ClusterReport(NamedTuple):
    view: int
    slots: list[MemberRow]
    waiting: dict[int, int]  # messages, by slot
    changes: list[SlotChange]  # the latest first


def cluster_report(store: Store) -> ClusterReport:
    query = select(*[slot_changes.c[name] for name in SlotChange._fields])
    latest = query.order_by(slot_changes.c.id.desc()).limit(LATEST)
    with store.reading() as connection:
        members = SqlMembers(connection)
        changes = [SlotChange(*row) for row in connection.execute(latest)]
        return ClusterReport(members.view(), members.rows(), members.waiting(), changes)
