"""A subscriber's text -> what it asks for. Pure, total and bounded: any characters, any length.

In this order: a word that leaves what was asked, what a step waits for, a pick from the open list,
an answer to a confirm, a command with its parameters, what came too late, and at last what somebody
says in his own words.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from commands.answer_words import LEAVES, NO, ORDERS, YES, in_doubt, is_one_of, plainly
from commands.dialogue import (
    NO_DIALOGUE,
    Answered,
    Asked,
    BadPick,
    Choice,
    Dialogue,
    Doubted,
    Lapsed,
    Left,
    Misformed,
    Pending,
    Step,
    Typed,
    Understood,
    Unknown,
    Which,
)
from commands.masking import HIDDEN, masked_number, without_digits
from commands.own_words import read_back, refuses, unclear
from commands.parameters import Kind, is_identity_card
from commands.parsing import Found, Near, find, parameters_of
from commands.register import Register, SubPort
from commands.spelling import Spelt, spell
from commands.vocabulary import Argument, Confirm, Secret

_SIX_DIGITS: Final = ("password", "code")  # what a step may want besides a command's parameters
_WORDS: Final = frozenset({Kind.TEXT, Kind.NAME})  # kinds that nearly anything fits
# What a question is about while an order waits for its yes, if it names nothing else.
_ABOUT_IT: Final = frozenset({"q.fee_now", "q.services", "info.tariff", "sv.choices", "un.list"})
# What may stand around a code and means nothing.
_POLITE: Final = re.compile(
    r"谢谢你?|谢了|多谢|感谢|麻烦了?|辛苦了?|劳驾|[你您]好|^请"
    r"|[,!。 ]*\b(?:THANKS|THANK YOU|PLEASE)\b"
)
_NUMBER: Final = re.compile("[0-9]+")
_NUMBERS: Final = re.compile("[0-9]{1,2}([ ,、#*+]+[0-9]{1,2})*")


def understand(
    text: str,
    dialogue: Dialogue,
    register: Register,
    *,
    confirm_port: bool = False,
    port: str = "",
    today: date | None = None,
) -> Understood:
    """What `text` says to somebody who stands at `dialogue`. Never raises.

    `confirm_port`: it was sent to the number that asks for confirms, where Y and 1 also order.
    `port`: the digits after the service number that it was sent to. `today`: in the operator's time
    zone; without it no word such as 上个月 names a month.
    """
    said = spell(text)
    if port in register.ports:
        return _at_port(said, register.ports[port], register, today)
    if dialogue.empty:
        return (
            _command(said, register)
            or _alone(said, register)
            or _unclear(said, dialogue, register, today)
        )
    return (
        _left_step(said, dialogue.step)
        or _typed(said, dialogue.step, register)
        or _picked(said, dialogue, register)
        or _answer(said, dialogue.pending, confirm_port)  # 0 and N are codes too
        or _against(said, dialogue.pending, register)
        or _left_list(said, dialogue.choice)
        or _command_besides(said, dialogue.step, register)
        or _misplaced(said, dialogue, register, today)
        or _too_late(said, dialogue.lapsed, register)
        or _alone(said, register)
        or _at_last(said, dialogue, register, today)
    )


def masked(
    text: str, register: Register, dialogue: Dialogue = NO_DIALOGUE, *, port: str = ""
) -> str:
    """The text for the journal: passwords, card secrets and certificate numbers are `***`."""
    said = spell(text)
    if port in register.ports:
        return without_digits(said.clean)
    step = dialogue.step or dialogue.lapsed
    if _typed(said, step, register) or (step and _digits(said)):
        return HIDDEN
    found = find(said, register)
    if not isinstance(found, Found):
        return without_digits(said.clean)
    return "#".join([found.code.word, *(_shown(value) for value in found.values)])


def _shown(value: Argument) -> str:
    if isinstance(value, Secret):
        return HIDDEN
    return masked_number(value) if Kind.MSISDN.clean(value) else without_digits(value)


# -- a port with a context of its own --------------------------------------------------------------


def _at_port(said: Spelt, port: SubPort, register: Register, today: date | None) -> Understood:
    """Nothing that is open at the service number itself counts here."""
    if said.upper in port.words:
        said = spell(port.words[said.upper])
    elif port.reads is not None and (found := parameters_of(port.reads, said)):
        return Asked(found.code.spec, found.args)
    understood = _command(said, register)
    if understood is not None or port.reads is None:
        return understood or _unclear(said, NO_DIALOGUE, register, today)
    return Misformed(port.reads.spec, port.help)


# -- an open dialogue ----------------------------------------------------------------------------


def _left_step(said: Spelt, step: Step | None) -> Left | None:
    """Before anything else: 0 may fit what is asked for, and 算了 fits any free text."""
    return Left(step) if step is not None and is_one_of(LEAVES, said.upper) else None


def _typed(said: Spelt, step: Step | None, register: Register) -> Typed | None:
    """What fits a step goes to it before it is held against codes: 401001 may be a password."""
    if step is None:
        return None
    kind = _kind(step, register)
    if kind in _WORDS:  # anything fits, so commands go first
        return None
    if kind is Kind.CODE and not _names_something(said, register):
        return None
    together = "".join(piece[0] for piece in said.pieces())
    cleaned = kind.clean(together)
    return Typed(step, Secret(cleaned)) if cleaned else None


def _kind(step: Step, register: Register) -> Kind:
    if step.wants in _SIX_DIGITS:
        return Kind.PASSWORD
    return register.parameters.get(step.wants, Kind.TEXT)


def _names_something(said: Spelt, register: Register) -> bool:
    """KTLL30 where a service's code is asked for is its code; YE is a wish of its own."""
    code = register.codes.get(said.upper)
    return code is None or register.meant_by(said.upper) != said.upper


