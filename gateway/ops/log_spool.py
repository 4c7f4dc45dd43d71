"""Writing where nobody may read: a thread of its own writes, whoever has something to say goes on.

The descriptor stays as it is. Made non-blocking it would be so for all who share it: the terminal,
and whatever other programs write there.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Condition, Thread
from typing import Final

MOST: Final = 4 * 1024 * 1024  # octets that wait; then what comes is lost
AT_ONCE: Final = 16 * 1024  # octets of one write, if no line is longer
COMPANY: Final = 0.05  # seconds for which the first line waits for others: one write for all


class LogSpool:
    """A stream of lines. `write` takes them or raises BlockingIOError, and waits for nothing.
    `lost` is told, by the writing thread, how many lines could not be written.

    A file that is followed may be renamed or removed at any time, as logrotate does: what is
    written from then on goes into the one at its path, made if there is none. `left_behind`
    is told once if that cannot be opened; then lines go on into the one that was renamed."""

    def __init__(
        self,
        descriptor: int,
        lost: Callable[[int], None] = lambda lines: None,
        clock: Callable[[], float] = time.monotonic,
        path: Path | None = None,
    ) -> None:
        """`path`: where the file is that the descriptor is of, if it is to be followed there."""
        self.lost = lost
        self.left_behind: Callable[[OSError], None] = lambda error: None
        self._path = path
        self._behind = False  # another file is there, and cannot be opened
        # ours for as long as the thread may write: nobody else gets its number in the meantime
        self._descriptor = os.dup(descriptor)
        self._clock = clock
        self._waiting: deque[bytes] = deque()
        self._size = 0  # octets that wait, or are being written
        self._began: float | None = None  # of the write that is on its way
        self._torn = False  # a line was begun and could not be ended
        self._closing = False
        self._changed = Condition()
        # whoever ends the program does not wait for a reader who never comes
        self._thread = Thread(target=self._work, name="spool", daemon=True)
        self._thread.start()

    def write(self, lines: bytes) -> int:
        with self._changed:
            if self._size + len(lines) > MOST or self._closing:
                raise BlockingIOError("nobody reads")
            self._waiting.append(lines)
            self._size += len(lines)
            if len(self._waiting) == 1:
                self._changed.notify()
        return len(lines)

    def flush(self) -> None:
        """It is on its way."""

    @property
    def stuck(self) -> float:
        """Seconds for which nothing could be written, though there is something to write."""
        began = self._began
        return 0.0 if began is None else self._clock() - began

    def close(self, within: float = 1.0) -> None:
        """Write what waits, if that can be done in so many seconds."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(within)
        if not self._thread.is_alive():
            os.close(self._descriptor)

    # -- in its thread ---------------------------------------------------------------------------

    def _work(self) -> None:
        while lines := self._next():
            try:
                if self._path is not None:
                    self._follow(self._path)
                self._put(lines)
            except OSError:  # its disk is full, its pipe is broken or closed
                self.lost(lines.count(b"\n"))
            finally:
                self._began = None
                with self._changed:
                    self._size -= len(lines)

    def _next(self) -> bytes:
        """Whole lines; empty when it closes and nothing is left."""
        with self._changed:
            while not (self._waiting or self._closing):
                self._changed.wait()
            alone = not self._closing and self._size < AT_ONCE
        if alone:
            time.sleep(COMPANY)
        with self._changed:
            taken: list[bytes] = []
            size = 0
            while self._waiting and (not taken or size + len(self._waiting[0]) <= AT_ONCE):
                taken.append(self._waiting.popleft())
                size += len(taken[-1])
        return b"".join(taken)

    def _follow(self, path: Path) -> None:
        try:
            if _is_at(path, self._descriptor):
                return
            fresh = opened(path)
        except OSError as error:
            if not self._behind:
                self._behind = True
                self.left_behind(error)
            return
        os.dup2(fresh, self._descriptor, inheritable=False)
        os.close(fresh)
        self._behind = self._torn = False

    def _put(self, lines: bytes) -> None:
        rest = memoryview(b"\n" + lines if self._torn else lines)
        while rest:
            self._began = self._clock()
            written = os.write(self._descriptor, rest)
            self._torn = rest[written - 1] != ord("\n")
            rest = rest[written:]


def opened(path: Path) -> int:
    """To add to; read by its owner and group alone."""
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
