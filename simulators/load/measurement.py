"""Counting: what went out, what came back, and how long each subscriber waited."""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from math import inf, isinf

from simulators.load.packed_pdus import ChainPart, ReceivedSubmit, text_of_submit

KEPT_REPLIES = 200


@dataclass(slots=True)
class SentMo:
    """One text on its way, from the moment it was meant to leave."""

    subscriber: int
    meant: float
    body: bytes = b""  # as it goes out, and again when it is refused for now
    acknowledged: bool = False
    answered: bool = False


@dataclass(frozen=True, slots=True)
class LoadResult:
    """One phase in figures; times in milliseconds, MO to MT of the same subscriber."""

    mode: str
    rate: float  # replies a second after the warm-up
    seconds: float  # the time that the rate is taken over
    sent: int
    acknowledged: int
    answered: int
    parts: int  # submit_sm seen; more than the replies when they are long
    refused: int  # temporary refusals; each was sent again
    failed: int  # refused for good
    doubled: int  # replies nobody was waiting for
    lost: int  # acknowledged, never answered
    unacknowledged: int  # never responded to
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    behind_ms: float  # how late the driver itself was with an MO, at worst
    replies: tuple[tuple[int, str], ...] = field(repr=False)  # the last few: subscriber, words

    def as_dict(self) -> dict[str, object]:
        """For JSON: the figures, and one reply as a sample."""
        figures = asdict(self)
        del figures["replies"]
        figures["sample"] = self.replies[-1][1] if self.replies else ""
        return figures


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of values in ascending order; 0 when there are none."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class LoadMeasurement:
    """The books of one phase. Replies settle a subscriber's MOs in the order they were sent."""

    def __init__(self, subscribers: int) -> None:
        self.sent = self.acknowledged = self.answered = self.parts = 0
        self.refused = self.failed = self.doubled = 0
        self.unfinished = 0
        self.behind = 0.0
        self.last_reply_at = 0.0
        self._measured_from = self._measured_to = inf
        self._measured = 0
        self._delays = array("d")
        self._waiting: list[deque[SentMo]] = [deque() for _ in range(subscribers)]
        self._chains: dict[tuple[int, int, int], dict[int, ReceivedSubmit]] = {}
        self._kept: deque[tuple[int, tuple[ReceivedSubmit, ...]]] = deque(maxlen=KEPT_REPLIES)

    def measure(self, start: float, end: float) -> None:
        """Only replies between these moments make the rate; an endless end is the last reply."""
        self._measured_from, self._measured_to = start, end

    def waits(self, subscriber: int) -> bool:
        """For an answer."""
        return bool(self._waiting[subscriber])

    def send(self, mo: SentMo, now: float) -> None:
        self.sent += 1
        self.unfinished += 1
        if now - mo.meant > self.behind:
            self.behind = now - mo.meant
        self._waiting[mo.subscriber].append(mo)

    def acknowledge(self, mo: SentMo) -> None:
        self.acknowledged += 1
        mo.acknowledged = True
        if mo.answered:
            self.unfinished -= 1

    def refuse(self) -> None:
        """A temporary refusal: the MO stays open and goes out again."""
        self.refused += 1

    def fail(self, mo: SentMo) -> None:
        """Refused for good: nobody waits for its reply any more."""
        self.failed += 1
        if mo.answered:
            self.unfinished -= 1
            return
        self._waiting[mo.subscriber].remove(mo)
        self.unfinished -= 1

    def reply(
        self, subscriber: int, submit: ReceivedSubmit, part: ChainPart | None, now: float
    ) -> None:
        self.parts += 1
        whole = (submit,) if part is None else self._join(subscriber, part, submit)
        if not whole:
            return
        if not 0 <= subscriber < len(self._waiting) or not self._waiting[subscriber]:
            self.doubled += 1
            return
        mo = self._waiting[subscriber].popleft()
        mo.answered = True
        self.answered += 1
        if mo.acknowledged:
            self.unfinished -= 1
        self.last_reply_at = now
        self._kept.append((subscriber, whole))
        if self._measured_from <= now <= self._measured_to:
            self._measured += 1
        if mo.meant >= self._measured_from:
            self._delays.append(now - mo.meant)

    def _join(
        self, subscriber: int, part: ChainPart, submit: ReceivedSubmit
    ) -> tuple[ReceivedSubmit, ...]:
        """The parts of a reply in their order once all are there; nothing before."""
        key = (subscriber, part.reference, part.total)
        seen = self._chains.setdefault(key, {})
        seen[part.number] = submit
        if len(seen) < part.total:
            return ()
        del self._chains[key]
        return tuple(seen[number] for number in sorted(seen))

    def progress(self) -> tuple[int, int, int]:
        """Changes whenever the ESME has done anything but refuse."""
        return self.acknowledged, self.parts, self.failed

    def result(self, mode: str) -> LoadResult:
        waiting = [mo for queue in self._waiting for mo in queue]
        ordered = sorted(self._delays)
        end = self.last_reply_at if isinf(self._measured_to) else self._measured_to
        seconds = end - self._measured_from
        return LoadResult(
            mode=mode,
            rate=round(self._measured / seconds, 1) if seconds > 0 else 0.0,
            seconds=round(max(0.0, seconds), 3),
            sent=self.sent,
            acknowledged=self.acknowledged,
            answered=self.answered,
            parts=self.parts,
            refused=self.refused,
            failed=self.failed,
            doubled=self.doubled,
            lost=sum(mo.acknowledged for mo in waiting),
            unacknowledged=self.sent - self.acknowledged - self.failed,
            p50_ms=_ms(percentile(ordered, 0.50)),
            p95_ms=_ms(percentile(ordered, 0.95)),
            p99_ms=_ms(percentile(ordered, 0.99)),
            max_ms=_ms(ordered[-1] if ordered else 0.0),
            behind_ms=_ms(self.behind),
            replies=tuple((who, "".join(map(text_of_submit, whole))) for who, whole in self._kept),
        )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)
