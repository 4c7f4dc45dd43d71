"""One step of a walk through a menu, as it is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

RecordedBeats = Mapping[str, object]
"""JSON: what was typed, masked, and how commands ended."""


class WalkRecord(NamedTuple):
    """One step of a walk. `began` names the walk: the message it began with."""

    id: int
    began: int
    version: str
    beats: RecordedBeats
