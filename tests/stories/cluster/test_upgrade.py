"""A new release takes the place of the old one while subscribers write: the schema first, then the
gateways one by one, and back again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_twisted

from gateway.store import migrate
from simulators.smsc.smsc import Smsc
from tests.stories.cluster.gateways import Gateways
from tests.stories.cluster.next_release import VERSION, next_release
from tests.stories.deployment import Deployment
from tests.stories.gateway_process import GatewayProcess

pytestmark = pytest.mark.slow


async def upgraded(start: Callable[..., GatewayProcess], house: Deployment, program: Path) -> None:
    verb = start("db", "upgrade", "--config", house.file, program=program)
    assert await verb.ended() == 0
    assert verb.said.decode() == f"the store has schema {VERSION}\n"


@pytest_twisted.ensureDeferred
async def test_two_releases_serve_one_store_side_by_side(
    gateways: Callable[..., Gateways],
    start: Callable[..., GatewayProcess],
    shared: Deployment,
    tmp_path: Path,
) -> None:
    """Whatever was asked is answered once and in order, before, during and after; and who finds
    the new release wanting starts the old one again."""
    later = next_release(tmp_path / "later", works_with=migrate.newest())
    hall = gateways(window=20)
    (old,) = await hall.serving(1)
    hall.ask_all(20, 3)
    await upgraded(start, shared, later)
    hall.ask_all(20, 3)
    (new,) = await hall.serving(1, program=later)
    hall.ask_all(20, 3)
    assert await old.stop() == 0
    hall.ask_all(20, 2)
    (back,) = await hall.serving(1)
    hall.ask_all(20, 2)
    assert await new.stop() == 0
    hall.ask_all(20, 2)
    await hall.answered()
    assert hall.twice() == hall.out_of_order() == []
    assert await back.stop() == 0
    for each in (old, new, back):
        assert each.log.named("served") != []
        assert each.log.strange == []
        for trouble in ("failed", "batch failed", "work failed"):
            assert each.log.named(trouble) == []
    assert hall.waiting() == 0


@pytest_twisted.ensureDeferred
async def test_an_old_release_does_not_begin_on_a_store_that_is_beyond_it(
    place: Deployment,
    smscs: Callable[..., Smsc],
    start: Callable[..., GatewayProcess],
    tmp_path: Path,
) -> None:
    """It says which program it takes; the new one serves."""
    later = next_release(tmp_path / "later", works_with=VERSION)
    await upgraded(start, place, later)
    hall = Gateways(place, smscs(window=20), start)
    old = hall.begin()
    assert await old.ended() == 1
    assert f"works with programs for {VERSION} or newer" in "\n".join(old.log.strange)
    (new,) = await hall.serving(1, program=later)
    hall.ask_all(5)
    await hall.answered()
    assert await new.stop() == 0
