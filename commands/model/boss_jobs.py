"""Long work: changes that the operator's own system, the BOSS, makes. They are accepted here, made
there, and their result follows by SMS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from commands.model.request import Arguments, Channel


@dataclass(frozen=True, slots=True)
class BossJob:
    """A request that was accepted: everything it needs to be carried out later."""

    id: int  # the request's; the BOSS knows the job by it, so it is done once
    placed_at: int
    action: str
    subject: str
    args: Arguments
    level: int
    phone: str
    asserted: bool
    channel: Channel
    interface: str


class BossJobs(Protocol):
    def waiting(self, phone: str, action: str) -> bool:
        """Has this phone asked for the same already, and not heard how it ended?"""
        ...

    def place(self, job: BossJob) -> str:
        """Kept in the transaction of the acceptance; the number that the subscriber is told."""
        ...
