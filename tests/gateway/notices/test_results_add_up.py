"""The figures of a notice: everybody who was drawn is in one of them and no other, whatever happens
to the notice and its messages."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import insert, select, update

from gateway.model.messages import SendOutcome
from gateway.model.notices.notice import NoticeState
from gateway.store.messages import LEAVING, WAITING
from gateway.store.notices.results import NoticeResults
from gateway.store.store import Store
from gateway.store.tables import outbox
from gateway.store.unasked import SqlUnasked
from tests.gateway.notices.office import ADVERT, NoticeOffice, person, world
from tests.gateway.store.people import admit

PEOPLE = 260  # more than are made ahead
STEPS = 60


class NoticeTold:
    """A notice and what happens to it, at random."""

    def __init__(self, store: Store, chance: Random) -> None:
        self.office = NoticeOffice(store, world("opt_out"))
        self.chance = chance
        self.number = self.office.begun(replace(ADVERT, control=20)).number
        self.ids = 8

    def step(self) -> None:
        acts = (
            self.office.goes_on, self.leaves, self.leaves, self.ends, self.ends, self.marks,
            self.pauses, self.resumes,
        )  # fmt: skip
        self.chance.choice(acts)()
        self.office.now += 1

    def leaves(self) -> None:
        with self.office.store.transaction() as connection:
            queue = SqlUnasked(connection, self.office.store.seal)
            found = queue.due(self.office.now, self.chance.randint(1, 60), polite=True)
            pairs = [(row.id, self.ids + 8 * n) for n, row in enumerate(found)]
            self.ids += 8 * len(pairs)
            queue.left(pairs, self.office.now)
            columns = {"link": "a", "source": "1.1.10086", "destination": "1.1.1", "state": WAITING}
            if pairs:
                connection.execute(insert(outbox), [columns | {"id": id} for _, id in pairs])

    def marks(self) -> None:
        with self.office.store.transaction() as connection:
            ids = self._in_state(connection, WAITING, 10)
            self.office.store.messages.mark_leaving(connection, ids)

    def ends(self) -> None:
        """Some are taken, refused, or in doubt; what was stopped goes back."""
        store = self.office.store
        with store.transaction() as connection:
            queue = SqlUnasked(connection, store.seal)
            ids = self._in_state(connection, WAITING, 20) + self._in_state(connection, LEAVING, 20)
            back = list(queue.stopped(ids))
            settled = [self._end(id) for id in ids if id not in back]
            settled += [SendOutcome(id, False, 1, "a") for id in back]
            store.messages.settle(connection, settled)
            queue.back(back)

    def _end(self, id: int) -> SendOutcome:
        end = self.chance.choice(["taken", "taken", "refused", "unknown"])
        return SendOutcome(id, end == "taken", 1, "a", unknown=end == "unknown")

    def _in_state(self, connection: object, state: int, most: int) -> list[int]:
        query = select(outbox.c.id).where(outbox.c.state == state).limit(most)
        return list(connection.execute(query).scalars())  # type: ignore[attr-defined]

    def state(self) -> NoticeState:
        return self.office.do(lambda all: all.find(self.number)).state

    def pauses(self) -> None:
        if self.state() is NoticeState.RUNNING:
            self.office.do(lambda all: all.pause(self.number))

    def resumes(self) -> None:
        if self.state() is NoticeState.PAUSED:
            self.office.do(lambda all: all.resume(self.number))

    def results(self) -> NoticeResults:
        return self.office.do(lambda all: all.results(self.number))


@pytest.mark.parametrize("seed", range(6))
def test_they_add_up_at_every_moment(sqlite_store: Store, seed: int) -> None:
    """Running, paused, done, and after a stop; who counts as told is whom the SMSC has taken."""
    admit(sqlite_store, *[person(n) for n in range(PEOPLE)])
    told = NoticeTold(sqlite_store, Random(seed))
    told.office.goes_on()
    for step in range(STEPS):
        told.step()
        found = told.results()
        assert found.drawn == PEOPLE
        assert found.told.people == found.sent
        assert min(found.waiting, found.failed, found.unknown, found.dropped) >= 0
        if step == STEPS * 2 // 3 and seed % 2:
            told.office.do(lambda all: all.stop(told.number))
    if seed % 2:
        told.resumes()
        for _ in range(20):
            told.ends()
        found = told.results()
        assert found.dropped > 0
        assert (found.to_be_told, found.waiting) == (0, 0)


def test_what_nobody_knew_is_sent_once_it_is_known(sqlite_store: Store) -> None:
    admit(sqlite_store, *[person(n) for n in range(3)])
    told = NoticeTold(sqlite_store, Random(1))
    told.office.goes_on()
    told.leaves()
    with sqlite_store.transaction() as connection:
        connection.execute(update(outbox).values(state=4))
    before = told.results()
    assert before.unknown > 0
    with sqlite_store.transaction() as connection:
        connection.execute(update(outbox).values(state=1))
    after = told.results()
    assert (after.unknown, after.sent) == (0, before.unknown)
