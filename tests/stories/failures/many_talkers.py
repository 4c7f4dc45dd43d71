"""Many talkers at once on one SMSC: how far they are, and when all have been answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred

from simulators.smsc.handset import ShownMessage
from simulators.smsc.smsc import Smsc
from tests.stories.failures.talker import Talker

PATIENCE = 10.0  # seconds of the same: then who was asked again answers again
SILENCE = 45.0  # seconds in which no phone shows anything: then nobody will be answered any more


class Stuck(AssertionError):
    """Somebody waits, and nothing moves."""


class Crowd:
    def __init__(
        self, reactor: Any, smsc: Smsc, talkers: Sequence[Talker], silence: float = SILENCE
    ) -> None:
        """`silence`: seconds in which no phone shows anything before somebody is taken for
        stuck."""
        self.talkers = talkers
        self.shown = 0  # messages on their phones
        self._reactor = reactor
        self._smsc = smsc
        self._unfinished = {talker.number: talker for talker in talkers}
        self._waiting: list[tuple[float, Deferred[None]]] = []
        self._silent_for = silence
        self._silence = reactor.callLater(silence, self._stuck)
        self._patience = reactor.callLater(PATIENCE, self._answer_again)
        self._stop_watching = smsc.watch(self._one_more)

    def begin(self, pause: float = 0.0) -> None:
        """All at once, or one each so many seconds."""
        for place, talker in enumerate(self.talkers):
            if pause:
                self._reactor.callLater(place * pause, talker.begin, self._smsc)
            else:
                talker.begin(self._smsc)

    async def reach(self, shown: int) -> None:
        """Returns when phones have shown so many messages, or everybody is done."""
        if self._unfinished and self.shown < shown:
            await self._wait(shown)

    async def done(self) -> None:
        """Returns when everybody has had their last answer. Raises Stuck."""
        if self._unfinished:
            await self._wait(float("inf"))

    def leave(self) -> None:
        self._stop_watching()
        for timer in (self._silence, self._patience):
            if timer.active():
                timer.cancel()

    @property
    def repeated(self) -> int:
        return sum(talker.repeated for talker in self.talkers)

    @property
    def sent(self) -> int:
        return sum(len(talker.sent) for talker in self.talkers)

    def strange(self) -> list[str]:
        return [line for talker in self.talkers for line in talker.strange]

    def _wait(self, shown: float) -> Deferred[None]:
        waiting: Deferred[None] = Deferred()
        self._waiting.append((shown, waiting))
        return waiting

    def _one_more(self, number: str, _message: ShownMessage) -> None:
        self.shown += 1
        if self._silence.active():
            self._silence.reset(self._silent_for)
        if self._patience.active():
            self._patience.reset(PATIENCE)
        elif self._silence.active():
            self._patience = self._reactor.callLater(PATIENCE, self._answer_again)
        # the phone's owner reads after the SMSC has answered: look once that is done
        self._reactor.callLater(0, self._look, number)

    def _look(self, number: str) -> None:
        if (talker := self._unfinished.get(number)) is not None and talker.done:
            del self._unfinished[number]
        over = [w for w in self._waiting if w[0] <= self.shown or not self._unfinished]
        self._waiting = [w for w in self._waiting if w not in over]
        for _, waiting in over:
            waiting.callback(None)

    def _answer_again(self) -> None:
        for talker in self._unfinished.values():
            talker.answer_again(self._smsc)

    def _stuck(self) -> None:
        waiting, self._waiting = self._waiting, []
        lines = [talker.waits() for talker in self._unfinished.values()]
        said = "\n".join([f"{len(lines)} wait", *lines[:10], *self.strange()[:10]])
        for _, each in waiting:
            each.errback(Stuck(said))
