"""How a message that is walked again differs from what it was answered, and because of what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gateway.model.tracing.message_trace import TracedMessage
from gateway.operators.answer_rules import rules_of

Aspects = Mapping[str, tuple[str, ...]]
"""What can be compared of an answer, by name."""

ASPECTS: Final = ("understood", "could_have_been", "action", "result", "chosen", "texts", "rules")
WORDS: Final = "words"


class Because(StrEnum):
    EDITION = "edition"  # conf/ says something else by now
    DATA = "data"  # conf/ says the same; the subscriber's data, the hour or what was open differ
    BOTH = "both"  # the edition of then would answer otherwise by now, and that of today again
    UNKNOWN = "unknown"  # the edition of then is not kept


@dataclass(frozen=True, slots=True)
class WalkDifference:
    """`before`: on the edition of then with the data of now; None: that was not walked."""

    what: str
    then: tuple[str, ...]
    before: tuple[str, ...] | None
    now: tuple[str, ...]
    because: Because


def aspects_of(one: TracedMessage) -> dict[str, tuple[str, ...]]:
    why = one.why
    return {
        "understood": (why.how,),
        "could_have_been": why.also,
        "action": (one.action,),
        "result": (one.result,),
        "chosen": why.path,
        "texts": why.says,
        "rules": tuple(rules_of(one)),
    }


def differences(
    then: Aspects, before: Aspects | None, now: Aspects, of: Sequence[str]
) -> Iterator[WalkDifference]:
    """Only what differs."""
    for what in of:
        was, is_now = then.get(what, ()), now.get(what, ())
        between = None if before is None else before.get(what, ())
        if was != is_now or between not in (None, is_now):
            yield WalkDifference(what, was, between, is_now, _because(was, between, is_now))


def _because(
    then: tuple[str, ...], before: tuple[str, ...] | None, now: tuple[str, ...]
) -> Because:
    if before is None:
        return Because.UNKNOWN
    if before == now:
        return Because.DATA
    return Because.EDITION if before == then else Because.BOTH