def _picked(said: Spelt, dialogue: Dialogue, register: Register) -> Understood | None:
    """Numbers of one or two digits are places in the open list, longer ones are codes. To a list of
    one Y says the same as 1; the list is newer than any confirm that still waits."""
    choice = dialogue.choice
    if choice is None:
        return None
    if choice.several:
        return _picked_together(said, choice, register)
    items = choice.items
    if len(items) == 1 and said.upper == "Y":
        said = spell("1")
    if not _digits(said) or len(said.upper) > 2:
        return None
    place = int(said.upper)
    if not 1 <= place <= len(items):
        return None
    item = spell(items[place - 1])
    picked = _command(item, register) or _answer(item, dialogue.pending, confirm_port=False)
    if isinstance(picked, Answered) and not plainly(said):  # 1? is no yes
        return Doubted(picked.pending)
    return picked


def _picked_together(said: Spelt, choice: Choice, register: Register) -> Understood | None:
    """1,3,4: the items have one head, and what is behind it is put together."""
    if not _NUMBERS.fullmatch(said.upper):
        return None
    tails, numbers = [], _NUMBER.findall(said.upper)
    for number in numbers:
        item = choice.items[int(number) - 1] if 0 < int(number) <= len(choice.items) else ""
        if not item:  # there never was one, or it is gone; alone it may still be a code
            return BadPick(number) if len(numbers) > 1 else None
        head, _, tail = item.partition("#")
        tails.append(tail)
    return _command(spell(f"{head}#{','.join(tails)}"), register)


def _answer(
    said: Spelt, pending: tuple[Pending, ...], confirm_port: bool
) -> Answered | Doubted | Which | None:
    """A bare yes or no; 是#17 is the yes to order 17, for a list of those that wait."""
    word, _, order = said.upper.partition("#")
    if not pending or not (word in YES or is_one_of(NO, word)):
        return None
    if order:
        pending = tuple(p for p in pending if str(p.order) == order)
    else:
        pending = _meant(word, pending, confirm_port)
    if word in YES and pending and not plainly(said):  # 是? asks, and 是~ is no yes either
        return Doubted(pending[-1])
    if len(pending) > 1:
        return Which(pending)
    return _answered(pending[0], word, confirm_port) if pending else None


def _meant(word: str, pending: tuple[Pending, ...], confirm_port: bool) -> tuple[Pending, ...]:
    """Which of those that wait a bare word is for. A no is for the newest; a yes for those that it
    would order, a 二次确认 before others, for 是 is what it asks for."""
    ordered = tuple(p for p in pending if _answered(p, word, confirm_port).yes)
    if not ordered:
        return pending[-1:]
    return tuple(p for p in ordered if p.confirm is Confirm.TWICE) or ordered[-1:]


def _answered(pending: Pending, word: str, confirm_port: bool) -> Answered:
    orders = YES if confirm_port or pending.confirm is Confirm.ONCE else ORDERS
    return Answered(pending, word, yes=word in orders)


def _against(said: Spelt, pending: tuple[Pending, ...], register: Register) -> Answered | None:
    """The code that would undo what waits for its yes is a no to it."""
    if not pending:
        return None
    found = find(said, register)
    word = found.code.word if isinstance(found, Found) else ""
    meant = [p for p in pending if word in p.against]
    return Answered(meant[-1], word, yes=False) if meant else None


