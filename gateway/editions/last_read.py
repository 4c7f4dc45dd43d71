"""What was read last of editions and drafts: whoever looks at one looks from several sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import BoundedSemaphore, Lock
from typing import Final

from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.kept_last import KeptLast
from gateway.model.operators.refusals import ActRefusal

MOST: Final = 4  # of 20 MB each
WAITING: Final = 3  # at once, with the one who reads: others are served by the same threads
_AHEAD: Final = ContextVar("ahead", default=False)


class ReadingBusy(ActRefusal):
    """Too many wait for it already."""

    def __init__(self) -> None:
        super().__init__("others are being checked at this moment: try again in a few seconds")


@contextmanager
def reading_ahead() -> Iterator[None]:
    """What is read within is read before anybody waits for it."""
    before = _AHEAD.set(True)
    try:
        yield
    finally:
        _AHEAD.reset(before)


class LastRead:
    """By version. To read one takes seconds and much memory: one at a time, a few others wait. Who
    asks for what has been read waits for nobody."""

    def __init__(self, told: Callable[[str, bool], object] = lambda version, ahead: None) -> None:
        """`told`: which was read, and whether it was `reading_ahead`."""
        self._kept: KeptLast[HallSnapshot] = KeptLast(MOST)
        self._told = told
        self._reading = Lock()
        self._waiting = BoundedSemaphore(WAITING)

    def __call__(self, version: str, read: Callable[[], HallSnapshot]) -> HallSnapshot:
        """Raises ReadingBusy, or what `read` raises; that is not remembered. Who reads ahead waits
        however many do."""
        if (known := self._kept.get(version)) is not None:
            return known
        if _AHEAD.get():
            return self._in_turn(version, read)
        if not self._waiting.acquire(blocking=False):
            raise ReadingBusy
        try:
            return self._in_turn(version, read)
        finally:
            self._waiting.release()

    def _in_turn(self, version: str, read: Callable[[], HallSnapshot]) -> HallSnapshot:
        with self._reading:
            if (known := self._kept.get(version)) is not None:
                return known
            kept = self._kept.keep(version, read())
        self._told(version, _AHEAD.get())
        return kept
