"""Operators: the people who work here, by their 工号."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NUMBER: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{1,31}$"
"""What a 工号 may look like: nothing that could be taken for cli:USER."""


class OperatorState(StrEnum):
    ACTIVE = "active"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who may log in while their state is active. `changed_at`: the state or the role."""

    number: str
    name: str
    role: str
    organisation: str = ""
    state: OperatorState = OperatorState.ACTIVE
    password_initial: bool = True  # somebody else has chosen it
    created_at: int = 0
    changed_at: int = 0

    @property
    def active(self) -> bool:
        return self.state is OperatorState.ACTIVE


@dataclass(frozen=True, slots=True)
class OperatorSecrets:
    """What a login is compared with. `totp` is base32; `totp_step` the last one that was used."""

    password_hash: str
    totp: str
    totp_step: int = 0
