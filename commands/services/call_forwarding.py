"""KTHZ: calls go to another number; QXHZ: they come here again."""

from __future__ import annotations

from typing import Final

from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import ready_to_order, running
from commands.services import cancel_service

FORWARDING: Final = "HZ"
WHERE_TO: Final = "forward_to"  # the preference that holds the number


def propose(request: Request, hall: Hall) -> Reply:
    return Reply("sv.forward.confirm", {"target": _target(request, hall)})


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Who has it already only names another number."""
    target = _target(request, hall)
    if FORWARDING not in [held.service for held in running(request, hall)]:
        hall.services.open(request.subject, FORWARDING, request.now, request.id)
    _remember(request, hall, target)
    return (Reply("sv.forward.ok", {"target": target}),)


def end(request: Request, hall: Hall) -> tuple[Reply, ...]:
    replies = cancel_service.carry_out(request, hall)
    _remember(request, hall, "")
    return replies


def _target(request: Request, hall: Hall) -> str:
    ready_to_order(request, hall)
    target = str(request.args["target"])
    if target == request.subject:  # a call would go round for ever
        raise Refusal("sv.forward.self")
    return target


def _remember(request: Request, hall: Hall, target: str) -> None:
    put, subject = hall.preferences.put, request.subject
    put(subject, WHERE_TO, target, request.interface, request.now)
