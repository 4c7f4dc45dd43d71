"""What the desk is asked to do, and what comes of it. Each piece is done in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from gateway.dialogue.turn_at_hand import TurnAtHand
from gateway.dialogue.voice_instruction import VoiceInstruction
from gateway.model.doors import DoorAnswer, DoorRequest, DoorWord
from gateway.model.known_caller import KnownCaller
from gateway.model.messages import (
    CallInput,
    NoteAct,
    OutgoingMessage,
    ReadCaller,
    SubscriberInput,
    UssdNotice,
)
from gateway.model.redelivery import Undecided
from gateway.model.session_state import SessionState
from gateway.serving.boss_work import Due, ErrandWork, Settlement
from gateway.serving.coalescer import Coalescer
from gateway.serving.delivery_work import DeliveryWork
from gateway.serving.desk import Desk, Job
from gateway.serving.ticket_work import TicketResult, TicketWork
from gateway.serving.unasked_work import UnaskedWork
from gateway.store.ports.boss_jobs import ErrandPlan


class HeardTurn(NamedTuple):
    """A turn of a call that its caller has heard already, to be kept."""

    message: CallInput
    turn: TurnAtHand
    again: bool = False  # it was brought before, and may have been kept


DeskWork = (
    SubscriberInput
    | DoorRequest
    | DoorWord
    | HeardTurn
    | UssdNotice
    | NoteAct
    | ReadCaller
    | DeliveryWork
    | ErrandWork
    | TicketWork
    | UnaskedWork
)


class Served(NamedTuple):
    """An arrived message is kept; these are its answers."""

    answers: tuple[OutgoingMessage, ...] = ()
    cue: VoiceInstruction | None = None
    """What a call is to do now."""
    stands: SessionState | None = None
    """Where its caller stands then."""


WorkResult = (
    Served
    | DoorAnswer
    | Undecided
    | Sequence[OutgoingMessage]
    | int
    | str
    | Due
    | ErrandPlan
    | Settlement
    | KnownCaller
    | TicketResult
    | frozenset[int]
    | None
)

HallDesk = Desk[DeskWork, WorkResult]
if TYPE_CHECKING:
    HallJob = Job[DeskWork, WorkResult]
else:
    HallJob = Job  # an alias with its parameters takes thrice as long to make one
HallCoalescer = Coalescer[DeskWork, WorkResult]
