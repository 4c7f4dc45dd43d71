"""A gateway that is stopped for longer than its SMSC's patience, and goes on."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
import pytest_twisted
from twisted.internet.task import deferLater

from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, link
from tests.stories.gateway_process import GatewayProcess
from tests.stories.standing_still import stopped

pytestmark = pytest.mark.slow

ME, OTHER = "13800138001", "13800138002"
PATIENCE = 4.0  # seconds of the SMSC's, until it delivers again what was not answered


@pytest_twisted.ensureDeferred
async def test_what_was_delivered_again_while_it_stood_still_is_answered_once(
    place: Deployment, smscs: Callable[..., Smsc], start: Callable[..., GatewayProcess]
) -> None:
    """Both copies wait in its sockets. It refuses the two, and serves what comes again then."""
    from twisted.internet import reactor

    smsc = smscs(response_timeout=PATIENCE)
    place.configure([link(smsc.listen(), binds=2)])
    gateway = start("run", "--config", place.file)
    await gateway.serving()
    smsc.send(ME, "YE")
    await smsc.phone(ME).next()
    await stopped(gateway)
    asked = smsc.send(ME, "CXTC")
    while len(asked.mos[0].attempts) < 2:
        await deferLater(reactor, 0.05)
    gateway.signal(signal.SIGCONT)
    assert await asked.settled() == 0
    await smsc.phone(ME).next()
    smsc.send(OTHER, "YE")
    await smsc.phone(OTHER).next()
    assert await gateway.stop() == 0
    assert [each["action"] for each in gateway.log.named("served")].count("q.plan") == 1
    assert len(smsc.phone(ME).received) == 2
    (told,) = gateway.log.named("stood still")
    assert told["seconds"] >= PATIENCE
