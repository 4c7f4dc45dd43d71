"""Looking now and then whether an Asterisk on this machine can read the sounds, and write what
callers say. Of one on another machine only calls can tell."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from gateway.channels.voice.sound_doubts import first_unreadable
from gateway.config.settings import IvrSettings
from gateway.model.hall_reactor import IHallReactor, in_thread
from gateway.ops.file_access import MachineUser
from gateway.ops.log import Log

LOOK_EVERY: Final = 10.0  # seconds
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_ROOM: Final = 10 * 1024 * 1024  # octets: five minutes of speech


class FilesSeen(NamedTuple):
    unreadable: Mapping[str, str]
    """By Asterisk, which sound its user may not read."""
    unwritable: str
    """Why nothing can be recorded; empty if it can, as far as that is seen from here."""


def look(ivr: IvrSettings, listener: Callable[[int], MachineUser | None]) -> FilesSeen:
    """In a thread: it asks the disk."""
    users = {
        each.name: user
        for each in ivr.asterisk
        if each.host in _HERE and (user := listener(each.port)) is not None
    }
    unreadable = {
        name: f"{file} cannot be read by its user (uid {user.uid})"
        for name, user in users.items()
        if (file := first_unreadable(ivr.sounds.absolute(), user)) is not None
    }
    folder, why = ivr.recordings.absolute(), ""
    if users and any(not user.may_write(folder) for user in users.values()):
        why = f"what callers say cannot be kept: Asterisk's user may not write in {folder}"
    elif users and folder.is_dir() and _free(folder) < _ROOM:
        why = f"what callers say cannot be kept: the disk of {folder} is full"
    return FilesSeen(unreadable, why)


def _free(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def looking(
    reactor: IHallReactor,
    ivr: IvrSettings,
    listener: Callable[[int], MachineUser | None],
    seen: Callable[[FilesSeen], None],
    log: Log,
) -> LoopingCall:
    """At once, and again and again."""

    def step() -> Deferred[None]:
        return in_thread(reactor, look, ivr, listener).addCallbacks(seen, failed)

    def failed(failure: Failure) -> None:
        """It is looked again in a moment."""
        log.event("files of calls not looked at", error=failure.value)

    call = LoopingCall(step)
    call.clock = reactor
    call.start(LOOK_EVERY if ivr.asterisk else 3600.0)
    return call
