"""A store, a clock for all, and the members that a test lets join. Time is what the test says."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import select

from gateway.cluster.membership import BEAT, LOOK, Membership
from gateway.model.address import Address
from gateway.model.cluster_view import Place
from gateway.model.message_id import EPOCH_MS, MessageIds
from gateway.model.messages import BindBegan, OutgoingMessage, SendOutcome
from gateway.ops.log import Log
from gateway.store.members import Joining, SqlMembers
from gateway.store.store import Store
from gateway.store.tables import binds, outbox
from tests.gateway.messages import ZHANG


class SharedStore:
    """A store, a clock for all, and the members that a test lets join."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = 1_000.0
        self.rows = 1

    def joins(self, name: str, *, sends: bool = True) -> Membership:
        member = Membership(
            self.store, Joining(name, "1", 0), Log(BytesIO()), lambda: self.now, lambda: self.now
        )
        member.sends = lambda: sends
        member.join()
        return member

    def passes(self, seconds: float, *alive: Membership) -> None:
        """While these live."""
        until = self.now + seconds
        while self.now < until:
            self.now += min(LOOK, until - self.now)
            for each in alive:
                each.step()

    def together(self, *names: str) -> list[Membership]:
        """They have seen each other."""
        joined = [self.joins(name) for name in names]
        self.passes(2 * BEAT, *joined)
        return joined

    def commits(self, member: Membership, *used: int) -> bool:
        """Whether a batch that begins now, and puts rows there, is kept."""
        with member.batch() as view, self.store.transaction() as connection:
            return member.holds(connection, view, frozenset(used))

    def writes(self, slot: int, *, handed: bool = False, after_ms: int = 0) -> int:
        """A row waits there; its id."""
        self.rows += 8
        ours, theirs = Address(0, 0, "10086"), Address(1, 1, ZHANG)
        words = OutgoingMessage(self.rows, "smsc-a", ours, theirs, "x", after_ms=after_ms)
        with self.store.transaction() as connection:
            place = Place(slot, self.rows, handed)
            self.store.messages.put(connection, [words], lambda _: place)
        return self.rows

    def sent(self, id: int) -> None:
        with self.store.transaction() as connection:
            self.store.messages.settle(connection, [SendOutcome(id, True, 1, "smsc-a")])

    def owner(self, id: int) -> int:
        with self.store.reading() as connection:
            owner = connection.execute(select(outbox.c.owner).where(outbox.c.id == id)).scalar_one()
        return int(owner)

    def holders(self) -> dict[int, str]:
        with self.store.reading() as connection:
            return {row.slot: row.holder for row in SqlMembers(connection).rows()}

    def binds(self, *slots: int) -> None:
        """One is up at the gateway of each slot; its id is the first of the slot's."""
        with self.store.transaction() as connection:
            for slot in slots:
                self.store.messages.began(connection, BindBegan(first_id(slot), "smsc-a"))

    def up(self) -> dict[int, int]:
        """The binds that have not ended: whose."""
        with self.store.reading() as connection:
            query = select(binds.c.id, binds.c.copy).where(binds.c.ended_ms == 0)
            return {int(id): int(slot) for id, slot in connection.execute(query)}


def first_id(slot: int) -> int:
    """The first that a gateway with it ever gave."""
    return MessageIds(slot, lambda: EPOCH_MS / 1000 + 1).next()
