"""`hallgate sentences`: how subscribers' own words are understood, and learning from examples."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from commands.dialogue import NO_DIALOGUE, Asked, Misformed, Understood, Unknown
from commands.text import understand
from gateway.book import read_conf
from gateway.cli.verb import add_group, add_verb, settings_of
from gateway.experience import learn_again


def add(verbs: Any, help: str) -> None:
    things = add_group(verbs, "sentences", help, "thing")
    shown = add_verb(things, "show", show, "how sentences are understood, one a line",
                     "hallgate sentences show 我想开个彩铃")  # fmt: skip
    shown.add_argument(
        "text", nargs="*", metavar="TEXT", help="default: the lines of standard input"
    )
    add_verb(things, "learn", learn, "learn from conf/plain/examples.tsv anew (half a minute)",
             "hallgate sentences learn")  # fmt: skip


def show(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    register = read_conf(settings).register
    today = datetime.now(ZoneInfo(settings.service.timezone)).date()
    for text in chosen.text or map(str.rstrip, sys.stdin):
        print(f"{text}\t{_told(understand(text, NO_DIALOGUE, register, today=today))}")
    return 0


def _told(said: Understood) -> str:
    match said:
        case Asked(spec, args, _, also):
            given = "".join(f" {name}={value}" for name, value in args.items())
            return f"{spec.action}{given}" + "".join(f", proposes {code}" for code, _ in also)
        case Misformed(spec):
            return f"{spec.action}, and asks for what is missing"
        case Unknown(_, suggestions) if suggestions:
            return "proposes " + ", ".join(f"{code} ({spec.action})" for code, spec in suggestions)
        case _:
            return "not understood: the menu and a person"


def learn(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    plain = read_conf(settings, learnt=False).register.plain
    assert plain is not None  # read_conf refuses a conf/ without
    print(f"learnt from {learn_again(settings.conf, plain)} examples")
    return 0
