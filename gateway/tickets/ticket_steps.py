"""From where to where a ticket can go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from commands.model.tickets import OVER, TicketState
from gateway.model.ticket_record import TicketRecord
from gateway.tickets.refusals import TicketRefusal

_LIVE: Final = frozenset(TicketState) - frozenset(OVER)
_DONE: Final = frozenset({TicketState.DONE, TicketState.RATED})


@dataclass(frozen=True, slots=True)
class StepRule:
    """`verb`: the right that it takes, of tickets; on somebody else's it takes `assign` as well."""

    name: str  # as the audit has it: tickets.accept
    verb: str = "change"
    since: frozenset[TicketState] = _LIVE
    others_too: bool = False  # also on a ticket that somebody else has


ACCEPT: Final = StepRule("accept", others_too=True)  # the refusal says who has it
PUT_BACK: Final = StepRule("release")
ASSIGN: Final = StepRule("assign")
APPOINT: Final = StepRule("appoint")
DONE: Final = StepRule("close")
JOIN: Final = StepRule("join")
NOTE: Final = StepRule("note", since=frozenset(TicketState), others_too=True)
REOPEN: Final = StepRule("reopen", since=_DONE, others_too=True)
ESCALATE: Final = StepRule("escalate", "escalate", others_too=True)
HAND_OVER: Final = StepRule("handover")

_WHY: Final[Mapping[str, str]] = {
    "done": "is done already",
    "rated": "is done and rated already",
    "joined": "was joined to {other}: see to that one",
}


def check_state(rule: StepRule, ticket: TicketRecord) -> None:
    """Raises TicketRefusal."""
    if ticket.state in rule.since or (ticket.state == "working" and rule.since >= _LIVE):
        return
    if ticket.state in _WHY:
        why = _WHY[ticket.state].format(other=ticket.joined_to)
    else:
        why = f"is {ticket.state}: only what is done can be opened again"
    raise TicketRefusal(f"ticket {ticket.number} {why}", ticket.phone)
