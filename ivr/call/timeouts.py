"""How long a call, and each step of it, may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallTimeouts:
    """How long a call may take; seconds."""

    call: float = 900.0
    """In all, talks with people aside. Asterisk ends it by itself then, with or without us."""
    talk: float = 4 * 3600.0
    """With a person, waiting included."""
    prompts: float = 180.0
    """For the sounds of one announcement or question."""
    answer: float = 10.0
    """For what Asterisk does at once."""
    press: float = 0.5
    """After which a sound that we wanted to end, and did not, is told again."""
