"""The primary of a PostgreSQL under Patroni dies, stands still, hands over; or who decides that has
trouble: the SMSCs keep what they have, and the hall goes on by itself soon after Patroni."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
import pytest_twisted
from twisted.internet.threads import deferToThread

from tests.patroni import PatroniCluster
from tests.stories.deployment import Deployment
from tests.stories.failures.crowded_hall import LINKS, CrowdedHall, Crowds, none_of
from tests.stories.failures.test_kill_under_load import SEED
from tests.stories.hall import Hall, opened
from tests.stories.operations.test_health import HTTP, get

pytestmark = pytest.mark.slow

SMALL = Crowds(talkers=50, askers=50)
BEHIND_PATRONI = 5.0  # seconds, as docs/failover.md promises
Break = Callable[[PatroniCluster], float]
"""Breaks something; returns, once another may write, the seconds that Patroni took."""


@pytest.fixture
def house(tmp_path: Path, patroni_url: str) -> Deployment:
    return Deployment(tmp_path, patroni_url)


@asynccontextmanager
async def busy(house: Deployment) -> AsyncIterator[tuple[Hall, CrowdedHall]]:
    """A hall under load; in the end everybody has been answered, and all adds up."""
    from twisted.internet import reactor

    crowded = CrowdedHall(reactor, house, SMALL, Random(SEED))
    try:
        crowded.open(http=HTTP)
        async with opened(house, crowded.smscs[0], LINKS) as hall:
            crowded.begin()
            await crowded.crowd.reach(SMALL.talkers)
            yield hall, crowded
            await crowded.answered(60.0)
        none_of(crowded.findings([hall.log]))
        print(f"seed {SEED}: {crowded.sent} sent, {crowded.redelivered()} delivered again")
    finally:
        await crowded.leave()


async def away_and_back(hall: Hall, what: str, cluster: PatroniCluster, do: Break) -> str:
    """Break it, and see the hall stand and go on; what /readyz said meanwhile."""
    mark, began = hall.log.mark(), time.monotonic()
    broken = deferToThread(do, cluster)
    await hall.log.told("away", mark, what="store")
    status, said = await get(hall, "/readyz")
    assert status == 503
    await hall.log.told("back", mark)
    stood, patroni = time.monotonic() - began, await broken
    print(
        f"\n{what}: Patroni took {patroni:.1f} s, the hall stood for {stood:.1f} s; it said: {said}"
    )
    assert stood <= patroni + BEHIND_PATRONI
    return said


def killed(cluster: PatroniCluster) -> float:
    primary = cluster.leader()
    primary.kill_postgres()
    return cluster.until_another_writes(primary)


def frozen(cluster: PatroniCluster) -> float:
    primary = cluster.leader()
    primary.freeze()
    return cluster.until_another_writes(primary)


@pytest_twisted.ensureDeferred
async def test_a_primary_that_is_killed_takes_nothing_along(
    house: Deployment, patroni_cluster: PatroniCluster
) -> None:
    """kill -9 of all that it is."""
    async with busy(house) as (hall, _):
        said = await away_and_back(hall, "killed", patroni_cluster, killed)
    assert "the store keeps nothing" in said or "refused" in said


@pytest_twisted.ensureDeferred
async def test_a_primary_that_stands_still_is_not_waited_for(
    house: Deployment, patroni_cluster: PatroniCluster
) -> None:
    """Its sockets are as open as ever. Later it goes on, and nobody listens to it."""
    async with busy(house) as (hall, crowded):
        await away_and_back(hall, "frozen", patroni_cluster, frozen)
        await deferToThread(patroni_cluster.mend)
        more = hall.somebody()
        assert "余额" in await more.asks("YE")
        assert crowded.redelivered()


@pytest_twisted.ensureDeferred
async def test_a_switchover_is_hardly_noticed(
    house: Deployment, patroni_cluster: PatroniCluster
) -> None:
    """As Patroni does it when an operator asks."""
    async with busy(house) as (hall, _):
        began = time.monotonic()
        patroni = await deferToThread(patroni_cluster.switchover)
        asked = hall.somebody()
        assert "余额" in await asked.asks("YE")
        stood = time.monotonic() - began
        print(f"\nswitchover: Patroni took {patroni:.1f} s, an answer came after {stood:.1f} s")
        assert stood <= patroni + BEHIND_PATRONI


@pytest_twisted.ensureDeferred
async def test_a_member_of_etcd_that_is_away_is_not_noticed(
    house: Deployment, patroni_cluster: PatroniCluster
) -> None:
    """Two of three decide."""
    async with busy(house) as (hall, crowded):
        mark = hall.log.mark()
        await deferToThread(patroni_cluster.etcd[0].kill)
        await crowded.answered(60.0)
        assert hall.log.named("away", mark) == []
