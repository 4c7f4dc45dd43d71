"""What a call is to its user: who calls, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ivr.call.prompts import AnnouncementEnded, QuestionEnded
from ivr.call.recording import RecordingEnded
from ivr.call.transfer import AgentConnected, CallerReturned


@dataclass(frozen=True, slots=True)
class CallerId:
    """Who calls, from where and whom, as Asterisk knows it. `number` is empty if it is withheld;
    `dialled` is the extension that the dialplan serves, in its `context`."""

    channel: str
    uniqueid: str
    number: str
    dialled: str
    language: str = ""
    context: str = ""
    up: bool = False
    """Whether the dialplan has answered."""


class CallEndReason(Enum):
    """Why a call is over for us."""

    HUNG_UP = "hung up"
    """The caller, or we, or Asterisk after the longest time."""
    LEFT = "left"
    """It goes on in the dialplan."""
    LOST = "lost"
    """It ended while we could not see it."""
    STUCK = "stuck"
    """Asterisk did not do what it was told to."""
    REFUSED = "refused"
    """Asterisk said that it would not."""


class CallStarted(NamedTuple):
    """A call is there. `resumed` if it was there before us, or before this connection: then it
    stands in the middle of something."""

    resumed: bool
    talking: bool = False
    """It is with a person, or waits for one: CallerReturned follows when it is back."""


class CallAnswered(NamedTuple):
    """The line is open, and is charged."""


class CallRefused(NamedTuple):
    """Asterisk cannot do something, or may not: a module is missing, or a right of our account."""

    what: str
    said: str


class CallEnded(NamedTuple):
    """The call is over; nothing comes after it."""

    end: CallEndReason


CallEvent = (
    CallStarted
    | CallAnswered
    | AnnouncementEnded
    | QuestionEnded
    | RecordingEnded
    | AgentConnected
    | CallerReturned
    | CallRefused
    | CallEnded
)
