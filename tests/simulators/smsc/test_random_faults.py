"""All faults at random, and an ESME that always comes back: every message is taken in the end."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from functools import partial
from random import Random
from typing import Any

import pytest
import pytest_twisted
from twisted.internet.defer import CancelledError, TimeoutError, ensureDeferred
from twisted.internet.error import ConnectError
from twisted.internet.task import Clock, deferLater

from simulators.smsc.faults import SmscFaults
from simulators.smsc.random_faults import MISCHIEF, RandomFaults
from simulators.smsc.smsc import Smsc
from tests.simulators.conftest import Build, until
from tests.simulators.esme import Esme, connect

SUBSCRIBERS = [str(13800138000 + i) for i in range(20)]
BEAT = 0.02  # seconds between two enquire_link


class Survivor(Esme):
    """Takes what comes, answers it with a message of its own, and knows what it has seen."""

    patience = 0.2
    seen: Counter[bytes]

    def _pdu(self, pdu: Any) -> None:
        if pdu.command == "deliver_sm":
            self.send("deliver_sm_resp", pdu.sequence)
            if pdu.esm_class == 0:  # no receipt
                self.seen[pdu.short_message] += 1
                self.submit_now(b"re", pdu.source_addr.decode(), registered_delivery=1)
        elif pdu.command == "unbind":
            self.send("unbind_resp", pdu.sequence)
        else:
            super()._pdu(pdu)


async def survive(smsc: Smsc, seen: Counter[bytes]) -> None:
    """One link after another, for ever; one that hangs is given up."""
    from twisted.internet import reactor

    while True:
        with suppress(TimeoutError, ConnectError):
            peer = await connect(reactor, smsc.port, Survivor)
            assert isinstance(peer, Survivor)
            peer.seen = seen
            try:
                refused = (await peer.bind()).status
                while not (refused or peer.closed):
                    peer.send("enquire_link")
                    await peer.next("enquire_link_resp")
                    await deferLater(reactor, BEAT)
            finally:
                await peer.leave()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest_twisted.ensureDeferred
async def test_every_message_outlives_the_chaos(build: Build, seed: int) -> None:
    """Taken by the ESME at least once each, in each subscriber's order."""
    from twisted.internet import reactor

    smsc = build(response_timeout=0.1)
    seen: Counter[bytes] = Counter()
    chaos = RandomFaults(smsc, Random(seed), reactor, every=(0.005, 0.03))
    chaos.start()
    esme = ensureDeferred(survive(smsc, seen))
    esme.addErrback(lambda failure: failure.trap(CancelledError))
    for round_ in range(10):
        for subscriber in SUBSCRIBERS:
            smsc.send(subscriber, f"{subscriber} {round_}")
        # the chaos must have time to happen
        await until(partial(chaos_has_done, chaos, len(chaos.done) + 5))
    chaos.stop()
    await smsc.quiet()
    esme.cancel()
    assert {sent.outcome for sent in smsc.audit.sent} == {0}
    assert len(seen) == 200
    assert smsc.audit.redelivered(), "no fault made anything come twice"
    assert len(set(chaos.done)) > 15
    for subscriber in SUBSCRIBERS:
        first_seen = [text for text in seen if text.startswith(subscriber.encode())]
        assert first_seen == sorted(first_seen)


def chaos_has_done(chaos: RandomFaults, count: int) -> bool:
    return len(chaos.done) >= count


def test_the_same_seed_makes_the_same_chaos() -> None:
    """And its end is the end of every fault and timer."""
    runs = []
    for _ in range(2):
        clock = Clock()
        smsc = Smsc(clock, {"hallgate": "secret"})
        chaos = RandomFaults(smsc, Random(5), clock)
        chaos.start()
        clock.pump([0.3] * 100)
        chaos.stop()
        runs.append(chaos.done)
        assert not clock.getDelayedCalls()
        assert not smsc.faults.split
    assert runs[0] == runs[1]
    assert len(runs[0]) > 10


@pytest.mark.parametrize("said", MISCHIEF)
def test_every_mischief_is_a_fault(said: str) -> None:
    """Readable by the one who sets them."""
    SmscFaults().set(said)
