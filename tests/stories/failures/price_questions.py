"""Questions for prices that nobody has: each code is read back in its answer, so none can be mixed
up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred, TimeoutError

from simulators.smsc.handset import ShownMessage
from simulators.smsc.smsc import Smsc

_LETTERS = "ABCDEFGHJKLMNPRS"


def question(count: int) -> str:
    """The count-th: equal counts, equal texts."""
    digits = [_LETTERS[count >> shift & 15] for shift in (12, 8, 4, 0)]
    return f"ZF#QQ{''.join(digits)}"


def answers(written: str, shown: str) -> bool:
    """Whether this is the answer to that question."""
    return f"代码{written.removeprefix('ZF#')}的" in shown


class Askers:
    """Subscribers of one SMSC with some questions each, from the `first` on; in a `hurry` they ask
    all at once, else each waits for its answer."""

    def __init__(
        self,
        reactor: Any,
        smsc: Smsc,
        numbers: Sequence[str],
        each: int,
        *,
        first: int = 0,
        hurry: bool = True,
    ) -> None:
        self.smsc = smsc
        self._reactor = reactor
        self._hurry = hurry
        self._left = {number: [question(first + n) for n in range(each)] for number in numbers}
        self._open: dict[str, list[str]] = {number: [] for number in numbers}
        self._answered: Deferred[None] = Deferred()
        self._stop_watching = smsc.watch(self._shown)

    def begin(self) -> None:
        for number in self._left:
            self._ask(number)

    def stop(self) -> None:
        """Ask nothing more."""
        for left in self._left.values():
            left.clear()
        self._look()

    async def answered(self, seconds: float) -> None:
        """Returns when every question has its answer."""
        self._look()
        self._answered.addTimeout(seconds, self._reactor)
        try:
            await self._answered
        except TimeoutError:
            waiting = {number: texts for number, texts in self._open.items() if texts}
            raise AssertionError(f"not answered within {seconds} s: {waiting}") from None
        finally:
            self._stop_watching()

    def complaints(self) -> list[str]:
        """What was lost or came in the wrong order. That an answer came twice is no complaint: who
        heard nothing of it must be told again."""
        reckoning = self.smsc.audit.reckon(self.smsc.replies(), answers)
        return [*reckoning.lost, *reckoning.misordered]

    def _ask(self, number: str) -> None:
        left, count = self._left[number], len(self._left[number]) if self._hurry else 1
        for text in left[:count]:
            self._open[number].append(text)
            self.smsc.send(number, text)
        del left[:count]

    def _shown(self, number: str, message: ShownMessage) -> None:
        waiting = self._open.get(number, [])
        for text in [text for text in waiting if answers(text, message.text)]:
            waiting.remove(text)
            self._reactor.callLater(0, self._ask, number)
        self._look()

    def _look(self) -> None:
        over = not any(self._left.values()) and not any(self._open.values())
        if over and not self._answered.called:
            self._reactor.callLater(0, self._fire)

    def _fire(self) -> None:
        if not self._answered.called:
            self._answered.callback(None)
