"""The members of a store as rows: who holds which slot, and how slots change hands.

Each change is one transaction, and one at a time; it counts the view on where others must know of
it before they go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    case,
    exists,
    func,
    insert,
    select,
    update,
)  # fmt: skip

from gateway.model.cluster_view import SLOTS
from gateway.model.message_id import moment_of
from gateway.store.engine import Among, inserting
from gateway.store.tables import HANDED, LEAVES, WAITING, binds, members, meta, outbox, slot_changes

_TURN: Final = 0x68616C6D  # of those who change who holds what: any number that others do not use
_VIEW: Final = "view"
_FENCE: Final = Among(
    # a beat need not wait for it, nor it for a beat; `_move` does
    select(members.c.slot, members.c.epoch, members.c.holder).with_for_update(
        read=True, key_share=True
    ),
    members.c.slot,
)


_OUT_OF_USE: Final = select(members.c.slot).order_by(members.c.slot).with_for_update()
_VIEW_IS: Final = select(meta.c.value).where(meta.c.name == _VIEW)
_BEAT: Final = (
    update(members)
    .where(members.c.holder == bindparam("me"), members.c.own)
    .values(beat=members.c.beat + 1, seen=bindparam("reached"), sends=bindparam("able"))
)
_MINE: Final = outbox.c.owner == bindparam("slot")
_LEAVING: Final = exists().where(_MINE, LEAVES)
_DUE: Final = select(
    exists().where(_MINE, WAITING, outbox.c.after_ms <= bindparam("now_ms")) | _LEAVING
)
_HANDED_TO: Final = select(exists().where(_MINE, HANDED))


class MemberRow(NamedTuple):
    slot: int
    holder: str  # empty: nobody
    epoch: int
    beat: int
    seen: int
    own: bool
    sends: bool
    version: str
    since: int


_ROWS: Final = select(*[members.c[name] for name in MemberRow._fields]).order_by(members.c.slot)


class WaitingRows(NamedTuple):
    messages: int
    since: float  # seconds since 1970: when the oldest was written


class Joining(NamedTuple):
    """Who takes a slot."""

    holder: str
    version: str
    since: int  # seconds since 1970


_NOBODY: Final = Joining("", "", 0)


class NoSlot(Exception):
    """All are held."""


def fence(connection: Connection, slots: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Epoch and holder of slots; on PostgreSQL they stay so until the commit."""
    rows = _FENCE.rows(connection, sorted(slots))
    return {int(slot): (int(epoch), str(holder)) for slot, epoch, holder in rows}


