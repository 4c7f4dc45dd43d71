"""What the outbox asks of the store, asked at the desk: keep what became of messages, and read what
waits."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from twisted.python.failure import Failure

from gateway.delivery.outbox import Outbox
from gateway.model.messages import (
    LoadOutbox,
    MarkLeaving,
    SendOutcome,
    SendOutcomes,
    SmscOf,
    UnmarkLeaving,
)
from gateway.serving.work import HallCoalescer, HallDesk, HallJob, WorkResult

_MARKS: Final = "marks"  # the key of these jobs, no subscriber's: they keep their order


class OutboxPort:
    """What becomes of messages is kept with the next batch, all of it in one piece."""

    def __init__(self, desk: HallDesk, coalescer: HallCoalescer, wall: Callable[[], float]) -> None:
        self._desk = desk
        self._coalescer = coalescer
        self._wall = wall
        self._ended: list[SendOutcome] = []

    def settle(self, settled: SendOutcome, outbox: Outbox) -> None:
        if settled.lane:  # what answers it must find it kept, whichever thread serves it
            self._coalescer.now([self._job((settled,), outbox, settled.lane)])
            return
        if not self._ended:
            self._coalescer.packed(lambda: self._pack(outbox))
        self._ended.append(settled)

    def load(self, limit: int, outbox: Outbox) -> None:
        def done(result: WorkResult | Failure) -> None:
            if isinstance(result, list):
                outbox.loaded(result, limit)
            else:
                outbox.load_failed()

        work = LoadOutbox(limit, int(self._wall() * 1000), frozenset(outbox.unasked))
        self._desk.put([HallJob(work, "", done, alone=True)])

    def mark(self, ids: tuple[int, ...], told: Callable[[Collection[int] | None], None]) -> None:
        """With what has become of those before them: in one transaction."""

        def done(result: WorkResult | Failure) -> None:
            told(result if isinstance(result, frozenset) else None)

        self._coalescer.packed(lambda: HallJob(MarkLeaving(ids), _MARKS, done))

    def unmark(self, ids: tuple[int, ...]) -> None:
        """If that is not kept, it ends as if nobody knew whether it had arrived."""
        self._coalescer.packed(lambda: HallJob(UnmarkLeaving(ids), _MARKS, lambda _: None))

    def ask_smsc(self, link: str, known: Callable[[str], None]) -> None:
        """Of a link of another gateway; `known` is told, unless nobody knows: then its messages
        leave as those of any link that is down."""

        def done(result: WorkResult | Failure) -> None:
            if isinstance(result, str) and result:
                known(result)

        self._desk.put([HallJob(SmscOf(link), "", done)])

    def _pack(self, outbox: Outbox) -> HallJob:
        settled, self._ended = tuple(self._ended), []
        return self._job(settled, outbox, "")

    def _job(self, settled: tuple[SendOutcome, ...], outbox: Outbox, lane: str) -> HallJob:
        def done(result: WorkResult | Failure) -> None:
            tell = outbox.not_kept if isinstance(result, Failure) else outbox.kept
            for one in settled:
                tell(one)

        return HallJob(SendOutcomes(settled), lane, done, first=bool(lane), after=outbox.pump)
