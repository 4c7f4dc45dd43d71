"""Who holds which slots: what a batch goes by from its begin to its end.

A slot is a share of the hall: of message ids, and of the rows that wait in the outbox. A gateway
gives ids from its own slot, and may hold others that it has inherited.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Final, NamedTuple, Protocol

from gateway.model.message_id import COPY_BITS

SLOTS: Final = (1 << COPY_BITS) - 1
"""Of gateways. One more is that of the command line, whose messages are never its own to send."""


class Place(NamedTuple):
    """Where a row of the outbox stands."""

    owner: int  # the slot whose holder sends it
    turn: int  # the order of a subscriber's rows
    handed: bool  # its holder finds it in the store only


class ClusterView(NamedTuple):
    number: int = 0  # of the store's view: it grows with each join, leave and takeover
    own: int = 0
    held: Mapping[int, int] = {0: 0}  # never changed: the epoch of each slot we hold
    alone: bool = True  # nobody else writes rows, and all that wait are ours and known
    senders: tuple[int, ...] = ()  # own slots of the others that can send
    floor: int = 0  # no turn in our own slot is greater than this and its row's id

    def default_place(self, id: int) -> Place:
        return Place(self.own, max(id, self.floor), self.own not in self.held)


class Member(Protocol):
    """What the desk needs to know of this gateway among others. Any thread may ask."""

    def batch(self) -> AbstractContextManager[ClusterView]:
        """A batch begins, goes by this, and ends."""
        ...

    def holds(self, connection: object, view: ClusterView, used: frozenset[int]) -> bool:
        """The last question of every transaction: whether we still hold what the view says, and
        the other slots `used` are somebody's. Nobody takes them over before the commit."""
        ...
