"""The turns of one call: answered at once where nothing must be kept first, else by the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from twisted.python.failure import Failure

from gateway.model.known_caller import KnownCaller, unknown
from gateway.model.message_id import moment_of
from gateway.model.messages import CallInput, ReadCaller, ScreenAct
from gateway.model.session_state import NOWHERE, SessionState
from gateway.serving.call_turns import CallTurns
from gateway.serving.work import HallJob, Served, WorkResult

Told = Callable[[WorkResult | Failure, bool], None]
"""What came of a turn, and whether it was the newest of its call."""


class CallerTurns:
    """`ours`: the call began with us, so that nothing is kept of where its caller stands."""

    def __init__(self, turns: CallTurns, phone: str, told: Told, *, ours: bool) -> None:
        self._turns = turns
        self._phone = phone
        self._told = told
        self._stands: SessionState | None = NOWHERE if ours else None  # None: the store knows
        self._caller = unknown(phone, 0)
        self._latest = 0

    def take(self, arrived: CallInput) -> bool:
        """Whether it is answered already."""
        self._latest += 1
        arrived = arrived._replace(stands=self._stands)
        now = int(moment_of(arrived.id))
        if not self._turns.may_answer(arrived):
            self._ask(arrived)
        elif arrived.act is ScreenAct.END or self._caller.is_fresh(now):
            return self._answer(arrived)
        else:
            known = partial(self._known, self._latest, arrived)
            self._turns.read(HallJob(ReadCaller(self._phone, now), "", known))
        return False

    def leave(self) -> None:
        """What the desk still answers is for nobody here."""
        self._latest += 1

    def _known(self, turn: int, arrived: CallInput, caller: WorkResult | Failure) -> None:
        if turn != self._latest:
            return  # he has hung up, and heard nothing
        if isinstance(caller, KnownCaller):
            self._caller = caller
            self._answer(arrived)
        else:
            self._ask(arrived)

    def _answer(self, arrived: CallInput) -> bool:
        turn = self._turns.answer(arrived, self._caller)
        if turn is None:
            self._ask(arrived)
            return False
        self._stands = turn.after
        self._told(Served(cue=turn.said.cue), True)
        return True

    def _ask(self, arrived: CallInput) -> None:
        """What it may change is read anew afterwards."""
        self._stands, self._caller = None, unknown(self._phone, 0)
        job: HallJob = HallJob(arrived, arrived.session, partial(self._asked, self._latest))
        if arrived.act is ScreenAct.END:
            self._turns.later(job)
        else:
            self._turns.ask(job)

    def _asked(self, turn: int, result: WorkResult | Failure) -> None:
        latest = turn == self._latest
        if latest and isinstance(result, Served):
            self._stands = result.stands
        self._told(result, latest)
