"""Which function answers which action. A new command is a file, a row here, and its rows in conf/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from commands.ports import Hall
from commands.vocabulary import Reply, Request

Answer = Callable[[Request, Hall], Reply]
Effect = Callable[[Request, Hall], tuple[Reply, ...]]
Check = Callable[[Request, Hall], None]


@dataclass(frozen=True, slots=True)
class Query:
    """Reads, and changes nothing."""

    run: Answer


@dataclass(frozen=True, slots=True)
class Change:
    """`propose` looks whether it could be done and says what would happen; `carry_out` looks again
    and does it. `checks` are run on a parameter as soon as it has been typed in a dialogue. All
    raise Refusal."""

    carry_out: Effect
    propose: Answer | None = None  # None: it needs no confirm
    checks: Mapping[str, Check] = field(default_factory=dict)


ACTIONS: Mapping[str, Query | Change] = {}
