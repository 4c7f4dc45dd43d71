"""The command line: `hallgate VERB`. A verb's module is imported when the verb is called, so that
help, a phone or a list need not wait for a whole gateway to be loaded."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NamedTuple

EXAMPLES = """examples:
  hallgate demo                                   everything here, with sample subscribers
  hallgate phone                                  a phone for the demo: sms YE
  hallgate check --config conf/gateway.yaml       look before you start
  hallgate run --config conf/gateway.yaml         the gateway
  hallgate run --set limits.queries_per_hour=0    one setting over the file
"""


class Verb(NamedTuple):
    module: str  # in this folder; its `add(verbs)` adds the parser, whose default `verb` runs it
    help: str


VERBS: Final = {
    "run": Verb("run", "the gateway in the foreground; SIGTERM drains and ends it"),
    "demo": Verb("demo", "gateway, simulators and sample data in one"),
    "console": Verb("management.console", "the JSON API for people who work here; own process"),
    "check": Verb("check", "look at the configuration, commands, tariffs, replies and menus"),
    "cluster": Verb(
        "cluster", "the gateways on the store, what waits for whom, what changed hands"
    ),
    "consent": Verb("management.consent", "what a number confirmed: text, answer, time, channel"),
    "tickets": Verb("management.tickets.verbs", "what subscribers wait for, and each step of it"),
    "ussd": Verb("ussd", "show a screen to somebody who has not dialled"),
    "operators": Verb("management.operators", "the people who work here: add, lock, reset, roles"),
    "lists": Verb("management.lists", "customer lists: types, who is in them, files taken in"),
    "interfaces": Verb("management.interfaces", "halls, agents, banks, partners: keys, the brake"),
    "audit": Verb("management.audit", "who looked at whom and did what; whether it was bent"),
    "reminders": Verb("management.reminders", "what subscribers were reminded of, and what waits"),
    "notices": Verb(
        "management.notices", "tell many at once: write, approve, pause, stop, results"
    ),
    "report": Verb("management.report", "the figures of a day or a month, with definitions"),
    "db": Verb("db", "the store: schema and sample data"),
    "edition": Verb(
        "editions.verbs", "all of conf/: check it, compare, publish, try out, take back"
    ),
    "menus": Verb("menus.verbs", "see the menus, publish them, take them back"),
    "prompts": Verb("prompts", "the sounds that callers hear"),
    "sentences": Verb("sentences", "subscribers' own words: see and teach them"),
    "simulate": Verb("simulate", "the simulators on their own"),
    "phone": Verb("phone", "a phone in the terminal; more: hallgate phone --help"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["phone"] or words[:1] == ["simulate"]:  # they read their own arguments
        return int(import_module(f"{__name__}.{VERBS[words[0]].module}").main(words[1:]))
    chosen = _parser(words[0] if words else "").parse_args(words)
    from gateway.cli.errors import told  # noqa: PLC0415  # only a verb that runs needs them

    return told(lambda: int(chosen.verb(chosen)))


def _parser(called: str) -> argparse.ArgumentParser:
    """With the options of the verb that is called; of the others it knows the names."""
    parser = argparse.ArgumentParser(
        "hallgate",
        description="A self-service hall's front door: SMS, USSD and voice over one command layer.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for name, verb in VERBS.items():
        if name == called:
            import_module(f"{__name__}.{verb.module}").add(verbs, verb.help)
        else:
            verbs.add_parser(name, help=verb.help)
    return parser
