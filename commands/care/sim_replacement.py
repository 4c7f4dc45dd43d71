"""BK: a new SIM card for one that is lost or broken, also from another phone with the password."""

from __future__ import annotations

from typing import Final

from commands.model.accounts import NumberState
from commands.model.care.due_times import due_after
from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account
from commands.model.tickets import TicketDetails

_GONE: Final = (NumberState.PRE_CANCELLED, NumberState.TO_CANCEL, NumberState.CANCELLED)


def propose(request: Request, hall: Hall) -> Reply:
    _possible(request, hall)
    facts = {"number": request.subject, "days": hall.settings.tickets.card_days}
    return Reply("tk.sim.confirm", facts)


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """The ticket is the number's, whoever has asked for it."""
    _possible(request, hall)
    rules = hall.settings.tickets
    days, promise = rules.card_days, rules.kind("sim").due
    due = due_after(request.now, promise, hall.catalogue.zone, hall.workdays, rules.hours)
    subject, told = request.subject, f"asked for by {request.phone}"
    details = TicketDetails(region=str(hall.regions.of(subject) or ""), origin=request.interface)
    ticket = hall.tickets.open("sim", subject, told, due, request.now, request.id, details=details)
    return (Reply("tk.sim.ok", {"ticket": ticket.number, "days": days}),)


def _possible(request: Request, hall: Hall) -> None:
    """Raises Refusal for a number that is given up, or whose new card is under way."""
    state = account(request, hall).state
    if state in _GONE:
        raise Refusal("sv.err.status", {"state": state.value})
    latest = hall.tickets.latest(request.subject)
    if latest is not None and latest.kind == "sim" and not latest.over:
        raise Refusal("tk.sim.already", {"ticket": latest.number})
