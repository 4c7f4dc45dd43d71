"""The SMPP channel: what all binds share."""

from __future__ import annotations

from collections.abc import Callable

from gateway.channels.smpp.standstill import Standstill
from gateway.channels.smpp.ussd import UssdSteps
from gateway.delivery.outbox import Outbox
from gateway.model.message_id import MessageIds
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.serving.work import HallCoalescer, HallDesk


class SmppChannel:
    """What all binds share."""

    def __init__(
        self,
        desk: HallDesk,
        coalescer: HallCoalescer,
        outbox: Outbox,
        ids: MessageIds,
        wall: Callable[[], float],
        counts: Metrics,
        log: Log,
        fingerprint_key: bytes,
        steps: UssdSteps,
        ussd_code: str = "*139#",
        number: str = "10086",
        standstill: Standstill | None = None,
    ) -> None:
        self.desk = desk
        self.coalescer = coalescer
        self.outbox = outbox
        self.ids = ids
        self.wall = wall
        self.counts = counts
        self.log = log
        self.fingerprint_key = fingerprint_key
        self.steps = steps
        self.ussd_code = ussd_code
        self.number = number
        self.standstill = standstill
        self.open = True  # false while draining: what comes is refused for now
        self.sending = 0  # binds that can send
        self.unanswered: dict[str, tuple[int, bytes]] = {}
        """By dialogue, the newest message at the desk: its id and its fingerprint."""
        self.overlapping: set[str] = set()  # links that do not wait for our answers

    def can_send(self) -> bool:
        return self.sending > 0
