"""What every system under test looks like to the measuring."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from simulators.load import LoadSmsc
from tests.bench.host.processes import Cores

FIRST = 13900000001  # the first subscriber who texts; sample subscriber i is 13900000000 + i
TEXTING = 10_000
SUBSCRIBERS = 100_000
WINDOW = 500  # unanswered submit_sm: the same for everyone


@dataclass(frozen=True, slots=True)
class Running:
    """A started system, bound to the driver and ready to answer."""

    pids: Callable[[], list[int]]  # all its processes, at the moment of asking


class System(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def durable(self) -> str:
        """What of it outlives what, in a few words."""

    def prepare(self, folder: Path) -> None:
        """Once, before the first round."""

    def running(
        self, smsc: LoadSmsc, folder: Path, cores: Cores
    ) -> AbstractContextManager[Running]: ...

    def right(self, subscriber: int, words: str) -> bool:
        """Whether a reply says what that subscriber (counted from 0) should read."""


def balance_fen(sample: int) -> int:
    """The balance of sample subscriber i, everywhere."""
    return sample % 10_000


def says_balance(subscriber: int, words: str) -> bool:
    fen = balance_fen(FIRST - 13900000000 + subscriber)
    return f"{fen // 100}.{fen % 100:02d}" in words
