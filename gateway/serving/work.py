"""What the desk is asked to do, and what comes of it. Each piece is done in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gateway.dialogue.voice_instruction import VoiceInstruction
from gateway.model.messages import (
    BindNote,
    CloseTicket,
    DeleteExpired,
    LoadOutbox,
    OutgoingMessage,
    PeerHasRead,
    ReceiptArrived,
    SendOutcomes,
    SmscOf,
    SubscriberInput,
    UssdNotice,
)
from gateway.model.redelivery import Undecided
from gateway.serving.boss_work import Due, ErrandWork, Settlement
from gateway.serving.coalescer import Coalescer
from gateway.serving.desk import Desk, Job
from gateway.store.ports.boss_jobs import ErrandPlan

DeskWork = (
    SubscriberInput
    | UssdNotice
    | CloseTicket
    | SendOutcomes
    | ReceiptArrived
    | PeerHasRead
    | BindNote
    | LoadOutbox
    | SmscOf
    | DeleteExpired
    | ErrandWork
)


class Served(NamedTuple):
    """An arrived message is kept; these are its answers."""

    answers: tuple[OutgoingMessage, ...] = ()
    cue: VoiceInstruction | None = None
    """What a call is to do now."""


WorkResult = (
    Served
    | Undecided
    | Sequence[OutgoingMessage]
    | int
    | str
    | Due
    | ErrandPlan
    | Settlement
    | None
)

HallDesk = Desk[DeskWork, WorkResult]
HallJob = Job[DeskWork, WorkResult]
HallCoalescer = Coalescer[DeskWork, WorkResult]
