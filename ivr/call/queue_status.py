"""What Asterisk tells of a queue: who waits in which place, who is there to answer, how long talks
take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Final, NamedTuple

from ivr.ami.messages import AmiMessage

_AWAY: Final = frozenset({"0", "4", "5"})
"""Device states of members whom no call reaches: unknown, invalid, unavailable."""
_LEAST: Final = 60
"""Seconds: nobody is told that he waits for less than a minute."""


class QueuePosition(NamedTuple):
    """Of a caller who waits: how many are before him, and how long that may take; 0 seconds if
    nobody can tell yet."""

    ahead: int
    seconds: int


class QueueState(NamedTuple):
    """`places` are by the channel's uniqueid, 1 for who is next; `talk` is the mean talk in
    seconds, 0 before the first."""

    places: Mapping[str, int]
    members: int
    talk: int

    def place(self, uniqueid: str) -> QueuePosition | None:
        """None for who does not wait there."""
        position = self.places.get(uniqueid)
        if position is None:
            return None
        if not (self.talk and self.members):
            return QueuePosition(position - 1, 0)
        return QueuePosition(position - 1, max(_LEAST, ceil(position * self.talk / self.members)))


def parse_queue_state(items: Sequence[AmiMessage]) -> QueueState:
    """Of the items of a QueueStatus."""
    places = {
        item.get("Uniqueid"): _number(item, "Position")
        for item in items
        if item.event == "QueueEntry"
    }
    there = [item for item in items if item.event == "QueueMember" and _is_there(item)]
    talks = [_number(item, "TalkTime") for item in items if item.event == "QueueParams"]
    return QueueState(places, len(there), max(talks, default=0))


def _is_there(member: AmiMessage) -> bool:
    return member.get("Status") not in _AWAY and member.get("Paused") != "1"


def _number(item: AmiMessage, name: str) -> int:
    value = item.get(name)
    return int(value) if value.isascii() and value.isdigit() else 0
