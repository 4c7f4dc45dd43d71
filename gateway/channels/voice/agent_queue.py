"""How long a caller waits for a person: in the queue, slice by slice, and as it is counted."""

from __future__ import annotations

from typing import Final

from twisted.internet.interfaces import IReactorTime

from gateway.dialogue.agent_handover import AgentHandover, variables
from gateway.model.queue_return import QueueReturn
from gateway.ops.metrics import Metrics
from ivr.call.call import Call
from ivr.call.transfer import TransferRequest

QUEUE: Final = "hall"
"""The queue of conf/asterisk/queues.conf."""
POP: Final = "HallCall"
"""The UserEvent by which an agent's screen learns who comes."""
_LINE: Final = "__HALL_LINE"  # by its underscores it is handed on to who answers
_FIRST, _NEXT = 15, 30
SOON: Final = 15.0  # seconds within which a person should answer


def slice_of(waits: int) -> int:
    """Seconds in the queue until a caller is told where he stands, after so many such waits."""
    return _NEXT if waits else _FIRST


def put_through(handover: AgentHandover, line: str) -> TransferRequest:
    """His screen learns of a caller once, however often he goes on waiting. `line` is the caller's
    channel: whoever answers can have his password checked."""
    context = variables(handover) | {_LINE: line}
    pop = "" if handover.waits else POP
    wait = slice_of(handover.waits)
    return TransferRequest(handover.queue or QUEUE, context, wait=wait, pop=pop)


def returned(call: Call, status: str, key: str) -> QueueReturn:
    """As it is told to the desk."""
    place = call.place
    ahead, seconds = (place.ahead, place.seconds) if place else (-1, 0)
    return QueueReturn(status, key, ahead, seconds)


class QueueWait:
    """One call's. It is counted how many want a person, whom somebody answers, and how soon."""

    def __init__(self, exchange: str, clock: IReactorTime, counts: Metrics) -> None:
        self._exchange = exchange
        self._clock = clock
        self._counts = counts
        self._since: float | None = None
        self.outcome = ""  # of the last wait, or the one that somebody answered
        self.waited = 0.0  # seconds

    def begins(self, queue: str) -> None:
        """Also when he waits on: that is the same wait."""
        self._counts.queues.waits(self, self._exchange, queue)
        if self._since is None:
            self._since = self._clock.seconds()
            self._count("wanted")

    @property
    def seconds(self) -> float:
        """For how long he has waited by now."""
        return 0.0 if self._since is None else self._clock.seconds() - self._since

    def answered(self) -> None:
        self._counts.queues.waits_no_longer(self)
        if self._since is None:
            return
        seconds = self._clock.seconds() - self._since
        self._counts.person_answered(self._exchange, seconds)
        self.outcome, self.waited = "answered", seconds
        self._count("answered")
        if seconds <= SOON:
            self._count("answered_in_15_seconds")
        self._since = None

    def ends(self, how: str) -> None:
        """Without an answer."""
        self._counts.queues.waits_no_longer(self)
        if self._since is not None:
            if self.outcome != "answered":
                self.outcome, self.waited = how, self._clock.seconds() - self._since
            self._since = None
            self._count(how)

    def _count(self, what: str) -> None:
        self._counts.people[self._exchange, what] += 1
