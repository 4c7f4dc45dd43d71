"""The phone of the terminal, run in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from twisted.internet.defer import Deferred

Run = Callable[..., Deferred[int]]


@dataclass
class Dial:
    """Where a demo listens for phones, and how to run one there without stopping the reactor."""

    at: str
    run: Run
