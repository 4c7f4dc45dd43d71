"""What an SMSC says on one link, and everything it does wrong while saying it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from twisted.internet.interfaces import IDelayedCall

from simulators.smsc import pdus
from simulators.smsc.context import SmscContext
from simulators.smsc.pdus import CODES
from simulators.smsc.transport_writer import TransportWriter

_STRANGE_COMMAND = 0x000000E7
_OVERTAKEN_WITHIN = (0.01, 0.05)  # seconds an answer is held back for others to overtake it


@dataclass(slots=True, eq=False)
class ResponseToSend:
    """A response to a request of `kind`; `then(sent)` runs once it has left, or never will."""

    kind: str
    data: bytes
    then: Callable[[bool], None] = lambda sent: None


class PduSender:
    def __init__(
        self, writer: TransportWriter, context: SmscContext, on_settled: Callable[[], None]
    ) -> None:
        self._writer = writer
        self._context = context
        self._on_settled = on_settled
        self._sequence = 0
        self._held: dict[ResponseToSend, IDelayedCall] = {}

    @property
    def busy(self) -> bool:
        """Owes answers that have not left yet."""
        return bool(self._held)

    def next_sequence(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        return self._sequence

    def answer(self, answer: ResponseToSend) -> None:
        """Respond, now or later or not at all."""
        faults, strikes = self._context.faults, self._context.strikes
        if strikes(faults.mute, answer.kind):
            answer.then(False)
        elif strikes(faults.slow, answer.kind):
            self._hold(answer, faults.slowness)
        elif strikes(faults.shuffle, answer.kind):
            self._hold(answer, _OVERTAKEN_WITHIN)
        else:
            self._leave(answer)

    def request(self, kind: str, fields: Mapping[str, str | int] | None = None) -> bool:
        """A request of the SMSC's own, under its next number."""
        return self.send(kind, pdus.write_pdu(kind, self.next_sequence(), fields))

    def nack(self, sequence: int, status: int) -> None:
        self.send("generic_nack", pdus.write_header(CODES["generic_nack"], sequence, status))

    def send(self, kind: str, data: bytes) -> bool:
        """Write one PDU; whether all of it left."""
        if not self._writer.open:
            return False
        faults, strikes = self._context.faults, self._context.strikes
        chance = self._context.chance
        if strikes(faults.drop_before, kind):
            self._writer.drop()
            return False
        if strikes(faults.strange_pdu, kind):
            self._writer.write(
                pdus.write_header(_STRANGE_COMMAND, self.next_sequence(), body=b"\0")
            )
        if strikes(faults.rubbish, kind):
            self._writer.write(chance.randbytes(chance.randint(1, 200)))
        if strikes(faults.drop_midway, kind):
            self._writer.write(data[: chance.randint(1, len(data) - 1)])
            self._writer.hang_up()
            return False
        self._writer.write(data)
        self._context.audit.counts[f"out {kind}"] += 1
        if strikes(faults.drop_after, kind):
            self._writer.hang_up()
        return True

    def close(self) -> None:
        """The connection is gone: what was held back never leaves."""
        held, self._held = self._held, {}
        for answer, call in held.items():
            call.cancel()
            answer.then(False)

    def _hold(self, answer: ResponseToSend, seconds: tuple[float, float]) -> None:
        delay = self._context.chance.uniform(*seconds)
        self._held[answer] = self._context.clock.callLater(delay, self._leave, answer)

    def _leave(self, answer: ResponseToSend) -> None:
        self._held.pop(answer, None)
        kind = f"{answer.kind}_resp"
        sent = self.send(kind, answer.data)
        if self._context.strikes(self._context.faults.twice, answer.kind):
            self.send(kind, answer.data)
        answer.then(sent)
        self._on_settled()
