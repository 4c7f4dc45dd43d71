"""CXGD: how far a ticket has come: the newest that is not over, or the one that is named."""

from __future__ import annotations

from typing import Final

from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account
from commands.model.tickets import Ticket, TicketState

STATES: Final = (*(state.value for state in TicketState), "working")
"""Named by the texts ticket.state.open …; working: what the store calls otherwise."""

_NAMED: Final = 3
"""Others that are not over, of which the numbers are told."""


def ticket_progress(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    number = request.args.get("ticket")
    tickets, subject = hall.tickets, request.subject
    waiting = tickets.waiting(subject) if number is None else ()
    if waiting:
        found: Ticket | None = waiting[0]
    else:
        found = tickets.latest(subject) if number is None else tickets.find(subject, str(number))
    if found is None:
        raise Refusal("q.ticket.none" if number is None else "q.ticket.unknown")
    state = _state(found)
    appointed = found.appointed_at if state is TicketState.APPOINTED else 0
    facts = {
        "number": found.number,
        "kind": hall.settings.tickets.kind(found.kind).name,
        "state": state,
        "opened": found.opened_at,
        "due": found.due_at,
        "late": found.due_at < request.now,
        "result": found.result,
        "appointed": appointed,
        "other": found.joined_to,
        "waiting": [one.number for one in waiting[1 : 1 + _NAMED]],
    }
    return Reply("q.ticket", facts)


def _state(ticket: Ticket) -> str:
    """A rated one is done, and so is a joined one that the other has ended."""
    if ticket.state == TicketState.RATED or (ticket.over and ticket.result):
        return TicketState.DONE
    return ticket.state if ticket.state in STATES else "working"
