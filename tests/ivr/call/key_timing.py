"""How Asterisk passes keys on, a millisecond at a time: what StoreDTMF notes, what Read gets.

A key's end is noted as it is taken, before Asterisk decides whether its time has come. While nobody
reads, one that is too near behind another is put off and taken again, and one whose beginning was
not heard, or that was too short, is passed on only when it would have been over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final, NamedTuple

from ivr.call.key_buffer import OK, TIMED_OUT, ReadResult
from ivr.call.questions import OURS

GAP: Final = 45  # ms between two keys, at least
SHORTEST: Final = 80  # ms of a key
_VOICE: Final = 20  # ms between two frames of sound


class Key(NamedTuple):
    """`at`: its end, in ms; `length`: how long it was down; `told`: that it began was heard."""

    at: int
    key: str
    length: int = 100
    told: bool = True


class _Frame(NamedTuple):
    at: int
    key: str  # empty: sound
    length: int = 0
    begins: bool = False


class Line:
    """A channel on which these keys are pressed."""

    def __init__(self, keys: Iterable[Key]) -> None:
        frames = []
        for key in keys:
            if key.told:
                frames.append(_Frame(max(0, key.at - key.length), key.key, begins=True))
            frames.append(_Frame(key.at, key.key, key.length))
        self.now = 0
        self.noted = ""
        self._coming = deque(sorted(frames, key=lambda frame: frame.at))
        self._put_off: deque[_Frame] = deque()
        self._last: int | None = None  # when a key was passed on, or begun
        self._begun = False
        self._emulated = ""
        self._until = 0  # ms that the emulated one lasts; 0: it has been passed on
        self._reading = False  # only ends count

    @property
    def quiet(self) -> bool:
        """Nothing more will happen."""
        return not (self._coming or self._put_off or self._emulated)

    def idle(self, ms: int) -> None:
        """Nobody reads."""
        for _ in range(ms):
            self._pass()

    def read(self, sound: int, most: int, enders: str, wait: int) -> ReadResult:
        """Read(): milliseconds of sound, which a key ends, and of silence behind it."""
        self._reading = True
        keys, key = "", self._wait(sound)
        ending = TIMED_OUT
        while key := key or self._wait(wait):
            if key in enders + OURS:
                ending = OK
                break
            keys, key = keys + key, ""
            if len(keys) == most:
                ending = OK
                break
        self._reading = False
        return ReadResult(ending, keys, self.noted)

    def _wait(self, ms: int) -> str:
        for _ in range(ms):
            if key := self._pass():
                return key
        return ""

    def _pass(self) -> str:
        """A millisecond, and at most one frame of it; the key that is passed on."""
        self.now += 1
        frame = self._take()
        if frame and frame.key and not frame.begins:
            self.noted += frame.key
            return self._end(frame)
        if frame and frame.key:
            if not (self._emulated or self._reading or self._too_near()):
                self._begun, self._last = True, self.now
            return ""
        return self._sound() if frame or self.now % _VOICE == 0 else ""

    def _take(self) -> _Frame | None:
        if self._put_off:
            if self._emulated or self._too_near():
                return _Frame(self.now, "")
            return self._put_off.popleft()
        if self._coming and self._coming[0].at <= self.now:
            return self._coming.popleft()
        return None

    def _too_near(self) -> bool:
        return self._last is not None and self.now - self._last < GAP

    def _end(self, frame: _Frame) -> str:
        if self._emulated:
            self._put_off.append(frame)
            return ""
        if not (self._begun or self._reading):
            if self._too_near():
                self._put_off.append(frame)
            else:
                self._emulate(frame.key, max(SHORTEST, frame.length))
                self._last = self.now
            return ""
        length = frame.length
        if self._begun and self._last is not None and self.now - self._last < SHORTEST:
            length = self.now - self._last
        self._begun = False
        if length < SHORTEST and not self._reading:
            self._emulate(frame.key, SHORTEST - length)
            return ""
        self._last = self.now
        return frame.key

    def _emulate(self, key: str, ms: int) -> None:
        self._emulated, self._until = key, ms

    def _sound(self) -> str:
        if not self._emulated:
            return ""
        if not self._until:
            self._emulated = ""
        elif self._last is None or self.now - self._last >= self._until:
            key, self._until, self._last = self._emulated, 0, self.now
            return key
        return ""