def _left_list(said: Spelt, choice: Choice | None) -> Left | None:
    if choice is None or not choice.items or not is_one_of(LEAVES, said.upper):
        return None
    return Left(None)


def _command_besides(
    said: Spelt, step: Step | None, register: Register
) -> Asked | Misformed | None:
    """Where free words are asked for, only what is certainly a command is one."""
    found = _command(said, register)
    free = step is not None and _kind(step, register) in _WORDS
    return None if free and isinstance(found, Misformed) else found


def _misplaced(
    said: Spelt, dialogue: Dialogue, register: Register, today: date | None
) -> Understood | None:
    """What nothing else takes: not quite what the step wants, or not in the list."""
    step = dialogue.step
    if step is not None and (_digits(said) or step.wants not in _SIX_DIGITS):
        return _wish(said, step, register, today) or Typed(step, Secret(said.clean))
    if dialogue.choice and _digits(said) and len(said.upper) <= 2:
        return BadPick(said.upper)
    return None


def _wish(said: Spelt, step: Step, register: Register, today: date | None) -> Understood | None:
    """A clear keyword where a number or a code is asked for: somebody wants something else."""
    if _kind(step, register) in _WORDS or _digits_in(said):  # 刘亮 sounds like 流量
        return None
    understood = _unclear(said, NO_DIALOGUE, register, today)
    return understood if isinstance(understood, Asked) else None


def _too_late(said: Spelt, lapsed: Step | None, register: Register) -> Lapsed | None:
    """What a step was waiting for until a while ago."""
    fits = _typed(said, lapsed, register)
    return Lapsed(fits.step) if fits and _digits_in(said) else None


def _at_last(said: Spelt, dialogue: Dialogue, register: Register, today: date | None) -> Understood:
    understood = _unclear(said, dialogue, register, today)
    match understood:
        case Answered(pending, _, False) if in_doubt(said):
            return Doubted(pending)
        case Asked(spec) if dialogue.pending and spec.action in _ABOUT_IT and in_doubt(said):
            return Doubted(dialogue.pending[-1])
        case Unknown() if dialogue.lapsed and _kind(dialogue.lapsed, register) in _WORDS:
            return Lapsed(dialogue.lapsed)
    return understood


def _digits_in(said: Spelt) -> bool:
    return any(sign.isdigit() for sign in said.upper)


def _digits(said: Spelt) -> bool:
    return said.upper.isascii() and said.upper.isdigit()


# -- without a dialogue --------------------------------------------------------------------------


def _command(said: Spelt, register: Register) -> Asked | Misformed | None:
    """Of the whole text, of its first line where a signature stands below it, or of a code with
    nothing but thanks around it."""
    found = find(said, register)
    if not isinstance(found, Found) and said.first:
        first = find(spell(said.first), register)
        found = first if isinstance(first, Found) else found
    if not isinstance(found, Found) and (bare := _POLITE.sub("", said.upper)) != said.upper:
        thanked = find(spell(bare), register)
        found = thanked if isinstance(thanked, Found) and not thanked.values else found
    match found:
        case Found(code, args):
            return Asked(code.spec, args)
        case Near(code):
            return Misformed(code.spec)
        case None:
            return None


def _alone(said: Spelt, register: Register) -> Asked | None:
    """Digits that could only be one thing, such as a recharge card's: sent with nothing else, they
    mean the command that asks before it does anything with them."""
    if not said.upper[:1].isdigit():
        return None
    together = "".join(piece[0] for piece in said.pieces())
    for kind, name, code in register.alone:
        value = kind.clean(together)
        if value is not None and not is_identity_card(value):
            return Asked(code.spec, {name: Secret(value) if kind.secret else value})
    return None


def _unclear(said: Spelt, dialogue: Dialogue, register: Register, today: date | None) -> Understood:
    """A question in a subscriber's own words is answered, a wish proposed; neither is an answer to
    what waits."""
    if said.upper in YES | NO and not dialogue.pending:  # an answer to nothing is like no command
        return Unknown(said.clean)
    meant = unclear(said, register, today)
    if not any(sign.isalnum() for sign in said.clean):
        return meant  # a slip of the finger is no answer either; what waits goes on waiting
    if len(dialogue.pending) == 1 and (isinstance(meant, Unknown) or refuses(said)):
        return _answered(dialogue.pending[0], read_back(said), confirm_port=False)
    return meant
