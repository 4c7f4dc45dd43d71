"""`hallgate simulate`: the other side of the gateway's lines, on its own."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("hallgate simulate", add_help=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("what", nargs="?", choices=SIMULATORS)
    chosen, _ = parser.parse_known_args(words[:1])
    if chosen.what is None:
        print(f"usage: hallgate simulate {{{','.join(SIMULATORS)}}} …\n\n{HELP}")
        return 0 if chosen.help else 2
    return SIMULATORS[chosen.what](list(words[1:]))


HELP = """\
the simulators on their own, each a process

  smsc      an SMSC and USSD centre that misbehaves on demand
  ussd      the same program: one link carries both
  pbx       a telephone exchange, as Asterisk by AMI and AsyncAGI
  boss      an operator's own system over HTTP
  identity  a provider of identities, by which operators log in

example:
  hallgate simulate smsc --help"""


def _smsc(words: list[str]) -> int:
    from simulators.smsc import command_line

    return command_line.main(words, prog="hallgate simulate smsc")


def _pbx(words: list[str]) -> int:
    from simulators.pbx import command_line

    return command_line.main(words, prog="hallgate simulate pbx")


def _boss(words: list[str]) -> int:
    from simulators.boss import command_line

    return command_line.main(words, prog="hallgate simulate boss", sample=_sample_for_boss())


def _sample_for_boss() -> dict[str, Any]:
    from gateway.boss.sample_records import sample_book
    from gateway.config.sample import people as sample_people
    from gateway.config.settings import OWN_CONF, Settings
    from gateway.dialogue.snapshot import open_snapshot

    catalogue = open_snapshot(Settings()).catalogue
    loaded = sample_people.load(OWN_CONF / "sample" / "personas.yaml", catalogue)
    return sample_book(loaded, catalogue, int(time.time()))


def _identity(words: list[str]) -> int:
    from simulators.identity import command_line

    return command_line.main(words, prog="hallgate simulate identity")


SIMULATORS: dict[str, Callable[[list[str]], int]] = {
    "smsc": _smsc,
    "ussd": _smsc,
    "pbx": _pbx,
    "boss": _boss,
    "identity": _identity,
}
