"""What a batch counts, and tells once it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class BatchTally:
    """commands.model.preferences.Tally: counted once the batch is kept."""

    offers: list[tuple[str, str]] = field(default_factory=list)

    def offer(self, code: str, result: str) -> None:
        self.offers.append((code, result))