class SqlMembers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- looking ---------------------------------------------------------------------------------

    def rows(self) -> list[MemberRow]:
        return [MemberRow(*row) for row in self._connection.execute(_ROWS)]

    def view(self) -> int:
        return int(self._connection.execute(_VIEW_IS).scalar() or 0)

    def is_member(self, holder: str) -> bool:
        found = exists().where(members.c.holder == holder)
        return bool(self._connection.execute(select(found)).scalar())

    def orphaned(self) -> list[int]:
        """Slots that nobody holds, and for which something waits."""
        return [int(slot) for slot in self._connection.execute(_ORPHANED).scalars()]

    def waiting(self, now_ms: int) -> dict[int, WaitingRows]:
        """What waits and is due, by slot."""
        oldest = func.min(case((outbox.c.after_ms == 0, outbox.c.id)))
        due = select(outbox.c.owner, func.count(), oldest)
        due = due.where(WAITING, outbox.c.after_ms <= now_ms).group_by(outbox.c.owner)
        return {
            int(slot): WaitingRows(int(count), moment_of(id) if id else now_ms / 1000)
            for slot, count, id in self._connection.execute(due)
        }

    def is_empty(self, slot: int, now_ms: int) -> bool:
        """Whether nothing waits there that is due, or is about to leave."""
        asked = {"slot": slot, "now_ms": now_ms}
        return not self._connection.execute(_DUE, asked).scalar()

    def has_handed(self, slot: int) -> bool:
        """Whether others have written there what its holder has not read yet."""
        return bool(self._connection.execute(_HANDED_TO, {"slot": slot}).scalar())

    def newest_turn(self, slot: int) -> int:
        query = select(func.max(outbox.c.turn)).where(outbox.c.owner == slot, WAITING)
        return int(self._connection.execute(query).scalar() or 0)

    # -- living ----------------------------------------------------------------------------------

    def beat(self, me: str, seen: int, *, sends: bool) -> None:
        self._connection.execute(_BEAT, {"me": me, "reached": seen, "able": sends})

    # -- slots change hands ----------------------------------------------------------------------

    def join(self, me: Joining, is_dead: Callable[[str], bool], now_ms: int) -> None:
        """A slot of our own; with it those of holders that are dead, and those of nobody for which
        something waits. Raises NoSlot."""
        self._lock()
        rows = {row.slot: row for row in self.rows()}
        left = {row.slot: row.own for row in rows.values() if row.holder and is_dead(row.holder)}
        waiting = self._orphans(rows)
        own = self._best(left, waiting, rows)
        number = self._next_view()
        for slot in sorted({own, *left, *waiting}):
            self._move(slot, me, "joined" if slot == own else "taken over", number, now_ms, own)
        others = select(members.c.slot).where(members.c.holder.not_in(("", me.holder)))
        self._end_binds(binds.c.copy.not_in(others), now_ms)

    def _orphans(self, rows: Mapping[int, MemberRow]) -> set[int]:
        """Also in the first slot, before anybody ever held it: older programs wrote there."""
        found = set(self.orphaned())
        if 0 not in rows and self._connection.execute(select(_waits_in(0))).scalar():
            found.add(0)
        return found

    def _best(
        self, left: Mapping[int, bool], waiting: Iterable[int], rows: Mapping[int, MemberRow]
    ) -> int:
        """What a dead gateway gave ids from, and what waits, is taken as our own: it need not be
        inherited."""
        owns = [slot for slot, own in left.items() if own]
        free = [n for n in range(SLOTS) if n not in rows or not rows[n].holder]
        for some in (owns, left, waiting, free):
            if found := sorted(some):
                return found[0]
        raise NoSlot

    def take_over(
        self, me: Joining, seen: Mapping[int, tuple[int, int]], own: int, now_ms: int
    ) -> bool:
        """The slots of one holder, as we have seen their epoch and beat; false if they have moved
        since. Its binds have ended with it."""
        self._lock()
        rows = {row.slot: row for row in self.rows()}
        found = {slot: (rows[slot].epoch, rows[slot].beat) for slot in seen if slot in rows}
        if found != seen:
            return False
        number = self._next_view()
        for slot in seen:
            self._move(slot, me, "taken over", number, now_ms, own)
        self._end_binds(binds.c.copy.in_(list(seen)), now_ms)
        return True

    def adopt(self, me: Joining, own: int, now_ms: int) -> None:
        """What waits for nobody becomes ours."""
        self._lock()
        for slot in self.orphaned():
            self._move(slot, me, "taken over", self._next_view(), now_ms, own)

    def renew(self, me: Joining, old: int, now_ms: int) -> int:
        """Another slot of our own; we go on holding the old one. Raises NoSlot."""
        self._lock()
        rows = {row.slot: row for row in self.rows()}
        fresh = self._best({}, (), rows)
        self._move(fresh, me, "joined", self._next_view(), now_ms, fresh)
        self._connection.execute(update(members).where(members.c.slot == old).values(own=False))
        ours = (binds.c.copy == old) & (binds.c.ended_ms == 0)
        self._connection.execute(update(binds).where(ours).values(copy=fresh))
        return fresh

    def give(self, me: str, slots: Iterable[int], heirs: Sequence[Joining], now_ms: int) -> None:
        """Slots of ours to the first of these that is still a member, or else to nobody; only what
        is ours still. Where nothing waits, nobody needs to have it."""
        self._lock()
        rows = {row.slot: row for row in self.rows()}
        mine = [slot for slot in slots if slot in rows and rows[slot].holder == me]
        # others may be about to commit what they wrote there: once they have, it waits as well
        self._connection.execute(_OUT_OF_USE.where(members.c.slot.in_(mine))).all()
        there = {row.holder for row in rows.values()}
        to = next((heir for heir in heirs if heir.holder in there), None)
        number = self._next_view()
        for slot in mine:
            waits = to is not None and self._connection.execute(select(_waits_in(slot))).scalar()
            taker, what = (to, "handed over") if to and waits else (_NOBODY, "left")
            self._move(slot, taker, what, number, now_ms, -1)

    def free(self, me: str, slot: int, own: int, now_ms: int) -> bool:
        """An inherited slot in which nothing is left that is due; what is to leave later becomes
        our own. False if something has come."""
        held = select(members.c.holder).where(members.c.slot == slot).with_for_update()
        if self._connection.execute(held).scalar() != me or not self.is_empty(slot, now_ms):
            return False
        later = update(outbox).where(outbox.c.owner == slot, WAITING)
        self._connection.execute(later.values(owner=own))
        self._move(slot, _NOBODY, "freed", 0, now_ms, -1)
        return True

    def _move(self, slot: int, to: Joining, what: str, number: int, now_ms: int, own: int) -> None:
        was = select(members.c.holder, members.c.epoch).where(members.c.slot == slot)
        was = was.with_for_update()
        before, epoch = self._connection.execute(was).first() or ("", 0)
        row: dict[str, object] = {
            "holder": to.holder, "epoch": epoch + 1, "beat": 0, "seen": number,
            "own": slot == own, "sends": False, "version": to.version, "since": to.since,
        }  # fmt: skip
        fresh = inserting(self._connection, members).values(row | {"slot": slot})
        self._connection.execute(
            fresh.on_conflict_do_update(index_elements=[members.c.slot], set_=row)
        )
        change = {"at_ms": now_ms, "slot": slot, "epoch": epoch + 1, "what": what}
        self._connection.execute(
            insert(slot_changes), change | {"holder": to.holder, "before": before}
        )

    def _end_binds(self, whose: object, now_ms: int) -> None:
        ended = update(binds).where(binds.c.ended_ms == 0, whose)  # type: ignore[arg-type]
        self._connection.execute(ended.values(ended_ms=now_ms))

    def _lock(self) -> None:
        if self._connection.dialect.name == "postgresql":  # SQLite lets one write at a time anyway
            self._connection.execute(select(func.pg_advisory_xact_lock(_TURN)))

    def _next_view(self) -> int:
        number = self.view() + 1
        row = inserting(self._connection, meta).values(name=_VIEW, value=str(number))
        row = row.on_conflict_do_update(index_elements=["name"], set_={"value": str(number)})
        self._connection.execute(row)
        return number


def _waits_in(slot: object) -> ColumnElement[bool]:
    """Or was about to leave."""
    mine = outbox.c.owner == slot
    return exists().where(mine, WAITING) | exists().where(mine, LEAVES)


_ORPHANED: Final = select(members.c.slot).where(members.c.holder == "", _waits_in(members.c.slot))
