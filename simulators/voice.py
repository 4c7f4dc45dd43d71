"""What an SMSC says on one link, and everything it does wrong while saying it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from simulators import pdus
from simulators.audit import Audit
from simulators.faults import Faults
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
    def __init__(
        self,
        wire: Wire,
        faults: Faults,
        audit: Audit,
        clock: IReactorTime,
        chance: Random,
        on_settled: Callable[[], None],
    ) -> None:
        self._wire = wire
        self._faults = faults
        self._audit = audit
        self._clock = clock
        self._chance = chance
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
        faults, chance = self._faults, self._chance
        if faults.mute.strikes(answer.kind, chance):
            answer.then(False)
        elif faults.slow.strikes(answer.kind, chance):
            self._hold(answer, faults.slowness)
        elif faults.shuffle.strikes(answer.kind, chance):
            self._hold(answer, _OVERTAKEN_WITHIN)
        else:
            self._leave(answer)

    def nack(self, sequence: int, status: int) -> None:
        self.send("generic_nack", pdus.write_header(CODES["generic_nack"], sequence, status))

    def send(self, kind: str, data: bytes) -> bool:
        """Write one PDU; whether all of it left."""
        if not self._wire.open:
            return False
        faults, chance = self._faults, self._chance
        if faults.drop_before.strikes(kind, chance):
            self._wire.drop()
            return False
        if faults.strange_pdu.strikes(kind, chance):
            self._wire.write(pdus.write_header(_STRANGE_COMMAND, self.next_sequence(), body=b"\0"))
        if faults.rubbish.strikes(kind, chance):
            self._wire.write(chance.randbytes(chance.randint(1, 200)))
        if faults.drop_midway.strikes(kind, chance):
            self._wire.write(data[: chance.randint(1, len(data) - 1)])
            self._wire.hang_up()
            return False
        self._wire.write(data)
        self._audit.counts[f"out {kind}"] += 1
        if faults.drop_after.strikes(kind, chance):
            self._wire.hang_up()
        return True

    def close(self) -> None:
        """The connection is gone: what was held back never leaves."""
        held, self._held = self._held, {}
        for answer, call in held.items():
            call.cancel()
            answer.then(False)

    def _hold(self, answer: Answer, seconds: tuple[float, float]) -> None:
        delay = self._chance.uniform(*seconds)
        self._held[answer] = self._clock.callLater(delay, self._leave, answer)

    def _leave(self, answer: Answer) -> None:
        self._held.pop(answer, None)
        kind = f"{answer.kind}_resp"
        sent = self.send(kind, answer.data)
        if self._faults.twice.strikes(answer.kind, self._chance):
            self.send(kind, answer.data)
        answer.then(sent)
        self._on_settled()
