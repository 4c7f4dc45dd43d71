"""Gateways, PostgreSQL under Patroni, etcd, Redis and links break at random under load: nothing
that was acknowledged is lost, done twice, overtaken or wrong. STORY_SEED tells the same story
again, as far as processes allow; STORY_GATEWAYS says how many gateways there are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
import pytest_twisted

from gateway.cluster.membership import PATIENCE
from tests.patroni import PatroniCluster
from tests.services import RedisServer
from tests.stories.deployment import Deployment
from tests.stories.failures.crowded_hall import LINKS, CrowdedHall, Crowds, none_of
from tests.stories.failures.gateway_breakage import play
from tests.stories.failures.random_breakage import Breakage
from tests.stories.failures.test_kill_under_load import SEED

BINDS, WINDOW = 2, 16  # of each link
GATEWAYS = int(os.environ.get("STORY_GATEWAYS", "3"))


@dataclass(frozen=True)
class Story:
    """How long things break, how long they stand still at most, and the longest pause between;
    seconds."""

    breaks: float
    freeze: float
    pause: float
    crowds: Crowds


MINUTE = Story(60.0, 8.0, 4.0, Crowds(120, 240, pause=0.5))
TEN = Story(600.0, 60.0, 15.0, Crowds(600, 1_200, pause=1.0))


async def told(
    story: Story, house: Deployment, cluster: PatroniCluster, redis: RedisServer
) -> None:
    from twisted.internet import reactor

    chance = Random(SEED)
    crowded = CrowdedHall(reactor, house, story.crowds, chance, silence=180.0)
    crowded.open(binds=BINDS, window=WINDOW)
    how = {"gateways": GATEWAYS, "freeze": story.freeze}
    breakage = Breakage(reactor, crowded, cluster, redis, chance, **how)  # type: ignore[arg-type]
    called = f"seed {SEED}, {GATEWAYS} gateways"
    findings, statuses = await play(
        breakage, crowded, lambda: breakage.go_on(story.breaks, story.pause), called
    )
    if story.freeze >= PATIENCE:
        # what a gateway that was taken over had on its way nobody knows; see docs/cluster.md
        del findings["doubled"][: breakage.frozen * len(LINKS) * BINDS * WINDOW]
    none_of(findings)
    assert set(statuses) == {0}


@pytest.fixture
def house(tmp_path: Path, patroni_url: str, redis_url: str) -> Deployment:
    return Deployment(tmp_path, patroni_url, redis_url)


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_a_minute_of_breakage_leaves_no_trace(
    house: Deployment, patroni_cluster: PatroniCluster, redis_server: RedisServer
) -> None:
    """One of each kind, nearly."""
    await told(MINUTE, house, patroni_cluster, redis_server)


@pytest.mark.soak
@pytest_twisted.ensureDeferred
async def test_ten_minutes_of_breakage_leave_no_trace(
    house: Deployment, patroni_cluster: PatroniCluster, redis_server: RedisServer
) -> None:
    """Several of each kind, and whatever stands still may do so for a minute."""
    await told(TEN, house, patroni_cluster, redis_server)
