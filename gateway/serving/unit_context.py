"""What a transaction of the desk is given: what lasts longer than it, and what it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from commands.model.hall import Hall, RandomSource
from commands.model.request_quota import RequestQuota
from gateway.boss.ports import CardsElsewhere
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.smsc_groups import SmscGroups
from gateway.serving.redelivery import Redelivery
from gateway.store.figures.details import Detail
from gateway.store.retention import Retention
from gateway.store.sessions import Sessions
from gateway.store.store import Store, TransactionPorts


class UnitContext(Protocol):
    """What lasts longer than one transaction."""

    @property
    def store(self) -> Store: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def editions(self) -> EditionsInForce: ...
    @property
    def chance(self) -> RandomSource: ...
    @property
    def smscs(self) -> SmscGroups: ...
    @property
    def redelivery(self) -> Redelivery: ...
    @property
    def retention(self) -> Retention: ...
    @property
    def recorded(self) -> float: ...
    @property
    def placed(self) -> Callable[[], None] | None: ...


class LastingParts(Protocol):
    """What of it commands see."""

    @property
    def chance(self) -> RandomSource: ...
    @property
    def placed(self) -> Callable[[], None] | None: ...


@dataclass(slots=True)
class BatchTally:
    """commands.model.preferences.Tally: counted once the batch is kept."""

    offers: list[tuple[str, str]] = field(default_factory=list)

    details: list[Detail] = field(default_factory=list)  # of its messages, for the journal
    _noted: int = 0  # offers that are among them

    def offer(self, code: str, result: str) -> None:
        self.offers.append((code, result))

    def note(self, message: int, refused: Iterable[str]) -> None:
        """What came of a message: the texts that refused it, and the offers since the last one."""
        self.details += [(message, "refused", text, "") for text in refused]
        self.details += [(message, "offer", *offer) for offer in self.offers[self._noted :]]
        self._noted = len(self.offers)


def hall_of(
    context: LastingParts,
    book: HallSnapshot,
    ports: TransactionPorts,
    quota: RequestQuota,
    tally: BatchTally,
) -> Hall:
    """All that commands see, for one transaction."""
    return Hall(
        ports.accounts,
        ports.services,
        ports.passwords,
        ports.orders,
        book.catalogue,
        context.chance,
        quota,
        ports.profiles,
        ports.bills,
        ports.people,
        ports.strikes,
        ports.codes,
        CardsElsewhere() if context.placed else ports.cards,
        ports.tickets,
        ports.preferences,
        ports.links,
        book.register.settings,
        book.regions,
        book.holidays,
        tally,
        ports.errands if context.placed else None,
    )
