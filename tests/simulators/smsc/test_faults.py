"""Each fault happens, where and as often as asked for, and nothing else does."""

from __future__ import annotations

from random import Random

import pytest
import pytest_twisted
from smpplib import consts

from simulators.fault_timing import always, sometimes, times
from simulators.smsc.faults import SmscFaults
from simulators.smsc.smsc import Smsc
from tests.simulators.conftest import Build, Connect
from tests.simulators.esme import header

ONE = "13800138001"


@pytest_twisted.ensureDeferred
async def test_silent_requests_are_neither_done_nor_answered(smsc: Smsc, esme: Connect) -> None:
    """The handset shows only what came after."""
    smsc.faults.silent = times(1, "submit_sm")
    peer = await esme(smsc)
    peer.submit_now(b"unheard")
    second = peer.submit_now(b"heard")
    assert (await peer.next("submit_sm_resp")).sequence == second
    assert [shown.text for shown in smsc.phone(ONE).received] == ["heard"]


@pytest_twisted.ensureDeferred
async def test_mute_requests_are_done_and_not_answered(smsc: Smsc, esme: Connect) -> None:
    """The handset shows both; the audit knows which one the ESME cannot know of."""
    smsc.faults.mute = times(1, "submit_sm")
    peer = await esme(smsc)
    peer.submit_now(b"one")
    second = peer.submit_now(b"two")
    assert (await peer.next("submit_sm_resp")).sequence == second
    assert [shown.text for shown in smsc.phone(ONE).received] == ["one", "two"]
    assert [mt.answered_at is None for mt in smsc.audit.mts] == [True, False]


@pytest_twisted.ensureDeferred
async def test_a_bind_muted_is_no_bind(smsc: Smsc, esme: Connect) -> None:
    """Nothing is delivered over it."""
    smsc.faults.mute = times(1, "bind_transceiver")
    peer = await esme(smsc, None)
    smsc.send(ONE, "YE")
    peer.send("bind_transceiver", system_id="hallgate", password="secret")
    assert (await peer.bind()).status == 0
    await peer.take()


@pytest_twisted.ensureDeferred
async def test_slow_answers_take_their_time(smsc: Smsc, esme: Connect) -> None:
    """A later quick one overtakes them; quiet waits for them."""
    smsc.faults.slow = times(1, "submit_sm")
    smsc.faults.slowness = (0.1, 0.1)
    peer = await esme(smsc)
    slow, quick = peer.submit_now(), peer.submit_now()
    assert (await peer.next("submit_sm_resp")).sequence == quick
    await smsc.quiet()
    assert (await peer.next("submit_sm_resp")).sequence == slow


@pytest_twisted.ensureDeferred
async def test_a_slow_answer_dies_with_its_link(smsc: Smsc, esme: Connect) -> None:
    """And leaves no timer behind."""
    smsc.faults.slow = always("submit_sm")
    smsc.faults.slowness = (60, 60)
    peer = await esme(smsc)
    peer.submit_now()
    await smsc.phone(ONE).next()
    await peer.leave()
    await smsc.alone()
    assert smsc.audit.mts[0].answered_at is None
    await smsc.quiet()


@pytest_twisted.ensureDeferred
async def test_answers_come_out_of_order(smsc: Smsc, esme: Connect) -> None:
    """One is held back until another has overtaken it."""
    smsc.faults.shuffle = times(1, "submit_sm")
    peer = await esme(smsc)
    first, second = peer.submit_now(), peer.submit_now()
    assert (await peer.next("submit_sm_resp")).sequence == second
    assert (await peer.next("submit_sm_resp")).sequence == first


@pytest_twisted.ensureDeferred
async def test_answers_come_twice(smsc: Smsc, esme: Connect) -> None:
    """The message is shown once."""
    smsc.faults.twice = times(1, "submit_sm")
    peer = await esme(smsc)
    number = peer.submit_now()
    first, second = await peer.next("submit_sm_resp"), await peer.next("submit_sm_resp")
    assert (first.sequence, first.message_id) == (number, second.message_id)
    assert second.sequence == number
    assert len(smsc.phone(ONE).received) == 1


