"""What happened on an AMI session."""

from __future__ import annotations

from typing import NamedTuple

from ivr.ami.messages import AmiMessage


class LoggedIn(NamedTuple):
    """Asterisk accepted our login. `version` is AMI's, as its greeting says it."""

    version: str


class LoginRefused(NamedTuple):
    """Asterisk does not want us; AmiSessionEnded follows at once."""

    reason: str


class ActionAnswered(NamedTuple):
    """An action of ours was answered; of a list, with all its items."""

    key: object
    answer: AmiMessage
    items: tuple[AmiMessage, ...] = ()

    @property
    def ok(self) -> bool:
        return self.answer.response.lower() != "error"


class ActionTimedOut(NamedTuple):
    """An action of ours was not answered in time: it may have been done or not."""

    key: object


class AsteriskEvent(NamedTuple):
    """Asterisk tells of something that nobody has asked for."""

    message: AmiMessage


class AmiProtocolFault(NamedTuple):
    """Asterisk said what we cannot place; the session went on. For logs."""

    description: str


class AmiSessionEnded(NamedTuple):
    """The session is over. `keys` are our unanswered actions, oldest first."""

    reason: str
    keys: tuple[object, ...]


AmiSessionEvent = (
    LoggedIn
    | LoginRefused
    | ActionAnswered
    | ActionTimedOut
    | AsteriskEvent
    | AmiProtocolFault
    | AmiSessionEnded
)
