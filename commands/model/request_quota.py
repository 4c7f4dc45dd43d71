"""Port to the quota: how many messages of a number are answered in an hour."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class QuotaDecision:
    """May this number ask once more? If not: whether to say so, and for how many minutes it
    holds."""

    allowed: bool
    tell: bool = False
    minutes: int = 0


class QuotaCategory(StrEnum):
    """What a message takes of its number's hour."""

    QUESTION = "question"  # asked for by its code, and changes nothing
    UNCLEAR = "unclear"  # not understood, or only guessed at; counted with the questions
    CHANGE = "change"
    SAFETY = "safety"  # cancels, stops, or answers what we asked


class RequestQuota(Protocol):
    def take(self, msisdn: str, now: int, matter: QuotaCategory) -> QuotaDecision:
        """Count one more message of this number, on whatever channel."""
        ...
