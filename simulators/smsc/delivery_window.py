"""The deliver_sm on one link that nobody has answered yet."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from simulators.smsc.audit import AuditedDeliver


class DeliveryWindow:
    """By sequence number, oldest first; `overdue` gets what has waited `timeout` seconds."""

    def __init__(
        self,
        size: float,
        timeout: float,
        clock: IReactorTime,
        overdue: Callable[[list[AuditedDeliver]], None],
    ) -> None:
        self._size = size
        self._timeout = timeout
        self._clock = clock
        self._overdue = overdue
        self._unanswered: dict[int, AuditedDeliver] = {}
        self._watchdog: IDelayedCall | None = None

    @property
    def room(self) -> float:
        return self._size - len(self._unanswered)

    def add(self, sequence: int, mo: AuditedDeliver) -> None:
        self._unanswered[sequence] = mo
        if self._watchdog is None:
            self._watchdog = self._clock.callLater(self._timeout, self._look)

    def take(self, sequence: int) -> AuditedDeliver | None:
        """What a response answers, if it answers anything."""
        return self._unanswered.pop(sequence, None)

    def empty(self) -> list[AuditedDeliver]:
        """The link is gone: everything unanswered, in the order sent."""
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
        left = list(self._unanswered.values())
        self._unanswered.clear()
        return left

    def _look(self) -> None:
        # one timer a link, always for the oldest: a timer a message would be the dearest part of it
        self._watchdog = None
        now = self._clock.seconds()
        late: list[AuditedDeliver] = []
        for sequence, mo in list(self._unanswered.items()):
            due = mo.attempts[-1].sent_at + self._timeout
            if due > now:
                self._watchdog = self._clock.callLater(due - now, self._look)
                break
            late.append(self._unanswered.pop(sequence))
        if late:
            self._overdue(late)
