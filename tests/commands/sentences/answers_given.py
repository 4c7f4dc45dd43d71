"""What was answered to a sentence, in the words of the scorer: from the real answer, not from what
was understood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from commands.model.command_register import CommandRegister
from commands.model.dialogue import NO_DIALOGUE
from commands.model.request import Arguments
from commands.model.turn import TurnOutcome
from commands.parser.parsed_message import MalformedCommand, ParsedCommand
from commands.parser.understanding import understand
from tests.commands.fakes import world
from tests.commands.phone import Phone

ASKER: Final = "13800138001"
ARGUMENTS: Final = ("service", "group", "plan", "month", "language", "matter")
LISTED: Final = {"help.unknown", "help.meant", "help.also"}  # texts that propose by number


def answered(sentence: str) -> list[str]:
    """The parts before >> are sent first; the answer to the last counts."""
    phone = Phone(world(), ASKER)
    *before, text = sentence.split(">>")
    for each in before:
        phone.sends(each)
    said = understand(text, phone.dialogue, phone.register, today=phone.today)
    phone.sends(text)
    assert phone.last is not None
    asked = said.args if isinstance(said, ParsedCommand) else {}
    return list(_told(phone.last, asked, phone.register, phone.today))


def _told(
    outcome: TurnOutcome, args: Arguments, register: CommandRegister, today: date
) -> Iterator[str]:
    texts = [reply.text for reply in outcome.replies]
    if outcome.action in register.specs:
        if outcome.result in ("declined", "expired"):
            yield "dropped"
        else:
            done = "done:" if outcome.changed or outcome.result == "ok" else ""
            yield done + _named(outcome.action, args)
    if "help.others" in texts or any(text.startswith("q.refuse") for text in texts):
        yield "refuse"
    if LISTED.intersection(texts) and outcome.dialogue.choice:
        for item in outcome.dialogue.choice.items:
            yield f"suggest:{_proposed(item, register, today)}"
    if "help.lost" in texts:
        yield "help"


def _proposed(item: str, register: CommandRegister, today: date) -> str:
    said = understand(item, NO_DIALOGUE, register, today=today)
    if isinstance(said, ParsedCommand):
        return _named(said.spec.action, said.args)
    return said.spec.action if isinstance(said, MalformedCommand) else "?"


def _named(action: str, args: Arguments) -> str:
    told = ";".join(str(args[name]) for name in ARGUMENTS if name in args)
    return f"{action}({told})" if told else action
