"""Two gateways on two cores against one on one core, on each kind of store: pair by pair."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from tests.bench.host.processes import Cores, Unable
from tests.bench.ratio_table import FIGURES, number, spread, table, values
from tests.bench.rounds import Round, Times, play
from tests.bench.systems.hallgate import Hallgate
from tests.bench.systems.system import TEXTING
from tests.packages import POSTGRESQL, Missing
from tests.services import PostgresServer

MUST: Final = "≥ 1.7 ×"
SHOWN: Final = ("cap200/s", "flood/s", "CPU s/1,000 cap200", "lost, doubled, wrong")
COMPARED: Final = ("cap200/s", "flood/s")
ONE, TWO = 1, 2

Pairs = Mapping[str, Sequence[tuple[Round, Round]]]
"""By the kind of the store: one gateway, and two right behind."""


@dataclass(frozen=True)
class OnPostgres(Hallgate):
    """On a database of its own in each round."""

    server: PostgresServer | None = None

    @property
    def durable(self) -> str:
        return "PostgreSQL, fsync before an MO is acknowledged; effects once"

    def prepare(self, folder: Path) -> None:
        """Each round makes what it needs."""

    @contextmanager
    def furnished(self, folder: Path, smsc: int) -> Iterator[Path]:
        assert self.server is not None
        with self.server.fresh_database() as url:
            configuration = self.configure(folder, url, smsc)
            self.fill(configuration)
            yield configuration


def measure(
    folder: Path, where: Cores, times: Times, rounds: int, options: tuple[str, ...] = ()
) -> Pairs:
    """One, two, one, two … on SQLite, then on PostgreSQL, which runs beside the driver."""
    folder.mkdir()
    people = TEXTING + 1
    embedded = [Hallgate(options, people, count) for count in (ONE, TWO)]
    embedded[0].prepare(folder)
    played = {"SQLite": _pairs(embedded, folder, where, times, rounds)}
    with postgres() as server:
        beside = [OnPostgres(options, people, count, server) for count in (ONE, TWO)]
        played["PostgreSQL"] = _pairs(beside, folder, where, times, rounds)
    return played


@contextmanager
def postgres() -> Iterator[PostgresServer]:
    """Raises Unable where it is not installed."""
    try:
        POSTGRESQL.require()
    except Missing as lack:
        raise Unable(str(lack)) from None
    server = PostgresServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _pairs(
    systems: Sequence[Hallgate], folder: Path, where: Cores, times: Times, rounds: int
) -> list[tuple[Round, Round]]:
    found = []
    for _ in range(rounds):
        one, two = (_round(system, folder / "round", where, times) for system in systems)
        found.append((one, two))
    return found


def _round(system: Hallgate, folder: Path, where: Cores, times: Times) -> Round:
    print(f"{system.name} on {system.durable.partition(',')[0]} …", end=" ", file=sys.stderr)
    played = play(system, folder, where, times, brief=True)
    shutil.rmtree(folder)
    print(f"cap200 {number(played.cap.result.rate)}/s", file=sys.stderr)
    return played


def told(played: Pairs, where: Cores) -> str:
    parts = [
        pairs_table(f"several gateways, {kind}", SHOWN, pairs) for kind, pairs in played.items()
    ]
    if where.second is None:
        parts.append(
            "Two cores: the second gateway shares its own with the driver and PostgreSQL. "
            "Four are needed for a figure that counts."
        )
    return "\n\n".join(parts)


def pairs_table(what: str, shown: Sequence[str], pairs: Sequence[tuple[Round, Round]]) -> str:
    ones, twos = [one for one, _ in pairs], [two for _, two in pairs]
    head = [what, "one", "two", "times more", "must"]
    body = [
        [figure, spread(values(ones, figure)), spread(values(twos, figure)), *_times(figure, pairs)]
        for figure in shown
    ]
    return table([head, *body])


def _times(figure: str, pairs: Sequence[tuple[Round, Round]]) -> list[str]:
    if figure not in COMPARED:
        return ["", "0" if figure == SHOWN[-1] else "–"]
    found = [_of(figure, two) / _of(figure, one) for one, two in pairs]
    each = " ".join(f"{ratio:.2f}" for ratio in found)
    return [f"{median(found):.2f} × ({each})", MUST if figure == COMPARED[0] else "–"]


def _of(figure: str, played: Round) -> float:
    value = FIGURES[figure](played)
    assert value
    return value
