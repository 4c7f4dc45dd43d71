"""`hallgate sentences`: how subscribers' own words are understood, and learning from examples."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import Any

from commands.model.dialogue import NO_DIALOGUE
from commands.parser.parsed_message import (
    MalformedCommand,
    ParsedCommand,
    ParsedMessage,
    UnknownText,
)
from commands.parser.understanding import understand
from gateway.cli.verb import add_group, add_verb, settings_of
from gateway.config.sentence_examples import learn_again
from gateway.dialogue.snapshot import read_conf


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
    today = datetime.now(settings.service.zone).date()
    for text in chosen.text or map(str.rstrip, sys.stdin):
        print(f"{text}\t{_told(understand(text, NO_DIALOGUE, register, today=today))}")
    return 0


def _told(said: ParsedMessage) -> str:
    match said:
        case ParsedCommand(spec, args, _, also):
            given = "".join(f" {name}={value}" for name, value in args.items())
            return f"{spec.action}{given}" + "".join(f", proposes {code}" for code, _ in also)
        case MalformedCommand(spec):
            return f"{spec.action}, and asks for what is missing"
        case UnknownText(_, suggestions) if suggestions:
            return "proposes " + ", ".join(f"{code} ({spec.action})" for code, spec in suggestions)
        case _:
            return "not understood: the menu and a person"


def learn(chosen: argparse.Namespace) -> int:
    settings = settings_of(chosen)
    plain = read_conf(settings, learnt=False).register.plain
    assert plain is not None  # read_conf refuses a conf/ without
    print(f"learnt from {learn_again(settings.conf, plain)} examples")
    return 0
