"""What follows the store goes on, whatever it stumbles over."""

from __future__ import annotations

import gc
from dataclasses import replace
from io import BytesIO

import pytest_twisted
from sqlalchemy import event
from twisted.internet.defer import Deferred, DeferredLock
from twisted.internet.threads import deferToThread

from gateway.config.editions.edition import Edition
from gateway.config.settings import Settings
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.snapshot import open_edition
from gateway.editions.edition_follower import EditionFollower
from gateway.editions.following import EVERY, follow
from gateway.model.editions.edition_outcomes import Outcome
from gateway.ops.log import Log
from gateway.store.editions.outcomes import SqlOutcomes
from gateway.store.store import Store
from tests.gateway.hall import Office, own_book
from tests.gateway.messages import NOON
from tests.gateway.threads import ThreadedClock, as_reactor

FEW = 5_000  # objects; an edition has 37,000


class Stumbling(EditionFollower):
    """Cannot read what it finds at first."""

    def __init__(self, store: Store, log: Log) -> None:
        super().__init__(store, lambda: NOON, log, Settings())
        self.looks = 0

    def news(self) -> bool:
        self.looks += 1
        if self.looks == 1:
            raise ValueError("of a newer program: 13800138001")
        return False


@pytest_twisted.ensureDeferred
async def test_a_look_that_fails_is_not_the_last(sqlite_store: Store) -> None:
    """What nobody foresaw is told by its kind; and the gateway can still be closed."""
    clock, lines, lock = ThreadedClock(), BytesIO(), DeferredLock()
    office = Office(sqlite_store)
    office.counter.log = log = Log(lines)
    follower = Stumbling(sqlite_store, log)
    stop = follow(as_reactor(clock), lambda: NOON, office.counter, follower, lock, lambda: False)
    for _ in range(2):
        clock.advance(EVERY)
        await quiet(lock)
    await stop()
    assert follower.looks == 2
    assert b'"event":"editions not looked at","error":"ValueError"' in lines.getvalue()
    assert b"13800138001" not in lines.getvalue()


class Publishing(EditionFollower):
    """Finds at its second look that something was published."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, lambda: NOON, Log(BytesIO()), Settings())
        self.looks = 0

    def news(self) -> bool:
        self.looks += 1
        return self.looks == 2

    def look(self, before: EditionsInForce) -> EditionsInForce:
        return EditionsInForce(replace(own_book(), version="later"), None, [before.base])


@pytest_twisted.ensureDeferred
async def test_what_came_before_a_publish_counts_for_what_was_in_force(sqlite_store: Store) -> None:
    """Also if it has not been handed in by then: else a mended edition would be taken back for what
    the one before it did in its last minute."""
    clock, lock, now = ThreadedClock(), DeferredLock(), [int(NOON)]
    counter = Office(sqlite_store).counter
    stop = follow(
        as_reactor(clock), lambda: now[0], counter, Publishing(sqlite_store), lock, lambda: False
    )
    clock.advance(EVERY)
    await quiet(lock)
    for times in (7, 3):  # by what was in force, then by what was published
        counter.counts.served.update({("sms", "unknown", "ok"): times})
        clock.advance(EVERY)
        await quiet(lock)
    now[0] += 60
    clock.advance(EVERY)
    await quiet(lock)
    await stop()
    with sqlite_store.reading() as connection:
        found = SqlOutcomes(connection).since(int(NOON) - 60)
    assert {version: of[Outcome.SERVED] for (version, _), of in found.items()} == {
        own_book().version: 7, "later": 3,
    }  # fmt: skip


class Leaving(EditionFollower):
    """Nobody can be on any edition any more but on that of conf/."""

    def news(self) -> bool:
        return True

    def look(self, before: EditionsInForce) -> EditionsInForce:
        return EditionsInForce(own_book())


@pytest_twisted.ensureDeferred
async def test_an_edition_that_is_left_takes_no_memory(sqlite_store: Store) -> None:
    """At once: of itself the collector would come after a hundred editions."""
    clock, lock, counter = ThreadedClock(), DeferredLock(), Office(sqlite_store).counter
    edition = open_edition(Settings(), Edition("left", 0, "li", "", dict(own_book().files)), {})
    counter.editions = EditionsInForce(edition)
    del edition
    follower = Leaving(sqlite_store, lambda: NOON, Log(BytesIO()), Settings())
    stop = follow(as_reactor(clock), lambda: NOON, counter, follower, lock, lambda: False)
    gc.collect()
    gc.disable()
    try:
        clock.advance(EVERY)
        await quiet(lock)
        assert counter.book is own_book()
        assert gc.collect() < FEW
    finally:
        gc.enable()
    await stop()


def test_what_lies_in_conf_is_not_read_from_the_store_again(sqlite_store: Store) -> None:
    """It is kept there for dialogues that begin on it; to read it twice makes each start twice as
    long."""
    asked: list[str] = []
    event.listen(sqlite_store.engine, "before_cursor_execute", lambda *what: asked.append(what[2]))
    for _ in range(2):
        log = Log(BytesIO())
        follower = EditionFollower(
            sqlite_store, lambda: NOON, log, Settings(), lambda _: own_book()
        )
        assert follower.begin().base is own_book()
    assert any("INSERT INTO menu_editions" in statement for statement in asked)
    assert not any("menu_editions.files" in statement for statement in asked)


async def quiet(lock: DeferredLock) -> None:
    """Until nobody holds it, and whoever did has been told how it went."""
    held: Deferred[DeferredLock] = lock.acquire()
    await held
    lock.release()
    await deferToThread(int)
