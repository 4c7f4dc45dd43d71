"""Where Asterisk keeps what callers have said, and how long they may speak."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from ivr.call.recording import RecordingEnded, RecordingRequest

_A_SECOND: Final = 16_000  # octets of the wave that Asterisk writes: 8 kHz, 16 bits
_SHARE: Final = 0.5  # of what was spoken; silence at its ends is not written


class Recordings(NamedTuple):
    """`folder` is as Asterisk sees it; `silence` and `longest` are seconds. Names tell nothing of
    who spoke."""

    folder: Path
    silence: int
    longest: int

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def whole(self, name: str, seconds: float) -> bool:
        """Whether the file holds so many seconds, as far as this machine sees it: a disk that is
        full cuts it off, and Asterisk does not say so."""
        file = self.folder / f"{name}.wav"
        return not file.exists() or file.stat().st_size >= _SHARE * seconds * _A_SECOND

    def trouble(self, name: str, ended: RecordingEnded) -> str:
        """Why it is not kept, though somebody spoke; empty if it is."""
        if ended.failed:
            return "Asterisk cannot write there"
        cut_off = ended.kept and not self.whole(name, ended.seconds)
        return "cut off: is the disk full?" if cut_off else ""

    def of(self, name: str) -> RecordingRequest:
        """What is to be recorded under that name."""
        return RecordingRequest(self.path(name), self.silence, self.longest)
