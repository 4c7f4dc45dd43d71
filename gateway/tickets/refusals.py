"""Why a ticket cannot be moved so; the text says it, and what to do."""

from __future__ import annotations

from gateway.model.operators.refusals import ActForbidden, ActRefusal, NothingSuch


class TicketRefusal(ActRefusal):
    """It cannot be done so."""


class UnknownTicket(TicketRefusal, NothingSuch):
    def __init__(self, number: str) -> None:
        super().__init__(f"no ticket has the number {number}")


class TicketHeld(TicketRefusal):
    """Somebody else has it, or was quicker."""


class StepForbidden(TicketRefusal, ActForbidden):
    """Somebody else may do this."""


class UnprovenSubscriber(TicketRefusal):
    """The service password was wrong, or is locked. That it was wrong is to be kept."""
