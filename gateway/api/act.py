"""One request of one operator: who, in which transaction, and what the audit is told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from gateway.api.context import ConsoleContext
from gateway.api.problems import Problem
from gateway.model.doors import DoorInterface
from gateway.model.operators.audit import DONE, Actor, AuditEntry
from gateway.model.operators.operators import Operator
from gateway.model.operators.rights import Right, may
from gateway.operators.logins import OpenLogin
from gateway.store.connection import Connection
from gateway.store.operators.accounts import SqlOperators
from gateway.store.operators.audit import SqlAudit
from gateway.store.store import Store

REVEAL: Final = Right("reveal", "subscribers")


@dataclass(slots=True)
class Act:
    """What a route is given. `action` is the right that it needs, as the audit names it."""

    context: ConsoleContext
    address: str
    action: str
    who: OpenLogin | None = None  # None: the route needs nobody
    key: str = ""  # the idempotency key, if there is one
    interface: DoorInterface | None = None  # who knocks, where the route is for interfaces
    noted: int = 0
    waiting: list[AuditEntry] | None = None  # rows of an act that only reads; None: it writes
    now: int = field(init=False)
    _connection: Connection | None = None

    def __post_init__(self) -> None:
        self.now = int(self.context.clock())

    @property
    def store(self) -> Store:
        return self.context.store

    @property
    def operator(self) -> Operator:
        assert self.who is not None, "the route needs no login"
        return self.who.operator

    @property
    def door(self) -> DoorInterface:
        assert self.interface is not None, "the route is for no interface"
        return self.interface

    @property
    def actor(self) -> Actor:
        """An operator; or an interface at which nobody sits."""
        if self.who is not None:
            return Actor(self.operator.number, self.address)
        return Actor(f"interface:{self.interface.number}" if self.interface else "?", self.address)

    @property
    def connection(self) -> Connection:
        """Of the route's transaction."""
        assert self._connection is not None, "the route was declared to need no transaction"
        return self._connection

    def within(self, connection: Connection) -> None:
        self._connection = connection

    def must(self, right: Right) -> None:
        """For what needs more than the route does. Raises Problem."""
        if not may(self.context.conf.roles(), self.operator.role, right):
            raise Problem(403, f"your role has not the right {right}")

    def must_reveal(self, *subscribers: str) -> None:
        """See these in full: who has the right may so for some in a day. Raises Problem."""
        self.must(REVEAL)
        most = self.context.conf.roles()[self.operator.role].reveals
        if not most:
            return
        SqlOperators(self.connection, self.store.seal).hold([self.operator.number])
        today = datetime.fromtimestamp(self.now, self.context.zone).replace(
            hour=0, minute=0, second=0
        )
        seen = SqlAudit(self.connection, self.store.seal).seen_in_full(
            self.operator.number, int(today.timestamp())
        )
        if len(seen.union(subscribers)) > max(most, len(seen)):
            tomorrow = (today + timedelta(days=1)).timestamp()
            raise Problem(
                429, f"your role sees {most} subscribers in full in a day, and that is reached: "
                "masked they are shown; a colleague may help",
                headers={"Retry-After": str(int(tomorrow) - self.now)}, about=subscribers[0],
            )  # fmt: skip

    def note(
        self, *, action: str = "", subscriber: str = "", reason: str = "", result: str = DONE
    ) -> None:
        """In the audit, in the transaction of the act: last of what is done in it; of what only
        reads, at its end."""
        entry = self.actor.did(
            action or self.action, self.now, subscriber=subscriber, reason=reason, result=result
        )
        if self.waiting is not None:
            self.waiting.append(entry)
        else:
            SqlAudit(self.connection, self.store.seal).append(entry)
        self.noted += 1

    def note_refused(self, why: str, subscriber: str = "") -> None:
        """In a transaction of its own: that of the act was undone, or never begun."""
        result = f"refused: {why}"
        entry = self.actor.did(self.action, self.now, subscriber=subscriber, result=result)
        with self.store.transaction() as connection:
            SqlAudit(connection, self.store.seal).append(entry)
