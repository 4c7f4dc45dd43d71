"""Forgetting what callers have said, where Asterisk's folder of recordings is on this machine
too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from twisted.internet.defer import Deferred
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from gateway.model.hall_reactor import IHallReactor, in_thread, repeat
from gateway.model.message_id import floor_at
from gateway.ops.log import Log
from gateway.store.store import Store
from gateway.store.ticket_recordings import recordings_sent

FORGET_EVERY: Final = 600.0  # seconds
UNSENT: Final = 24 * 3600  # seconds for which a recording may be without its ticket
_OURS: Final = re.compile(r"(r[0-9]{1,20})\.wav")


def forget(folder: Path, store: Store, now: float, content: int) -> int:
    """Remove what is older than `content` seconds, and what was never sent; how many. Files that
    others have put there stay. Raises OSError, or what SQLAlchemy raises."""
    aged = {file: now - file.stat().st_mtime for file in _recordings(folder)}
    loose = [file for file, age in aged.items() if UNSENT < age <= content]
    sent = recordings_sent(store, [file.stem for file in loose], floor_at(now - content - UNSENT))
    gone = [file for file, age in aged.items() if age > content]
    gone += [file for file in loose if file.stem not in sent]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


def _recordings(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (file for file in folder.iterdir() if _OURS.fullmatch(file.name))


def forgetting(
    reactor: IHallReactor,
    wall: Callable[[], float],
    folder: Path,
    store: Store,
    content: int,
    log: Log,
) -> LoopingCall:
    """Every now and then, beside everything else."""

    def step() -> Deferred[None]:
        looked = in_thread(reactor, forget, folder, store, wall(), content)
        return looked.addCallbacks(told, failed)

    def told(count: int) -> None:
        if count:
            log.event("recordings forgotten", files=count)

    def failed(failure: Failure) -> None:
        """It is tried again later."""
        log.event("recordings not forgotten", error=failure.value)

    return repeat(reactor, FORGET_EVERY, step)
