"""A subscriber's text -> what it asks for. Pure, total and bounded: any characters, any length.

In this order: a word that leaves what was asked, what a step waits for, a pick from the open list,
an answer to a confirm, a command with its parameters, what came too late, and at last what somebody
says in his own words.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from commands.model.command_register import CommandRegister, SubPort
from commands.model.dialogue import (
    NO_DIALOGUE,
    AwaitedInput,
    Dialogue,
    NumberedList,
    PendingConfirm,
)
from commands.model.parameters import is_identity_card
from commands.model.request import ConfirmRule, Secret
from commands.parser.command_syntax import MatchedCommand, NearMatch, find, parameters_of
from commands.parser.free_text import (
    ends_something,
    is_refusal,
    read_back,
    understand_free_text,
)
from commands.parser.normalising import NormalisedText, normalise
from commands.parser.open_input import (
    FREE_WORDS,
    SIX_DIGITS,
    has_digits,
    input_too_late,
    is_digits,
    kind_of_input,
    typed_input,
)
from commands.parser.parsed_message import (
    AmbiguousYes,
    ConfirmAnswer,
    DoubtfulAnswer,
    InputTooLate,
    MalformedCommand,
    ParsedCommand,
    ParsedMessage,
    QuestionLeft,
    TypedInput,
    UnknownText,
    UnlistedNumber,
)
from commands.parser.yes_no_cancel import (
    AGREES,
    ENDS,
    LEAVES,
    NO,
    ORDERS,
    YES,
    is_bare_word,
    is_doubtful,
    is_one_of,
    wants_an_end,
)

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
    register: CommandRegister,
    *,
    confirm_port: bool = False,
    port: str = "",
    today: date | None = None,
) -> ParsedMessage:
    """What `text` says to somebody who stands at `dialogue`. Never raises.

    `confirm_port`: it was sent to the number that asks for confirms, where Y and 1 also order.
    `port`: the digits after the service number that it was sent to. `today`: in the operator's time
    zone; without it no word such as 上个月 names a month.
    """
    said = normalise(text)
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
        or typed_input(said, dialogue.step, register)
        or _picked(said, dialogue, register)
        or _answer(said, dialogue.pending, confirm_port)  # 0 and N are codes too
        or _against(said, dialogue.pending, register)
        or _left_list(said, dialogue.choice)
        or _command_besides(said, dialogue.step, register)
        or _misplaced(said, dialogue, register, today)
        or input_too_late(said, dialogue.lapsed, register)
        or _alone(said, register)
        or _at_last(said, dialogue, register, today)
    )


# -- a port with a context of its own --------------------------------------------------------------


def _at_port(
    said: NormalisedText, port: SubPort, register: CommandRegister, today: date | None
) -> ParsedMessage:
    """Nothing that is open at the service number itself counts here."""
    if said.upper in port.words:
        said = normalise(port.words[said.upper])
    elif port.reads is not None and (found := parameters_of(port.reads, said)):
        return ParsedCommand(found.code.spec, found.args)
    understood = _command(said, register)
    if understood is not None or port.reads is None:
        return understood or _unclear(said, NO_DIALOGUE, register, today)
    return MalformedCommand(port.reads.spec, port.help)


# -- an open dialogue ----------------------------------------------------------------------------


def _left_step(said: NormalisedText, step: AwaitedInput | None) -> QuestionLeft | None:
    """Before anything else: 0 may fit what is asked for, and 算了 fits any free text."""
    return QuestionLeft(step) if step is not None and is_one_of(LEAVES, said.upper) else None


def _picked(
    said: NormalisedText, dialogue: Dialogue, register: CommandRegister
) -> ParsedMessage | None:
    """Numbers of one or two digits are places in the open list, longer ones are codes. To a list of
    one that was told last a yes says the same as 1. The list is newer than any confirm that still
    waits; yet of the words that agree only Y is for the list then."""
    choice = dialogue.choice
    if choice is None:
        return None
    items = choice.items
    agrees = {"Y"} if dialogue.pending else AGREES
    if items and choice.latest and said.upper in agrees and is_bare_word(said):
        if len(items) > 1:
            return None if dialogue.pending else UnlistedNumber("")
        said = normalise("1")
    if choice.several:
        return _picked_together(said, choice, register)
    if not is_digits(said) or len(said.upper) > 2:
        return None
    place = int(said.upper)
    if not 1 <= place <= len(items):
        return None
    item = normalise(items[place - 1])
    picked = _command(item, register) or _answer(item, dialogue.pending, confirm_port=False)
    if isinstance(picked, ConfirmAnswer) and not is_bare_word(said):  # 1? is no yes
        return DoubtfulAnswer(picked.pending)
    return picked


def _picked_together(
    said: NormalisedText, choice: NumberedList, register: CommandRegister
) -> ParsedMessage | None:
    """1,3,4: the items have one head, and what is behind it is put together."""
    if not _NUMBERS.fullmatch(said.upper):
        return None
    tails, numbers = [], _NUMBER.findall(said.upper)
    for number in numbers:
        item = choice.items[int(number) - 1] if 0 < int(number) <= len(choice.items) else ""
        if not item:  # there never was one, or it is gone; alone it may still be a code
            return UnlistedNumber(number) if len(numbers) > 1 else None
        head, _, tail = item.partition("#")
        tails.append(tail)
    return _command(normalise(f"{head}#{','.join(tails)}"), register)


def _answer(
    said: NormalisedText, pending: tuple[PendingConfirm, ...], confirm_port: bool
) -> ConfirmAnswer | DoubtfulAnswer | AmbiguousYes | None:
    """A bare yes or no; 是#17 is the yes to order 17, for a list of those that wait."""
    word, _, order = said.upper.partition("#")
    if not pending or not (word in YES or is_one_of(NO, word)):
        return None
    if order:
        pending = tuple(p for p in pending if str(p.order) == order)
    else:
        pending = _meant(word, pending, confirm_port)
    if word in YES and pending and not is_bare_word(said):  # 是? asks, and 是~ is no yes either
        return DoubtfulAnswer(pending[-1])
    if is_one_of(ENDS, word) and pending and ends_something(pending[-1].action):
        return DoubtfulAnswer(pending[-1])  # once more, for it is what was asked for
    if len(pending) > 1:
        return AmbiguousYes(pending)
    return _answered(pending[0], word, confirm_port) if pending else None


