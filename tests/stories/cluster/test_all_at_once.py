"""Gateways join, leave, die and stand still beside one SMSC that is slow and throttles, and one
that is not; who hears which subscriber is left to chance. Nothing is lost, done twice, overtaken or
wrong. STORY_SEED tells the same story again, as far as processes allow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
import pytest_twisted

from tests.stories.deployment import Deployment
from tests.stories.failures.crowded_hall import LINKS, CrowdedHall, Crowds, none_of
from tests.stories.failures.gateway_breakage import GatewayBreakage, play
from tests.stories.failures.test_kill_under_load import SEED

WINDOW = 4  # messages that a bind has on their way
GRACE = 5.0  # seconds in which a gateway on a busy machine has noted an answer


@dataclass(frozen=True)
class Story:
    gateways: int
    crowds: Crowds
    freeze: float  # seconds for which a gateway stands still at most
    goes_on: Callable[[GatewayBreakage], Awaitable[None]]


def each_once(breakage: GatewayBreakage) -> Awaitable[None]:
    return breakage.each_once(pause=1.0)


def ten_minutes(breakage: GatewayBreakage) -> Awaitable[None]:
    return breakage.go_on(600.0, pause=10.0)


async def told(story: Story, house: Deployment) -> None:
    from twisted.internet import reactor

    chance = Random(SEED)
    crowded = CrowdedHall(reactor, house, story.crowds, chance, silence=180.0)
    crowded.open(window=WINDOW)
    crowded.slow_down()
    how = {"gateways": story.gateways, "freeze": story.freeze}
    breakage = GatewayBreakage(reactor, crowded, chance, **how)  # type: ignore[arg-type]
    called = f"seed {SEED}, {story.gateways} gateways"
    findings, statuses = await play(
        breakage, crowded, lambda: story.goes_on(breakage), called, GRACE
    )
    # what a gateway had on its way when it stood still nobody knows; see docs/cluster.md
    on_their_way = breakage.frozen * len(LINKS) * WINDOW
    del findings["doubled"][:on_their_way]
    none_of(findings)
    assert set(statuses) == {0}


@pytest.fixture
def house(tmp_path: Path, postgres_url: str) -> Deployment:
    return Deployment(tmp_path, postgres_url)


@pytest.mark.slow
@pytest.mark.service
@pytest.mark.parametrize("gateways", [2, 3])
@pytest_twisted.ensureDeferred
async def test_each_of_it_once_leaves_no_trace(house: Deployment, gateways: int) -> None:
    """The one that stands still is taken over, most times."""
    await told(Story(gateways, Crowds(16, 160, pause=0.5), 25.0, each_once), house)


@pytest.mark.slow
@pytest.mark.parametrize("killed", [False, True], ids=["goes on", "is killed"])
@pytest_twisted.ensureDeferred
async def test_who_is_stopped_while_it_writes_on_sqlite_stops_all(
    place: Deployment, killed: bool
) -> None:
    """The file is locked until it goes on or is killed: the others say so, and the SMSCs keep what
    they have. Nobody takes over from it as long as it lives."""
    story = Story(2, Crowds(16, 80, pause=0.5), 0.0, lambda these: these.all_stand(killed=killed))
    await told(story, place)


@pytest.mark.soak
@pytest.mark.service
@pytest.mark.parametrize("gateways", [2, 3])
@pytest_twisted.ensureDeferred
async def test_ten_minutes_of_it_leave_no_trace(house: Deployment, gateways: int) -> None:
    """Whatever stands still may do so for a minute."""
    await told(Story(gateways, Crowds(200, 800, pause=1.0), 60.0, ten_minutes), house)
