"""How much a phone may say in an hour. Two machines that answer each other never stop by
themselves; so whatever they say, its hour has an end, and then we are silent.

What only answers ends first (`limits.queries_per_hour`), understood or not. What changes something
has a count of its own, and what protects its sender another: who has asked too much, or whose phone
has gone mad, can still order, say yes or no, type a password, cancel, and have it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commands.actions import ACTIONS, Change, CodeAgain, Query
from commands.counter import Visit
from commands.dialogue import Answered, Asked, Typed, Understood
from commands.ports import Hall, Matter
from commands.vocabulary import Channel, Reply


def matter_of(said: Understood) -> Matter:
    if isinstance(said, Asked):  # nearly every message
        return Matter.UNCLEAR if said.guessed else _MATTERS[said.spec.action]
    if isinstance(said, Answered | Typed):
        return Matter.SAFETY  # there is only so much that waits for an answer
    return Matter.UNCLEAR


def turned_away(visit: Visit, matter: Matter, hall: Hall) -> tuple[Reply, ...] | None:
    """What is said to who has asked too much: nothing, but for the first time. None: go on.

    On calls and screens only questions are counted, and who listens or looks is told every time."""
    on_sms = visit.channel is Channel.SMS
    if not on_sms and matter is not Matter.QUESTION:
        return None
    if not (whose := visit.phone or visit.proved):
        return None  # a call that shows no number: nothing is told before a password is right
    if not visit.asserted and visit.phone:
        whose = f"?{whose}"  # a forged sender takes nothing from its owner's hour
    verdict = hall.quota.take(whose, visit.now, matter)
    if verdict.allowed:
        return None
    if not (verdict.tell or not on_sms):
        return ()
    return (Reply("help.many", {"minutes": verdict.minutes}),)


def _matter(action: Query | Change | CodeAgain) -> Matter:
    if isinstance(action, Query) or (isinstance(action, Change) and action.counted):
        return Matter.QUESTION
    protects = isinstance(action, Change) and (action.protects or action.gives_up)
    return Matter.SAFETY if protects else Matter.CHANGE


_MATTERS: Final[Mapping[str, Matter]] = {name: _matter(each) for name, each in ACTIONS.items()}
