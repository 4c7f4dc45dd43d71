"""Carrying a change out: what it answers, and a reminder beside it where one is due."""

from __future__ import annotations

from commands import authority
from commands.actions import Change
from commands.ports import Hall
from commands.vocabulary import Level, Reply, Request


def carried_out(action: Change, request: Request, hall: Hall) -> tuple[Reply, ...]:
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
