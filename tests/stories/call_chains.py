"""Which functions of ours call which, seen while a message is on its way through a real gateway."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("gateway", "smpp", "ivr", "commands", "menus", "tariffs", "periods")


class Place(NamedTuple):
    """A function: its file from the project's root, and its qualified name."""

    file: str
    name: str


class Call(NamedTuple):
    """`chain`: those of ours that were running in its thread, the innermost last, and itself."""

    place: Place
    chain: tuple[Place, ...]


class CallRecorder:
    """Records calls of some functions, in their order, in all threads that begin within."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.watched: frozenset[Place] = frozenset()
        self._places: dict[CodeType, Place | None] = {}

    @contextmanager
    def recording(self, places: Sequence[Place]) -> Iterator[None]:
        """In the threads that have `installed` it."""
        self.calls.clear()
        self.watched = frozenset(places)
        try:
            yield
        finally:
            self.watched = frozenset()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """In this thread, and in each that begins in the meantime."""
        before = sys.getprofile()
        threading.setprofile(self._seen)
        sys.setprofile(self._seen)
        try:
            yield
        finally:
            sys.setprofile(before)
            threading.setprofile(None)

    def _seen(self, frame: FrameType, event: str, _argument: object) -> None:
        if event != "call" or not self.watched:
            return
        place = self._place(frame.f_code)
        if place in self.watched:
            self.calls.append(Call(place, tuple(self._running(frame))[::-1]))

    def _running(self, frame: FrameType | None) -> Iterator[Place]:
        while frame is not None:
            if (place := self._place(frame.f_code)) is not None:
                yield place
            frame = frame.f_back

    def _place(self, code: CodeType) -> Place | None:
        if code not in self._places:
            path = Path(code.co_filename)
            ours = path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in PACKAGES
            file = str(path.relative_to(ROOT)) if ours else ""
            self._places[code] = Place(file, code.co_qualname) if ours else None
        return self._places[code]
