"""What somebody would be answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RehearsedAnswer:
    words: str
    to: str = ""  # another number than the one that asked
    source: str = ""  # the service number it comes from
