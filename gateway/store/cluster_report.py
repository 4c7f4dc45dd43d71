"""What the store says of its members, for people: who is there, what waits, what changed hands."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from gateway.store import migrate
from gateway.store.members import MemberRow, SqlMembers, WaitingRows
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
    schema: str
    view: int
    slots: list[MemberRow]
    waiting: dict[int, WaitingRows]  # by slot
    changes: list[SlotChange]  # the latest first


def cluster_report(store: Store, now: float) -> ClusterReport:
    """`now`: seconds since 1970."""
    query = select(*[slot_changes.c[name] for name in SlotChange._fields])
    latest = query.order_by(slot_changes.c.id.desc()).limit(LATEST)
    with store.reading() as connection:
        members = SqlMembers(connection)
        changes = [SlotChange(*row) for row in connection.execute(latest)]
        return ClusterReport(
            migrate.version(connection) or "",
            members.view(),
            members.rows(),
            members.waiting(int(now * 1000)),
            changes,
        )


def silent(before: ClusterReport, after: ClusterReport) -> set[str]:
    """Holders who have given no sign of life between the two."""
    beats = {(row.holder, row.slot): row.beat for row in before.slots if row.own}
    return {
        row.holder
        for row in after.slots
        if row.holder and row.own and beats.get((row.holder, row.slot)) == row.beat
    }
