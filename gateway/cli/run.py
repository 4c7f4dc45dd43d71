"""`hallgate run`: the gateway in the foreground, or several of them."""

from __future__ import annotations

import argparse
from typing import Any, Final

from gateway.cli.verb import add_log, add_verb

MOST: Final = 32  # processes of one machine; a store has room for 64


def add(verbs: Any, help: str) -> None:
    example = "hallgate run --config conf/gateway.yaml --set http.listen=127.0.0.1:9086"
    verb = add_verb(verbs, "run", run, help, example)
    verb.add_argument(
        "--processes",
        type=_processes,
        default=1,
        metavar="N",
        help="so many gateways on this machine, kept up by this command: about one for each core",
    )
    add_log(verb)
    # which of them, and whose child it is
    verb.add_argument("--process", type=int, default=0, help=argparse.SUPPRESS)
    verb.add_argument("--supervisor", type=int, default=0, help=argparse.SUPPRESS)


def _processes(written: str) -> int:
    if written.isdigit() and 1 <= int(written) <= MOST:
        return int(written)
    raise argparse.ArgumentTypeError(f"'{written}' is no number from 1 to {MOST}")


def run(chosen: argparse.Namespace) -> int:
    if chosen.processes > 1:
        from gateway.cli.several import run_several  # noqa: PLC0415  # who runs one needs it not

        return run_several(chosen)
    from gateway.cli.running import run_one  # noqa: PLC0415  # help needs no gateway

    return run_one(chosen)
