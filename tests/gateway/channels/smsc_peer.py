"""An SMSC bound to a gateway over a transport in memory, and a desk that does as the test says."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import orjson
from smpplib.consts import (
    SMPP_ESME_ROK,
)
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from gateway.channels.smpp.channel import SmppChannel
from gateway.channels.smpp.sms import BoundLink
from gateway.channels.smpp.ussd import UssdSteps
from gateway.config.settings import LinkSettings
from gateway.delivery.outbox import Outbox
from gateway.model.address import Address
from gateway.model.message_id import REPLY_BITS, MessageIds, floor_at
from gateway.model.messages import (
    OutgoingMessage,
    SendOutcome,
    ShortMessage,
    SmppInput,
    UssdInput,
)
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.serving.coalescer import LINGER
from gateway.serving.work import HallCoalescer, HallDesk, HallJob, Served, WorkResult
from smpp.connection import SmppConnection
from smpp.pdu import (
    BindKind,
    BindResp,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    Pdu,
    SubmitSm,
)
from smpp.pdu_encoding import encode_pdu
from smpp.session import BindCredentials, SmppLimits, SmppSession
from tests.gateway.delivery.binds import MARKS
from tests.smpp.connection_in_memory import Wire, frames

NOON = 1_795_233_600.0
KEY = bytes(32)
ZHANG = "8613800138001"
RECEIPT = (
    "id:c449ab9744f47b6af1879e49e75e4f40 sub:001 dlvrd:001 submit date:2611211200"
    " done date:2611211201 stat:DELIVRD err:000 text:YE"
)


class FakeDesk(HallDesk):
    """A desk that the test works at."""

    def __init__(self) -> None:
        self.jobs: list[HallJob] = []
        self.room = 100

    @property
    def full(self) -> bool:
        return len(self.jobs) >= self.room

    def put(self, jobs: Sequence[HallJob]) -> None:
        self.jobs += jobs

    @property
    def works(self) -> list[object]:
        return [job.work for job in self.jobs]

    def arrived(self) -> list[SmppInput]:
        return [work for work in self.works if isinstance(work, SmppInput)]

    def written(self) -> list[ShortMessage]:
        return [work for work in self.works if isinstance(work, ShortMessage)]

    def dialled(self) -> list[UssdInput]:
        return [work for work in self.works if isinstance(work, UssdInput)]

    def done(self, result: WorkResult | Failure = None) -> object:
        """The oldest job is done; what it was."""
        job = self.jobs.pop(0)
        job.done(result)
        if job.after is not None:
            job.after()
        return job.work

    def all_done(self) -> None:
        """Everything is kept, and nothing is said to it."""
        while self.jobs:
            self.done(Served() if isinstance(self.jobs[0].work, SmppInput) else None)


class SmscPeer:
    """A channel for short messages, and the SMSC's side of its binds."""

    limits = SmppLimits(window=4)

    def __init__(self, *, kind: BindKind = BindKind.TRANSCEIVER, **link: object) -> None:
        self.clock = Clock()
        self.desk = FakeDesk()
        self.counts = Metrics()
        self.settled: list[SendOutcome] = []
        self._lines = BytesIO()
        self.outbox = Outbox(self.clock, self.wall, self._settle, lambda limit, outbox: None, MARKS)
        self.outbox.start()
        self.outbox.loaded([], 10)
        post, ids = HallCoalescer(self.clock, self.desk, company=0), MessageIds(0, self.wall)
        log = Log(self._lines)
        steps = UssdSteps(self.clock, self.outbox, lambda: "系统繁忙", log)
        self.channel = SmppChannel(
            self.desk, post, self.outbox, ids, self.wall, self.counts, log, KEY, steps
        )
        self._settings = LinkSettings.model_validate({"name": "smsc-a"} | link)
        self._kind = kind
        self.connect()

    def wall(self) -> float:
        return NOON + self.clock.seconds()

    def _settle(self, settled: SendOutcome, _outbox: Outbox) -> None:
        self.settled.append(settled)

    def connect(self) -> None:
        """A connection, and the SMSC accepts its bind."""
        session = SmppSession(self._kind, BindCredentials("hallgate", "secret"), self.limits)
        user = BoundLink(self.channel, self._settings, self._kind)
        self.connection = SmppConnection(session, self.clock, user)
        self.wire = Wire()
        self.connection.makeConnection(self.wire)
        (bind,) = self.sent()
        self.say(BindResp(self._kind, "SMSC"), bind[0])
        self.linger()

    def linger(self) -> None:
        """What waits for company goes."""
        self.clock.advance(LINGER)

    def say(self, pdu: Pdu, sequence: int, status: int = SMPP_ESME_ROK) -> None:
        self.connection.dataReceived(encode_pdu(pdu, sequence, status))

    def delivers(self, text: str = "YE", sequence: int = 1, **fields: object) -> None:
        pdu = {"source_addr": ZHANG, "destination_addr": "10086", "short_message": text.encode()}
        self.say(DeliverSm(**pdu | fields), sequence)  # type: ignore[arg-type]

    def sent(self) -> list[tuple[int, int, Pdu]]:
        """Sequence, status and PDU of what we wrote since the last time."""
        self.clock.advance(0)
        octets = self.wire.value()
        self.wire.clear()
        return [(f.sequence, f.command_status, f.pdu) for f in frames(octets)]

    def answers(self) -> list[tuple[int, int]]:
        """Sequence and status of our answers to messages."""
        return [
            (sequence, status)
            for sequence, status, pdu in self.sent()
            if isinstance(pdu, DeliverSmResp | DataSmResp)
        ]

    def submitted(self) -> list[SubmitSm]:
        return [pdu for _, _, pdu in self.sent() if isinstance(pdu, SubmitSm)]

    def hang_up(self) -> None:
        self.connection.connectionLost(Failure(ConnectionError("gone")))

    def log(self) -> list[dict[str, object]]:
        return [orjson.loads(line) for line in self._lines.getvalue().splitlines()]


def answer(arrived: SmppInput) -> OutgoingMessage:
    return OutgoingMessage(
        arrived.id + 1, arrived.link, arrived.port, arrived.source, "余额56.80元"
    )


def outgoing(text: str = "ok", *, number: int = 1, to: str = ZHANG) -> OutgoingMessage:
    """An answer to a message of noon."""
    id = floor_at(NOON) + (number << REPLY_BITS) + 1
    return OutgoingMessage(id, "smsc-a", Address(0, 9, "10086"), Address(1, 1, to), text)
