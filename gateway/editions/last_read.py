"""What was read last of editions and drafts: whoever looks at one looks from several sides."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import BoundedSemaphore, Lock
from typing import Final

from gateway.dialogue.snapshot import HallSnapshot
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
        self._found: OrderedDict[str, HallSnapshot] = OrderedDict()
        self._finding = Lock()
        self._reading = Lock()
        self._waiting = BoundedSemaphore(WAITING)

    def __call__(self, version: str, read: Callable[[], HallSnapshot]) -> HallSnapshot:
        """Raises ReadingBusy, or what `read` raises; that is not remembered."""
        if (known := self._known(version)) is not None:
            return known
        if not self._waiting.acquire(blocking=False):
            raise ReadingBusy
        try:
            with self._reading:
                return self._known(version) or self._remembered(version, read())
        finally:
            self._waiting.release()

    def _known(self, version: str) -> HallSnapshot | None:
        with self._finding:
            if version in self._found:
                self._found.move_to_end(version)
            return self._found.get(version)

    def _remembered(self, version: str, snapshot: HallSnapshot) -> HallSnapshot:
        with self._finding:
            self._found[version] = snapshot
            while len(self._found) > MOST:
                self._found.popitem(last=False)
        return snapshot
