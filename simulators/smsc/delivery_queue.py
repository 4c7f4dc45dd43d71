"""What waits for one ESME: each subscriber's messages in order, and the links that take them.

       put            a link has room           ROK or permanent
lane ───────▶ ready ──────────────────▶ on a link ───────────────▶ done, next of the lane
                ▲                          │
                └── after a delay, or at ──┘  temporary refusal, no answer in time, link lost
                    once
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from simulators.smsc.audit import AuditedDeliver
from simulators.smsc.settings import SmscSettings


class ReceivingLink(Protocol):
    """A receiving link, as a mailbox sees it."""

    @property
    def room(self) -> float:
        """How many more messages it may take now."""

    def deliver(self, mo: AuditedDeliver) -> None: ...


class DeliveryQueue:
    def __init__(
        self,
        clock: IReactorTime,
        terms: SmscSettings,
        on_empty: Callable[[], None] = lambda: None,
    ) -> None:
        self.links: list[ReceivingLink] = []
        self.paused = False
        self._clock = clock
        self._terms = terms
        self._on_empty = on_empty
        self._lanes: dict[str, deque[AuditedDeliver]] = {}
        self._ready: deque[AuditedDeliver] = deque()
        self._delayed: dict[int, IDelayedCall] = {}

    @property
    def empty(self) -> bool:
        return not self._lanes

    @property
    def waiting(self) -> int:
        """Messages not yet taken, whether on a link or not."""
        return sum(len(lane) for lane in self._lanes.values())

    def put(self, mo: AuditedDeliver) -> None:
        lane = self._lanes.setdefault(mo.lane, deque())
        lane.append(mo)
        if self._terms.pipelined or len(lane) == 1:
            self._ready.append(mo)
            self.pump()

    def settled(self, mo: AuditedDeliver, status: int) -> None:
        """The ESME answered."""
        if status in self._terms.temporary:
            delay = self._terms.redelivery(len(mo.attempts))
            self._delayed[mo.key] = self._clock.callLater(delay, self._due, mo)
        else:
            self._finish(mo, status)
        self.pump()

    def back(self, mos: Iterable[AuditedDeliver]) -> None:
        """Sent and never answered, in the order sent: first in the queue again."""
        self._ready.extendleft(reversed(list(mos)))
        self.pump()

    def forget(self, link: ReceivingLink) -> None:
        """It takes no more."""
        self.links = [each for each in self.links if each is not link]

    def pump(self) -> None:
        """Give what is ready to the links with most room, or as the terms say."""
        while self._ready and self.links and not self.paused:
            link = max(self.links, key=lambda one: self._terms.rank(one.room))
            if link.room < 1:
                return
            link.deliver(self._ready.popleft())

    def stop(self) -> None:
        """Nothing is sent again by itself from now on."""
        for call in self._delayed.values():
            call.cancel()
        self._delayed.clear()

    def _due(self, mo: AuditedDeliver) -> None:
        del self._delayed[mo.key]
        self._ready.append(mo)
        self.pump()

    def _finish(self, mo: AuditedDeliver, status: int) -> None:
        mo.outcome = status
        if mo.sent is not None:
            mo.sent.part_settled()
        lane = self._lanes[mo.lane]
        if lane[0] is mo:
            lane.popleft()
        else:
            lane.remove(mo)  # only when pipelined
        if not lane:
            del self._lanes[mo.lane]
            if not self._lanes:
                self._on_empty()
        elif not self._terms.pipelined:
            self._ready.append(lane[0])