def _meant(
    word: str, pending: tuple[PendingConfirm, ...], confirm_port: bool
) -> tuple[PendingConfirm, ...]:
    """Which of those that wait a bare word is for. A no is for the newest; a yes for those that it
    would order, a 二次确认 before others, for 是 is what it asks for."""
    ordered = tuple(p for p in pending if _answered(p, word, confirm_port).yes)
    if not ordered:
        return pending[-1:]
    return tuple(p for p in ordered if p.confirm is ConfirmRule.TWICE) or ordered[-1:]


def _answered(pending: PendingConfirm, word: str, confirm_port: bool) -> ConfirmAnswer:
    orders = YES if confirm_port or pending.confirm is ConfirmRule.ONCE else ORDERS
    return ConfirmAnswer(pending, word, yes=word in orders)


def _against(
    said: NormalisedText, pending: tuple[PendingConfirm, ...], register: CommandRegister
) -> ConfirmAnswer | None:
    """The code that would undo what waits for its yes is a no to it."""
    if not pending:
        return None
    found = find(said, register)
    word = found.code.word if isinstance(found, MatchedCommand) else ""
    meant = [p for p in pending if word in p.against]
    return ConfirmAnswer(meant[-1], word, yes=False) if meant else None


def _left_list(said: NormalisedText, choice: NumberedList | None) -> QuestionLeft | None:
    if choice is None or not choice.items or not is_one_of(LEAVES, said.upper):
        return None
    return QuestionLeft(None)


def _command_besides(
    said: NormalisedText, step: AwaitedInput | None, register: CommandRegister
) -> ParsedCommand | MalformedCommand | None:
    """Where free words are asked for, only what is certainly a command is one."""
    found = _command(said, register)
    free = step is not None and kind_of_input(step, register) in FREE_WORDS
    return None if free and isinstance(found, MalformedCommand) else found


