"""A file taken into a list: looked at line by line, told what it would change, then applied.

    looked at ─ reading ─▶ ready ─ apply ─▶ applying ─▶ applied
                             └── discard, or a day ──▶ discarded

However long the file is, a step holds no more than `STEP` lines, and rests behind it: on SQLite
messages wait while it writes. Who is killed in between goes on with `apply` where it stood.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import BinaryIO, Final, TypeVar

from gateway.lists.csv_reading import ReadLine, check_is_text, read_list
from gateway.lists.customer_lists import check_origin
from gateway.lists.refusals import ListRefusal, UnknownInList
from gateway.model.customer_lists import (
    OWN_TOLD,
    ImportCounts,
    ImportState,
    LineMistake,
    ListImport,
    NewEntry,
)
from gateway.model.operators.audit import Actor
from gateway.store.connection import Connection
from gateway.store.lists.entries import SqlListEntries
from gateway.store.lists.imports import SqlListImports
from gateway.store.lists.types import SqlListTypes
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store

STEP: Final = 1_000  # lines
TOLD: Final = 100  # mistakes that are kept and told
KEPT: Final = 24 * 3_600  # seconds for which what was looked at can be applied
_CHUNK: Final = 1 << 20
_LONGEST_REST: Final = 0.1  # seconds
_LIGHTEN: Final = 100  # steps after which the store's log is lightened
Item = TypeVar("Item")


class ListImporting:
    """For one actor; opens its own transactions. `clock`: seconds since 1970."""

    def __init__(
        self, store: Store, actor: Actor, clock: Callable[[], float],
        rest: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._store, self._actor = store, actor
        self._clock, self._rest = clock, rest
        self._steps = 0

    def look(
        self, file: BinaryIO, type: str, origin: str, reason: str, *, replaces: bool
    ) -> ListImport:
        """What the file would change; nothing of it is changed. Raises ListRefusal."""
        self._forget_stale()
        now, operator = int(self._clock()), self._actor.operator
        check_origin(origin)
        check_is_text(file)
        with self._step() as connection:
            _open_type(connection, type)
            id = self._imports(connection).begin(
                type, origin, operator, reason, now, replaces=replaces
            )
        fingerprint = _fingerprint(file)
        looking = _Looking(self, id, type, origin, now)
        zone = self._store.calendar.zone
        for some in _by(STEP, read_list(file, zone, now, reason)):
            looking.take(some)
        with self._step() as connection:
            imports = self._imports(connection)
            counts = looking.counts
            if replaces:
                gone = imports.size(type, origin, now) - counts.changed - counts.same
                counts = counts._replace(gone=max(0, gone))
            imports.ready(id, counts, looking.mistakes, fingerprint)
            result = f"{_list(type, origin)}, file {id}: {_told(counts)}"
            self._note(connection, "import", reason, result)
            return _found(imports, id)

    def apply(self, id: int, reason: str = "", *, skip_mistakes: bool = False) -> ListImport:
        """Changes the list, or goes on where it was broken off. Raises ListRefusal."""
        one = self._begun(id, skip_mistakes)
        while one.state is not ImportState.APPLIED:
            one = self._applied_step(id, reason)
        self._forget(id)
        return one

    def discard(self, id: int, reason: str = "") -> ListImport:
        """Raises ListRefusal if it is applied, or begun to be."""
        with self._step() as connection:
            imports = self._imports(connection)
            one = _found(imports, id, lock=True)
            if one.state in (ImportState.APPLYING, ImportState.APPLIED):
                raise ListRefusal(f"file {id} is {one.state.value} already")
            imports.move(id, ImportState.DISCARDED)
            self._note(connection, "discard", reason, f"{_list(one.type, one.origin)}, file {id}")
            found = _found(imports, id)
        self._forget(id)
        return found

    # -- its steps -------------------------------------------------------------------------------

    def classified(
        self, id: int, type: str, origin: str, now: int, lines: Sequence[ReadLine]
    ) -> tuple[ImportCounts, list[LineMistake]]:
        """In one transaction: kept, and compared with the list as it is."""
        with self._step() as connection:
            imports = self._imports(connection)
            fresh, mistakes = _once(
                lines, imports.lines_of(id, {int(x.entry.number) for x in lines})
            )
            imports.keep(id, [(one.line, one.entry) for one in fresh])
            entries = [one.entry for one in fresh]
            return _compared(SqlListEntries(connection), type, origin, entries, now), mistakes

    def _begun(self, id: int, skip_mistakes: bool) -> ListImport:
        with self._step() as connection:
            imports = self._imports(connection)
            one = _found(imports, id, lock=True)
            if one.state in (ImportState.APPLYING, ImportState.APPLIED):
                return one
            if one.state is not ImportState.READY:
                raise ListRefusal(f"file {id} is {one.state.value}: it cannot be applied")
            if one.counts.mistakes and not skip_mistakes:
                raise ListRefusal(
                    f"{one.counts.mistakes} lines have mistakes: correct them and import anew, or "
                    "say that these are to be left out"
                )
            if one.counts.lines == one.counts.mistakes:
                raise ListRefusal("the file names nobody")
            if imports.overtaken(one):
                raise ListRefusal("a newer file was taken into this list since: import anew")
            _open_type(connection, one.type)
            imports.move(id, ImportState.APPLYING)
            return _found(imports, id)

    def _applied_step(self, id: int, reason: str) -> ListImport:
        """Some lines; behind the last, who is not in the file; behind these, the end of it."""
        now = int(self._clock())
        with self._step() as connection:
            imports, entries = self._imports(connection), SqlListEntries(connection)
            one = _found(imports, id, lock=True)
            if one.state is not ImportState.APPLYING:
                return one  # somebody else has gone on with it
            why = reason or one.reason
            operator = self._actor.operator
            if lines := imports.lines(id, one.done_to, STEP):
                running = [each for each in lines if not each.until or each.until > now]
                entries.put(one.type, one.origin, running, operator, now, id)
                imports.move(id, ImportState.APPLYING, done_to=int(lines[-1].number))
            elif one.replaces and (gone := imports.left_out(one, now, STEP)):
                entries.end(one.type, one.origin, gone, operator, why, now)
            else:
                imports.move(id, ImportState.APPLIED, applied_at=now)
                result = f"{_list(one.type, one.origin)}, file {id}: {_told(one.counts)}"
                self._note(connection, "apply", why, result)
            return _found(imports, id)

    def _forget(self, id: int) -> None:
        gone = STEP
        while gone == STEP:
            with self._step() as connection:
                gone = self._imports(connection).forget_lines(id, STEP)

    def _forget_stale(self) -> None:
        with self._step() as connection:
            imports = self._imports(connection)
            stale = imports.stale(int(self._clock()) - KEPT)
            for id in stale:
                imports.move(id, ImportState.DISCARDED)
        for id in stale:
            self._forget(id)

    @contextmanager
    def _step(self) -> Iterator[Connection]:
        """A transaction, and a rest behind it: others write in between."""
        began = time.perf_counter()
        with self._store.transaction() as connection:
            yield connection
        self._steps += 1
        if self._steps % _LIGHTEN == 0:
            self._store.checkpoint()
        self._rest(min((time.perf_counter() - began) / 2, _LONGEST_REST))

    def _imports(self, connection: Connection) -> SqlListImports:
        return SqlListImports(connection, self._store.seal)

    def _note(self, connection: Connection, what: str, reason: str, result: str) -> None:
        entry = self._actor.did(f"lists.{what}", self._clock(), reason=reason, result=result)
        SqlAudit(connection, self._store.seal).append(entry)


class _Looking:
    """What was found so far in a file."""

    def __init__(self, importing: ListImporting, id: int, type: str, origin: str, now: int) -> None:
        self._importing = importing
        self._list = (id, type, origin, now)
        self.counts = ImportCounts()
        self.mistakes: list[LineMistake] = []

    def take(self, some: Sequence[ReadLine | LineMistake]) -> None:
        lines = [one for one in some if isinstance(one, ReadLine)]
        found, twice = self._importing.classified(*self._list, lines)
        wrong = [*(one for one in some if isinstance(one, LineMistake)), *twice]
        more = found._replace(lines=len(some), mistakes=len(wrong))
        self.counts = ImportCounts(*(a + b for a, b in zip(self.counts, more, strict=True)))
        self.mistakes = (self.mistakes + sorted(wrong))[:TOLD]


def _once(
    lines: Sequence[ReadLine], before: dict[int, int]
) -> tuple[list[ReadLine], list[LineMistake]]:
    """Each number the first time; `before`: on which line it stood already."""
    seen, fresh, mistakes = dict(before), list[ReadLine](), list[LineMistake]()
    for one in lines:
        number = int(one.entry.number)
        if number in seen:
            mistakes.append(LineMistake(one.line, f"names the same number as line {seen[number]}"))
        else:
            seen[number] = one.line
            fresh.append(one)
    return fresh, mistakes


def _compared(
    entries: SqlListEntries, type: str, origin: str, wanted: Sequence[NewEntry], now: int
) -> ImportCounts:
    running = entries.running(type, origin, [int(one.number) for one in wanted])
    fresh = changed = 0
    for one in wanted:
        found = running.get(int(one.number))
        if found is None or not found.runs(now):
            fresh += 1
        elif (found.reason, found.until) != (one.reason, one.until):
            changed += 1
    return ImportCounts(fresh=fresh, changed=changed, same=len(wanted) - fresh - changed)


def _open_type(connection: Connection, type: str) -> None:
    """Raises ListRefusal."""
    found = SqlListTypes(connection).find(type)
    if found is None:
        raise UnknownInList(f"there is no type of lists {type}: see hallgate lists types")
    if found.closed:
        raise ListRefusal(f"type {type} {found.name} is closed: open it first")


def _found(imports: SqlListImports, id: int, *, lock: bool = False) -> ListImport:
    """Raises UnknownInList."""
    if (found := imports.find(id, lock=lock)) is None:
        raise UnknownInList(f"there is no file {id}: see hallgate lists imports")
    return found


def _fingerprint(file: BinaryIO) -> str:
    """SHA-256; the file is at its beginning afterwards."""
    found = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


def _by(size: int, items: Iterable[Item]) -> Iterator[list[Item]]:
    each = iter(items)
    while some := list(islice(each, size)):
        yield some


def _list(type: str, origin: str) -> str:
    return f"list {type} of {origin or OWN_TOLD}"


def _told(counts: ImportCounts) -> str:
    return (
        f"{counts.fresh} new, {counts.changed} changed, {counts.same} as they were, "
        f"{counts.gone} ended, {counts.mistakes} mistakes"
    )
