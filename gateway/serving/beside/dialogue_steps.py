"""What of the journal must be said again before a message, so that it means what it meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from commands.model.request import Channel
from gateway.model.message_id import moment_of
from gateway.model.messages import ScreenAct
from gateway.model.tracing.message_trace import TracedMessage

_ALONE: Final = frozenset({"code", "guessed", "misformed", "unknown", ""})
"""How texts were understood that go on with nothing."""
_NEVER_SERVED: Final = frozenset({"kept", "ignored", "repeated", "failed", "unseen"})
_GONE: Final = "gone"
_TALK: Final = {Channel.SMS: 3600.0, Channel.USSD: 300.0, Channel.VOICE: 3600.0}
"""Seconds for which what was said before may matter."""
_MOST: Final = 20  # steps before a message of a talk by SMS
_STAR: Final = "*"
_HIDDEN: Final = "**"  # in words: something is not kept


class WhyNot(StrEnum):
    """Why a message cannot be walked again."""

    UNASKED = "unasked"  # nobody asked for it
    DOOR = "door"  # another interface asked, with what it knew
    NEVER_SERVED = "never served"  # a repetition, a part, what could not be served
    FORGOTTEN = "forgotten"  # its words are not kept any more
    BEGINNING = "beginning"  # what it goes on with is not kept, or had a secret in it


class Steps(NamedTuple):
    """Messages as they were said, the one that is asked about last; of calls and screens whether
    each begins or goes on."""

    messages: tuple[TracedMessage, ...]
    acts: tuple[ScreenAct, ...]
    reading_only: bool = False  # it has a secret, which nobody can say again


def steps_to(
    one: TracedMessage, earlier: Sequence[TracedMessage], entries: Collection[str]
) -> Steps | WhyNot:
    """`earlier`: what the same phone said before on the same channel, the oldest first. `entries`:
    the numbers at which calls begin. Of a call that is over: all that was pressed in it."""
    if one.why.how == "unasked":
        return WhyNot.UNASKED
    if one.channel not in _TALK:
        return WhyNot.DOOR
    if one.same_as or one.turned_away or one.result in _NEVER_SERVED or not one.phone:
        return WhyNot.NEVER_SERVED
    served = [each for each in earlier if _is_step(each, one)]
    if one.channel == Channel.SMS:
        return _text(one, served)
    over = one.result == _GONE
    return _menu(served if over else [*served, one], entries)


def _is_step(each: TracedMessage, one: TracedMessage) -> bool:
    lasts = _TALK[Channel(one.channel)]
    return (
        each.channel == one.channel
        and each.result not in _NEVER_SERVED
        and each.result != _GONE
        and not each.same_as
        and moment_of(one.id) - moment_of(each.id) <= lasts
    )


def _text(one: TracedMessage, served: Sequence[TracedMessage]) -> Steps | WhyNot:
    if not one.words:
        return WhyNot.FORGOTTEN
    if _HIDDEN in one.words and one.why.how in _ALONE:
        return Steps((one,), (ScreenAct.BEGIN,), reading_only=True)
    last = max((n for n, each in enumerate(served, 1) if not _sayable(each)), default=0)
    before = served[last:][-_MOST:]
    alone = one.why.how in _ALONE
    if not alone and (not before or _HIDDEN in one.words):
        return WhyNot.BEGINNING
    return _in_order([*before, one], [ScreenAct.ON] * (len(before) + 1))


def _menu(served: Sequence[TracedMessage], entries: Collection[str]) -> Steps | WhyNot:
    """From the last time that somebody dialled."""
    begins = [n for n, each in enumerate(served) if _begins(each, entries)]
    if not begins:
        return WhyNot.BEGINNING
    walk = served[begins[-1] :]
    first, *rest = walk
    if any(not _sayable(each) for each in rest) or _hides(first):
        return WhyNot.BEGINNING
    acts = [ScreenAct.BEGIN, *(_act(each) for each in rest)]
    return _in_order(walk, acts)


def _begins(one: TracedMessage, entries: Collection[str]) -> bool:
    if one.channel == Channel.USSD:
        return one.words.startswith(_STAR) and one.words.endswith("#")
    return one.words in entries


def _hides(one: TracedMessage) -> bool:
    """*139*1***#: more than the beginning was dialled, and is not kept."""
    return _HIDDEN in one.words


def _act(one: TracedMessage) -> ScreenAct:
    """Who presses nothing on a call hears it again."""
    silent = one.channel == Channel.VOICE and not one.words
    return ScreenAct.AGAIN if silent else ScreenAct.ON


def _sayable(one: TracedMessage) -> bool:
    return _HIDDEN not in one.words and (bool(one.words) or one.channel == Channel.VOICE)


def _in_order(messages: Sequence[TracedMessage], acts: Sequence[ScreenAct]) -> Steps:
    return Steps(tuple(messages), tuple(acts))