@pytest.mark.parametrize(("fault", "blind"), [("nack", False), ("nack_blind", True)])
@pytest_twisted.ensureDeferred
async def test_requests_are_nacked(smsc: Smsc, esme: Connect, fault: str, blind: bool) -> None:
    """With the request's number or without one."""
    setattr(smsc.faults, fault, times(1, "submit_sm"))
    peer = await esme(smsc)
    number = peer.submit_now()
    nack = await peer.next("generic_nack")
    assert nack.sequence == (0 if blind else number)
    assert not smsc.phones
    await peer.submit()


@pytest_twisted.ensureDeferred
async def test_the_smsc_unbinds_instead_of_answering(smsc: Smsc, esme: Connect) -> None:
    """Of its own accord, at the third submit_sm."""
    smsc.faults.unbind = times(1, "submit_sm", after=2)
    peer = await esme(smsc)
    for _ in range(3):
        peer.submit_now()
    kinds = [(await peer.next()).command for _ in range(3)]
    assert kinds == ["submit_sm_resp", "submit_sm_resp", "unbind"]


@pytest.mark.parametrize(
    "garbage",
    [
        header("submit_sm", 5, 20) + b"\0\0\0\0",
        header("submit_sm", 5, 16),
        header("bind_transceiver", 5, 19) + b"abc",
        header(0x0000BEEF, 5),
        header("replace_sm", 5),
    ],
)
@pytest_twisted.ensureDeferred
async def test_a_garbled_request_is_nacked_and_the_link_lives(
    smsc: Smsc, esme: Connect, garbage: bytes
) -> None:
    """The audit keeps what was wrong."""
    peer = await esme(smsc)
    peer.write(garbage)
    assert (await peer.next("generic_nack")).sequence == 5
    await peer.submit()
    assert len(smsc.audit.garbled) == 1


def test_percentages_strike_as_often_as_they_say() -> None:
    """Chance is the caller's, so a run can be had again."""
    fault, chance = sometimes(0.2), Random(1)
    struck = sum(fault.strikes("submit_sm", chance) for _ in range(10_000))
    assert 1_850 < struck < 2_150


def test_faults_are_read_as_people_write_them() -> None:
    """Counts, percentages, kinds, seconds, statuses."""
    faults = SmscFaults()
    for said in (
        "throttle=3",
        "silent=always:enquire_link,submit_sm",
        "slow=25%",
        "slowness=0.5-2",
        "bind_status=ESME_RINVPASWD",
        "split",
        "merge=0.1",
    ):
        faults.set(said)
    assert faults.throttle.left == 3
    assert faults.silent.kinds == {"enquire_link", "submit_sm"}
    assert faults.slow.probability == 0.25
    assert faults.slowness == (0.5, 2.0)
    assert faults.bind_status == consts.SMPP_ESME_RINVPASWD
    assert faults.split
    assert faults.merge == 0.1
    faults.clear()
    assert (faults.split, faults.throttle.left) == (False, 0)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("throtle=3", r"throtle is no fault; there are .*throttle"),
        ("throttle=often", r"throttle=often: write always, never, a count or a percentage"),
        ("silent=1:enquire", r"silent=1:enquire: no PDU is named enquire"),
        ("bind_status=ESME_RWRONG", r"bind_status=ESME_RWRONG: "),
    ],
)
def test_a_fault_that_is_none_is_explained(said: str, why: str) -> None:
    """To whoever typed it."""
    with pytest.raises(ValueError, match=why):
        SmscFaults().set(said)


@pytest_twisted.ensureDeferred
async def test_the_same_seed_makes_the_same_faults(build: Build, esme: Connect) -> None:
    """So a failure can be looked at again."""
    runs = []
    for _ in range(2):
        smsc = build()
        smsc.faults.throttle = sometimes(0.5)
        peer = await esme(smsc)
        runs.append([(await peer.submit()).status for _ in range(20)])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 2
