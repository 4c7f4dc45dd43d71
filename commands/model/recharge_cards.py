"""Port to recharge cards as their issuer has them. Money is int fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from commands.model.request import Secret

UNSEEN: Final = "unseen"  # a card that only the BOSS knows: it is looked at when it is used


@dataclass(frozen=True, slots=True)
class RechargeCard:
    """A recharge card as its issuer has it."""

    face_fen: int
    state: str  # good, used, expired, locked; or UNSEEN


class RechargeCards(Protocol):
    def find(self, secret: Secret) -> RechargeCard | None: ...

    def by_serial(self, serial: str) -> RechargeCard | None: ...

    def redeem(self, secret: Secret, msisdn: str, now: int) -> bool:
        """Use it up, once: false if somebody was quicker."""
        ...
