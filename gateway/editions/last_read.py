"""What was read last of editions and drafts: whoever looks at one looks from several sides."""

from __future__ import annotations

from collections.abc import Callable
from threading import BoundedSemaphore, Lock
from typing import Final

from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.kept_last import KeptLast
from gateway.model.operators.refusals import ActRefusal

MOST: Final = 4  # of 20 MB each
WAITING: Final = 3  # at once, with the one who reads: others are served by the same threads


class ReadingBusy(ActRefusal):
    """Too many wait for it already."""

    def __init__(self) -> None:
        super().__init__("others are being checked at this moment: try again in a few seconds")


class LastRead:
    """By version. To read one takes seconds and much memory: one at a time, a few others wait. Who
    asks for what has been read waits for nobody."""

    def __init__(self) -> None:
        self._kept: KeptLast[HallSnapshot] = KeptLast(MOST)
        self._reading = Lock()
        self._waiting = BoundedSemaphore(WAITING)

    def __call__(self, version: str, read: Callable[[], HallSnapshot]) -> HallSnapshot:
        """Raises ReadingBusy, or what `read` raises; that is not remembered."""
        if (known := self._kept.get(version)) is not None:
            return known
        if not self._waiting.acquire(blocking=False):
            raise ReadingBusy
        try:
            with self._reading:
                return self._kept.get(version) or self._kept.keep(version, read())
        finally:
            self._waiting.release()
