"""BK: a new SIM card for one that is lost or broken, also from another phone with the password."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Final

from commands.model.accounts import NumberState
from commands.model.daily_hours import Workdays
from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account

_GONE: Final = (NumberState.PRE_CANCELLED, NumberState.TO_CANCEL, NumberState.CANCELLED)


def propose(request: Request, hall: Hall) -> Reply:
    _possible(request, hall)
    facts = {"number": request.subject, "days": hall.settings.tickets.card_days}
    return Reply("tk.sim.confirm", facts)


def carry_out(request: Request, hall: Hall) -> tuple[Reply, ...]:
    """The ticket is the number's, whoever has asked for it."""
    _possible(request, hall)
    days = hall.settings.tickets.card_days
    due = working_days_after(request.now, days, hall.catalogue.zone, hall.workdays)
    subject, told = request.subject, f"asked for by {request.phone}"
    ticket = hall.tickets.open("sim", subject, told, due, request.now, request.id)
    return (Reply("tk.sim.ok", {"ticket": ticket.number, "days": days}),)


def working_days_after(now: int, days: int, zone: tzinfo, workdays: Workdays) -> int:
    """The same hour, so many days later that are worked."""
    there = datetime.fromtimestamp(now, zone)
    while days:
        there += timedelta(days=1)
        days -= workdays.works(there.date())
    return int(there.timestamp())


def _possible(request: Request, hall: Hall) -> None:
    """Raises Refusal for a number that is given up, or whose new card is under way."""
    state = account(request, hall).state
    if state in _GONE:
        raise Refusal("sv.err.status", {"state": state.value})
    latest = hall.tickets.latest(request.subject)
    if latest is not None and latest.kind == "sim" and latest.state != "done":
        raise Refusal("tk.sim.already", {"ticket": latest.number})
