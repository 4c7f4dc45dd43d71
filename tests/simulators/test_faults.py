"""Each fault happens, where and as often as asked for, and nothing else does."""

from __future__ import annotations

from random import Random

import pytest
import pytest_twisted
from smpplib import consts

from simulators.faults import Faults, always, sometimes, times
from simulators.smsc import Smsc
from tests.simulators.conftest import Build, Connect, until
from tests.simulators.esme import header
from tests.simulators.test_delivery import whole_pdus

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


@pytest_twisted.ensureDeferred
async def test_the_link_drops_before_a_request_is_heard(smsc: Smsc, esme: Connect) -> None:
    """At the second submit_sm."""
    smsc.faults.drop_before = times(1, "submit_sm", after=1)
    peer = await esme(smsc)
    await peer.submit(b"one")
    peer.submit_now(b"two")
    await peer.gone()
    assert [shown.text for shown in smsc.phone(ONE).received] == ["one"]


@pytest_twisted.ensureDeferred
async def test_the_link_drops_after_a_request_is_done(smsc: Smsc, esme: Connect) -> None:
    """Before the answer: the message is shown, and sending it again doubles it."""
    smsc.faults.drop_before = times(1, "submit_sm_resp")
    peer = await esme(smsc)
    peer.submit_now(b"one")
    await peer.gone()
    assert [shown.text for shown in smsc.phone(ONE).received] == ["one"]
    assert b"\x80\0\0\x04" not in peer.raw
    assert smsc.audit.mts[0].answered_at is None


@pytest.mark.parametrize("kind", ["submit_sm_resp", "deliver_sm"])
@pytest_twisted.ensureDeferred
async def test_the_link_drops_in_the_middle_of_a_pdu(smsc: Smsc, esme: Connect, kind: str) -> None:
    """Some of its bytes arrive, and not all."""
    smsc.faults.drop_midway = times(1, kind)
    peer = await esme(smsc)
    before = len(peer.raw)
    smsc.send(ONE, "YE") if kind == "deliver_sm" else peer.submit_now()
    await peer.gone()
    rest = peer.raw[before:]
    assert len(rest) > 0
    assert len(rest) < 16 or len(rest) < int.from_bytes(rest[:4], "big")


@pytest_twisted.ensureDeferred
async def test_the_link_drops_after_a_pdu(smsc: Smsc, esme: Connect) -> None:
    """Which arrives whole; the message comes again on the next link."""
    smsc.faults.drop_after = times(1, "deliver_sm")
    peer = await esme(smsc)
    smsc.send(ONE, "YE")
    await peer.next("deliver_sm")
    await peer.gone()
    await (await esme(smsc)).take()


@pytest_twisted.ensureDeferred
async def test_an_answer_counts_before_the_link_drops(smsc: Smsc, esme: Connect) -> None:
    """Dropping after a deliver_sm_resp settles the message."""
    smsc.faults.drop_after = times(1, "deliver_sm_resp")
    peer = await esme(smsc)
    sent = smsc.send(ONE, "YE")
    await peer.take()
    await peer.gone()
    assert sent.outcome == 0


@pytest_twisted.ensureDeferred
async def test_a_frozen_link_neither_reads_nor_writes_nor_closes(
    hasty: Smsc, esme: Connect
) -> None:
    """Messages go to another link once their time is up; thawed, it reads on."""
    peer = await esme(hasty)
    hasty.send(ONE, "YE")
    await peer.next("deliver_sm")
    hasty.links[0].freeze()
    peer.submit_now(b"unheard")
    other = await esme(hasty)
    await other.take()
    assert not peer.closed
    assert not hasty.phone(ONE).received
    hasty.links[0].thaw()
    assert (await hasty.phone(ONE).next()).text == "unheard"


@pytest_twisted.ensureDeferred
async def test_a_frozen_link_does_not_see_its_peer_leave(smsc: Smsc, esme: Connect) -> None:
    """Until it is thawed."""
    peer = await esme(smsc)
    (frozen,) = smsc.links
    frozen.freeze()
    await peer.leave()
    await (await esme(smsc)).submit()
    assert frozen in smsc.links
    frozen.thaw()
    await until(lambda: frozen not in smsc.links)


