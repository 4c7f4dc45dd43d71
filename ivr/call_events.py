"""What a call is to its user: who calls, what happened, and what is to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ivr.asking import Heard, Said
from ivr.recording import Recorded
from ivr.transfer import Connected, Returned


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, from where and whom, as Asterisk knows it. `number` is empty if it is withheld;
    `dialled` is the extension that the dialplan serves."""

    channel: str
    uniqueid: str
    number: str
    dialled: str
    language: str = ""
    arguments: tuple[str, ...] = ()
    """What the dialplan wrote behind agi:async."""
    up: bool = False
    """Whether the dialplan has answered."""


class End(Enum):
    """Why a call is over for us."""

    HUNG_UP = "hung up"
    """The caller, or we, or Asterisk after the longest time."""
    LEFT = "left"
    """It goes on in the dialplan."""
    LOST = "lost"
    """It ended while we could not see it."""
    STUCK = "stuck"
    """Asterisk did not do what it was told to."""


class Started(NamedTuple):
    """A call is there. `resumed` if it was there before us, or before this connection: then it
    stands in the middle of something."""

    resumed: bool
    talking: bool = False
    """It is with a person, or waits for one: Returned follows when it is back."""


class Answered(NamedTuple):
    """The line is open, and is charged."""


class Ended(NamedTuple):
    """The call is over; nothing comes after it."""

    end: End


CallEvent = Started | Answered | Said | Heard | Recorded | Connected | Returned | Ended


class Order(NamedTuple):
    """An AMI action. What becomes of it comes back to the call with `command_id`."""

    action: str
    headers: Mapping[str, str]
    command_id: str
