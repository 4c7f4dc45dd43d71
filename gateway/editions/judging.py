"""Whether an edition does worse than another, by what is counted of both: in the same minutes, or
one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final, NamedTuple

from gateway.config.sections.edition_settings import EditionSettings
from gateway.model.editions.edition_outcomes import Outcome

SURE: Final = 3.0  # standard errors: less is chance, however often one looks
FEWEST: Final = 5  # failures, or complaints, that are no chance
OTHERS: Final = "of the others"
HOUR_BEFORE: Final = "in the hour before"


class Rate(NamedTuple):
    """So many of so many."""

    bad: int
    of: int

    @property
    def share(self) -> float:
        return self.bad / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{100 * self.share:.1f} % ({self.bad} of {self.of})"


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one edition; by channel."""

    outcomes: Mapping[str, Mapping[Outcome, int]]
    complaints: int = 0

    def failures(self, channel: str) -> Rate:
        counts = self.outcomes.get(channel, {})
        return Rate(counts.get(Outcome.FAILED, 0), counts.get(Outcome.SERVED, 0))

    def dropouts(self, channel: str) -> Rate:
        counts = self.outcomes.get(channel, {})
        begun = counts.get(Outcome.BEGUN, 0)
        return Rate(max(0, begun - counts.get(Outcome.REACHED, 0)), begun)

    @property
    def complaining(self) -> Rate:
        served = sum(counts.get(Outcome.SERVED, 0) for counts in self.outcomes.values())
        return Rate(min(self.complaints, served), served)


def why_taken_back(
    tried: Counts, base: Counts, rules: EditionSettings, beside: str = OTHERS
) -> str:
    """In a line; empty as long as it holds. `beside` says what `base` is."""
    return next(_worse(tried, base, rules, beside), "")


def _worse(tried: Counts, base: Counts, rules: EditionSettings, beside: str) -> Iterator[str]:
    least = rules.at_least
    for channel in sorted(tried.outcomes):
        ours, theirs = tried.failures(channel), base.failures(channel)
        if ours.bad >= FEWEST and is_worse(ours, theirs, rules.failures, least):
            yield f"{channel}: {ours} could not be served, {theirs} {beside}"
        ours, theirs = tried.dropouts(channel), base.dropouts(channel)
        if theirs.of >= least and is_worse(ours, theirs, rules.dropouts, least):
            yield f"{channel}: {ours} led to nothing, {theirs} {beside}"
    ours, theirs = tried.complaining, base.complaining
    if ours.bad >= FEWEST and is_worse(ours, theirs, rules.complaints, least):
        yield f"{ours} complained, {theirs} {beside}"


def is_worse(ours: Rate, theirs: Rate, percent: float, at_least: int) -> bool:
    """By more than so many points, and by more than chance."""
    if ours.of < at_least:
        return False
    more = ours.share - theirs.share
    if more * 100 <= percent:
        return False
    both = (ours.bad + theirs.bad) / (ours.of + theirs.of)
    error = sqrt(both * (1 - both) * (1 / ours.of + (1 / theirs.of if theirs.of else 0)))
    return more > SURE * error
