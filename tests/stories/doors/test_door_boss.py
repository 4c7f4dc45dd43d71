"""With a BOSS behind the hall: what another interface asks for is accepted, and done there by a
gateway."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import pytest_twisted

from gateway.model import doors as door
from gateway.model.doors import DoorInterface
from gateway.ops.log import Log
from gateway.serving.beside.doors import Doors
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment
from tests.stories.doors.partner import Partner
from tests.stories.failures.test_boss import balance, behind, made
from tests.stories.hall import opened

pytestmark = pytest.mark.slow
ME, PASSWORD = "13800138001", "739204"


@pytest_twisted.ensureDeferred
async def test_the_boss_does_it_once_and_the_phone_is_told(
    place: Deployment,
    smscs: Callable[..., Smsc],
    boss: Any,
) -> None:
    behind(place, smsc := smscs(), boss)
    async with opened(place, smsc) as hall:
        with place.store() as store:
            doors = Doors(place.settings, store, time.time, Log())
            web = Partner(store, doors, DoorInterface("63", "web", "网上营业厅"))
            phone = hall.phone(ME)
            before = balance(boss)
            order: dict[str, Any] = {"password": PASSWORD, "agreed": True, "service": "LL30"}
            first = await web.asks(ME, "sv.order.data", "one", **order)
            again = await web.asks(ME, "sv.order.data", "one", **order)
            assert (first.state, again.state, again.replayed) == (
                door.ACCEPTED, door.ACCEPTED, True,
            )  # fmt: skip
            assert "已受理" in first.words
            other = await web.asks(ME, "sv.order.data", "two", **order)
            assert (other.state, other.code) == (door.REFUSED, "sv.err.pending")
            assert "已开通" in await phone.reads()
            assert await web.looks(first, time.time()) == door.DONE
            assert made(boss, "open") == 1
            assert balance(boss) == before - 3000
            asked = await web.asks(ME, "sv.order.tone", by_sms=True)
            assert "彩铃" in await phone.reads()
            await hall.calm()
            assert "已受理" in await phone.asks("是")
            assert "已开通" in await phone.reads()
            assert await web.looks(asked, time.time()) == door.DONE
            doors.close()
