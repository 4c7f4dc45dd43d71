"""TS, JY, GZ, JB: a complaint, a suggestion, a fault, an unwanted message. Each becomes a ticket
with a number and a time by which it is looked after."""

from __future__ import annotations

import re
from typing import Final

from commands.model.hall import Hall
from commands.model.request import Channel, Refusal, Reply, Request
from commands.model.tickets import Ticket

OPENED: Final = "ticket"  # each is counted as this
_DAY: Final = 24 * 3600
_RECORDING: Final = re.compile(r"r[0-9]+")


def complaint(request: Request, hall: Hall) -> tuple[Reply, ...]:
    return (_promise(_open("complaint", request, hall, hall.settings.tickets.due), request),)


def fault(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """Out in the country it takes longer to get there."""
    rules = hall.settings.tickets
    far = any(word in str(request.args["content"]) for word in rules.country_words)
    due = rules.country_due if far else rules.due
    return (_promise(_open("fault", request, hall, due), request),)


def suggestion(request: Request, hall: Hall) -> tuple[Reply, ...]:
    ticket = _open("suggestion", request, hall, hall.settings.tickets.due)
    return (Reply("tk.suggestion.ok", {"number": ticket.number}),)


def spam(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """The number that sent it, and what it said."""
    ticket = _open("spam", request, hall, hall.settings.tickets.due)
    return (Reply("tk.spam.ok", {"number": ticket.number}),)


def _open(kind: str, request: Request, hall: Hall, due: int) -> Ticket:
    """Raises Refusal from somebody who writes one after the other."""
    phone, now = request.contact, request.now
    if hall.attempts.count(OPENED, phone, now - _DAY) >= hall.settings.tickets.a_day:
        raise Refusal("tk.many")
    hall.attempts.add(OPENED, phone, now)
    told = " ".join(str(request.args[n]) for n in ("sender", "content") if n in request.args)
    if request.channel is Channel.VOICE and _RECORDING.fullmatch(told):  # it was spoken
        return hall.tickets.open(kind, phone, "", now + due, now, request.id, told)
    return hall.tickets.open(kind, phone, told, now + due, now, request.id)


def _promise(ticket: Ticket, request: Request) -> Reply:
    hours = (ticket.due_at - request.now) // 3600
    return Reply("tk.ok", {"name": request.spec.name, "number": ticket.number, "hours": hours})
