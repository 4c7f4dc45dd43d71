"""What is agreed with an Asterisk before the first byte, with a caller before the first word."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Account:
    """Who we say we are: a user of manager.conf."""

    username: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how long on one AMI connection; times in seconds."""

    login_timeout: float = 10.0
    """For the greeting, for the challenge and for the login, each."""
    answer_timeout: float = 10.0
    """For the answer to an action; for a list, between its items."""
    logoff_timeout: float = 5.0
    ping_interval: float = 15.0
    """Silence of Asterisk after which we ask whether it is there."""
    most_items: int = 10_000
    """Of a list."""
    most_message: int = 65_536
    """Octets."""


@dataclass(frozen=True, slots=True)
class Patience:
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
