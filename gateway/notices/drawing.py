"""Whom a notice is drawn for: chosen by its conditions, asked for their consent, and some of them
kept apart who are not told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from gateway.model.notices.notice import Notice
from gateway.notices.consent import refusal
from gateway.notices.refusals import NoSuchList
from gateway.notices.world import NoticeWorld
from gateway.store.connection import Connection
from gateway.store.lists.entries import numbers_in
from gateway.store.lists.types import SqlListTypes
from gateway.store.notices import audience
from gateway.store.notices.audience import Concerned
from gateway.store.notices.people import CONTROL, TO_BE_TOLD
from gateway.store.notices.rows import SqlNotices

STEP: Final = 2_000  # subscribers that are looked at together, by who only counts them


@dataclass(slots=True)
class Drawn:
    """So many of those concerned."""

    told: int = 0
    control: int = 0
    left_out: Counter[str] = field(default_factory=Counter)  # by why

    @property
    def concerned(self) -> int:
        return self.told + self.control + self.left_out.total()


class Drawing:
    """In one transaction, at one moment."""

    def __init__(
        self,
        connection: Connection,
        world: NoticeWorld,
        now: int,
    ) -> None:
        self._connection = connection
        self._world = world
        self._now = now

    def size(self, notice: Notice) -> Drawn:
        """Everybody, counted and not kept. Raises NoSuchList."""
        drawn, after = Drawn(), 0
        while True:
            _, upto = self.step(notice, after, STEP, drawn)
            if not upto:
                return drawn
            after = upto

    def step(
        self, notice: Notice, after: int, limit: int, drawn: Drawn
    ) -> tuple[dict[str, int], int]:
        """The next, with what they are drawn for, added to `drawn`; and how far it has come, 0: to
        the end. Raises NoSuchList."""
        target, now = notice.draft.target, self._now
        among = self._among(notice, after, limit)
        month, regions = self._world.month(now), self._world.regions
        found = audience.concerned(
            self._connection, target, after, limit, now, month, regions, among
        )
        people: dict[str, int] = {}
        for whom in found.concerned:
            rule = self._world.rules.advertising
            why = refusal(notice.draft.kind, whom, self._world.classes, rule)
            if why:
                drawn.left_out[why] += 1
            elif is_control(notice, whom):
                people[whom.phone] = CONTROL
                drawn.control += 1
            else:
                people[whom.phone] = TO_BE_TOLD
                drawn.told += 1
        return people, found.upto

    def _among(self, notice: Notice, after: int, limit: int) -> Sequence[int] | None:
        target = notice.draft.target
        if target.numbers:
            return SqlNotices(self._connection).numbers_after(notice.number, after, limit)
        if target.list:
            self.check_list(notice)
            found = numbers_in(self._connection, [target.list], self._now, after, limit)
            return [int(one) for one in found]
        return None

    def check_list(self, notice: Notice) -> None:
        """Raises NoSuchList."""
        wanted = notice.draft.target.list
        listed = SqlListTypes(self._connection).find(wanted)
        if listed is None or listed.closed_at:
            raise NoSuchList(f"there is no customer list {wanted}")


def is_control(notice: Notice, whom: Concerned) -> bool:
    """Always the same for one number and one notice, and as if by chance."""
    lot = sha256(f"{notice.number} {whom.phone}".encode()).digest()
    return int.from_bytes(lot[:4], "big") % 100 < notice.draft.control
