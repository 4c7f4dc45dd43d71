"""Which function answers which action. A new command is a file, a row here, and rows in conf/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from commands import (
    callback,
    cancel_service,
    change_password,
    detail,
    language,
    new_card,
    order_service,
    ported,
    random_password,
    rating,
    tickets,
)
from commands.hall_only import hall_only
from commands.menu import menu
from commands.ports import Hall
from commands.queries import QUERIES
from commands.vocabulary import Arguments, Reply, Request

Answer = Callable[[Request, Hall], Reply]
Effect = Callable[[Request, Hall], tuple[Reply, ...]]
Terms = Callable[[Request, Hall], Arguments]
Check = Callable[[Request, Hall], object]


@dataclass(frozen=True, slots=True)
class Query:
    """Reads. What it may write is kept for our own sake, such as how often it was asked."""

    run: Answer


@dataclass(frozen=True, slots=True)
class Change:
    """`propose` looks whether it could be done and says what would happen; `carry_out` looks again
    and does it. `terms` are what the proposal said, such as the price: kept with the order, so that
    nothing else can be carried out. `checks` are run on a parameter as soon as it has been typed in
    a dialogue. All raise Refusal."""

    carry_out: Effect
    propose: Answer | None = None  # None: it needs no confirm
    terms: Terms | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)
    counted: bool = False  # among the queries that a number may ask in an hour


ACTIONS: Final[Mapping[str, Query | Change]] = {
    "menu.main": Query(menu),
    **{name: Query(answer) for name, answer in QUERIES.items()},
    "q.detail": Change(detail.carry_out, detail.propose, detail.terms, counted=True),
    "pw.change": Change(
        change_password.carry_out,
        checks={"new": change_password.check_new, "again": change_password.check_again},
    ),
    "pw.random": Change(random_password.carry_out, random_password.propose),
    "sv.order": Change(order_service.carry_out, order_service.propose, order_service.terms),
    "sv.cancel": Change(cancel_service.carry_out, cancel_service.propose),
    "np.query": Query(ported.query),
    "np.reasons": Query(ported.reasons),
    "np.auth_code": Change(ported.authorise),
    "tk.complaint": Change(tickets.complaint),
    "tk.suggestion": Change(tickets.suggestion),
    "tk.fault": Change(tickets.fault),
    "tk.spam": Change(tickets.spam),
    "tk.sim": Change(new_card.carry_out, new_card.propose),
    "hu.callback": Change(callback.carry_out, callback.propose),
    "info.hall_only": Query(hall_only),
    "fb.rate": Change(rating.rate),
    "fb.stop": Change(rating.stop),
    "lang.set": Change(language.carry_out),
}
READING: Final = frozenset(name for name, action in ACTIONS.items() if isinstance(action, Query))
# What a number may ask only so often.
COUNTED: Final = READING | {
    name for name, action in ACTIONS.items() if isinstance(action, Change) and action.counted
}
