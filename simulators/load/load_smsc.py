"""An SMSC that does nothing but load its ESMEs and count: one process, one core, no codec."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Self

from smpplib import consts

from simulators.load import packed_pdus
from simulators.load.bound_esmes import BoundEsmes
from simulators.load.esme_socket import EsmeSocket
from simulators.load.measurement import LoadMeasurement, LoadResult, SentMo
from simulators.load.pace import Pace
from simulators.load.retries import RefusedMessages
from simulators.load.subscribers import LoadSubscribers, Subscribers

# what an SMSC keeps and sends again; every other refusal is for good (SMPP 3.4 §5.1.3)
TEMPORARY = frozenset(
    (consts.SMPP_ESME_RMSGQFUL, consts.SMPP_ESME_RX_T_APPN, consts.SMPP_ESME_RTHROTTLED)
)
BUFFERED = 32_768  # octets waiting for one link's socket; no more MOs are written beyond
IDLE = 0.5  # seconds between looks at the clock when nothing else is due


@dataclass(frozen=True, slots=True)
class LoadPhase:
    """One stretch of load: until `duration` seconds after the warm-up, or `messages` are out."""

    mode: str
    pace: Pace
    warm_up: float = 1.0
    duration: float = 5.0
    messages: int | None = None
    retry_every: float = 0.05  # seconds between tries of what was refused, if nothing else helps
    patience: float = 10.0  # seconds without any progress before the rest counts as lost
    linger: float = 0.2  # seconds to listen on for replies that come twice


class LoadSmsc:
    """Listens, takes binds of any kind, and runs phases over them one after another."""

    def __init__(
        self,
        port: int = 0,
        subscribers: LoadSubscribers | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._lines = BoundEsmes(port, clock)
        self._subscribers: LoadSubscribers = subscribers or Subscribers()
        self._clock = clock
        self._turn = 0  # whose number texts next, over all phases
        self._sequence = 0
        self._pending: dict[int, SentMo] = {}
        self._refused = RefusedMessages(0.0)
        self._tally = LoadMeasurement(self._subscribers.count)
        self._seen = self._tally.progress()  # what the ESME had done when it last did something,
        self._since = 0.0  # and when that was

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up on everyone and listen no more."""
        self._lines.close()

    @property
    def port(self) -> int:
        return self._lines.port

    def await_binds(self, count: int, timeout: float) -> None:
        """Until `count` ESMEs are bound and both directions are there."""
        deadline = self._clock() + timeout
        while self._lines.bound() < count or not self._lines.both_ways():
            if self._clock() > deadline:
                bound = self._lines.bound()
                raise TimeoutError(f"{bound} of {count} binds came within {timeout:g} s")
            self._lines.turn_over(0.1, self)

    def run(self, phase: LoadPhase) -> LoadResult:
        """Load the links as the phase says, wait for the last replies, and count."""
        tally = self._tally = LoadMeasurement(self._subscribers.count)
        self._pending.clear()
        self._refused = RefusedMessages(phase.retry_every)
        measured_from = self._clock() + phase.warm_up
        ends = measured_from + phase.duration if phase.messages is None else inf
        tally.measure(measured_from, ends)
        self._lines.busy = True
        self._since = self._clock()
        while self._clock() < ends and not self._all_out(phase) and not self._stalled(phase):
            self._offer(phase)
            self._lines.flush()
            self._lines.turn_over(self._pause(phase), self)
        self._drain(phase)
        self._lines.busy = False
        return tally.result(phase.mode)

    def submitted(self, submit: packed_pdus.ReceivedSubmit, now: float) -> None:
        subscriber = self._subscribers.index_of(submit.destination)
        self._tally.reply(subscriber, submit, packed_pdus.part_of(submit), now)

    def responded(self, sequence: int, status: int, now: float) -> None:
        mo = self._pending.pop(sequence, None)
        if mo is None:
            return  # an answer to an earlier phase, or a second one
        if status == consts.SMPP_ESME_ROK:
            self._tally.acknowledge(mo)
            self._refused.place_freed()
        elif status in TEMPORARY:
            self._tally.refuse()
            self._refused.add(mo, now)
        else:
            self._tally.fail(mo)

    def _all_out(self, phase: LoadPhase) -> bool:
        return phase.messages is not None and self._tally.sent >= phase.messages

    def _drain(self, phase: LoadPhase) -> None:
        """Nothing new; the refused go out again until all is answered or patience ends."""
        while self._tally.unfinished and not self._stalled(phase):
            self._send_again(self._clock())
            self._lines.flush()
            self._lines.turn_over(self._pause(phase, draining=True), self)
        deadline = self._clock() + phase.linger
        while (left := deadline - self._clock()) > 0:
            self._lines.turn_over(left, self)

    def _stalled(self, phase: LoadPhase) -> bool:
        """Something is unanswered, and the ESME has done nothing at all for too long."""
        now, progress = self._clock(), self._tally.progress()
        if progress != self._seen or not self._tally.unfinished:
            self._seen, self._since = progress, now
        return now - self._since >= phase.patience

    def _offer(self, phase: LoadPhase) -> None:
        """Write the MOs that are due, refused ones first, over the links in turn."""
        now = self._clock()
        self._send_again(now)
        if self._refused and phase.pace.yields:
            return
        links = self._free_takers()
        while links:
            for link in links:
                if self._all_out(phase) or self._tally.waits(self._turn):
                    return  # whoever wants to write the same again has read no answer yet
                meant = phase.pace.due(now, self._tally.unfinished)
                if meant is None:
                    return
                self._send_new(link, meant, now)
            links = [link for link in links if len(link.out) < BUFFERED]

    def _send_new(self, link: EsmeSocket, meant: float, now: float) -> None:
        mo = SentMo(self._turn, meant, self._subscribers.next_body(self._turn))
        self._turn = (self._turn + 1) % self._subscribers.count
        self._tally.send(mo, now)
        self._write(link, mo)

    def _send_again(self, now: float) -> None:
        links = self._free_takers()
        while links:
            for link in links:
                mo = self._refused.take(now)
                if mo is None:
                    return
                self._write(link, mo)
            links = [link for link in links if len(link.out) < BUFFERED]

    def _write(self, link: EsmeSocket, mo: SentMo) -> None:
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        self._pending[self._sequence] = mo
        link.out += packed_pdus.pack_pdu(packed_pdus.DELIVER_SM, 0, self._sequence, mo.body)

    def _pause(self, phase: LoadPhase, draining: bool = False) -> float:
        """How long the sockets may sleep before the clock makes something due."""
        if not self._free_takers():
            return IDLE  # until a socket can be written again
        now = self._clock()
        waits = [IDLE, self._refused.wait(now)]
        held = draining or self._tally.waits(self._turn)
        if not held and not (self._refused and phase.pace.yields):
            waits.append(phase.pace.wait(now, self._tally.unfinished))
        return min(wait for wait in waits if wait is not None)

    def _free_takers(self) -> list[EsmeSocket]:
        return [link for link in self._lines.takers() if len(link.out) < BUFFERED]
