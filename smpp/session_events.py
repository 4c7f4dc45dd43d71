"""What happened on a session. Named tuples, because some are made for every message."""

from __future__ import annotations

from typing import NamedTuple

from smpp.pdu import DataSm, DeliverSm
from smpp.statuses import StatusVerdict


class BindAccepted(NamedTuple):
    """The SMSC accepted our bind. `version` is its sc_interface_version, 0x34 if it says so."""

    peer_system_id: str
    version: int | None


class BindRefused(NamedTuple):
    """The SMSC refused our bind; SmppSessionEnded follows at once."""

    command_status: int
    verdict: StatusVerdict


class OutbindReceived(NamedTuple):
    """The outbind that we waited for has come; our bind follows at once."""

    system_id: str


class MessageReceived(NamedTuple):
    """A message came. It stays unanswered until `SmppSession.answer` with this sequence."""

    sequence: int
    pdu: DeliverSm | DataSm
    may_be_old: bool = False
    """The connection stood still before: the SMSC may have delivered it again elsewhere."""


class ConnectionStoodStill(NamedTuple):
    """For so many seconds nothing came, not even the answer to our enquire_link; now octets do."""

    seconds: float


class TrailingOctetsIgnored(NamedTuple):
    """So many octets behind a message said nothing, and were left out."""

    octets: int


class SubmitAnswered(NamedTuple):
    """One of our messages was answered; `message_id` is empty unless it was accepted."""

    key: object
    command_status: int
    message_id: str


class SubmitTimedOut(NamedTuple):
    """One of our messages was not answered in time: it may have been taken or not."""

    key: object


class SubmitAnsweredLate(NamedTuple):
    """A message whose SubmitTimedOut was told has its answer after all."""

    key: object
    command_status: int
    message_id: str


class AnswersSeen(NamedTuple):
    """The SMSC has read our answers that these tokens came with, oldest first.

    It reads our bytes in order; so when it answers a request of ours, it has read every answer
    that we wrote before that request, and will not deliver those messages again.
    """

    tokens: tuple[object, ...]


class SmppProtocolFault(NamedTuple):
    """The peer did something that SMPP does not allow; the session went on. For logs."""

    description: str


class SmppSessionEnded(NamedTuple):
    """The session is over. `keys` are our unanswered messages, oldest first, each neither taken
    nor refused as far as we know; `unseen` the tokens of answers that may not have been read."""

    reason: str
    keys: tuple[object, ...]
    unseen: tuple[object, ...]


SmppSessionEvent = (
    OutbindReceived
    | BindAccepted
    | BindRefused
    | MessageReceived
    | ConnectionStoodStill
    | TrailingOctetsIgnored
    | SubmitAnswered
    | SubmitTimedOut
    | SubmitAnsweredLate
    | AnswersSeen
    | SmppProtocolFault
    | SmppSessionEnded
)
