"""How far the SMSC has read our answers on one bind, and which came late; the desk is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from twisted.python.failure import Failure

from gateway.model.message_id import moment_of
from gateway.model.messages import LateAnswer, PeerHasRead
from gateway.model.redelivery import LATE, UNREAD_FOR
from gateway.serving.coalescer import LINGER
from gateway.serving.work import HallCoalescer, HallJob, WorkResult

AGAIN: Final = 1.0  # seconds until what the store could not keep is told once more


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
        # of what is in doubt here, and may not be so in the store: by id, and those of each
        self._fingerprints: dict[int, bytes] = {}
        self._alike: dict[bytes, dict[int, None]] = {}
        self._telling = False
        self._telling_late: tuple[LateAnswer, ...] = ()
        self._told_upto = 0

    def begin(self, bind: int) -> None:
        self._bind = self._newest = bind

    def end(self) -> None:
        self._bind = 0

    def came(self, id: int) -> None:
        self._newest = id
        self._unproven[id] = None

    def is_like(self, id: int, fingerprint: bytes) -> bool:
        """What has come under that id; whether its like was answered late, as far as we know, and
        the store may not know that yet."""
        before = self._alike.setdefault(fingerprint, {})
        found = any(self._is_late(each) for each in before)
        self._fingerprints[id] = fingerprint
        before[id] = None
        return found

    def _is_late(self, id: int) -> bool:
        """What is not proven read yet may be in time; what was read in time was forgotten."""
        return id in self._late or id not in self._unproven

    def _forget(self, id: int) -> None:
        """There is no doubt of it, or the store knows it as well."""
        if (fingerprint := self._fingerprints.pop(id, None)) is not None:
            del self._alike[fingerprint][id]
            if not self._alike[fingerprint]:
                del self._alike[fingerprint]

    def not_kept(self, id: int) -> None:
        """As far as we know; it will come again."""
        self._unproven.pop(id, None)
        self._late.pop(id, None)
        self._forget(id)

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
                else:
                    self._forget(token)
        self._tell()

    @property
    def upto(self) -> int:
        first = next(iter(self._unproven), None)
        return self._newest if first is None else first - 1

    @property
    def noted_upto(self) -> int:
        """The same, if the bind ends now: what was read late, and is not known so in the store, may
        come again as if it had not been read."""
        untold = [one.id for one in self._telling_late] + list(self._late)
        return min([self.upto, *(id - 1 for id in untold)])

    def _tell(self, within: float = LINGER) -> None:
        """One note at a time, the newest when it is told; in so many seconds."""
        upto = self.upto
        if self._telling or upto == self._told_upto:
            return
        self._telling, self._told_upto = True, upto
        late = tuple(LateAnswer(id, read) for id, read in self._late.items() if id <= upto)
        for one in late:
            del self._late[one.id]
        self._telling_late = late

        def told(result: WorkResult | Failure) -> None:
            self._telling, self._telling_late = False, ()
            if isinstance(result, Failure):
                self._told_upto = 0
                self._late |= dict(late)
            else:
                for one in late:
                    self._forget(one.id)
            if self._bind:
                self._tell(AGAIN if isinstance(result, Failure) else LINGER)

        self._coalescer.soon(HallJob(PeerHasRead(self._bind, upto, late), "", told), within)
