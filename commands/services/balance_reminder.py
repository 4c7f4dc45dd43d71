"""KTYETX#20: an SMS when the balance falls below so much; a later amount replaces it."""

from __future__ import annotations

from typing import Final

from commands.model.hall import Hall
from commands.model.parameters import in_fen
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import ready_to_order, running

REMINDER: Final = "YETX"
BELOW: Final = "balance_reminder"  # the preference that holds the amount, in fen


def propose(request: Request, hall: Hall) -> Reply:
    return Reply("sv.reminder.confirm", {"below": _below(request, hall)})


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    below, subject = _below(request, hall), request.subject
    if REMINDER not in [held.service for held in running(request, hall)]:
        hall.services.open(subject, REMINDER, request.now, request.id)
    hall.preferences.put(subject, BELOW, str(below), request.interface, request.now)
    return (Reply("sv.reminder.ok", {"below": below}),)


def _below(request: Request, hall: Hall) -> int:
    """Fen. Raises Refusal."""
    ready_to_order(request, hall)
    below = in_fen(str(request.args["threshold"]))
    if not below:
        raise Refusal("sv.reminder.zero")
    return below
