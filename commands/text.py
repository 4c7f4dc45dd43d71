"""A subscriber's text -> what it asks for. Pure, total and bounded: any characters, any length."""

from __future__ import annotations

from commands.dialogue import NO_DIALOGUE, Dialogue, Understood
from commands.register import Register


def understand(
    text: str, dialogue: Dialogue, register: Register, *, confirm_port: bool = False
) -> Understood:
    """What `text` says to somebody who stands at `dialogue`. Never raises.

    `confirm_port`: it was sent to the number that asks for confirms, where Y and 1 also order.
    """
    raise NotImplementedError


def masked(text: str, register: Register, dialogue: Dialogue = NO_DIALOGUE) -> str:
    """The text for the journal: passwords, card secrets and certificate numbers are `***`."""
    raise NotImplementedError
