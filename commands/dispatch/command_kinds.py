"""The kinds of commands: what reads, what changes something, and what is about the dialogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from commands.model.hall import Hall
from commands.model.request import Arguments, Reply, Request

QueryReply = Callable[[Request, Hall], Reply]
QueryReplies = Callable[[Request, Hall], Reply | tuple[Reply, ...]]
ChangeEffect = Callable[[Request, Hall], tuple[Reply, ...]]
OrderTerms = Callable[[Request, Hall], Arguments]
RequestCheck = Callable[[Request, Hall], object]


@dataclass(frozen=True, slots=True)
class QueryCommand:
    """Reads. What it may write is kept for our own sake, such as how often it was asked."""

    run: QueryReplies
    at_boss: bool = False  # only the BOSS can answer, where there is one


@dataclass(frozen=True, slots=True)
class ChangeCommand:
    """`propose` looks whether it could be done and says what would happen; `carry_out` looks again
    and does it. `terms` are what the proposal said, such as the price: kept with the order, so that
    nothing else can be carried out. `checks` are run on a parameter as soon as it has been typed in
    a dialogue, `allowed` before anything is asked for: nobody is sent a random code for what cannot
    be done. All raise Refusal."""

    carry_out: ChangeEffect
    propose: QueryReply | None = None  # None: it needs no confirm
    terms: OrderTerms | None = None
    checks: Mapping[str, RequestCheck] = field(default_factory=dict)
    allowed: RequestCheck | None = None
    counted: bool = False  # among the questions that a number may ask in an hour
    protects: bool = False  # not refused to somebody who has asked too much in an hour
    gives_up: bool = False  # nothing is ordered by it, so nothing is not ordered without it
    from_list: bool = False  # picked from a list that stays open while the confirm waits
    undone_by: str = ""  # the action that takes it back, where neither of the two names a service
    # Only the BOSS can do it, where there is one: whatever moves money, points, services, plans or
    # the state of a number. The rest (passwords, tickets, preferences) is always the hall's own.
    at_boss: bool = False


@dataclass(frozen=True, slots=True)
class ResendCode:
    """YZM: about the dialogue itself, so the dispatcher answers it."""
