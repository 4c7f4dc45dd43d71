"""Carrying a change out: what it answers, and a reminder beside it where one is due. Where a BOSS
makes the change, it is accepted for now."""

from __future__ import annotations

from dataclasses import replace

from commands.auth import password_check
from commands.dispatch.command_kinds import ChangeCommand, QueryCommand, ResendCode
from commands.model.boss_jobs import BossJob, BossJobs
from commands.model.hall import Hall
from commands.model.request import AuthLevel, CommandSpec, Refusal, Reply, Request
from commands.model.subscriber_lookup import check_class_rights
from commands.model.turn import TurnOutcome, TurnState


def unavailable(spec: CommandSpec) -> Refusal:
    """Said at once, before a password is asked for, and what can be had instead."""
    return Refusal(spec.unavailable, {"name": spec.name})


def check_classes(
    action: QueryCommand | ChangeCommand | ResendCode, request: Request, hall: Hall
) -> None:
    """What gives something up, or protects, is refused to nobody. Raises Refusal for what is not
    for the customer classes of whom it is about."""
    if request.spec.operation not in hall.settings.classes.restricted:
        return
    if not (isinstance(action, ChangeCommand) and (action.gives_up or action.protects)):
        check_class_rights(request, hall.accounts.find(request.subject), hall)


def execute(turn: TurnState, action: ChangeCommand, request: Request) -> TurnOutcome:
    """At once, or accepted to be done. Raises Refusal."""
    if request.spec.unavailable:  # it could be ordered until today
        raise unavailable(request.spec)
    name, hall = request.spec.action, turn.hall
    check_classes(action, request, hall)  # lists may have changed while it waited for its yes
    service = "" if action.gives_up else str(request.args.get("service", ""))
    if hall.boss_jobs is not None and action.at_boss:
        # what our own copy already forbids is refused at once
        if (check := action.propose or action.allowed) is not None:
            check(request, hall)
        return replace(accept_for_boss(turn, request, hall.boss_jobs), service=service)
    said = turn.outcome(name, "ok", *_carried_out(action, request, hall))
    return replace(said, changed=True, service=service)


def accept_for_boss(turn: TurnState, request: Request, boss_jobs: BossJobs) -> TurnOutcome:
    """One wish of a kind at a time: who is impatient does not get it twice. Raises Refusal."""
    spec, hall = request.spec, turn.hall
    if boss_jobs.waiting(request.phone, spec.action):
        raise Refusal("sv.err.pending", {"name": spec.name})
    job = BossJob(
        request.id, request.now, spec.action, request.subject, request.args, int(request.level),
        request.phone, request.asserted, request.channel, request.interface,
    )  # fmt: skip
    told = Reply("sys.accepted", {"name": spec.name, "number": boss_jobs.place(job)})
    return turn.outcome(spec.action, "accepted", told, *reminders(request, hall))


def _carried_out(action: ChangeCommand, request: Request, hall: Hall) -> tuple[Reply, ...]:
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
    return password_check.reminders(request.subject, hall) if request.level >= AuthLevel.A2 else ()
