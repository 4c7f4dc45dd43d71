"""Port to what a month cost and what was paid.

Money is int fen, moments are int seconds since 1970, months are numbers such as 202611.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BillLine:
    item: str  # plan, voice, sms, data, wlan, service, other: named by the texts
    fen: int


@dataclass(frozen=True, slots=True)
class Payment:
    at: int
    way: str  # card, hall, web, air, bank
    fen: int


@dataclass(frozen=True, slots=True)
class ProviderFee:
    """代收费: charged for somebody else."""

    provider: str
    service: str
    fen: int


@dataclass(frozen=True, slots=True)
class Rebate:
    """返还."""

    at: int
    name: str
    fen: int


class Bills(Protocol):
    def of(self, msisdn: str, month: int) -> Sequence[BillLine]:
        """The lines of a month that are not zero; of the running month as far as it is rated."""
        ...

    def payments(self, msisdn: str, since: int) -> Sequence[Payment]:
        """Newest first."""
        ...

    def provider_fees(self, msisdn: str, month: int) -> Sequence[ProviderFee]: ...

    def rebates(self, msisdn: str, since: int) -> Sequence[Rebate]:
        """Newest first."""
        ...
