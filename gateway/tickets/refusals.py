"""Why a ticket cannot be moved so; the text says it, and what to do."""

from __future__ import annotations


class TicketRefusal(Exception):
    """`about`: the subscriber that it concerned, for the audit."""

    def __init__(self, why: str, about: str = "") -> None:
        super().__init__(why)
        self.about = about


class UnknownTicket(TicketRefusal):
    def __init__(self, number: str) -> None:
        super().__init__(f"no ticket has the number {number}")


class TicketHeld(TicketRefusal):
    """Somebody else has it, or was quicker."""


class StepForbidden(TicketRefusal):
    """Somebody else may do this."""


class UnprovenSubscriber(TicketRefusal):
    """The service password was wrong, or is locked. That it was wrong is to be kept."""
