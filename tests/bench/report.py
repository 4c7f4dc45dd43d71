"""What a run says at its end: to a reader in the terminal, and as JSON."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from tests.bench.host.machine import described
from tests.bench.host.processes import Cores
from tests.bench.ratio_table import ratios_table, systems_table
from tests.bench.rounds import Round
from tests.bench.systems.hallgate import Hallgate
from tests.bench.systems.kannel import Kannel
from tests.bench.systems.system import System

Played = Mapping[System, list[Round]]

METHOD = """\
The same for all: an SMSC on loopback sends "YE" from 10,000 of 100,000 subscribers in turn and
takes each submit_sm at once; timed from MO to MT of the same subscriber, joined when it is long.
cap200: at most 200 MOs unanswered. flood: as fast as the link takes them. half: Poisson arrivals
at half of the system's own better rate; 1,000/s and 200/s: the same for all; each timed from the
moment its MO was meant for. At 200/s most MOs come alone. CPU of all processes of the system, its
balance service not counted. "Driver late" and "others on its core" (what else ran there, in the
worst phase) tell how quiet the machine was: above 3 ms or 10 % the delays say more of the machine
than of the system. "Must" is what is wanted of Hallgate.
Rounds in turn, A B A B; the median, and (lowest…highest)."""

PINNED = """\
Pinned: system under test on core {measured}; driver and HTTP balance service on core {others}."""


def report(played: Played, folder: Path, where: Cores) -> str:
    named = {system.name: rounds for system, rounds in played.items()}
    said = [
        METHOD,
        PINNED.format(measured=where.measured, others=where.others),
        described(folder, where),
        *(f"{system.name}, durable: {system.durable}." for system in played),
        "",
        systems_table(named),
    ]
    ours, theirs = named.get(Hallgate().name), named.get(Kannel().name)
    if ours and theirs:
        said += ["", f"{Hallgate().name} against {Kannel().name}:", ratios_table(ours, theirs)]
    return "\n".join(said)


def write_json(path: Path, played: Played, where: Cores) -> None:
    plain = {
        "when": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "cores": asdict(where),
        "load_average": os.getloadavg(),
        "systems": {
            system.name: {"durable": system.durable, "rounds": [_plain(each) for each in rounds]}
            for system, rounds in played.items()
        },
    }
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n")


def _plain(played: Round) -> dict[str, object]:
    loads = {}
    for load in played.loads():
        figures = asdict(load) | load.result.as_dict()
        del figures["result"]
        loads[load.result.mode] = figures
    return {"loads": loads, "peak_megabytes": played.peak_megabytes}
