"""How a verb is added to the command line: with an example, and with the options of every verb."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from commands.model.parameters import ParameterKind
from gateway.config.settings import Settings
from gateway.config.sources import CONFIG_IS, read_settings
from periods.period import begin_of

Run = Callable[[argparse.Namespace], int]


def add_verb(verbs: Any, name: str, run: Run, help: str, example: str) -> Any:
    verb = verbs.add_parser(
        name, help=help, description=f"{help[0].upper()}{help[1:]}.",
        epilog=f"example:\n  {example}", formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    if group := getattr(verbs, "of", None):
        group.epilog = f"{group.epilog or 'examples:'}\n  {example}"
    named = os.environ.get(CONFIG_IS)
    verb.add_argument(
        "--config", type=Path, metavar="FILE", default=Path(named) if named else None,
        help=f"the configuration (YAML); default: what ${CONFIG_IS} names",
    )  # fmt: skip
    verb.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="one setting over it"
    )
    verb.set_defaults(verb=run)
    return verb


def add_group(verbs: Any, name: str, help: str, title: str) -> Any:
    """A verb that has verbs of its own; their examples are its examples."""
    group = verbs.add_parser(
        name, help=help, description=f"{help[0].upper()}{help[1:]}.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    steps = group.add_subparsers(title=f"{title}s", metavar=title.upper(), required=True)
    steps.of = group
    return steps


def add_form(verb: Any) -> Any:
    """For what is a list: --json or --csv; to what is returned more forms may be added."""
    forms = verb.add_mutually_exclusive_group()
    forms.add_argument(
        "--json", dest="form", action="store_const", const="json", default="", help="as JSON"
    )
    forms.add_argument("--csv", dest="form", action="store_const", const="csv", help="as CSV")
    return forms


def settings_of(chosen: argparse.Namespace) -> Settings:
    """Raises BadFile."""
    return read_settings(chosen.config, chosen.set)


def add_log(verb: Any) -> None:
    """For what runs until it is ended."""
    verb.add_argument(
        "--log", type=_log_file, metavar="FILE",
        help="its log in a file instead of on standard error; it is followed when it is rotated",
    )  # fmt: skip


def _log_file(written: str) -> Path:
    """One that can be written to."""
    from gateway.ops.log_spool import opened  # noqa: PLC0415

    path = Path(written).absolute()
    try:
        os.close(opened(path))
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{path}: {error.strerror}") from None
    return path


def add_moment(verb: Any) -> None:
    verb.add_argument(
        "--at", type=moment, metavar="MOMENT",
        help="as it is then, on the hall's own clock: 2027-02-06T09:00, or a day",
    )  # fmt: skip


def moment(written: str) -> int:
    """An argument that is a moment: the minute of the wall clock (periods.period)."""
    try:
        return begin_of(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{written}': {error}") from None


def msisdn(written: str) -> str:
    """An argument that is a mobile number."""
    if found := ParameterKind.MSISDN.clean(written):
        return found
    raise argparse.ArgumentTypeError(f"'{written}' is no mobile number; write eleven digits")
