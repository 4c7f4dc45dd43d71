"""Lists of customers as they are kept: types, entries, and files on their way in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

TYPE_NUMBER: Final = r"^[0-9]{1,6}$"
ORIGIN: Final = r"^[a-z][a-z0-9_-]{0,31}$"
OWN: Final = ""  # the origin of the hall's own entries
OWN_TOLD: Final = "own"  # how that is told
LONGEST_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class ListType:
    """One kind of list. `classes` are those of conf/classes.yaml that who is in it belongs to."""

    number: str  # 编号
    name: str
    note: str = ""
    classes: tuple[str, ...] = ()
    created_at: int = 0
    changed_at: int = 0
    closed_at: int = 0

    @property
    def closed(self) -> bool:
        return self.closed_at > 0


@dataclass(frozen=True, slots=True)
class ListEntry:
    """Somebody in a list. `until` 0: open; `ended_at`: taken out before."""

    type: str
    number: str
    origin: str
    reason: str
    operator: str
    since: int
    until: int = 0
    ended_at: int = 0
    ended_by: str = ""
    ended_reason: str = ""

    def runs(self, now: int) -> bool:
        return not self.ended_at and (not self.until or now < self.until)


class NewEntry(NamedTuple):
    """What is put into a list: for whom, why, until when (0: open)."""

    number: str
    reason: str
    until: int = 0


class ImportState(StrEnum):
    READING = "reading"
    READY = "ready"  # looked at; nothing is changed yet
    APPLYING = "applying"  # broken off, if nobody is at it: it can be gone on with
    APPLIED = "applied"
    DISCARDED = "discarded"


class LineMistake(NamedTuple):
    """What is wrong with a line of a file. The words show no number in full."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


class ImportCounts(NamedTuple):
    """What a file would change, or has changed: lines read, entries that are new, changed and as
    they were, those that end because they are not in it, and lines with mistakes."""

    lines: int = 0
    fresh: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    mistakes: int = 0


@dataclass(frozen=True, slots=True)
class ListImport:
    """A file that was looked at. `replaces`: who is not in it is taken out of its origin's list."""

    id: int
    type: str
    origin: str
    replaces: bool
    operator: str
    reason: str
    state: ImportState
    counts: ImportCounts
    mistakes: tuple[LineMistake, ...] = ()
    made_at: int = 0
    applied_at: int = 0
    fingerprint: str = ""
    done_to: int = 0
