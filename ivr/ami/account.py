"""What is agreed with an Asterisk before the first byte."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AmiAccount:
    """Who we say we are: a user of manager.conf."""

    username: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AmiLimits:
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
