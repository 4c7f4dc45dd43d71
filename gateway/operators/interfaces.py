"""Other interfaces registered, given keys, stopped, closed; each act with its audit entry."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

from commands.model.daily_hours import daily_hours
from commands.model.interfaces import DOOR_KINDS, STAFFED
from gateway.model.doors import NUMBER, DoorInterface, DoorState, InterfaceKey
from gateway.model.operators.audit import Actor
from gateway.model.operators.operators import NUMBER as OPERATOR
from gateway.model.operators.refusals import ActRefusal, NothingSuch
from gateway.security.encryption import Seal
from gateway.store.connection import Connection
from gateway.store.doors.interfaces import SqlInterfaces
from gateway.store.operators.audit import SqlAudit

KEYS: Final = 2  # that open at once: the old and the new one, while a partner changes
MOST_PER_MINUTE: Final = 6_000
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f,]{1,60}")
_HEX: Final = re.compile("[0-9a-f]{64}")


class InterfaceRefusal(ActRefusal):
    """An interface cannot be made or changed so; the text says why, and what to do."""


class UnknownInterface(InterfaceRefusal, NothingSuch):
    def __init__(self, number: str) -> None:
        super().__init__(f"there is no interface {number}")


@dataclass(frozen=True, slots=True)
class NewKey:
    """As the partner is told it, once."""

    id: str
    secret: str

    @property
    def told(self) -> str:
        return f"{self.id}.{self.secret}"


def new_key() -> NewKey:
    """256 bits of chance: a keyed hash is enough to keep of it."""
    return NewKey(secrets.token_hex(6), secrets.token_urlsafe(32))


@dataclass(frozen=True, slots=True)
class HallNames:
    """What interfaces may name: the operations of conf/commands.yaml, by the kinds that may do
    them, and the numbers that the hall's own channels have."""

    by_kind: dict[str, frozenset[str]]
    own: frozenset[str]


