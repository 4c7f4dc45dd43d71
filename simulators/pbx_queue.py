"""Queue() of a simulated exchange: callers wait for people, who talk a while and hang up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from simulators.pbx_channel import Channel, Running, Wait

_LOOK: Final = 0.05  # seconds between looks whether somebody is free
_TALK: Final = 3.0  # seconds of a talk, if nothing else is said


@dataclass(slots=True)
class Entry:
    channel: Channel
    priority: int
    talks: bool = False


@dataclass(slots=True)
class Queue:
    """The hall's people. `people`: so many are there; `talk`: seconds that each talk takes, 0: as
    long as the sound queue/NAME. `exits`: keys by which a waiting caller leaves."""

    people: int = 1_000
    talk: float = 0.0
    exits: str = "12"
    entries: list[Entry] = field(default_factory=list)

    def joins(self, channel: Channel) -> Entry:
        """Behind all that are not less urgent."""
        entry = Entry(channel, int(channel.variables.get("QUEUE_PRIO") or 0))
        place = sum(other.talks or other.priority >= entry.priority for other in self.entries)
        self.entries.insert(place, entry)
        return entry

    def is_next(self, entry: Entry) -> bool:
        waiting = self.waiting()
        return sum(each.talks for each in self.entries) < self.people and waiting[0] is entry

    def waiting(self) -> list[Entry]:
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


def queue(channel: Channel, arguments: Sequence[str]) -> Running:
    """Queue(name,options,url,override,timeout)."""
    name, options, _, _, timeout = (*arguments, *[""] * 5)[:5]
    hall, sound = channel.exchange.queue, channel.exchange.seconds(f"queue/{name}")
    if sound is None or not hall.people:
        return _over(channel, "JOINEMPTY")
    entry = hall.joins(channel)
    try:
        status = yield from _wait(channel, hall, entry, float(timeout or 0))
        if status:
            return _over(channel, status)
        if not entry.talks:
            return _over(channel, "")
        channel.exchange.event("AgentConnect", channel, ("Queue", name), ("HoldTime", "0"))
        yield Wait(hall.talk or sound or _TALK, hears=False)
    finally:
        hall.entries.remove(entry)
    if "c" not in options:
        channel.hang_up()
        return "200 result=-1\n"
    return _over(channel, "CONTINUE")


def _wait(channel: Channel, hall: Queue, entry: Entry, patience: float) -> Running:
    """Until somebody is free, or a key leads out; else why not."""
    clock = channel.exchange.clock
    until = clock.seconds() + patience if patience else None
    while not hall.is_next(entry):
        if not hall.people:
            return "LEAVEEMPTY"
        if until is not None and clock.seconds() >= until:
            return "TIMEOUT"
        key = yield Wait(_LOOK)
        if key is not None and key in hall.exits:
            channel.context, channel.dialled = "hallgate-queue", key
            return ""
    entry.talks = True
    return ""


def _over(channel: Channel, status: str) -> str:
    channel.variables["QUEUESTATUS"] = status
    return "200 result=0\n"
