"""What a call is told to do after a step: say this, and ask for that, or hang up, or hand over."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, NamedTuple

from commands.auth import proof
from commands.model.command_register import CommandRegister
from commands.model.parameters import ParameterKind
from gateway.dialogue.agent_handover import AgentHandover
from gateway.dialogue.menu_turn import MenuTurn
from ivr.call.questions import BargeIn
from menus.model.book import Book, Screen
from menus.model.fields import LONGEST, Field, FieldKind
from menus.model.steps import EndDialogue, ShowScreen, TransferCall

HASH: Final = "#"
STAR: Final = "*"
_MOST_DIGITS: Final = 20
_TAIL: Final = 1.5
"""Seconds in which a # that follows the last digit still belongs to them."""
_PICK_WAIT: Final = 3.0
"""Seconds after which the first digit of a longer list was the whole number."""
_BEFORE_X: Final = 17  # digits of a certificate whose last place is X
_LENGTHS: Final = {
    ParameterKind.PASSWORD: 6,
    ParameterKind.MSISDN: 11,
    ParameterKind.CARD: 18,
    ParameterKind.CERTIFICATE: 18,
    ParameterKind.MONTH: 6,
    ParameterKind.DAY: 4,
}


_WAITS_ON: Final = 0.5
"""Seconds for a key where silence leads on."""


class AfterPrompt(Enum):
    """What follows the words."""

    ASK = "ask"
    RECORD = "record"
    HANG_UP = "hang up"
    HAND_OVER = "hand over"
    WAIT = "wait"
    """For the next instruction."""


class KeysWanted(NamedTuple):
    """What to gather: so many keys at most, or until one of the enders, or silence; the rest as a
    question has it."""

    most: int = 1
    enders: str = ""
    wait: float = 6.0
    between: float = 0.0
    tail: float = 0.0
    barge: BargeIn = BargeIn.YES


class VoiceInstruction(NamedTuple):
    text: str
    language: str
    then: AfterPrompt
    keys: KeysWanted = KeysWanted()
    fresh: bool = False
    """What was typed before these words does not count."""
    screen: str = ""
    action: str = ""
    """The command that has answered, if one has."""
    private: bool = False
    """The words carry a secret: nothing of them may be kept."""
    handover: AgentHandover | None = None
    play: str = ""
    """A recording to be heard before the words."""
    slow: bool = False
    """Of slower sounds, and with a pause behind each phrase."""
    proved: str = ""
    """The number whose password was right."""


def voice_instruction_of(
    turn: MenuTurn, book: Book, register: CommandRegister, handover: AgentHandover | None = None
) -> VoiceInstruction:
    action = turn.action if turn.answered else ""
    instruction = VoiceInstruction(
        turn.step.text, turn.language, AfterPrompt.HANG_UP, action=action
    )
    instruction = instruction._replace(private=turn.secret, proved=turn.proved)
    match turn.step:
        case EndDialogue():
            return instruction
        case TransferCall():
            return instruction._replace(then=AfterPrompt.HAND_OVER, handover=handover)
        case ShowScreen(name):
            screen = book.screens[name]
            open = turn.state.menu
            wrong = open is not None and open.position.wrong > 0
            fresh = wrong or book.must_be_seen(screen)
            wait, barge = float(book.limits.silence), BargeIn(screen.barge.value)
            wait = _WAITS_ON if name == book.unanswered else wait
            keys = _keys(turn, turn.step, screen, register)._replace(wait=wait, barge=barge)
            then = AfterPrompt.RECORD if _is_spoken(turn.step) else AfterPrompt.ASK
            play = open.position.fields.get(screen.play, "") if open is not None else ""
            return instruction._replace(
                then=then, keys=keys, fresh=fresh, screen=name, play=play,
                slow=open is not None and _slow(book, (*open.position.trail, name)),
            )  # fmt: skip


def _slow(book: Book, names: Iterable[str]) -> bool:
    """Whether one of the screens that a caller came by is said slowly."""
    return any(name in book.screens and book.screens[name].slow for name in names)


def _is_spoken(show: ShowScreen) -> bool:
    return show.field is not None and show.field.kind is FieldKind.RECORDING


def _keys(
    turn: MenuTurn, show: ShowScreen, screen: Screen, register: CommandRegister
) -> KeysWanted:
    dialogue = turn.state.dialogue
    if screen.pick:
        listed = len(dialogue.choice.items) if dialogue.choice else 1
        return KeysWanted(len(str(max(1, listed))), HASH + STAR, between=_PICK_WAIT)
    if show.field is None:
        return KeysWanted(show.longest_key)
    if show.field.kind is FieldKind.TEXT:  # whatever the command asks for next
        step = dialogue.step
        kind = proof.kind_of(step.wants, register) if step else ParameterKind.TEXT
        return _digits(_LENGTHS.get(kind, _MOST_DIGITS))
    return _digits(_longest(show.field))


def _longest(field: Field) -> int:
    return field.most if field.kind is FieldKind.DIGITS else len(LONGEST[field.kind])


def _digits(most: int) -> KeysWanted:
    return KeysWanted(most, HASH + STAR, tail=_TAIL)


def typed_text(keys: str, ender: str) -> str:
    """What a caller typed, as a walk takes it. A certificate may end with X, for which a telephone
    has the star."""
    if ender == STAR and len(keys) == _BEFORE_X:
        return f"{keys}X"
    if ender == STAR:
        return STAR
    return keys or ender
