"""Carrying a change out: what it answers, and a reminder beside it where one is due. Where a BOSS
makes the change, it is accepted for now."""

from __future__ import annotations

from dataclasses import replace

from commands import authority
from commands.actions import Change
from commands.counter import Counter, Outcome
from commands.errands import AT_THE_BOSS, Errand, Errands
from commands.ports import Hall
from commands.vocabulary import Level, Refusal, Reply, Request, Spec


def not_to_be_had(spec: Spec) -> Refusal:
    """Said at once, before a password is asked for, and what can be had instead."""
    return Refusal(spec.unavailable, {"name": spec.name})


def done(here: Counter, action: Change, request: Request) -> Outcome:
    """At once, or accepted to be done. Raises Refusal."""
    if request.spec.unavailable:  # it could be ordered until today
        raise not_to_be_had(request.spec)
    name, hall = request.spec.action, here.hall
    service = "" if action.gives_up else str(request.args.get("service", ""))
    if hall.errands is not None and name in AT_THE_BOSS:
        # what our own copy already forbids is refused at once
        if (check := action.propose or action.allowed) is not None:
            check(request, hall)
        return replace(accepted(here, request, hall.errands), service=service)
    said = here.said(name, "ok", *_carried_out(action, request, hall))
    return replace(said, changed=True, service=service)


def accepted(here: Counter, request: Request, errands: Errands) -> Outcome:
    """One wish of a kind at a time: who is impatient does not get it twice. Raises Refusal."""
    spec, hall = request.spec, here.hall
    if errands.waiting(request.phone, spec.action):
        raise Refusal("sv.err.pending", {"name": spec.name})
    errand = Errand(
        request.id, request.now, spec.action, request.subject, request.args, int(request.level),
        request.phone, request.asserted, request.channel, request.interface,
    )  # fmt: skip
    told = Reply("sys.accepted", {"name": spec.name, "number": errands.place(errand)})
    return here.said(spec.action, "accepted", told, *reminders(request, hall))


def _carried_out(action: Change, request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Who proved themselves with a weak password is served first and reminded afterwards (R4); not
    if just that has been changed. Raises Refusal."""
    before = reminders(request, hall)
    replies = action.carry_out(request, hall)
    if not before:
        return replies
    after = reminders(request, hall)
    return (*replies, *(tip for tip in before if tip in after))


def reminders(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """For who has given the password; others need not hear that it is weak."""
    return authority.reminders(request.subject, hall) if request.level >= Level.A2 else ()
