"""Whether work can be done: what the hall is joined to is asked, each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Thread
from typing import Final

from twisted.internet.defer import Deferred, succeed

from gateway.model.hall_reactor import IHallReactor
from gateway.ops.log import Log

WITHIN: Final = 5.0  # seconds for which whoever asks waits for an answer
FRESH: Final = 1.0  # seconds for which an answer is good: nobody can make us ask more often
STUCK: Final = 5.0  # seconds without a line written after which the log is stuck
LATELY: Final = 60.0  # seconds for which a refusal counts, if nothing has been kept since


class Probe:
    """`ask` returns if all is well, and raises if not; it may take as long as it likes. One thread
    at a time asks, and it is nobody else's: those that serve are never used up by waiting. `named`
    says what was raised."""

    def __init__(
        self, reactor: IHallReactor, ask: Callable[[], None], named: Callable[[Exception], str]
    ) -> None:
        self._reactor = reactor
        self._ask = ask
        self._named = named
        self._answer = ""
        self._answered: float | None = None
        self._waiting: list[Deferred[str]] = []
        self._asking = False

    async def reason(self, *, anew: bool = False) -> str:
        """Why not; empty if all is well. `anew`: what was found a moment ago may be over."""
        if anew:
            self._answered = None
        try:
            return await self._told().addTimeout(WITHIN, self._reactor)
        except Exception as late:
            return type(late).__name__

    def _told(self) -> Deferred[str]:
        now = self._reactor.seconds()
        if self._answered is not None and now - self._answered < FRESH:
            return succeed(self._answer)
        told: Deferred[str] = Deferred(lambda cancelled: self._waiting.remove(cancelled))
        self._waiting.append(told)
        if not self._asking:
            self._asking = True
            Thread(target=self._run, name="probe", daemon=True).start()
        return told

    def _run(self) -> None:
        answer = ""
        try:
            self._ask()
        except Exception as error:  # whatever it is, nothing was kept
            answer = self._named(error)
        self._reactor.callFromThread(self._done, answer)

    def _done(self, answer: str) -> None:
        self._answer, self._answered = answer, self._reactor.seconds()
        self._asking = False
        waiting, self._waiting = self._waiting, []
        for told in waiting:
            told.callback(answer)


@dataclass(frozen=True, slots=True)
class ReadinessChecks:
    """What the hall is joined to."""

    parts: tuple[Callable[[], Iterable[str]], ...]
    """Each says why it cannot do its work, or not all of it."""
    store: Probe
    sessions: Probe
    folders: Probe
    refused: Callable[[float], str]
    """What was refused within so many seconds, if nothing has been kept since."""
    log: Log

    async def reasons(self) -> list[str]:
        """Why no work, or not all of it, can be done now."""
        found = [reason for part in self.parts for reason in part()]
        refused = self.refused(LATELY)
        if store := await self.store.reason(anew=bool(refused)):
            found.append(f"the store keeps nothing: {store}")
        if redis := await self.sessions.reason(anew=bool(refused)):
            found.append(f"Redis does not answer: {redis}")
        if folders := await self.folders.reason():
            found.append(f"callers do not hear everything, or are not recorded: {folders}")
        if refused and not (store or redis):
            found.append(f"what subscribers send is refused: {refused}")
        if (stuck := self.log.stuck) > STUCK:
            found.append(f"the log is stuck: nobody has read it for {stuck:.0f} s")
        return found
