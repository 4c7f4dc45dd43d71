"""An edition that is tried out by several gateways on one store."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
import pytest_twisted
from twisted.internet.defer import Deferred, gatherResults

from gateway.config.editions.conf_files import ConfFiles
from gateway.config.editions.edition import DecisionKind
from gateway.config.sample import people as sample_people
from simulators.smsc.smsc import Smsc
from tests.stories.cluster.gateways import Gateways
from tests.stories.deployment import Deployment
from tests.stories.operations.test_editions_live import changed, last_decision, try_out_in

pytestmark = pytest.mark.slow

PERSONAS = [sample_people.subscriber(7_000 + n) for n in range(60)]
PEOPLE = [one.account.msisdn for one in PERSONAS]


def losing_people() -> ConfFiles:
    """A key that told the balance leads out of the menu."""
    old = "en: balance}, run: q.balance}"
    return changed("menus/main.yaml", old, "en: balance}, to: end}")


@pytest_twisted.ensureDeferred
async def test_a_menu_that_loses_people_is_taken_back_by_who_is_left(
    shared: Deployment, gateways: Callable[..., Gateways]
) -> None:
    """The gateway that watched is killed; the other one knows what both have counted."""
    shared.move_in(PERSONAS)
    several = gateways()
    first, second = await several.serving(2)
    smsc = several.smsc
    with shared.store() as store:
        decided = await try_out_in(store, time.time(), losing_people())
        for process in (first, second):
            await process.log.told("edition", canary=decided.canary)
        mark = second.log.mark()
        await walks(smsc, PEOPLE[:20], times=2)
        await first.kill()
        while last_decision(store).what is DecisionKind.CANARY:
            await walks(smsc, PEOPLE, times=1)
        told = await second.log.told("edition taken back", mark)
        assert "led to nothing" in str(told["reason"])
        assert last_decision(store).version == decided.version


async def walks(smsc: Smsc, people: list[str], times: int) -> None:
    """Each opens the menu and presses 1 and 1: a balance, unless the menu has lost him."""

    async def walk(number: str) -> None:
        for _ in range(times):
            for text in ("CD", "1", "1"):
                smsc.send(number, text)
                await smsc.phone(number).next(60)

    await gatherResults([Deferred.fromCoroutine(walk(number)) for number in people])