class InterfaceRegister:
    """In one transaction, for one actor."""

    def __init__(
        self, connection: Connection, seal: Seal, names: HallNames, actor: Actor, now: int
    ) -> None:
        self._kept = SqlInterfaces(connection, seal)
        self._audit = SqlAudit(connection, seal)
        self._names, self._actor, self._now = names, actor, now

    def all(self) -> list[DoorInterface]:
        return self._kept.all()

    def find(self, number: str) -> DoorInterface:
        """Raises UnknownInterface."""
        found = self._kept.find(number)
        if found is None:
            raise UnknownInterface(number)
        return found

    def keys(self, number: str) -> list[InterfaceKey]:
        return self._kept.keys(self.find(number).number)

    def add(self, made: DoorInterface, reason: str = "") -> DoorInterface:
        """Raises InterfaceRefusal."""
        self._free(made.number)
        made = replace(self._fit(made), created_at=self._now, changed_at=self._now)
        self._kept.add(made)
        self._note("add", made.number, reason, f"{made.kind} {made.name}")
        return made

    def change(self, number: str, reason: str = "", **values: Any) -> DoorInterface:
        """What is given takes the place of what was. Raises InterfaceRefusal."""
        changed = self._fit(replace(self._living(number), **values))
        return self._put(changed, "change", reason, ", ".join(sorted(values)))

    def stop(self, number: str, reason: str = "") -> DoorInterface:
        """The brake: from the next request on nothing is taken from it."""
        return self._into(number, DoorState.STOPPED, "stop", reason)

    def open(self, number: str, reason: str = "") -> DoorInterface:
        return self._into(number, DoorState.OPEN, "open", reason)

    def close(self, number: str, reason: str = "") -> DoorInterface:
        """For good; what it did stays known."""
        closed = self._into(number, DoorState.CLOSED, "close", reason)
        for key in self._opening(number):
            self._kept.end_key(key.id, self._now)
        return closed

    def renumber(self, number: str, new: str, reason: str = "") -> DoorInterface:
        """Another number, with the same keys. The old one stays, closed, and says which."""
        found = self._living(number)
        self._free(new)
        moved = replace(found, number=new, created_at=self._now, changed_at=self._now)
        self._kept.add(self._fit(moved))
        self._kept.move_keys(number, new)
        self._put(replace(found, state=DoorState.CLOSED, became=new), "renumber", reason, new)
        return self.find(new)

    def add_key(self, number: str, key: NewKey, reason: str = "") -> InterfaceKey:
        """Beside the one that it has, until that is ended. Raises InterfaceRefusal."""
        found = self._living(number)
        opening = self._opening(number)
        if len(opening) >= KEYS:
            ids = " or ".join(each.id for each in opening)
            raise InterfaceRefusal(f"{number} has {KEYS} keys that open: end {ids} first")
        made = InterfaceKey(key.id, found.number, self._now)
        self._kept.add_key(made, key.secret)
        self._note("key", number, reason, f"new key {key.id}")
        return made

    def end_key(self, number: str, id: str, reason: str = "") -> None:
        """Raises InterfaceRefusal."""
        if id not in [key.id for key in self._opening(self.find(number).number)]:
            raise InterfaceRefusal(f"{number} has no key {id} that opens")
        self._kept.end_key(id, self._now)
        self._note("key", number, reason, f"key {id} ended")

    # -- what fits -------------------------------------------------------------------------------

    def _opening(self, number: str) -> list[InterfaceKey]:
        return [key for key in self._kept.keys(number) if not key.ended_at]

    def _living(self, number: str) -> DoorInterface:
        found = self.find(number)
        if found.state is DoorState.CLOSED:
            raise InterfaceRefusal(f"interface {number} is closed")
        return found

    def _free(self, number: str) -> None:
        if not re.fullmatch(NUMBER, number):
            raise InterfaceRefusal("an interface number has two to eight digits")
        if number in self._names.own:
            raise InterfaceRefusal(f"{number} is one of the hall's own, in conf/interfaces.yaml")
        if self._kept.find(number) is not None:
            raise InterfaceRefusal(f"there is an interface {number} already; none is given twice")

    def _fit(self, made: DoorInterface) -> DoorInterface:
        """Raises InterfaceRefusal."""
        if made.kind not in DOOR_KINDS:
            raise InterfaceRefusal(f"there is no kind '{made.kind}': {', '.join(DOOR_KINDS)}")
        for text in (made.name, made.name_en or "-", made.region or "-", made.group or "-"):
            if not _NAME.fullmatch(text) or not text.strip():
                raise InterfaceRefusal("a name has 1 to 60 characters, and no comma")
        self._among(made.operations, self._names.by_kind.get(made.kind, frozenset()), made.kind)
        if bad := [each for each in made.operators if not re.fullmatch(OPERATOR, each)]:
            raise InterfaceRefusal(f"'{min(bad)}' is no 工号")
        if made.kind in STAFFED and not made.operators:
            raise InterfaceRefusal(f"at a {made.kind} people act: name them (工号)")
        if (made.kind == "group") != bool(made.group):
            raise InterfaceRefusal("a group's platform, and no other, names its group customer")
        if made.certificate and not _HEX.fullmatch(made.certificate):
            raise InterfaceRefusal("a certificate is named by its SHA-256, 64 hexadecimal digits")
        if not 1 <= made.per_minute <= MOST_PER_MINUTE:
            raise InterfaceRefusal(f"1 to {MOST_PER_MINUTE} requests a minute")
        try:
            hours = str(daily_hours(made.hours)) if made.hours else ""
        except ValueError as error:
            raise InterfaceRefusal(str(error)) from None
        return replace(made, hours=hours)

    @staticmethod
    def _among(named: Collection[str], known: frozenset[str], kind: str) -> None:
        if unknown := sorted(set(named) - known):
            raise InterfaceRefusal(
                f"a {kind} cannot do '{unknown[0]}'; it can do: {', '.join(sorted(known))}"
            )

    def _into(self, number: str, state: DoorState, act: str, reason: str) -> DoorInterface:
        return self._put(replace(self._living(number), state=state), act, reason)

    def _put(self, changed: DoorInterface, act: str, reason: str, what: str = "") -> DoorInterface:
        changed = replace(changed, changed_at=self._now)
        self._kept.put(changed)
        self._note(act, changed.number, reason, what)
        return changed

    def _note(self, act: str, number: str, reason: str, what: str = "") -> None:
        result = f"done: interface {number}" + (f", {what}" if what else "")
        self._audit.append(
            self._actor.did(f"interfaces.{act}", self._now, reason=reason, result=result)
        )