@pytest_twisted.ensureDeferred
async def test_a_link_freezes_at_a_chosen_pdu(smsc: Smsc, esme: Connect) -> None:
    """What follows in the same segment is not read either."""
    smsc.faults.freeze = times(1, "enquire_link")
    peer = await esme(smsc)
    peer.write(header("enquire_link", 1) + header("enquire_link", 2))
    while not smsc.links[0].frozen:
        await (await esme(smsc)).submit()  # another link works meanwhile
    smsc.links[0].thaw()
    assert (await peer.next("enquire_link_resp")).sequence == 2


@pytest_twisted.ensureDeferred
async def test_segments_are_split(smsc: Smsc, esme: Connect) -> None:
    """Into many, none of which need be a PDU, and nothing is lost."""
    peer = await esme(smsc)
    smsc.faults.split = True
    for i in range(20):
        smsc.send(str(int(ONE) + i), "查" * 60)
    got = [await peer.take() for _ in range(20)]
    assert {pdu.short_message.decode("utf-16-be") for pdu in got} == {"查" * 60}
    assert len(peer.segments) > 10
    await smsc.quiet()


@pytest_twisted.ensureDeferred
async def test_segments_are_merged(smsc: Smsc, esme: Connect) -> None:
    """Answers of several turns come in one."""
    peer = await esme(smsc)
    smsc.faults.merge = 0.4
    before = len(peer.segments)
    peer.submit_now()
    await smsc.phone(ONE).next()
    peer.submit_now()
    await peer.next("submit_sm_resp")
    await peer.next("submit_sm_resp")
    assert len(peer.segments) == before + 1


@pytest_twisted.ensureDeferred
async def test_a_pdu_nobody_knows_is_sent(smsc: Smsc, esme: Connect) -> None:
    """With a number of the SMSC's own; the generic_nack to it settles nothing."""
    smsc.faults.strange_pdu = times(1, "deliver_sm")
    peer = await esme(smsc)
    sent = smsc.send(ONE, "YE")
    strange = await peer.next("unknown")
    pdu = await peer.next("deliver_sm")
    assert strange.sequence != pdu.sequence
    peer.send("generic_nack", strange.sequence, status=consts.SMPP_ESME_RINVCMDID)
    await peer.submit()
    assert sent.outcome is None


@pytest_twisted.ensureDeferred
async def test_a_tlv_nobody_knows_is_sent(smsc: Smsc, esme: Connect) -> None:
    """At the end of a deliver_sm."""
    smsc.faults.strange_tlv = times(1)
    peer = await esme(smsc)
    smsc.send(ONE, "YE")
    await peer.take()
    assert whole_pdus(peer.raw)[-1].endswith(bytes.fromhex("15000004deadbeef"))


@pytest_twisted.ensureDeferred
async def test_rubbish_is_sent(smsc: Smsc, esme: Connect) -> None:
    """Bytes that are no PDU, ahead of one."""
    peer = await esme(smsc)
    smsc.faults.rubbish = times(1, "enquire_link_resp")
    before = len(peer.raw)
    number = peer.send("enquire_link")
    wanted = header("enquire_link_resp", number)
    while not peer.raw.endswith(wanted):
        await peer.more()
    assert len(peer.raw) > before + 16


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


@pytest.mark.parametrize("length", [0, 15, 0x00100000, 0xFFFFFFFF])
@pytest_twisted.ensureDeferred
async def test_an_impossible_length_ends_the_link(smsc: Smsc, esme: Connect, length: int) -> None:
    """Framing is lost."""
    peer = await esme(smsc)
    peer.write(header("submit_sm", 5, length))
    assert (await peer.next("generic_nack")).status == consts.SMPP_ESME_RINVCMDLEN
    await peer.gone()


def test_percentages_strike_as_often_as_they_say() -> None:
    """Chance is the caller's, so a run can be had again."""
    fault, chance = sometimes(0.2), Random(1)
    struck = sum(fault.strikes("submit_sm", chance) for _ in range(10_000))
    assert 1_850 < struck < 2_150


def test_faults_are_read_as_people_write_them() -> None:
    """Counts, percentages, kinds, seconds, statuses."""
    faults = Faults()
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
        Faults().set(said)


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
