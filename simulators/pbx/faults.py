"""What a simulated exchange does wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class PbxFaults:
    """What goes wrong; all can be set while it runs."""

    silent: bool = False
    """Managers may connect, and that is all."""
    refuse: bool = False
    """No login is right."""
    secretive: bool = False
    """Nobody may see a list of channels."""
    slow: float = 0.0
    """Seconds that everything it says takes."""
    twice: bool = False
    """Every key comes twice."""
    crowded: bool = False
    """Keys that come at once are spread in time, and some noted twice, while nobody reads keys."""
    deaf: bool = False
    """No key comes."""
    full: bool = False
    """No recording can be written."""
