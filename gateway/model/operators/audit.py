"""Who did what: the entries of the audit, which nobody changes afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DONE = "done"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act, or one look at a subscriber. `action` names the object and the verb of a right:
    subscribers.reveal. `at`: seconds since 1970."""

    operator: str  # 工号; cli:USER for who has a shell
    origin: str  # where from: an address, cli:USER
    action: str
    subscriber: str = ""  # whose number; empty: nobody's
    reason: str = ""
    result: str = DONE
    at: int = 0


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, and where from."""

    operator: str
    origin: str

    def did(
        self, action: str, now: float, *, subscriber: str = "", reason: str = "", result: str = DONE
    ) -> AuditEntry:
        return AuditEntry(self.operator, self.origin, action, subscriber, reason, result, int(now))


@dataclass(frozen=True, slots=True)
class AuditHead:
    """How many entries there are, and the hash of the last one, which all of them went into."""

    count: int
    hash: str

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}"


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """An entry as it is kept. `hash` covers the entry, its number and the hash before it."""

    id: int
    entry: AuditEntry
    hash: str

    def as_row(self) -> dict[str, Any]:
        """Its values by name, as they are kept and told."""
        entry = self.entry
        return {
            "id": self.id,
            "at": entry.at,
            "operator": entry.operator,
            "origin": entry.origin,
            "action": entry.action,
            "subscriber": entry.subscriber,
            "reason": entry.reason,
            "result": entry.result,
        }


def anchor(written: str) -> AuditHead:
    """COUNT:HASH, as it is told. Raises ValueError."""
    count, colon, hashed = written.partition(":")
    if not colon or not count.isascii() or not count.isdigit() or not hashed:
        raise ValueError("an anchor is written COUNT:HASH, as hallgate audit verify tells it")
    return AuditHead(int(count), hashed)
