"""The driver's own ceiling: a trivial ESME of hand-packed bytes as the system under test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulators.load import LoadSmsc
from tests.bench.host.processes import Cores, bound, family, started
from tests.bench.systems.system import Running


@dataclass(frozen=True, slots=True)
class StandInSystem:
    @property
    def name(self) -> str:
        return "trivial ESME"

    @property
    def durable(self) -> str:
        return "nothing: fixed bytes, no store"

    def prepare(self, folder: Path) -> None:
        """Nothing to prepare."""

    def right(self, subscriber: int, words: str) -> bool:
        return True

    @contextmanager
    def running(self, smsc: LoadSmsc, folder: Path, cores: Cores) -> Iterator[Running]:
        command = (sys.executable, "-m", "tests.bench.systems.standin_esme", str(smsc.port))
        with started("esme", command, cores.measured, folder) as esme:
            bound(smsc, esme)
            yield Running(lambda: family(esme))
