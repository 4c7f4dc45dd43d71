"""Walking the menus in a terminal. Commands do not run: whoever types says how they end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from menus import walk
from menus.book import Book, Ending
from menus.script import begin, plain
from menus.steps import Answer, End, Outcome, Run, Show, Step, Transfer, Walked
from menus.units import on_ussd, sms_parts
from menus.when import Caller
from menus.wording import Channel
from menus.world import World

HELP = "Type what a subscriber would; an empty line is silence on a call; Ctrl-D ends."


@dataclass(frozen=True, slots=True)
class Terminal:
    ask: Callable[[str], str]
    show: Callable[[str], None]


def simulate(
    book: Book,
    world: World,
    channel: Channel,
    dialled: str,
    language: str,
    caller: Caller,
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
                case Show():
                    typed = terminal.ask("> ")
                    walked = walk.step(book, walked.position, typed, caller, walked.ahead)
                case Run() | Answer():
                    run = walked.step.run if isinstance(walked.step, Run) else run
                    ended = _ended(world, run, walked, terminal)
                    walked = walk.resume(book, walked.position, ended, caller, walked.ahead)
                case End() | Transfer():
                    return
    except EOFError:
        return


def _ended(world: World, run: str, walked: Walked, terminal: Terminal) -> Outcome:
    """How the command ends, in its longest words if none are given."""
    command = world.commands.get(run)
    known = command.endings if command else frozenset(Ending)
    names = [ending.value for ending in Ending if ending in known]
    given = terminal.ask(f"how does it end? {' | '.join(names)} [words] (ok) > ").split(None, 1)
    ending = Ending(given[0]) if given and given[0] in names else Ending.OK
    position = walked.position
    says = command.says.get(ending, {}) if command else {}
    words = max(says.get((position.channel, position.language), ()), key=len, default="")
    return Outcome(ending, given[1] if len(given) > 1 else words or f"({run}: {ending.value})")


def _lines(walked: Walked, channel: Channel, world: World) -> list[str]:
    step: Step = walked.step
    match step:
        case Show(_, text) | End(text) | Transfer(text):
            signed = world.signed(text, walked.position.language)
            head = f"── {_kind(step)} · {_size(text, channel, signed)}"
            sms = ["   (and a short message)"] if isinstance(step, Show | End) and step.sms else []
            return [head, *(f"   │ {line}" for line in text.split("\n")), *sms]
        case Run() | Answer():
            return [f"── {plain(step)}"]


def _kind(step: Step) -> str:
    match step:
        case Show(screen):
            return screen
        case Transfer(_, screen):
            return f"{screen}, to a person"
        case _:
            return "the end"


def _size(text: str, channel: Channel, signed: str) -> str:
    match channel:
        case Channel.USSD:
            return str(on_ussd(text))
        case Channel.SMS:
            return f"{sms_parts(signed)} short message(s)"
        case Channel.VOICE:
            return "said"
