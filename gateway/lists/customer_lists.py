"""Types of lists and who is in them, as people change them; each act with its audit row."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from commands.classes.customer_classes import CustomerClasses
from commands.mobile_number import mobile_number
from gateway.lists.refusals import ListRefusal, UnknownInList
from gateway.model.customer_lists import (
    LONGEST_REASON,
    ORIGIN,
    OWN,
    OWN_TOLD,
    TYPE_NUMBER,
    ListEntry,
    ListType,
    NewEntry,
)
from gateway.model.operators.audit import Actor
from gateway.security.encryption import Seal
from gateway.store.connection import Connection
from gateway.store.lists.entries import EntryQuery, SqlListEntries
from gateway.store.lists.types import SqlListTypes
from gateway.store.operators.audit import SqlAudit

MOST_AT_ONCE: Final = 1_000  # numbers of one act; more come as a file
_LONGEST: Final = {"name": 60, "note": 300}
_UNFIT: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class CustomerLists:
    """In one transaction, for one actor. `classes` are asked for where a type names some."""

    def __init__(
        self, connection: Connection, seal: Seal, actor: Actor, now: int,
        classes: Callable[[], CustomerClasses],
    ) -> None:  # fmt: skip
        self._types = SqlListTypes(connection)
        self._entries = SqlListEntries(connection)
        self._audit = SqlAudit(connection, seal)
        self._actor, self._now, self._classes = actor, now, classes

    # -- types -----------------------------------------------------------------------------------

    def type(self, number: str) -> ListType:
        """Raises UnknownInList."""
        found = self._types.find(number)
        if found is None:
            raise UnknownInList(f"there is no type of lists {number}: see hallgate lists types")
        return found

    def open_type(self, number: str) -> ListType:
        """Raises ListRefusal if it is closed."""
        found = self.type(number)
        if found.closed:
            raise ListRefusal(f"type {number} {found.name} is closed: open it first")
        return found

    def add_type(
        self, number: str, name: str, note: str, classes: Sequence[str], reason: str = ""
    ) -> ListType:
        """Raises ListRefusal."""
        if not re.fullmatch(TYPE_NUMBER, number):
            raise ListRefusal(f"'{number}' is no number of a type: one to six digits")
        if self._types.find(number) is not None:
            raise ListRefusal(f"there is a type {number} already; change it, or take another")
        made = self._fits(ListType(number, name.strip(), note.strip(), tuple(classes)))
        made = replace(made, created_at=self._now, changed_at=self._now)
        self._types.add(made)
        self._note("type_add", reason, f"{number} {made.name}")
        return made

    def change_type(
        self, number: str, name: str | None, note: str | None, classes: Sequence[str] | None,
        reason: str = "",
    ) -> ListType:  # fmt: skip
        """What is None stays. Raises ListRefusal."""
        before = self.type(number)
        after = replace(
            before,
            name=before.name if name is None else name.strip(),
            note=before.note if note is None else note.strip(),
            classes=before.classes if classes is None else tuple(classes),
        )
        if after == before:
            raise ListRefusal(f"type {number} is so already: say what is to be changed")
        return self._changed(self._fits(after), "type_change", reason)

    def close_type(self, number: str, reason: str = "") -> ListType:
        """Nobody is treated by it any more, and nobody is put into it; who is in it stays written
        there."""
        return self._changed(replace(self.open_type(number), closed_at=self._now), "type_close",
                             reason)  # fmt: skip

    def reopen_type(self, number: str, reason: str = "") -> ListType:
        found = self.type(number)
        if not found.closed:
            raise ListRefusal(f"type {number} {found.name} is open")
        return self._changed(replace(found, closed_at=0), "type_open", reason)

    def _changed(self, after: ListType, what: str, reason: str) -> ListType:
        after = replace(after, changed_at=self._now)
        self._types.put(after)
        self._note(what, reason, f"{after.number} {after.name}")
        return after

    def _fits(self, one: ListType) -> ListType:
        if not one.name:
            raise ListRefusal("a type has a name")
        for what, words in (("name", one.name), ("note", one.note)):
            if len(words) > _LONGEST[what] or _UNFIT.search(words):
                raise ListRefusal(f"a {what} is one line of at most {_LONGEST[what]} characters")
        if len(set(one.classes)) < len(one.classes):
            raise ListRefusal("a class is named once")
        known = [each.code for each in self._classes().known]
        for name in one.classes:
            if name not in known:
                there = ", ".join(known)
                raise ListRefusal(f"conf/classes.yaml has no class '{name}'; there are: {there}")
        return one

    # -- who is in them --------------------------------------------------------------------------

    def add(
        self, type: str, numbers: Sequence[str], reason: str, until: int = 0, origin: str = OWN
    ) -> list[ListEntry]:
        """Put in, or with another reason and end. Raises ListRefusal."""
        kind = self.open_type(type)
        wanted = _numbers(numbers)
        if not reason.strip():
            raise ListRefusal("say why: nobody is put into a list without a reason")
        if len(reason) > LONGEST_REASON or _UNFIT.search(reason):
            raise ListRefusal(f"a reason is one line of at most {LONGEST_REASON} characters")
        if until and until <= self._now:
            raise ListRefusal("this end is over: write a later day")
        check_origin(origin)
        entries = [NewEntry(number, reason.strip(), until) for number in wanted]
        self._entries.put(type, origin, entries, self._actor.operator, self._now)
        for number in wanted:
            self._note("add", reason, _what(kind, origin), number)
        kept = self._entries.running(type, origin, map(int, wanted))
        return [kept[int(number)] for number in wanted]

    def take_out(
        self, type: str, numbers: Sequence[str], reason: str, origin: str = OWN
    ) -> list[str]:
        """All of them, or nobody. Raises ListRefusal."""
        kind, wanted = self.type(type), _numbers(numbers)
        if not reason.strip():
            raise ListRefusal("say why: nobody is taken out of a list without a reason")
        running = self._entries.running(type, origin, map(int, wanted))
        there = {str(number) for number, entry in running.items() if entry.runs(self._now)}
        missing = [number for number in wanted if number not in there]
        if missing:
            raise UnknownInList(
                f"{len(missing)} of {len(wanted)} numbers are not in list {_what(kind, origin)}"
                + self._elsewhere(type, missing)
            )
        ended = self._entries.end(
            type, origin, map(int, wanted), self._actor.operator, reason.strip(), self._now
        )
        for number in wanted:
            self._note("close", reason, _what(kind, origin), number)
        return ended

    def _elsewhere(self, type: str, missing: Sequence[str]) -> str:
        """Who is there by somebody else's list is taken out of that."""
        origins = {
            entry.origin or OWN_TOLD
            for number in missing[:20]
            for _, entry in self._entries.find(EntryQuery(type, number), 10, self._now)
        }
        return f", but in that of {', '.join(sorted(origins))}: name the origin" if origins else ""

    def of(self, number: str) -> list[ListEntry]:
        """Everything there is about a number, also what is over: the oldest first."""
        wanted = EntryQuery(number=number, past=True)
        return [entry for _, entry in self._entries.find(wanted, MOST_AT_ONCE, self._now)]

    def _note(self, what: str, reason: str, result: str, subscriber: str = "") -> None:
        entry = self._actor.did(
            f"lists.{what}", self._now, subscriber=subscriber, reason=reason, result=result
        )
        self._audit.append(entry)


def check_origin(origin: str) -> None:
    """Raises ListRefusal."""
    if origin != OWN and not re.fullmatch(ORIGIN, origin):
        raise ListRefusal(f"'{origin}' is no origin: small letters, digits, - and _, like bank-a")
    if origin == OWN_TOLD:
        raise ListRefusal("'own' is the hall itself: leave the origin out")


def _numbers(written: Sequence[str]) -> list[str]:
    """Each once. Raises ListRefusal."""
    found = [mobile_number(one) for one in written]
    if not all(found) or not found:
        raise ListRefusal("a number has eleven digits: 13800138001")
    if len(found) > MOST_AT_ONCE:
        raise ListRefusal(f"more than {MOST_AT_ONCE} numbers come as a file")
    return list(dict.fromkeys(found))


def _what(kind: ListType, origin: str) -> str:
    return f"{kind.number} {kind.name}" + (f" of {origin}" if origin else "")
