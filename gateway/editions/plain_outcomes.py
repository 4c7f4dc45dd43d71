"""What came of messages while one edition alone is served: from what the metrics count anyway, so
that it costs a message nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from gateway.model.editions.edition_outcomes import EditionOutcome, Outcome

Served = tuple[str, str, str]  # channel, action, result
_TEXTS: Final = "sms"  # only of texts it can be said at once whether they led to anything
_FAILED: Final = "failed"
_UNKNOWN: Final = "unknown"


class PlainOutcomes:
    """Of one gateway. It is told now and then how much was served since the start."""

    def __init__(self) -> None:
        self._told: Mapping[Served, int] = {}

    def since(
        self, served: Mapping[Served, int], version: str, now: int
    ) -> Counter[EditionOutcome]:
        """What has come since it was asked last, of the edition that is in force. `now`: seconds
        since 1970."""
        before, self._told = self._told, dict(served)
        found: Counter[EditionOutcome] = Counter()
        for one, times in served.items():
            if more := times - before.get(one, 0):
                channel = str(one[0])
                for what in _came_of(*one):
                    found[EditionOutcome(now // 60, version, channel, what)] += more
        return found


def _came_of(channel: str, action: str, result: str) -> Iterator[Outcome]:
    yield Outcome.SERVED
    if result == _FAILED:
        yield Outcome.FAILED
    elif channel == _TEXTS:
        yield Outcome.BEGUN
        if action != _UNKNOWN:
            yield Outcome.REACHED
