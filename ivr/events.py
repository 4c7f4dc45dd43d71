"""What happened on an AMI session."""

from __future__ import annotations

from typing import NamedTuple

from ivr.messages import Message


class LoggedIn(NamedTuple):
    """Asterisk accepted our login. `version` is AMI's, as its greeting says it."""

    version: str


class LoginRefused(NamedTuple):
    """Asterisk does not want us; Ended follows at once."""

    reason: str


class Answered(NamedTuple):
    """An action of ours was answered; of a list, with all its items."""

    key: object
    answer: Message
    items: tuple[Message, ...] = ()

    @property
    def ok(self) -> bool:
        return self.answer.response.lower() != "error"


class TimedOut(NamedTuple):
    """An action of ours was not answered in time: it may have been done or not."""

    key: object


class Happened(NamedTuple):
    """Asterisk tells of something that nobody has asked for."""

    message: Message


class ProtocolFault(NamedTuple):
    """Asterisk said what we cannot place; the session went on. For logs."""

    description: str


class Ended(NamedTuple):
    """The session is over. `keys` are our unanswered actions, oldest first."""

    reason: str
    keys: tuple[object, ...]


Event = LoggedIn | LoginRefused | Answered | TimedOut | Happened | ProtocolFault | Ended
