"""A link is paused, slowed down and drained by people, while a gateway runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import pytest_twisted
from twisted.internet.task import deferLater

from gateway.model.link_orders import LinkOrder, LinkState
from gateway.store.operators.link_orders import SqlLinkOrders
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, link
from tests.stories.hall import SOON, Hall, Phone, opened

pytestmark = pytest.mark.slow
Smscs = Callable[..., Smsc]


async def ordered(hall: Hall, name: str, state: LinkState, rate: int = 0) -> None:
    """And taken up by the gateway."""
    at = len(hall.log.named("link ordered"))
    with hall.gateway.store.transaction() as connection:
        SqlLinkOrders(connection).put(LinkOrder(name, state, rate, "8001", "works", at))
    event = await hall.log.told("link ordered", link=name, state=state.value, rate=rate)
    assert event["by"] == "8001"


async def stands(hall: Hall, links: dict[str, bool]) -> None:
    from twisted.internet import reactor

    until = reactor.seconds() + SOON
    while hall.gateway.links.up() != links:
        assert reactor.seconds() < until, hall.gateway.links.up()
        await deferLater(reactor, 0.02)


@pytest_twisted.ensureDeferred
async def test_a_paused_link_answers_once_it_is_opened(place: Deployment, smscs: Smscs) -> None:
    """What comes is taken meanwhile."""
    smsc = smscs()
    place.configure([link(smsc.listen())])
    async with opened(place, smsc) as hall:
        phone = Phone(hall, "13800138001")
        await ordered(hall, "smsc-a", LinkState.PAUSED)
        assert await phone.sends("CXTC").settled() == 0
        assert smsc.audit.statuses()["ESME_ROK"] > 0
        assert hall.gateway.outbox.waiting == 1
        await ordered(hall, "smsc-a", LinkState.OPEN)
        assert "【套餐查询】" in await phone.reads()


@pytest_twisted.ensureDeferred
async def test_a_drained_link_unbinds_and_the_other_answers(
    place: Deployment, smscs: Smscs
) -> None:
    """Opened again it is bound."""
    smsc = smscs()
    port, group = smsc.listen(), {"smsc": "north"}
    place.configure([link(port, **group), link(port, "smsc-b", **group)])
    async with opened(place, smsc, ["smsc-a", "smsc-b"]) as hall:
        await ordered(hall, "smsc-a", LinkState.DRAINED)
        await stands(hall, {"smsc-a": False, "smsc-b": True})
        phone = Phone(hall, "13800138001")
        assert "【套餐查询】" in await phone.asks("CXTC")
        since = hall.log.mark()
        await ordered(hall, "smsc-a", LinkState.OPEN)
        await hall.log.told("line", since, line="smsc-a", state="serving")
        await stands(hall, {"smsc-a": True, "smsc-b": True})
        assert "【套餐查询】" in await phone.asks("CXTC")
