"""`hallgate completion`: what a shell completes behind `hallgate`."""

from __future__ import annotations

import argparse
from typing import Any, Final

SHELLS: Final = ("bash", "zsh", "tcsh")


def add(verbs: Any, help: str) -> None:
    verb = verbs.add_parser(
        "completion", help=help, description=f"{help[0].upper()}{help[1:]}.",
        epilog="example:\n  hallgate completion bash > /etc/bash_completion.d/hallgate",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    verb.add_argument("shell", choices=SHELLS)
    verb.set_defaults(verb=complete)


def complete(chosen: argparse.Namespace) -> int:
    import shtab  # noqa: PLC0415  # needed here alone

    from gateway.cli import whole_parser  # noqa: PLC0415  # loads every verb

    print(shtab.complete(whole_parser(), shell=chosen.shell))
    return 0
