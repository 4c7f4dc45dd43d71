"""How far the SMSC has read our answers on one bind, and which came late; the desk is told."""

from __future__ import annotations

from collections.abc import Callable

from twisted.python.failure import Failure

from gateway.model.message_id import moment_of
from gateway.model.messages import LateAnswer, PeerHasRead
from gateway.model.redelivery import LATE, UNREAD_FOR
from gateway.serving.work import HallCoalescer, HallJob, WorkResult


class UnreadAnswers:
    def __init__(self, coalescer: HallCoalescer, wall: Callable[[], float]) -> None:
        self._coalescer = coalescer
        self._wall = wall
        self._bind = 0  # its id, while it is up
        # messages whose answers the SMSC has not certainly read, in the order they came
        self._unproven: dict[int, None] = {}
        self._newest = 0
        # answered or read late, and not told yet; when it was read, in ms, or 0: it was not yet
        self._late: dict[int, int] = {}
        self._telling = False
        self._told_upto = 0

    def begin(self, bind: int) -> None:
        self._bind = self._newest = bind

    def end(self) -> None:
        self._bind = 0

    def came(self, id: int) -> None:
        self._newest = id
        self._unproven[id] = None

    def not_kept(self, id: int) -> None:
        """As far as we know; it will come again."""
        self._unproven.pop(id, None)

    def answered(self, id: int) -> None:
        if self._wall() - moment_of(id) >= LATE:
            self._late[id] = 0

    def stood_still(self) -> None:
        """The connection did, or the SMSC: it has perhaps given up waiting for any of them."""
        for id in self._unproven:
            self._late.setdefault(id, 0)

    def seen(self, tokens: tuple[object, ...]) -> None:
        """The SMSC has read these; our tokens are ids."""
        now = self._wall()
        for token in tokens:
            if isinstance(token, int) and token in self._unproven:
                del self._unproven[token]
                if token in self._late or now - moment_of(token) >= UNREAD_FOR:
                    self._late[token] = int(now * 1000)
        self._tell()

    @property
    def upto(self) -> int:
        first = next(iter(self._unproven), None)
        return self._newest if first is None else first - 1

    def _tell(self) -> None:
        """One note at a time, the newest when it is told."""
        upto = self.upto
        if self._telling or upto == self._told_upto:
            return
        self._telling, self._told_upto = True, upto
        late = tuple(LateAnswer(id, read) for id, read in self._late.items() if id <= upto)
        for one in late:
            del self._late[one.id]

        def told(result: WorkResult | Failure) -> None:
            self._telling = False
            if isinstance(result, Failure):
                self._told_upto = 0
                self._late |= dict(late)
            elif self._bind:
                self._tell()

        self._coalescer.soon(HallJob(PeerHasRead(self._bind, upto, late), "", told))
