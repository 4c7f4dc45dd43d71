"""python -m simulators.load: wait for an ESME, load it one way, print the figures as JSON."""

from __future__ import annotations

import argparse
import json
import random
import sys

from simulators.load import (
    CappedPace,
    LoadPhase,
    LoadSmsc,
    Pace,
    SteadyPace,
    Subscribers,
    UnboundedPace,
)

EXAMPLE = """example, against an ESME that binds to port 2775:
  python -m simulators.load --port 2775 cap --limit 200 --duration 10
  python -m simulators.load --port 2775 rate --per-second 1000 --poisson"""


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulators.load",
        description=__doc__,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("mode", choices=("cap", "flood", "rate"))
    parser.add_argument("--port", type=int, default=2775)
    parser.add_argument("--binds", type=int, default=1, help="wait for so many binds")
    parser.add_argument("--bind-timeout", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--limit", type=int, default=200, help="cap: most MOs unanswered")
    parser.add_argument("--per-second", type=float, default=1000.0, help="rate: MOs a second")
    parser.add_argument("--poisson", action="store_true", help="rate: at random moments")
    parser.add_argument("--seed", type=int, default=1, help="rate: of the random moments")
    parser.add_argument("--warm-up", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("--duration", type=float, default=10.0, metavar="SECONDS")
    parser.add_argument("--messages", type=int, help="stop after so many instead")
    parser.add_argument("--first", type=int, default=13900000001, help="first subscriber")
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--text", default="YE")
    return parser


def pace_of(options: argparse.Namespace) -> Pace:
    match options.mode:
        case "cap":
            return CappedPace(options.limit)
        case "flood":
            return UnboundedPace()
        case _:
            chance = random.Random(options.seed) if options.poisson else None
            return SteadyPace(options.per_second, chance)


def main() -> int:
    options = arguments().parse_args()
    subscribers = Subscribers(options.first, options.subscribers, options.text.encode("ascii"))
    with LoadSmsc(options.port, subscribers) as smsc:
        print(f"waiting on 127.0.0.1:{smsc.port} for {options.binds} bind(s)", file=sys.stderr)
        smsc.await_binds(options.binds, options.bind_timeout)
        phase = LoadPhase(
            mode=options.mode,
            pace=pace_of(options),
            warm_up=options.warm_up,
            duration=options.duration,
            messages=options.messages,
        )
        result = smsc.run(phase)
    print(json.dumps(result.as_dict(), ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
