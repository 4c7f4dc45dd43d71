"""Which function answers which action. A new command is a file, a row here, and rows in conf/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from commands import (
    balance_reminder,
    call_forwarding,
    callback,
    cancel_service,
    change_password,
    change_service,
    choose_service,
    detail,
    exchange,
    language,
    new_card,
    order_service,
    plan_change,
    ported,
    random_password,
    rating,
    recharge,
    reset_password,
    resume,
    suspend,
    tickets,
    unsubscribe,
    vnet_join,
    wishes,
)
from commands.hall_only import hall_only
from commands.menu import menu
from commands.ports import Hall
from commands.queries import QUERIES
from commands.vocabulary import Arguments, Reply, Request

Answer = Callable[[Request, Hall], Reply]
Answers = Callable[[Request, Hall], Reply | tuple[Reply, ...]]
Effect = Callable[[Request, Hall], tuple[Reply, ...]]
Terms = Callable[[Request, Hall], Arguments]
Check = Callable[[Request, Hall], object]


@dataclass(frozen=True, slots=True)
class Query:
    """Reads. What it may write is kept for our own sake, such as how often it was asked."""

    run: Answers


@dataclass(frozen=True, slots=True)
class Change:
    """`propose` looks whether it could be done and says what would happen; `carry_out` looks again
    and does it. `terms` are what the proposal said, such as the price: kept with the order, so that
    nothing else can be carried out. `checks` are run on a parameter as soon as it has been typed in
    a dialogue, `allowed` before anything is asked for: nobody is sent a random code for what cannot
    be done. All raise Refusal."""

    carry_out: Effect
    propose: Answer | None = None  # None: it needs no confirm
    terms: Terms | None = None
    checks: Mapping[str, Check] = field(default_factory=dict)
    allowed: Check | None = None
    counted: bool = False  # among the questions that a number may ask in an hour
    protects: bool = False  # never to be refused to who has asked too much in an hour
    gives_up: bool = False  # nothing is ordered by it, so nothing is not ordered without it
    from_list: bool = False  # picked from a list that stays open while the confirm waits


@dataclass(frozen=True, slots=True)
class CodeAgain:
    """YZM: about the dialogue itself, so the counter answers it."""


_ORDER: Final = Change(order_service.carry_out, order_service.propose, order_service.terms)
_CANCEL: Final = Change(cancel_service.carry_out, cancel_service.propose, gives_up=True)

ACTIONS: Final[Mapping[str, Query | Change | CodeAgain]] = {
    "menu.main": Query(menu),
    **{name: Query(answer) for name, answer in QUERIES.items()},
    "q.detail": Change(detail.carry_out, detail.propose, detail.terms, counted=True),
    "pw.change": Change(
        change_password.carry_out,
        checks={"new": change_password.check_new, "again": change_password.check_again},
        protects=True,
    ),
    "pw.random": Change(random_password.carry_out, random_password.propose, protects=True),
    "pw.reset": Change(
        reset_password.carry_out,
        checks={
            "certificate": reset_password.check_certificate,
            "new": change_password.check_new,
            "again": change_password.check_again,
        },
        allowed=reset_password.allowed,
        protects=True,
    ),
    "otp.send": CodeAgain(),
    "rc.self": Change(recharge.own, allowed=recharge.allowed),
    "rc.other": Change(recharge.others, recharge.read_back),
    "st.suspend": Change(
        suspend.carry_out, suspend.propose, allowed=suspend.allowed, protects=True
    ),
    "st.resume": Change(resume.carry_out, resume.propose, allowed=resume.allowed),
    "sv.order": _ORDER,
    "sv.change": Change(change_service.carry_out, change_service.propose, change_service.terms),
    "sv.cancel": _CANCEL,
    "sv.order.data": _ORDER,
    "sv.cancel.data": _CANCEL,
    "sv.order.sms": _ORDER,
    "sv.cancel.sms": _CANCEL,
    "sv.order.tone": _ORDER,
    "sv.cancel.tone": _CANCEL,
    "sv.order.display": _ORDER,
    "sv.cancel.display": _CANCEL,
    "sv.order.abroad": _ORDER,
    "sv.cancel.abroad": _CANCEL,
    "sv.order.mail": _ORDER,
    "sv.cancel.mail": _CANCEL,
    "sv.overdraft": _ORDER,
    "sv.overdraft.off": _CANCEL,
    "sv.forward": Change(call_forwarding.carry_out, call_forwarding.propose),
    "sv.forward.off": Change(call_forwarding.end, cancel_service.propose, gives_up=True),
    "sv.reminder": Change(balance_reminder.carry_out, balance_reminder.propose),
    "sv.reminder.off": _CANCEL,
    "sv.choices": Query(choose_service.choices),
    "sv.plan_choices": Query(plan_change.choices),
    "sv.plan_change": Change(plan_change.carry_out, plan_change.propose, plan_change.terms),
    "sv.plan_undo": Change(plan_change.undo, plan_change.propose_undo, protects=True),
    "sv.vpmn_join": Change(vnet_join.carry_out, vnet_join.propose, vnet_join.terms),
    "pt.choices": Query(exchange.choices),
    "pt.exchange": Change(
        exchange.carry_out, exchange.propose, exchange.terms, allowed=exchange.allowed
    ),
    "un.list": Query(unsubscribe.both_lists),
    "un.pick": Change(unsubscribe.carry_out, unsubscribe.propose, gives_up=True, from_list=True),
    "consent.off": Change(wishes.no_offers, protects=True),
    "consent.on": Change(wishes.offers),
    "charges.on": Change(wishes.charges_told),
    "charges.off": Change(wishes.charges_untold, protects=True),
    "np.query": Query(ported.query),
    "np.reasons": Query(ported.reasons),
    "np.auth_code": Change(ported.authorise),
    "tk.complaint": Change(tickets.complaint),
    "tk.suggestion": Change(tickets.suggestion),
    "tk.fault": Change(tickets.fault),
    "tk.spam": Change(tickets.spam),
    "tk.sim": Change(new_card.carry_out, new_card.propose),
    "hu.callback": Change(callback.carry_out, callback.propose, protects=True),
    "info.hall_only": Query(hall_only),
    "fb.rate": Change(rating.rate),
    "fb.stop": Change(rating.stop, protects=True),
    "lang.set": Change(language.carry_out),
}
READING: Final = frozenset(name for name, action in ACTIONS.items() if isinstance(action, Query))
