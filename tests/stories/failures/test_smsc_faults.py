"""Everything an SMSC can do wrong: all are answered in the end, in order, and nothing grows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random, SystemRandom

import pytest
import pytest_twisted
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater

from simulators.smsc.random_faults import MISCHIEF, RandomFaults
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, link
from tests.stories.failures.price_questions import Askers
from tests.stories.gateway_process import GatewayProcess
from tests.stories.hall import opened

pytestmark = pytest.mark.slow

Smscs = Callable[..., Smsc]
Start = Callable[..., GatewayProcess]

# Those of the chaos, and what else can be set; each lets a message through now and then.
FAULTS = sorted({
    *MISCHIEF, "slow=always", "mute=1:submit_sm", "silent=2:submit_sm", "silent=3:enquire_link",
    "silent=1:deliver_sm_resp", "nack=3:submit_sm", "nack=1:enquire_link", "nack_blind=1",
    "throttle=5", "refuse_bind=1", "drop_before=1:bind_transceiver", "drop_midway=1:submit_sm",
    "drop_after=1:bind_transceiver", "unbind=1:enquire_link", "freeze=1:submit_sm",
    "freeze=1:deliver_sm_resp", "rate=50", "merge=0.2", "twice=always", "shuffle=always",
    "early_receipt=always", "strange_pdu=always", "strange_tlv=always",
    "stray=always",
})  # fmt: skip
IMPATIENT = {"enquire_interval": 1.0, "response_timeout": 2.0}
PEACE = "peace"
TERMS = {"response_timeout": 2.0}


def numbers(first: int, count: int) -> list[str]:
    return [str(13_600_000_000 + first + n) for n in range(count)]


def asking(smsc: Smsc, place: int, first: int) -> Askers:
    from twisted.internet import reactor

    return Askers(reactor, smsc, numbers(100 * place, 4), each=4, first=first)


async def troubled(smsc: Smsc, said: str, askers: Askers) -> str:
    """Let a fault strike while questions are asked; what came of it, in words."""
    if said != PEACE:
        smsc.faults.set(said)
    if "bind_transceiver" in said or said.startswith("refuse_bind"):
        smsc.drop()  # so that there is a bind to be struck
    askers.begin()
    try:
        await askers.answered(40)
    except AssertionError as unanswered:
        return f"{said}: {unanswered}"
    return "".join(f"{said}: {complaint}\n" for complaint in askers.complaints())


@pytest_twisted.ensureDeferred
async def test_whatever_goes_wrong_everybody_is_answered_in_order(
    place: Deployment, smscs: Smscs
) -> None:
    """Each fault on a link of its own, all at once; none disturbs another."""
    centres = {said: smscs(**TERMS) for said in FAULTS}
    place.configure([link(smsc.listen(), said, **IMPATIENT) for said, smsc in centres.items()])
    async with opened(place, centres[FAULTS[0]], lines=FAULTS) as hall:
        told = await gatherResults(
            Deferred.fromCoroutine(troubled(smsc, said, asking(smsc, n, first=0)))
            for n, (said, smsc) in enumerate(centres.items())
        )
        assert [said for said in told if said] == []
        for smsc in centres.values():
            smsc.faults.clear()
        told = await gatherResults(
            Deferred.fromCoroutine(troubled(smsc, PEACE, asking(smsc, n, first=100)))
            for n, smsc in enumerate(centres.values())
        )
    assert [said for said in told if said] == []
    assert hall.log.strange == []


# -- all at once, at random ----------------------------------------------------------------------


async def chaos(place: Deployment, smsc: Smsc, start: Start, seconds: float) -> None:
    """All faults at random for a while, then peace."""
    from twisted.internet import reactor

    seed = SystemRandom().randrange(1_000_000)
    port = smsc.listen()
    place.configure([link(port, "one", **IMPATIENT), link(port, "other", binds=2, **IMPATIENT)])
    process = start("run", "--config", place.file)
    await process.serving()
    askers = Askers(reactor, smsc, numbers(0, 30), each=65_536, hurry=False)
    askers.begin()
    mischief = RandomFaults(smsc, Random(seed), reactor, every=(0.2, 1.0))
    mischief.start()
    await deferLater(reactor, seconds / 3)
    before = private_kilobytes(process)
    await deferLater(reactor, seconds * 2 / 3)
    mischief.stop()
    askers.stop()
    await askers.answered(130)  # a line that fell often waits for up to a minute
    after = private_kilobytes(process)
    print(
        f"\nseed {seed}: {len(smsc.audit.sent)} questions, {len(smsc.audit.redelivered())} of them"
        f" delivered again, {len(mischief.done)} faults; {before} kB, then {after} kB"
    )
    assert askers.complaints() == []
    assert process.log.strange == []
    assert after - before < 32 * 1024
    assert await process.stop() == 0


def private_kilobytes(process: GatewayProcess) -> int:
    """Memory of its own: a store that is mapped into memory does not count."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1])


@pytest_twisted.ensureDeferred
async def test_after_a_storm_everybody_is_answered(
    place: Deployment, smscs: Smscs, start: Start
) -> None:
    await chaos(place, smscs(**TERMS), start, 12)


@pytest.mark.soak
@pytest_twisted.ensureDeferred
async def test_after_five_minutes_of_storm_everybody_is_answered(
    place: Deployment, smscs: Smscs, start: Start
) -> None:
    """And the gateway needs no more memory than before."""
    await chaos(place, smscs(**TERMS), start, 300)


@pytest_twisted.ensureDeferred
async def test_an_smsc_that_answers_after_our_time_gets_each_message_once(
    place: Deployment, smscs: Smscs
) -> None:
    """What it answers late it has taken; the link stays, and the next answers follow in order."""
    smsc = smscs()
    smsc.faults.set("slow=always:submit_sm,enquire_link")
    smsc.faults.slowness = (0.6, 2.0)
    impatient = link(smsc.listen(), response_timeout=0.5, enquire_interval=0.5)
    place.configure([impatient])
    async with opened(place, smsc) as hall:
        phones = [hall.somebody() for _ in range(5)]
        for phone in phones:
            phone.sends("YE")
            phone.sends("CXTC")
        for phone in phones:
            assert "【话费余额】" in await phone.reads()
            assert "【套餐查询】" in await phone.reads()
        await smsc.quiet()
        taken = [(mt.message.destination, mt.message.content) for mt in smsc.audit.mts]
        assert smsc.audit.counts["in submit_sm"] == len(taken) == len(set(taken))
        assert smsc.audit.counts["in bind_transceiver"] == 1
        counts = hall.gateway.counts
        assert counts.answered_late["smsc-a"] == counts.unanswered["smsc-a"] > 0
        assert counts.repeated["smsc-a"] == 0
