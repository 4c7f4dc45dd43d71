"""RG: a person calls back."""

from __future__ import annotations

from typing import Final

from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.tickets import TicketDetails

ASKED: Final = "callback"  # counted as this: until it is over somebody is about to call


def calls_back(request: Request) -> bool:
    """Whether a person is to call: that takes no proof, but a number."""
    return request.spec.action == "hu.callback"


def propose(request: Request, hall: Hall) -> Reply:
    _none_waiting(request, hall)
    return Reply("hu.confirm", {"minutes": _minutes(hall)})


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    _none_waiting(request, hall)
    hall.attempts.add(ASKED, request.contact, request.now)
    due = request.now + hall.settings.tickets.callback
    phone = request.contact
    details = TicketDetails(region=str(hall.regions.of(phone) or ""), origin=request.interface)
    ticket = hall.tickets.open("callback", phone, "", due, request.now, request.id, details=details)
    return (Reply("hu.callback", {"minutes": _minutes(hall), "number": ticket.number}),)


def _none_waiting(request: Request, hall: Hall) -> None:
    wait = hall.settings.tickets.callback
    if hall.attempts.count(ASKED, request.contact, request.now - wait):
        raise Refusal("hu.already", {"minutes": _minutes(hall)})


def _minutes(hall: Hall) -> int:
    return hall.settings.tickets.callback // 60
