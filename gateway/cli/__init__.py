"""The command line: `hallgate VERB`. A verb's module is imported when the verb is called, so that
help, a phone or a list need not wait for a whole gateway to be loaded."""

from __future__ import annotations

import argparse
import gc
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
    "doctor": Verb("upkeep.doctor", "what is wrong with this machine, and what cures it"),
    "backup": Verb(
        "upkeep.backup", "the store and conf/ as they are now, beside gateways that run"
    ),
    "restore": Verb("upkeep.restore", "a store made of a backup, where there is none"),
    "cluster": Verb(
        "cluster", "the gateways on the store, what waits for whom, what changed hands"
    ),
    "forget": Verb(
        "management.forget", "erase what the law lets erase of a number; say what stays"
    ),
    "consent": Verb("management.consent", "what a number confirmed: text, answer, time, channel"),
    "trace": Verb("management.trace", "one message or number: understood, answered, sent, why"),
    "links": Verb("management.links", "links to SMSCs: show, pause, drain, resume, rate"),
    "tickets": Verb("management.tickets.verbs", "what subscribers wait for, and each step of it"),
    "ussd": Verb("ussd", "show a screen to somebody who has not dialled"),
    "operators": Verb("management.operators", "the people who work here: add, lock, reset, roles"),
    "lists": Verb("management.lists", "customer lists: types, who is in them, files taken in"),
    "block": Verb("management.block", "numbers that may not use the hall: add, list, remove"),
    "interfaces": Verb("management.interfaces", "halls, agents, banks, partners: keys, the brake"),
    "audit": Verb("management.audit", "who looked at whom and did what; whether it was bent"),
    "reminders": Verb("management.reminders", "what subscribers were reminded of, and what waits"),
    "notices": Verb(
        "management.notices", "tell many at once: write, approve, pause, stop, results"
    ),
    "report": Verb("management.report", "the figures of a day or a month, with definitions"),
    "db": Verb("db", "the store: schema and sample data"),
    "preview": Verb("preview", "what a subscriber would be answered, word for word, at any moment"),
    "edition": Verb(
        "editions.verbs", "all of conf/: check it, compare, publish, try out, take back"
    ),
    "menus": Verb("menus.verbs", "see the menus, publish them, take them back"),
    "prompts": Verb("prompts", "the sounds that callers hear"),
    "sentences": Verb("sentences", "subscribers' own words: see and teach them"),
    "simulate": Verb("simulate", "the simulators on their own"),
    "completion": Verb("completion", "what a shell completes behind `hallgate`: a script for it"),
    "phone": Verb("phone", "a phone in the terminal; more: hallgate phone --help"),
}


ITS_OWN: Final = ("phone", "simulate")
"""Verbs that read their arguments themselves."""
LASTING: Final = ("run", "demo", "console")
"""Verbs that go on until they are ended."""
RARELY: Final = (500_000, 20, 20)
"""How many more things live, until the collector looks at them: nearly all that a verb makes of
conf/ stays until it ends, and looking through it again and again was a fifth of its time."""
_EVERYWHERE: Final = ("--config", "--set")
"""Options of every verb, which may stand before it as well."""


def main(arguments: Sequence[str] | None = None) -> int:
    words = _verb_first(list(sys.argv[1:] if arguments is None else arguments))
    if words[:1] and words[0] in ITS_OWN:
        return int(import_module(f"{__name__}.{VERBS[words[0]].module}").main(words[1:]))
    gc.disable()  # what is imported stays: looking through it for what does not takes a fifth more
    try:
        chosen = _parser(words[:1]).parse_args(words)
    finally:
        gc.enable()
    from gateway.cli.errors import told  # noqa: PLC0415  # only a verb that runs needs them

    if arguments is None and words[:1] and words[0] not in LASTING:
        gc.set_threshold(*RARELY)
    code = told(lambda: int(chosen.verb(chosen)))
    if arguments is None:
        gc.freeze()  # the process is at its end: nothing is left to be looked through
    return code


def whole_parser() -> argparse.ArgumentParser:
    """With the options of all verbs, for who completes or describes them."""
    return _parser([name for name in VERBS if name not in ITS_OWN])


def _verb_first(words: list[str]) -> list[str]:
    """`hallgate --config FILE check` as `hallgate check --config FILE`."""
    before: list[str] = []
    while words and words[0].partition("=")[0] in _EVERYWHERE:
        taken = 1 if "=" in words[0] else 2
        before += words[:taken]
        words = words[taken:]
    end = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
    return words[:end] + before + words[end:]


def _parser(called: Sequence[str]) -> argparse.ArgumentParser:
    """With the options of the verbs that are called; of the others it knows the names."""
    parser = argparse.ArgumentParser(
        "hallgate",
        description="A self-service hall's front door: SMS, USSD and voice over one command layer.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action=_TellVersion, nargs=0, help="the release, its commit, its schema"
    )
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for name, verb in VERBS.items():
        if name in called:
            import_module(f"{__name__}.{verb.module}").add(verbs, verb.help)
        else:
            verbs.add_parser(name, help=verb.help)
    return parser


class _TellVersion(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from gateway.cli.version import program_version  # noqa: PLC0415  # few ask

        print(program_version())
        parser.exit()