def _misplaced(
    said: NormalisedText, dialogue: Dialogue, register: CommandRegister, today: date | None
) -> ParsedMessage | None:
    """What nothing else takes: not quite what the step wants, or not in the list."""
    step = dialogue.step
    if step is not None and (is_digits(said) or step.wants not in SIX_DIGITS):
        return _wish(said, step, register, today) or TypedInput(step, Secret(said.clean))
    if dialogue.choice and is_digits(said) and len(said.upper) <= 2:
        return UnlistedNumber(said.upper)
    return None


def _wish(
    said: NormalisedText, step: AwaitedInput, register: CommandRegister, today: date | None
) -> ParsedMessage | None:
    """A clear keyword where a number or a code is asked for: somebody wants something else."""
    if kind_of_input(step, register) in FREE_WORDS or has_digits(said):  # 刘亮 sounds like 流量
        return None
    understood = _unclear(said, NO_DIALOGUE, register, today)
    return understood if isinstance(understood, ParsedCommand) else None


def _at_last(
    said: NormalisedText, dialogue: Dialogue, register: CommandRegister, today: date | None
) -> ParsedMessage:
    understood = _unclear(said, dialogue, register, today)
    match understood:
        case ConfirmAnswer(pending, _, False) if is_doubtful(said):
            return DoubtfulAnswer(pending)
        case ParsedCommand(spec) if (
            dialogue.pending and spec.action in _ABOUT_IT and is_doubtful(said)
        ):
            return DoubtfulAnswer(dialogue.pending[-1])
        case UnknownText() if (
            dialogue.lapsed and kind_of_input(dialogue.lapsed, register) in FREE_WORDS
        ):
            return InputTooLate(dialogue.lapsed)
    return understood


# -- without a dialogue --------------------------------------------------------------------------


def _command(
    said: NormalisedText, register: CommandRegister
) -> ParsedCommand | MalformedCommand | None:
    """Of the whole text, of its first line where a signature stands below it, or of a code with
    nothing but thanks around it."""
    found = find(said, register)
    if not isinstance(found, MatchedCommand) and said.first:
        first = find(normalise(said.first), register)
        found = first if isinstance(first, MatchedCommand) else found
    if (
        not isinstance(found, MatchedCommand)
        and (bare := _POLITE.sub("", said.upper)) != said.upper
    ):
        thanked = find(normalise(bare), register)
        found = thanked if isinstance(thanked, MatchedCommand) and not thanked.values else found
    match found:
        case MatchedCommand(code, args):
            return ParsedCommand(code.spec, args)
        case NearMatch(code):
            return MalformedCommand(code.spec)
        case None:
            return None


def _alone(said: NormalisedText, register: CommandRegister) -> ParsedCommand | None:
    """Digits that could only be one thing, such as a recharge card's: sent with nothing else, they
    mean the command that asks before it does anything with them."""
    if not said.upper[:1].isdigit():
        return None
    together = "".join(piece[0] for piece in said.pieces())
    for kind, name, code in register.alone:
        value = kind.clean(together)
        if value is not None and not is_identity_card(value):
            return ParsedCommand(code.spec, {name: Secret(value) if kind.secret else value})
    return None


def _unclear(
    said: NormalisedText, dialogue: Dialogue, register: CommandRegister, today: date | None
) -> ParsedMessage:
    """A question in a subscriber's own words is answered, a wish proposed; neither is an answer to
    what waits."""
    if said.upper in YES | NO and not dialogue.pending:  # an answer to nothing is like no command
        return UnknownText(said.clean)
    meant = understand_free_text(said, register, today)
    if not any(sign.isalnum() for sign in said.clean):
        return meant  # a slip of the finger is no answer either; what waits goes on waiting
    if dialogue.pending and ends_something(dialogue.pending[-1].action) and wants_an_end(said):
        return DoubtfulAnswer(dialogue.pending[-1])
    wishes = not isinstance(meant, UnknownText) or (meant.suggestions and not is_doubtful(said))
    if len(dialogue.pending) == 1 and (not wishes or is_refusal(said)):
        return _answered(dialogue.pending[0], read_back(said), confirm_port=False)
    return meant
