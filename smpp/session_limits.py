"""What is agreed with an SMSC before the first byte: who we are, how much, how long."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BindCredentials:
    """Who we say we are when we bind (SMPP 3.4 §4.1)."""

    system_id: str
    password: str
    system_type: str = ""
    address_range: str = ""
    addr_ton: int = 0
    addr_npi: int = 0


@dataclass(frozen=True, slots=True)
class SmppLimits:
    """How much and how long; times in seconds."""

    window: int = 16
    """Unanswered messages of ours at a time."""
    response_timeout: float = 60.0
    bind_timeout: float = 10.0
    outbind_timeout: float = 5.0
    """For the outbind of whoever has connected to us: no bytes of theirs make it longer."""
    unbind_timeout: float = 5.0
    enquire_interval: float = 30.0
    """Silence of the peer after which we ask whether it is there."""
    enquire_timeout: float = 10.0
    beat: float = math.inf
    """Silence after which we ask already, to know of a connection that stands still."""
    probe_delay: float = 1.0
    """How long answers may stay unseen before we ask for a sign that they were read."""
    max_pdu: int = 65_536
