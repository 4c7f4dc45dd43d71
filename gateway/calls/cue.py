"""What a call is told to do after a step: say this, and ask for that, or hang up, or hand over."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from commands import proof
from commands.parameters import Kind as Wanted
from commands.register import Register
from gateway.calls.handover import Handover
from gateway.menus.guide import Guided
from ivr.keys import Barge
from menus.book import Book, Screen
from menus.fields import LONGEST, Field, Kind
from menus.steps import End, Show, Transfer

HASH: Final = "#"
STAR: Final = "*"
_MOST_DIGITS: Final = 20
_TAIL: Final = 1.5
"""Seconds in which a # that follows the last digit still belongs to them."""
_PICK_WAIT: Final = 3.0
"""Seconds after which the first digit of a longer list was the whole number."""
_BEFORE_X: Final = 17  # digits of a certificate whose last place is X
_LENGTHS: Final = {
    Wanted.PASSWORD: 6, Wanted.MSISDN: 11, Wanted.CARD: 18, Wanted.CERTIFICATE: 18,
    Wanted.MONTH: 6, Wanted.DAY: 4,
}  # fmt: skip


_WAITS_ON: Final = 2.0
"""Seconds for a key where silence leads on."""


class Then(Enum):
    """What follows the words."""

    ASK = "ask"
    RECORD = "record"
    HANG_UP = "hang up"
    HAND_OVER = "hand over"
    WAIT = "wait"
    """For the next cue."""


class Keys(NamedTuple):
    """What to gather: so many keys at most, or until one of the enders, or silence; the rest as a
    question has it."""

    most: int = 1
    enders: str = ""
    wait: float = 6.0
    between: float = 0.0
    tail: float = 0.0
    barge: Barge = Barge.YES


class Cue(NamedTuple):
    text: str
    language: str
    then: Then
    keys: Keys = Keys()
    fresh: bool = False
    """What was typed before these words does not count."""
    screen: str = ""
    action: str = ""
    """The command that has answered, if one has."""
    private: bool = False
    """The words carry a secret: nothing of them may be kept."""
    handover: Handover | None = None
    play: str = ""
    """A recording to be heard before the words."""


def cue_of(guided: Guided, menu: Book, register: Register, handover: Handover | None = None) -> Cue:
    action = guided.action if guided.answered else ""
    said = Cue(guided.step.text, guided.language, Then.HANG_UP, action=action)
    said = said._replace(private=guided.secret)
    match guided.step:
        case End():
            return said
        case Transfer():
            return said._replace(then=Then.HAND_OVER, handover=handover)
        case Show(name):
            screen = menu.screens[name]
            open = guided.standing.menu
            wrong = open is not None and open.position.wrong > 0
            fresh = wrong or menu.must_be_seen(screen)
            wait, barge = float(menu.limits.silence), Barge(screen.barge.value)
            wait = _WAITS_ON if screen.silence else wait
            keys = _keys(guided, guided.step, screen, register)._replace(wait=wait, barge=barge)
            then = Then.RECORD if _is_spoken(guided.step) else Then.ASK
            play = open.position.fields.get(screen.play, "") if open is not None else ""
            return said._replace(then=then, keys=keys, fresh=fresh, screen=name, play=play)


def _is_spoken(show: Show) -> bool:
    return show.field is not None and show.field.kind is Kind.RECORDING


def _keys(guided: Guided, show: Show, screen: Screen, register: Register) -> Keys:
    dialogue = guided.standing.dialogue
    if screen.pick:
        listed = len(dialogue.choice.items) if dialogue.choice else 1
        return Keys(len(str(max(1, listed))), HASH + STAR, between=_PICK_WAIT)
    if show.field is None:
        return Keys(show.longest_key)
    if show.field.kind is Kind.TEXT:  # whatever the command asks for next
        step = dialogue.step
        kind = proof.kind_of(step.wants, register) if step else Wanted.TEXT
        return _digits(_LENGTHS.get(kind, _MOST_DIGITS))
    return _digits(_longest(show.field))


def _longest(field: Field) -> int:
    return field.most if field.kind is Kind.DIGITS else len(LONGEST[field.kind])


def _digits(most: int) -> Keys:
    return Keys(most, HASH + STAR, tail=_TAIL)


def typed_text(keys: str, ender: str) -> str:
    """What a caller typed, as a walk takes it. A certificate may end with X, for which a telephone
    has the star."""
    if ender == STAR and len(keys) == _BEFORE_X:
        return f"{keys}X"
    if ender == STAR:
        return STAR
    return keys or ender
