"""What an SMSC says on one link, and everything it does wrong while saying it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from twisted.internet.interfaces import IDelayedCall

from simulators import pdus
from simulators.conditions import Conditions
from simulators.pdus import CODES
from simulators.wire import Wire

_STRANGE_COMMAND = 0x000000E7
_OVERTAKEN_WITHIN = (0.01, 0.05)  # seconds an answer is held back for others to overtake it


@dataclass(slots=True, eq=False)
class Answer:
    """A response to a request of `kind`; `then(sent)` runs once it has left, or never will."""

    kind: str
    data: bytes
    then: Callable[[bool], None] = lambda sent: None


class Voice:
    def __init__(self, wire: Wire, conditions: Conditions, on_settled: Callable[[], None]) -> None:
        self._wire = wire
        self._conditions = conditions
        self._on_settled = on_settled
        self._sequence = 0
        self._held: dict[Answer, IDelayedCall] = {}

    @property
    def busy(self) -> bool:
        """Owes answers that have not left yet."""
        return bool(self._held)

    def next_sequence(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        return self._sequence

    def answer(self, answer: Answer) -> None:
        """Respond, now or later or not at all."""
        faults, strikes = self._conditions.faults, self._conditions.strikes
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
        return self.send(kind, pdus.write(kind, self.next_sequence(), fields))

    def nack(self, sequence: int, status: int) -> None:
        self.send("generic_nack", pdus.write_header(CODES["generic_nack"], sequence, status))

    def send(self, kind: str, data: bytes) -> bool:
        """Write one PDU; whether all of it left."""
        if not self._wire.open:
            return False
        faults, strikes = self._conditions.faults, self._conditions.strikes
        chance = self._conditions.chance
        if strikes(faults.drop_before, kind):
            self._wire.drop()
            return False
        if strikes(faults.strange_pdu, kind):
            self._wire.write(pdus.write_header(_STRANGE_COMMAND, self.next_sequence(), body=b"\0"))
        if strikes(faults.rubbish, kind):
            self._wire.write(chance.randbytes(chance.randint(1, 200)))
        if strikes(faults.drop_midway, kind):
            self._wire.write(data[: chance.randint(1, len(data) - 1)])
            self._wire.hang_up()
            return False
        self._wire.write(data)
        self._conditions.audit.counts[f"out {kind}"] += 1
        if strikes(faults.drop_after, kind):
            self._wire.hang_up()
        return True

    def close(self) -> None:
        """The connection is gone: what was held back never leaves."""
        held, self._held = self._held, {}
        for answer, call in held.items():
            call.cancel()
            answer.then(False)

    def _hold(self, answer: Answer, seconds: tuple[float, float]) -> None:
        delay = self._conditions.chance.uniform(*seconds)
        self._held[answer] = self._conditions.clock.callLater(delay, self._leave, answer)

    def _leave(self, answer: Answer) -> None:
        self._held.pop(answer, None)
        kind = f"{answer.kind}_resp"
        sent = self.send(kind, answer.data)
        if self._conditions.strikes(self._conditions.faults.twice, answer.kind):
            self.send(kind, answer.data)
        answer.then(sent)
        self._on_settled()
