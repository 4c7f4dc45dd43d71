"""What a batch counts, and tells once it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.store.figures.details import Detail


@dataclass(slots=True)
class BatchTally:
    """commands.model.preferences.Tally: counted once the batch is kept."""

    offers: list[tuple[str, str]] = field(default_factory=list)

    details: list[Detail] = field(default_factory=list)  # of its messages, for the journal
    _noted: int = 0  # offers that are among them

    def offer(self, code: str, result: str) -> None:
        self.offers.append((code, result))

    def note(self, message: int, refused: Iterable[str]) -> None:
        """What came of a message: the texts that refused it, and the offers since the last one."""
        self.details += [(message, "refused", text, "") for text in refused]
        self.details += [(message, "offer", *offer) for offer in self.offers[self._noted :]]
        self._noted = len(self.offers)
