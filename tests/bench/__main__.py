"""python -m tests.bench: Hallgate and Kannel under the same load, in turn, on this machine."""

from __future__ import annotations

import argparse
import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench import campaign, gateways, menus, sentences, shares, starting, ussd
from tests.bench.calls import calls_report as calls
from tests.bench.cpu_profile import profile
from tests.bench.host.interrupts import leave_in_order
from tests.bench.host.machine import cores
from tests.bench.host.processes import Cores, Unable
from tests.bench.ratio_table import number
from tests.bench.report import report, write_json
from tests.bench.rounds import Round, Times, play
from tests.bench.systems.hallgate import Hallgate
from tests.bench.systems.kannel import Kannel
from tests.bench.systems.standin import StandInSystem
from tests.bench.systems.system import System
from tests.ivr.real_asterisk import CannotFetch

USUAL = Times(warm_up=1.0, duration=6.0)
QUICK = Times(warm_up=0.3, duration=1.7)
USUAL_CALLS, QUICK_CALLS = 12.0, 6.0  # seconds in which calls are placed
CHECK = Times(warm_up=0.3, duration=1.2)  # of the driver itself


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        epilog="example: python -m tests.bench --quick --json figures.json",
    )
    parser.add_argument(
        "--quick", action="store_true", help="the systems, sentences and USSD, in two minutes"
    )
    parser.add_argument(
        "--only",
        choices=("hallgate", "kannel", "driver", *PARTS),
        help="one system, no ratios; or one of the other parts alone",
    )
    parser.add_argument("--rounds", type=int, help="rounds of each (3; quick: 2)")
    parser.add_argument("--seconds", type=float, help="of each phase, or of the profile")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there too")
    parser.add_argument("--profile", action="store_true", help="where Hallgate spends its time")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="for Hallgate"
    )
    return parser


def chosen(options: argparse.Namespace) -> list[System]:
    hallgate, kannel = Hallgate(tuple(options.set)), Kannel()
    match options.only:
        case "hallgate":
            return [hallgate]
        case "kannel":
            return [kannel]
        case "driver":
            return [StandInSystem()]
        case _:
            return [hallgate, kannel]


def measure(options: argparse.Namespace, folder: Path, where: Cores) -> dict[System, list[Round]]:
    """A B A B …, then what is only told beside them: once, and briefly."""
    systems = chosen(options)
    usual = QUICK if options.quick else USUAL
    times = Times(usual.warm_up, options.seconds or usual.duration)
    for system in systems:
        system.prepare(folder)
    played: dict[System, list[Round]] = {system: [] for system in systems}
    for _ in range(options.rounds or (2 if options.quick else 3)):
        for system in systems:
            played[system].append(one_round(system, folder, where, times))
    if not options.only:
        for beside, for_long in ((Kannel(asks=False), times), (StandInSystem(), CHECK)):
            played[beside] = [one_round(beside, folder, where, for_long, brief=True)]
    return played


def one_round(
    system: System, folder: Path, where: Cores, times: Times, brief: bool = False
) -> Round:
    print(f"{system.name} …", end=" ", file=sys.stderr, flush=True)
    found = play(system, folder / "round", where, times, brief)
    shutil.rmtree(folder / "round")
    cap, flood = found.cap.result, found.flood.result
    print(f"cap200 {number(cap.rate)}/s, flood {number(flood.rate)}/s", file=sys.stderr)
    return found


def run(options: argparse.Namespace, folder: Path) -> int:
    where = cores()
    os.sched_setaffinity(0, {where.others})
    gc.disable()  # our own pauses would be measured as theirs; collected between phases
    if options.profile:
        print(profile(Hallgate(tuple(options.set)), folder, where, options.seconds or 8.0))
        return 0
    if options.only in PARTS:
        print(PARTS[options.only](options, folder, where))
        return 0
    played = measure(options, folder, where)
    print(report(played, folder, where))
    for name in parts_besides(options):
        print(f"\n{PARTS[name](options, folder, where)}")
    if options.quick and not options.only:
        print(f"\nNot when it is quick, each by --only: {', '.join(LONG_PARTS)}.")
    if options.json:
        write_json(options.json, played, where)
    ours = [
        each for system, rounds in played.items() if isinstance(system, Hallgate) for each in rounds
    ]
    return int(any(each.faults() for each in ours))


def parts_besides(options: argparse.Namespace) -> list[str]:
    """What is measured after the systems."""
    if options.only:
        return []
    return [name for name in PARTS if not (options.quick and name in LONG_PARTS)]


def sentence_figures(options: argparse.Namespace, folder: Path, where: Cores) -> str:
    return sentences.measure()


def ussd_figures(options: argparse.Namespace, folder: Path, where: Cores) -> str:
    usual = QUICK if options.quick else USUAL
    times = Times(usual.warm_up, options.seconds or usual.duration)
    rounds = options.rounds or (1 if options.quick else 3)
    return ussd.told(ussd.measure(folder / "ussd", where, times, rounds, tuple(options.set)))


def start_figures(options: argparse.Namespace, folder: Path, where: Cores) -> str:
    return starting.told(starting.measure(folder / "starting", where, options.rounds or 5))


def menu_figures(options: argparse.Namespace, folder: Path, where: Cores) -> str:
    print("menus …", file=sys.stderr)
    usual = QUICK if options.quick else USUAL
    people = 10_000 if options.quick else 100_000
    return menus.told(
        menus.measure(folder / "menus", where, people, options.seconds or usual.duration)
    )


def gateway_figures(options: argparse.Namespace, folder: Path, where: Cores) -> str:
    usual = QUICK if options.quick else USUAL
    times = Times(usual.warm_up, options.seconds or usual.duration)
    rounds = options.rounds or (2 if options.quick else 3)
    played = gateways.measure(folder / "gateways", where, times, rounds, tuple(options.set))
    return gateways.told(played, where)


def share_figures(options: argparse.Namespace, folder: Path, where: Cores) -> str:
    usual = QUICK if options.quick else USUAL
    times = Times(usual.warm_up, options.seconds or usual.duration)
    rounds = options.rounds or (2 if options.quick else 3)
    return shares.told(shares.measure(folder / "shares", where, times, rounds, tuple(options.set)))


def call_figures(options: argparse.Namespace, folder: Path, where: Cores) -> str:
    print("calls …", file=sys.stderr)
    usual = QUICK_CALLS if options.quick else USUAL_CALLS
    try:
        return calls.measure(folder / "calls", where, options.seconds or usual)
    except CannotFetch as lack:
        raise Unable(str(lack)) from None


def campaign_figures(options: argparse.Namespace, folder: Path, where: Cores) -> str:
    usual = QUICK if options.quick else USUAL
    times = Times(usual.warm_up, options.seconds or usual.duration)
    rounds = options.rounds or (1 if options.quick else 3)
    return campaign.told(
        campaign.measure(folder / "campaign", where, times, rounds, tuple(options.set))
    )


PARTS: dict[str, Callable[[argparse.Namespace, Path, Cores], str]] = {
    "sentences": sentence_figures,
    "ussd": ussd_figures,
    "menus": menu_figures,
    "start": start_figures,
    "campaign": campaign_figures,
    "gateways": gateway_figures,
    "shares": share_figures,
    "calls": call_figures,
}
LONG_PARTS = ("menus", "start", "campaign", "gateways", "shares", "calls")


def main() -> int:
    leave_in_order()
    options = arguments().parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="hallgate-bench-") as folder:
            return run(options, Path(folder))
    except Unable as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
