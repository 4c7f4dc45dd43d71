"""The people of a hall, and the callers who wait for them, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol


class QueuedChannel(Protocol):
    """A call, as a queue needs it."""

    name: str
    uniqueid: str
    caller: str
    variables: dict[str, str]


@dataclass(slots=True)
class QueuedCaller:
    channel: QueuedChannel
    priority: int
    talks: bool = False


@dataclass(slots=True)
class PbxQueue:
    """The hall's people. `people`: so many are there; `talk`: seconds that each talk takes, 0: as
    long as the sound queue/NAME. `exits`: keys by which a waiting caller leaves."""

    people: int = 1_000
    talk: float = 0.0
    exits: str = "12"
    entries: list[QueuedCaller] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """By which names it was entered: people are the same in all."""

    def joins(self, channel: QueuedChannel) -> QueuedCaller:
        """Behind all that are not less urgent."""
        entry = QueuedCaller(channel, int(channel.variables.get("QUEUE_PRIO") or 0))
        place = sum(other.talks or other.priority >= entry.priority for other in self.entries)
        self.entries.insert(place, entry)
        return entry

    def is_next(self, entry: QueuedCaller) -> bool:
        waiting = self.waiting()
        return sum(each.talks for each in self.entries) < self.people and waiting[0] is entry

    def waiting(self) -> list[QueuedCaller]:
        return [entry for entry in self.entries if not entry.talks]

    def status(self, name: str) -> Iterator[list[tuple[str, str]]]:
        """The events of a QueueStatus."""
        waiting = self.waiting()
        yield [
            ("Event", "QueueParams"), ("Queue", name), ("Calls", str(len(waiting))),
            ("Holdtime", "0"), ("TalkTime", str(round(self.talk))),
        ]  # fmt: skip
        for number in range(min(self.people, 50)):
            yield [
                ("Event", "QueueMember"), ("Queue", name), ("Name", f"Local/agent{number}"),
                ("Status", "1"), ("Paused", "0"),
            ]  # fmt: skip
        for position, entry in enumerate(waiting, 1):
            yield [
                ("Event", "QueueEntry"), ("Queue", name), ("Position", str(position)),
                ("Channel", entry.channel.name), ("Uniqueid", entry.channel.uniqueid),
                ("Priority", str(entry.priority)),
            ]  # fmt: skip
