"""Where Asterisk keeps what callers have said, and how long they may speak."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ivr.call.recording import RecordingRequest


class Recordings(NamedTuple):
    """`folder` is as Asterisk sees it; `silence` and `longest` are seconds. Names tell nothing of
    who spoke."""

    folder: Path
    silence: int
    longest: int

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def of(self, name: str) -> RecordingRequest:
        """What is to be recorded under that name."""
        return RecordingRequest(self.path(name), self.silence, self.longest)
