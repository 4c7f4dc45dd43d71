"""Every verb that touches the store runs beside a loaded gateway; both are killed as it comes: what
was acknowledged stays, and the file stays whole."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import pytest_twisted
from sqlalchemy import func, select, text
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from gateway.config.sample import people as sample_people
from gateway.store.tables import tickets
from simulators.smsc.audit import WrittenText
from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import ACCOUNT, Deployment, link
from tests.stories.failures.many_talkers import Crowd, Stuck
from tests.stories.failures.store_check import differences
from tests.stories.failures.talker import talkers
from tests.stories.failures.test_kill_under_load import SEED
from tests.stories.gateway_process import GatewayProcess

Start = Callable[..., GatewayProcess]
MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))
FIRST = 20_000  # of the sample's subscribers, who complain
COMPLAINTS = 600  # at most, in one life of a gateway
PACE = 0.05  # seconds from one complaint to the next
STRANGER = "13800138001"  # none of those who talk
VERBS = (
    ("consent", STRANGER),
    ("tickets", "list"),
    ("tickets", "done", "1", "已处理"),
    ("ussd", "notify", STRANGER, "夜间维护"),
    ("ussd", "ask", STRANGER),
    ("db", "upgrade"),
    ("db", "sample", "--subscribers", "20", "--cards", "5"),
    ("menus", "publish"),
    ("menus", "canary", "--percent", "1"),
    ("menus", "rollback"),
    ("menus", "usage"),
    ("menus", "versions"),
)


class Complaints:
    """New people complain all the while, however long it takes."""

    def __init__(self, reactor: Any, house: Deployment, smsc: Smsc, most: int) -> None:
        house.move_in([sample_people.subscriber(FIRST + n) for n in range(most)])
        self._reactor = reactor
        self._smsc = smsc
        self._numbers = (sample_people.subscriber(FIRST + n).account.msisdn for n in range(most))
        self.sent: dict[str, WrittenText] = {}
        self.going = True
        self._work = Deferred.fromCoroutine(self._run())

    async def _run(self) -> None:
        for number in self._numbers:
            if not self.going:
                return
            self.sent[number] = self._smsc.send(number, "TS#信号不好")
            await deferLater(self._reactor, PACE)

    async def end(self) -> None:
        """And all of it has been taken."""
        self.going = False
        await self._work
        for sent in self.sent.values():
            assert await sent.settled() == 0

    def differences(self, house: Deployment) -> list[str]:
        """Whose complaint is lost, and whose is there twice."""
        with house.store() as store, store.reading() as connection:
            rows = connection.execute(select(tickets.c.phone, func.count()).group_by("phone"))
            found = {str(phone): count for phone, count in rows}
        return [
            f"{number}: {found.get(number, 0)}" for number in self.sent if found.get(number) != 1
        ]


class Clerks:
    """They run one verb after the other, in whatever order; some are killed, whatever they were
    doing."""

    def __init__(self, reactor: Any, start: Start, house: Deployment, chance: Random) -> None:
        self.done = 0
        self.statuses: dict[str, set[int]] = {}
        self.strange: list[str] = []
        self._reactor = reactor
        self._start = start
        self._house = house
        self._chance = chance
        self._verbs: list[tuple[str, ...]] = []
        self.going = True
        self._work = Deferred.fromCoroutine(self._run())

    def _next(self) -> tuple[str, ...]:
        """Each comes before any comes again."""
        if not self._verbs:
            self._verbs = self._chance.sample(VERBS, len(VERBS))
        return self._verbs.pop()

    async def _run(self) -> None:
        while self.going:
            words = self._next()
            verb = self._start(*words, "--config", self._house.file)
            killed = self._chance.random() < 0.3
            if killed:
                await deferLater(self._reactor, self._chance.random() * 3)
                await verb.kill()
            else:
                self.statuses.setdefault(" ".join(words[:2]), set()).add(await verb.ended(120))
            self.strange += [line for line in verb.log.strange if "malformed" in line]
            self.done += 1

    @property
    def failed(self) -> bool:
        return self._work.called

    async def leave(self) -> None:
        self.going = False
        await self._work


@pytest_twisted.async_yield_fixture
async def smsc() -> AsyncIterator[Smsc]:
    """One with a large window, so that much is in flight when a process dies."""
    from twisted.internet import reactor

    smsc = Smsc(reactor, ACCOUNT, chance=Random(SEED), terms=SmscSettings(window=50))
    smsc.listen()
    yield smsc
    await smsc.stop()


async def beside(
    house: Deployment, smsc: Smsc, start: Start, subscribers: int, lives: int, verbs: int
) -> None:
    """A gateway that lives so many times, and so many verbs in all."""
    from twisted.internet import reactor

    chance = Random(SEED)
    some = talkers(5_000, subscribers, chance)
    house.configure([link(smsc.port)])
    house.move_in([talker.persona for talker in some])
    complaints = Complaints(reactor, house, smsc, COMPLAINTS * lives)
    crowd, clerks = Crowd(reactor, smsc, some), Clerks(reactor, start, house, chance)
    crowd.begin()
    try:
        for life in range(1, lives + 1):
            process = start("run", "--config", house.file)
            await up(reactor, process)
            await joined_for_a_while(start, house)
            await crowd.reach(life * 5 * subscribers // lives)
            while clerks.done < life * verbs // lives and not clerks.failed:
                await deferLater(reactor, 0.05)
            assert clerks.strange == []
            if clerks.failed:
                await clerks.leave()
            await process.kill()
            smsc.drop()
            whole(house)
        await clerks.leave()
        process = start("run", "--config", house.file)
        await up(reactor, process)
        try:
            await crowd.done()
        except Stuck as stuck:
            raise AssertionError(f"{stuck}\n{process.log.tail()}") from None
        await complaints.end()
        await smsc.quiet()
        process.signal(signal.SIGTERM)
        assert await process.ended() == 0, process.log.tail()
    finally:
        crowd.leave()
        complaints.going = clerks.going = False
    told = f"{len(complaints.sent)} complaints, {clerks.done} verbs, {lives} kills"
    print(f"\nseed {SEED}: {told}, {clerks.statuses}")
    assert crowd.strange() == []
    whole(house)
    assert complaints.differences(house) == []
    with house.store() as store:
        assert differences(store, some) == []


async def up(reactor: Any, process: GatewayProcess) -> None:
    """Verbs take their time from it."""
    for _ in range(1_200):
        if process.log.named("line", state="serving"):
            return
        await deferLater(reactor, 0.1)
    raise AssertionError(process.log.tail())


async def joined_for_a_while(start: Start, house: Deployment) -> None:
    """A second gateway serves as well, and leaves in order."""
    second = start("run", "--config", house.file)
    await second.serving()
    assert await second.stop() == 0


def whole(house: Deployment) -> None:
    with house.store() as store, store.reading() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_no_verb_harms_what_was_acknowledged(
    smsc: Smsc, start: Start, tmp_path: Path
) -> None:
    """Each once, and three kills of the gateway."""
    house = Deployment(tmp_path, f"sqlite:///{tmp_path / 'hall.db'}")
    await beside(house, smsc, start, subscribers=20, lives=3, verbs=len(VERBS))


@pytest.mark.soak
@pytest_twisted.ensureDeferred
async def test_verbs_for_many_minutes(smsc: Smsc, start: Start, tmp_path: Path) -> None:
    """Twenty-five verbs a minute, more or less, and a kill every two minutes."""
    house = Deployment(tmp_path, f"sqlite:///{tmp_path / 'hall.db'}")
    lives = max(3, round(MINUTES / 2))
    await beside(house, smsc, start, subscribers=200, lives=lives, verbs=round(25 * MINUTES))
