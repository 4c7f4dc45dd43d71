"""Queue() of a simulated exchange: callers wait for people, who talk a while and hang up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from simulators.pbx.channel import CommandWait, PbxChannel, RunningCommand
from simulators.pbx.people_queue import PbxQueue, QueuedCaller

_LOOK: Final = 0.05  # seconds between looks whether somebody is free
_TALK: Final = 3.0  # seconds of a talk, if nothing else is said


def queue_application(channel: PbxChannel, arguments: Sequence[str]) -> RunningCommand:
    """Queue(name,options,url,override,timeout)."""
    name, options, _, _, timeout = (*arguments, *[""] * 5)[:5]
    hall, sound = channel.exchange.queue, channel.exchange.seconds(f"queue/{name}")
    if sound is None or not hall.people:
        return _over(channel, "JOINEMPTY")
    hall.asked.append(name)
    entry = hall.joins(channel)
    try:
        status = yield from _wait(channel, hall, entry, float(timeout or 0))
        if status:
            return _over(channel, status)
        if not entry.talks:
            return _over(channel, "")
        channel.exchange.event("AgentConnect", channel, ("Queue", name), ("HoldTime", "0"))
        yield CommandWait(hall.talk or sound or _TALK, hears=False)
    finally:
        hall.entries.remove(entry)
    if "c" not in options:
        channel.hang_up()
        return "200 result=-1\n"
    return _over(channel, "CONTINUE")


def _wait(
    channel: PbxChannel, hall: PbxQueue, entry: QueuedCaller, patience: float
) -> RunningCommand:
    """Until somebody is free, or a key leads out; else why not."""
    clock = channel.exchange.clock
    until = clock.seconds() + patience if patience else None
    while not hall.is_next(entry):
        if not hall.people:
            return "LEAVEEMPTY"
        if until is not None and clock.seconds() >= until:
            return "TIMEOUT"
        key = yield CommandWait(_LOOK)
        if key is not None and key in hall.exits:
            channel.context, channel.dialled = "hallgate-queue", key
            return ""
    entry.talks = True
    return ""


def _over(channel: PbxChannel, status: str) -> str:
    channel.variables["QUEUESTATUS"] = status
    return "200 result=0\n"
