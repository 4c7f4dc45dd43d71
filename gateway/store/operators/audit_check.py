"""Whether the audit is as it was written: no row changed, removed, put in, or in another place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gateway.model.operators.audit import AuditHead, AuditRecord
from gateway.security.encryption import Seal
from gateway.store.operators.audit import BROKEN, SqlAudit, hash_of
from gateway.store.ports.audit_head import START
from gateway.store.store import Store

MOST: Final = 50  # findings that are told
_NOT_OURS: Final = "its head is missing, or was not signed with this hall's key"


@dataclass(frozen=True, slots=True)
class ChainReport:
    """`findings` empty: the chain is whole, and `head` its end."""

    rows: int
    head: AuditHead
    findings: tuple[str, ...]


def check_chain(store: Store, anchors: Iterable[AuditHead] = ()) -> ChainReport:
    """The whole chain as of one moment; `anchors` are heads that were told at other times."""
    with store.snapshot() as connection:
        port = SqlAudit(connection, store.seal)
        head = port.head()
        walk = _Walk(store.seal, anchors)
        findings: list[str] = []
        for told in walk.through(port.all()):
            findings.append(told)
            if len(findings) == MOST:
                findings.append("and perhaps more: this is where the search ended")
                return ChainReport(walk.rows, walk.last, tuple(findings))
    if head is None:
        findings.append(_NOT_OURS)
    findings += walk.ending(head)
    return ChainReport(walk.rows, walk.last, tuple(findings))


class _Walk:
    """Row after row, each against the one before."""

    def __init__(self, seal: Seal, anchors: Iterable[AuditHead]) -> None:
        self._seal = seal
        self._anchors: dict[int, set[str]] = {}  # more than one of a row: one of them is bent
        for anchor in anchors:
            self._anchors.setdefault(anchor.count, set()).add(anchor.hash)
        self.rows = 0
        self.last = START

    def through(self, records: Iterable[AuditRecord]) -> Iterator[str]:
        for record in records:
            self.rows += 1
            if record.id < 1:
                yield f"row {record.id} was put in: the first one is row 1"
                continue
            if record.id != (wanted := self.last.count + 1):
                yield _missing(wanted, record.id - 1)
            elif record.hash != hash_of(self._seal, self.last.hash, record.id, record.entry):
                yield (
                    f"row {record.id} does not fit its hash: it, or the row before it, was "
                    "changed, moved, or put in without the hall's key"
                )
            if record.entry.action == BROKEN:
                yield f"row {record.id} says that the audit was bent before: {record.entry.result}"
            self.last = AuditHead(record.id, record.hash)
            for hash in sorted(self._anchors.pop(record.id, set()) - {record.hash}):
                told = AuditHead(record.id, hash)
                yield f"row {record.id} is not the one that was told as anchor {told}"

    def ending(self, head: AuditHead | None) -> Iterator[str]:
        if head is not None and head.count > self.last.count:
            yield f"the tail is cut: {_missing(self.last.count + 1, head.count)}"
        elif head is not None and head.count < self.last.count:
            yield f"rows {head.count + 1} to {self.last.count} stand behind the end that was signed"
        elif head is not None and head.hash != self.last.hash:
            yield f"row {head.count} is not the last one that was written"
        for count, hashes in sorted(self._anchors.items()):
            for told in (AuditHead(count, hash) for hash in sorted(hashes) if count):
                yield f"the tail is cut: row {count} was told as anchor {told}"


def _missing(first: int, last: int) -> str:
    return f"row {first} is missing" if first == last else f"rows {first} to {last} are missing"
