"""Something done again and again beside everything else, in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Protocol


class Repeated(Protocol):
    def start(self) -> None: ...

    def wake(self) -> None:
        """The next step is to be taken at once."""

    def stop(self) -> None:
        """For good, behind a step that is being taken; also if it was never started."""


class OwnThread:
    """`step` is taken every so many seconds, for as long as it says that it shall."""

    def __init__(self, name: str, every: float, step: Callable[[], bool]) -> None:
        self._every = every
        self._step = step
        self._wake, self._ending = Event(), False
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._ending = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        going = True
        while going:
            self._wake.wait(self._every)
            self._wake.clear()
            going = not self._ending and self._step()
