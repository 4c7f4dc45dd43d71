"""Many callers at a steady rate, by sipp, and a few among them who measure."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.calls.bench_menu import CALLERS, PASSWORD
from tests.bench.calls.measuring_callers import FIRST_KEY, OVER_AT, PASSWORD_AT
from tests.bench.host.processes import Unable, free_port
from tests.ivr.telephones.call_audio import talk, write
from tests.ivr.telephones.sipp_scenario import scenario
from tests.packages import SIPP, install

_FIRST_MEDIA_PORT: Final = 40_000
_MOST_AT_ONCE: Final = 3_000
_PATIENCE: Final = 30  # seconds until calls that hang are given up


@dataclass(frozen=True, slots=True)
class Crowd:
    """What callers say of one load. They do not know whether their keys arrived."""

    placed: int
    failed: int
    probes: int
    probes_lost: int
    thought: tuple[float, ...]  # seconds from the last key to the next prompt


class Callers:
    """Telephones in front of an Asterisk."""

    def __init__(self, folder: Path, sip_port: int, frames: Sequence[bytes]) -> None:
        install([SIPP])
        program = SIPP.find()
        if program is None:
            raise Unable("sipp is not on this machine and could not be installed: sip-tester")
        self._program, self._folder, self._port, self._frames = program, folder, sip_port, frames
        folder.mkdir()
        keys = {FIRST_KEY: "1", PASSWORD_AT: f"{PASSWORD}#"}
        write(folder / "caller.pcap", talk(keys, OVER_AT))
        (folder / "caller.xml").write_text(scenario(folder / "caller.pcap", OVER_AT))
        numbers = (f"{13_900_000_000 + place};" for place in range(CALLERS - 1_000))
        (folder / "callers.csv").write_text("\n".join(["SEQUENTIAL", *numbers, ""]))

    def call(self, number: str, rate: float, seconds: float) -> Crowd:
        """So many a second, for so long; returns when all have hung up."""
        placed = round(rate * seconds)
        probe = subprocess.Popen(self._probe(number, seconds), stdout=subprocess.PIPE)
        statistics = self._folder / "statistics.csv"
        statistics.unlink(missing_ok=True)
        subprocess.run(
            self._sipp(number, rate, placed, statistics, seconds), cwd=self._folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        told = json.loads(probe.communicate(timeout=_PATIENCE)[0])
        failed = placed - _succeeded(statistics)
        return Crowd(placed, failed, told["calls"], told["lost"], tuple(told["thought"]))

    def _probe(self, number: str, seconds: float) -> list[str]:
        frames = [frame.hex() for frame in self._frames]
        words = [str(self._port), number, str(seconds), *frames]
        return [sys.executable, "-m", "tests.bench.calls.measuring_callers", *words]

    def _sipp(
        self, number: str, rate: float, placed: int, statistics: Path, seconds: float
    ) -> list[str]:
        options = {
            "-sf": self._folder / "caller.xml", "-inf": self._folder / "callers.csv",
            "-s": number, "-i": "127.0.0.1", "-p": free_port(), "-mi": "127.0.0.1",
            "-mp": _FIRST_MEDIA_PORT, "-r": rate, "-m": placed, "-l": _MOST_AT_ONCE,
            "-timeout": round(seconds + OVER_AT + _PATIENCE / 2), "-stf": statistics, "-fd": 1,
        }  # fmt: skip
        words = [str(word) for pair in options.items() for word in pair]
        to = f"127.0.0.1:{self._port}"
        return [str(self._program), to, *words, "-trace_stat", "-nostdin", "-skip_rlimit"]


def _succeeded(statistics: Path) -> int:
    if not statistics.exists():
        raise Unable("sipp said nothing of its calls; it needs to be root, for raw sockets")
    with statistics.open(newline="") as file:
        *_, last = csv.DictReader(file, delimiter=";")
    return int(last["SuccessfulCall(C)"])
