"""Walking the menus in a terminal. Commands do not run: whoever types says how they end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from menus.model.book import Book, CommandEnding
from menus.model.conditions import MenuUser
from menus.model.steps import (
    AnswerCommand,
    CommandResult,
    EndDialogue,
    RunCommand,
    ShowScreen,
    TransferCall,
    WalkResult,
    WalkStep,
)
from menus.model.surroundings import BookSurroundings
from menus.model.text_size import on_ussd, sms_parts
from menus.model.wording import MenuChannel
from menus.tools.scripts import begin, plain
from menus.walk import walk

HELP = "Type what a subscriber would; an empty line is silence on a call; Ctrl-D ends."


@dataclass(frozen=True, slots=True)
class Terminal:
    ask: Callable[[str], str]
    show: Callable[[str], None]


def simulate(
    book: Book,
    world: BookSurroundings,
    channel: MenuChannel,
    dialled: str,
    language: str,
    caller: MenuUser,
    terminal: Terminal,
) -> None:
    """One dialogue, until it ends or nothing more is typed."""
    terminal.show(HELP)
    walked = begin(book, channel, dialled, language, caller)
    run = ""
    try:
        while True:
            for line in _lines(walked, channel, world):
                terminal.show(line)
            match walked.step:
                case ShowScreen():
                    typed = terminal.ask("> ")
                    walked = walk.step(book, walked.position, typed, caller, walked.ahead)
                case RunCommand() | AnswerCommand():
                    run = walked.step.run if isinstance(walked.step, RunCommand) else run
                    ended = _ended(world, run, walked, terminal)
                    walked = walk.resume(book, walked.position, ended, caller, walked.ahead)
                case EndDialogue() | TransferCall():
                    return
    except EOFError:
        return


def _ended(
    world: BookSurroundings, run: str, walked: WalkResult, terminal: Terminal
) -> CommandResult:
    """How the command ends, in its longest words if none are given."""
    command = world.commands.get(run)
    known = command.endings if command else frozenset(CommandEnding)
    names = [ending.value for ending in CommandEnding if ending in known]
    given = terminal.ask(f"how does it end? {' | '.join(names)} [words] (ok) > ").split(None, 1)
    ending = CommandEnding(given[0]) if given and given[0] in names else CommandEnding.OK
    position = walked.position
    says = command.says.get(ending, {}) if command else {}
    words = max(says.get((position.channel, position.language), ()), key=len, default="")
    return CommandResult(
        ending, given[1] if len(given) > 1 else words or f"({run}: {ending.value})"
    )


def _lines(walked: WalkResult, channel: MenuChannel, world: BookSurroundings) -> list[str]:
    step: WalkStep = walked.step
    match step:
        case ShowScreen(_, text) | EndDialogue(text) | TransferCall(text):
            signed = world.signed(text, walked.position.language)
            head = f"── {_kind(step)} · {_size(text, channel, signed)}"
            sms = (
                ["   (and a short message)"]
                if isinstance(step, ShowScreen | EndDialogue) and step.sms
                else []
            )
            return [head, *(f"   │ {line}" for line in text.split("\n")), *sms]
        case RunCommand() | AnswerCommand():
            return [f"── {plain(step)}"]


def _kind(step: WalkStep) -> str:
    match step:
        case ShowScreen(screen):
            return screen
        case TransferCall(_, screen):
            return f"{screen}, to a person"
        case _:
            return "the end"


def _size(text: str, channel: MenuChannel, signed: str) -> str:
    match channel:
        case MenuChannel.USSD:
            return str(on_ussd(text))
        case MenuChannel.SMS:
            return f"{sms_parts(signed)} short message(s)"
        case MenuChannel.VOICE:
            return "said"
