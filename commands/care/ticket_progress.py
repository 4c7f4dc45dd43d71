"""CXGD: how far a ticket has come: the newest one, or the one that is named."""

from __future__ import annotations

from typing import Final

from commands.model.hall import Hall
from commands.model.request import Refusal, Reply, Request
from commands.model.subscriber_lookup import account

# named by the texts ticket.kind.complaint …, ticket.state.open …
KINDS: Final = ("complaint", "suggestion", "fault", "spam", "sim", "callback", "card", "other")
STATES: Final = ("open", "working", "done")


def ticket_progress(request: Request, hall: Hall) -> Reply:
    account(request, hall)
    number = request.args.get("ticket")
    tickets, subject = hall.tickets, request.subject
    found = tickets.latest(subject) if number is None else tickets.find(subject, str(number))
    if found is None:
        raise Refusal("q.ticket.none" if number is None else "q.ticket.unknown")
    facts = {
        "number": found.number,
        "kind": found.kind if found.kind in KINDS else "other",
        "state": found.state if found.state in STATES else "working",
        "opened": found.opened_at,
        "due": found.due_at,
        "late": found.due_at < request.now,
        "result": found.result,
    }
    return Reply("q.ticket", facts)
