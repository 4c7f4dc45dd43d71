"""A hall with callers, whose turns are answered and kept as in a gateway; no doors, and a desk that
a test may hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from twisted.internet.task import Clock
from twisted.python.failure import Failure

from gateway.channels.voice.caller_turns import CallerTurns
from gateway.model.address import Address
from gateway.model.messages import CallInput, ScreenAct
from gateway.serving.call_turns import CallTurns
from gateway.serving.coalescer import Coalescer
from gateway.serving.desk import Unavailable
from gateway.serving.work import HallCoalescer, HallDesk, HallJob, Served, WorkResult
from gateway.store.sessions import Sessions
from gateway.store.store import Store
from gateway.store.tables import dialogues
from tests.gateway.hall import Lone, Office
from tests.gateway.messages import ZHANG

STEP = 0.01  # seconds


class HeldDesk:
    """Serves a batch when it is put, or when a test lets it go on; each batch as a whole."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.held = False
        self.unsaid = False  # batches are kept, and the store dies before it says so
        self.batches: list[Sequence[HallJob]] = []
        self.served: list[list[str]] = []

    def put(self, jobs: Sequence[HallJob]) -> None:
        self.batches.append(jobs)
        if not self.held:
            self.go_on()

    def go_on(self) -> None:
        self.held = False
        while self.batches:
            jobs = self.batches.pop(0)
            for job, result in zip(jobs, self._results(jobs), strict=True):
                job.done(result)

    def _results(self, jobs: Sequence[HallJob]) -> Sequence[WorkResult | Failure]:
        self.served.append([type(job.work).__name__ for job in jobs])
        try:
            results = self._office.serve(*[job.work for job in jobs])
            if self.unsaid:
                raise Unavailable("the store has died")
            return results
        except Unavailable:
            return [Failure()] * len(jobs)


class Reception:
    """A hall with callers: where each call's turns are answered, and what is kept of them."""

    def __init__(self, store: Store, sessions: Sessions | None = None) -> None:
        self._member = Lone()
        self.office = Office(store, sessions=sessions, member=self._member)
        self.clock = Clock()
        self.often = (
            0.0  # seconds between two questions that share a transaction, from the next start on
        )
        self._calls = 0
        self.start()

    @property
    def away(self) -> bool:
        """Whether nothing can be kept."""
        return not self._member.ours

    @away.setter
    def away(self, away: bool) -> None:
        self._member.ours = not away

    def start(self) -> None:
        """A gateway, new to the world: what it had not kept is gone."""
        self.desk = HeldDesk(self.office)
        coalescer: HallCoalescer = Coalescer(self.clock, cast(HallDesk, self.desk))
        self.turns = CallTurns(self.office.counter, coalescer, self.clock, self.often)

    def caller(self, phone: str = ZHANG, *, ours: bool = True, session: str = "") -> Caller:
        self._calls += 1
        return Caller(self, phone, session or f"pbx-a/{self._calls}.0", ours)

    def passes(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP)):
            self.clock.advance(STEP)
            self.office.bag.now += STEP

    def journal(self) -> list[tuple[object, object]]:
        return self.office.journal()

    def places(self) -> int:
        """Calls whose place is kept."""
        return len(self.office.rows(dialogues, dialogues.c.who.startswith("voice:")))


class Caller:
    """Somebody on a call, and what is said to him."""

    def __init__(self, reception: Reception, phone: str, session: str, ours: bool) -> None:
        self._reception = reception
        self._phone = phone
        self.session = session
        self.heard: list[str] = []
        self.results: list[WorkResult | Failure] = []
        self._turns = CallerTurns(reception.turns, phone, self._told, ours=ours)

    def does(self, act: ScreenAct, keys: str = "") -> str:
        """What is said to it at once; empty for nothing."""
        said = len(self.heard)
        bag, number = self._reception.office.bag, Address.service("10086")
        self._turns.take(CallInput(bag.id(), "pbx-a", self.session, act, self._phone, number, keys))
        return "".join(self.heard[said:])

    def calls(self) -> str:
        return self.does(ScreenAct.BEGIN)

    def presses(self, keys: str) -> str:
        return self.does(ScreenAct.ON, keys)

    def hangs_up(self) -> None:
        self.does(ScreenAct.END)

    def _told(self, result: WorkResult | Failure, latest: bool) -> None:
        self.results.append(result)
        if isinstance(result, Served) and result.cue is not None and latest:
            self.heard.append(result.cue.text)
