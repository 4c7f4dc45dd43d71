"""The other members, as they are seen: who lives, and who stands still.

No two clocks are compared: whether somebody stands still is counted by our own clock, and only
while the store answers us. So a member whom the same outage kept from beating has had his time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from gateway.store.members import Joining, MemberRow


class OtherMember(NamedTuple):
    row: MemberRow  # of its own slot, which beats
    slots: Mapping[int, tuple[int, int]]  # all that it holds: epoch and beat of each
    since: float  # as it is for so long, by our own clock

    @property
    def holder(self) -> str:
        return self.row.holder


Others = Mapping[str, OtherMember]
"""By their names."""


def looked(before: Others, rows: Iterable[MemberRow], me: str, now: float) -> Others:
    """What is seen now; `now` in seconds of our own clock."""
    held: dict[str, list[MemberRow]] = {}
    for row in rows:
        if row.holder not in ("", me):
            held.setdefault(row.holder, []).append(row)
    return {name: _looked(before.get(name), slots, now) for name, slots in held.items()}


def _looked(before: OtherMember | None, rows: list[MemberRow], now: float) -> OtherMember:
    own = next((row for row in rows if row.own), rows[0])
    slots = {row.slot: (row.epoch, row.beat) for row in rows}
    if before is None:
        return OtherMember(own, slots, now)
    still = (own.slot, own.beat) == (before.row.slot, before.row.beat)
    return OtherMember(own, slots, before.since if still else now)


def interrupted(others: Others, now: float) -> Others:
    """The store was away: perhaps for them as well."""
    return {name: other._replace(since=now) for name, other in others.items()}


def senders(others: Others) -> tuple[int, ...]:
    """The own slots of those that can send."""
    return tuple(sorted(o.row.slot for o in others.values() if o.row.own and o.row.sends))


def heirs(
    others: Others, is_dead: Callable[[str], bool], *, sending: bool = False
) -> list[Joining]:
    """Who may have what a gateway gives away: first those that can send, or only those."""
    able = (o.row for o in others.values() if o.row.own and (o.row.sends or not sending))
    rows = sorted(able, key=lambda row: (not row.sends, row.slot))
    return [Joining(r.holder, r.version, r.since) for r in rows if not is_dead(r.holder)]
