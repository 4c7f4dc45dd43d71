"""Links that the simulated SMSC drops, freezes, cuts into segments or fills with rubbish."""

from __future__ import annotations

import pytest
import pytest_twisted
from smpplib import consts

from simulators.fault_timing import times
from simulators.smsc.smsc import Smsc
from tests.simulators.conftest import Connect, until
from tests.simulators.esme import header
from tests.simulators.smsc.test_delivery import whole_pdus

ONE = "13800138001"


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


@pytest.mark.parametrize("length", [0, 15, 0x00100000, 0xFFFFFFFF])
@pytest_twisted.ensureDeferred
async def test_an_impossible_length_ends_the_link(smsc: Smsc, esme: Connect, length: int) -> None:
    """Framing is lost."""
    peer = await esme(smsc)
    peer.write(header("submit_sm", 5, length))
    assert (await peer.next("generic_nack")).status == consts.SMPP_ESME_RINVCMDLEN
    await peer.gone()
