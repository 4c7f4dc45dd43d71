"""One gateway with a share of a core against two with such a share each, pair by pair: whether the
hall grows with what it is given, told also where there are too few cores to give. PostgreSQL and
the driver have the rest."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulators.load import LoadSmsc, Subscribers
from tests.bench.gateways import ONE, TWO, OnPostgres, pairs_table, postgres
from tests.bench.host.processes import Cores, bound, family, free_port, started
from tests.bench.host.shares import enter, share
from tests.bench.ratio_table import number
from tests.bench.rounds import Round, Times, at_work
from tests.bench.systems.hallgate import PROGRAM
from tests.bench.systems.system import FIRST, TEXTING, Running

SHARE: Final = 0.2
"""Of a core, for each gateway: so little that on two cores nothing else is short."""
SHOWN: Final = (
    "cap200/s", "flood/s", "p99 ms at half", "CPU s/1,000 cap200", "lost, doubled, wrong",
)  # fmt: skip

SharedRounds = Sequence[tuple[Round, Round]]


@dataclass(frozen=True)
class OnAShare(OnPostgres):
    """So many gateways, each a process of its own with its share."""

    @contextmanager
    def running(self, smsc: LoadSmsc, folder: Path, cores: Cores) -> Iterator[Running]:
        """They have their shares once all are bound: a start is not what is measured."""
        with self.furnished(folder, smsc.port) as configuration, ExitStack() as stack:
            run: list[str | Path] = [PROGRAM, "run", "--config", configuration, *self._set()]
            gateways = []
            try:
                for place in range(1, self.processes + 1):
                    words = [*run, "--set", f"http.listen=127.0.0.1:{free_port()}"]
                    where = f"{cores.measured},{cores.others}"
                    one = started(f"hallgate-{place}", words, where, folder, grace=15)
                    gateways.append(stack.enter_context(one))
                    bound(smsc, gateways[-1], 60.0, place)
                for place, gateway in enumerate(gateways):
                    enter(stack.enter_context(share(str(place), SHARE)), family(gateway))
                yield Running(lambda: [pid for each in gateways for pid in family(each)])
            finally:
                smsc.close()


def measure(
    folder: Path, where: Cores, times: Times, rounds: int, options: tuple[str, ...] = ()
) -> SharedRounds:
    """One, two, one, two … Raises Unable where no shares can be given."""
    folder.mkdir()
    os.sched_setaffinity(0, {where.measured, where.others})
    with share("rest", None) as rest:
        enter(rest, [os.getpid()])
        with postgres() as server:
            one, two = (OnAShare(options, TEXTING + 1, count, server) for count in (ONE, TWO))
            return [
                (shared_round(one, folder, where, times), shared_round(two, folder, where, times))
                for _ in range(rounds)
            ]


def shared_round(system: OnAShare, folder: Path, where: Cores, times: Times) -> Round:
    """How much goes through, and how long people wait at half of it."""
    print(f"{system.name}, {SHARE:.0%} of a core each …", end=" ", file=sys.stderr, flush=True)
    with at_work(system, Subscribers(FIRST, TEXTING), folder / "round", where, times) as bench:
        cap = bench.cap()
        flood = bench.flood(cap.result.rate)
        half = bench.rate("half", cap.result.rate / 2)
        played = Round(cap, flood, half, None, None, round(bench.peak_megabytes(), 1))
    shutil.rmtree(folder / "round")
    print(f"cap200 {number(cap.result.rate)}/s", file=sys.stderr)
    return played


def told(played: SharedRounds) -> str:
    return pairs_table(f"{SHARE:.0%} of a core for each gateway, PostgreSQL", SHOWN, played)
