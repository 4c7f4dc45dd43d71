"""Texts that were not understood, without their digits, and what the same people did next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import ClassVar, Final
from unicodedata import normalize

from commands.parser.masking import without_digits
from gateway.model.figures import UnclearText
from gateway.model.message_id import milliseconds_of

_LONGEST: Final = 60  # characters that are kept of one
_KEPT: Final = 500  # of an hour, and of a day that is final: the most frequent


class UnclearTexts:
    """Of one hour."""

    SOON: ClassVar[int] = 600
    """Seconds within which a message is what somebody did next."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._then: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def said(self, text: str) -> str:
        """Count it; the text as it is kept."""
        folded = " ".join(normalize("NFKC", text).casefold().split())
        kept = without_digits(folded)[:_LONGEST]
        self._times[kept] += 1
        return kept

    def followed(self, said: tuple[int, str, int], id: int, action: str) -> None:
        """Who said it asked this next: `said` is hour, text, and the id of its message."""
        soon = id and milliseconds_of(id) - milliseconds_of(said[2]) <= self.SOON * 1000
        self._then[said[1]][action if soon else ""] += 1

    def include(self, other: UnclearTexts) -> None:
        self._times.update(other._times)
        for text, then in other._then.items():
            self._then[text].update(then)

    def most_frequent(self) -> Iterator[UnclearText]:
        for text, times in self._times.most_common(_KEPT):
            yield UnclearText(text, times, dict(self._then[text]))
