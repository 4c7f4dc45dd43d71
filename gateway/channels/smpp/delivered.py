"""What a peer has delivered: at the desk, then answered, and its own answers to the outbox."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from twisted.python.failure import Failure

from gateway.channels.smpp.channel import SmppChannel
from gateway.model.message_id import moment_of
from gateway.model.messages import ReceiptArrived, SmppInput
from gateway.model.redelivery import Undecided
from gateway.serving.redelivery import ASKED_AGAIN
from gateway.serving.work import HallJob, Served, WorkResult
from smpp.connection import SmppConnection


class AnswersPeer(Protocol):
    """The bind that it came by."""

    @property
    def channel(self) -> SmppChannel: ...

    def taken(self, connection: SmppConnection, sequence: int, id: int) -> None: ...

    def come_again(self, connection: SmppConnection, sequence: int, id: int) -> None: ...

    def left_the_desk(self, fingerprint: bytes, id: int) -> None: ...

    def goes_on(self, connection: SmppConnection) -> bool: ...


class DeliveredWork:
    """From the desk's queue to the `deliver_sm_resp` (SMPP 3.4 §4.6.2). It knows nothing that knows
    it: thousands a second come and go without a word to the collector."""

    __slots__ = ("_connection", "_id", "_key", "_link", "_sequence", "_step", "_work")

    def __init__(
        self,
        link: AnswersPeer,
        connection: SmppConnection,
        sequence: int,
        id: int,
        work: SmppInput | ReceiptArrived,
        key: str,
    ) -> None:
        """`key`: as of a Job."""
        self._link = link
        self._connection = connection
        self._sequence = sequence
        self._id = id
        self._work = work
        self._key = key
        self._step = link.channel.steps.begin(work, partial(link.taken, connection, sequence, id))

    def job(self) -> HallJob:
        return HallJob(self._work, self._key, self.done, after=self._link.channel.outbox.pump)

    def done(self, result: WorkResult | Failure) -> None:
        """The desk is."""
        link, work = self._link, self._work
        channel = link.channel
        if isinstance(result, Undecided) and not result.refuse:
            channel.steps.clock.callLater(ASKED_AGAIN, self._ask_again)
            return
        if not isinstance(work, ReceiptArrived):
            channel.unanswered.pop(work.dialogue, None)
            link.left_the_desk(work.fingerprint, self._id)
        step = self._step
        if isinstance(result, Undecided):
            if step is None or step.withdrawn():
                link.come_again(self._connection, self._sequence, self._id)
            return
        if step is not None and step.done(result):
            return
        if isinstance(result, Failure):
            link.come_again(self._connection, self._sequence, self._id)
            channel.outbox.look()  # if it was kept, its answer waits in the store
            return
        link.taken(self._connection, self._sequence, self._id)
        if isinstance(result, Served) and result.answers:
            channel.outbox.take(result.answers)  # they leave when the batch is handed back
            channel.counts.answered(channel.wall() - moment_of(self._id))

    def _ask_again(self) -> None:
        if self._link.goes_on(self._connection):
            self._link.channel.desk.put([self.job()])
        else:
            self.done(Undecided(refuse=True))
