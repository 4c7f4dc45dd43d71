"""How subscribers' messages reach ESMEs: windows, order, and what is sent again."""

from __future__ import annotations

from itertools import pairwise

import pytest
import pytest_twisted
from smpplib import consts

from simulators.fault_timing import always
from simulators.smsc.settings import FLOOD
from simulators.smsc.smsc import Smsc
from tests.simulators.conftest import Build, Connect
from tests.simulators.esme import Esme

ONE, TWO = "13800138001", "13800138002"


async def texts(peer: Esme, count: int) -> list[bytes]:
    """Take so many deliver_sm."""
    return [(await peer.take()).short_message for _ in range(count)]


@pytest_twisted.ensureDeferred
async def test_a_message_waits_until_a_receiver_is_bound(smsc: Smsc, esme: Connect) -> None:
    """Nothing comes before the response to the bind, and a transmitter gets nothing."""
    sent = smsc.send(ONE, "YE")
    transmitter = await esme(smsc, "transmitter")
    receiver = await esme(smsc, "receiver")
    assert (await receiver.take()).short_message == b"YE"
    assert await sent.settled() == 0
    assert transmitter.unread() == []


@pytest.mark.parametrize(
    ("prefix", "written", "ton"),
    [("", b"13800138001", 2), ("86", b"8613800138001", 1), ("+86", b"+8613800138001", 1)],
)
@pytest_twisted.ensureDeferred
async def test_a_number_is_written_as_this_smsc_writes_it(
    smsc: Smsc, esme: Connect, prefix: str, written: bytes, ton: int
) -> None:
    """With and without the country code."""
    peer = await esme(smsc)
    smsc.send(ONE, "YE", msisdn_prefix=prefix)
    mo = await peer.take()
    assert (mo.source_addr, mo.source_addr_ton) == (written, ton)


@pytest_twisted.ensureDeferred
async def test_no_more_leave_than_the_window_holds(smsc: Smsc, esme: Connect) -> None:
    """A fifth subscriber waits until one of four is answered."""
    peer = await esme(smsc)
    for i in range(6):
        smsc.send(str(int(ONE) + i), "YE")
    first = [await peer.next("deliver_sm") for _ in range(4)]
    await peer.submit()  # whatever came before its response is here
    assert peer.unread() == []
    peer.send("deliver_sm_resp", first[0].sequence)
    assert (await peer.next("deliver_sm")).source_addr == b"8613800138005"


@pytest_twisted.ensureDeferred
async def test_a_flood_waits_for_nobody(build: Build, esme: Connect) -> None:
    """A window without end."""
    smsc = build(window=FLOOD)
    peer = await esme(smsc)
    for i in range(500):
        smsc.send(str(int(ONE) + i), "YE")
    for _ in range(500):
        await peer.next("deliver_sm")


@pytest_twisted.ensureDeferred
async def test_a_subscribers_messages_leave_one_at_a_time(smsc: Smsc, esme: Connect) -> None:
    """While another's leave at once."""
    peer = await esme(smsc)
    for text in ("1", "2", "3"):
        smsc.send(ONE, text)
    smsc.send(TWO, "other")
    first = await peer.next("deliver_sm")
    assert (await peer.next("deliver_sm")).short_message == b"other"
    await peer.submit()
    assert peer.unread() == []
    peer.send("deliver_sm_resp", first.sequence)
    assert await texts(peer, 2) == [b"2", b"3"]


@pytest_twisted.ensureDeferred
async def test_pipelined_messages_do_not_wait_for_the_former(build: Build, esme: Connect) -> None:
    """Still in order."""
    smsc = build(pipelined=True)
    peer = await esme(smsc)
    for text in ("1", "2", "3"):
        smsc.send(ONE, text)
    got = [await peer.next("deliver_sm") for _ in range(3)]
    assert [pdu.short_message for pdu in got] == [b"1", b"2", b"3"]
    for pdu in reversed(got):
        peer.send("deliver_sm_resp", pdu.sequence)
    await smsc.quiet()


@pytest.mark.parametrize(
    "status",
    [consts.SMPP_ESME_RMSGQFUL, consts.SMPP_ESME_RX_T_APPN, consts.SMPP_ESME_RTHROTTLED],
)
@pytest_twisted.ensureDeferred
async def test_a_temporary_refusal_is_tried_again_later_and_later(
    smsc: Smsc, esme: Connect, status: int
) -> None:
    """The same content under another number, and the next message keeps behind it."""
    peer = await esme(smsc)
    sent = smsc.send(ONE, "first")
    smsc.send(ONE, "second")
    refused = [await peer.take(status) for _ in range(3)]
    assert (await peer.take()).short_message == b"first"
    assert (await peer.take()).short_message == b"second"
    assert {pdu.short_message for pdu in refused} == {b"first"}
    attempts = sent.mos[0].attempts
    assert len({attempt.sequence for attempt in attempts}) == 4
    waits = [b.sent_at - a.sent_at for a, b in pairwise(attempts)]
    assert waits[0] >= 0.02
    assert waits[1] >= 0.04
    assert waits[2] >= 0.06


@pytest_twisted.ensureDeferred
async def test_a_permanent_refusal_ends_a_message(smsc: Smsc, esme: Connect) -> None:
    """The next one follows."""
    peer = await esme(smsc)
    sent = smsc.send(ONE, "bad")
    smsc.send(ONE, "good")
    await peer.take(consts.SMPP_ESME_RX_P_APPN)
    assert await sent.settled() == consts.SMPP_ESME_RX_P_APPN
    assert (await peer.take()).short_message == b"good"
    await smsc.quiet()
    assert smsc.audit.statuses() == {"ESME_RX_P_APPN": 1, "ESME_ROK": 1}


@pytest_twisted.ensureDeferred
async def test_a_generic_nack_answers_too(smsc: Smsc, esme: Connect) -> None:
    """Its status counts as any other."""
    peer = await esme(smsc)
    sent = smsc.send(ONE, "YE")
    pdu = await peer.next("deliver_sm")
    peer.send("generic_nack", pdu.sequence, status=consts.SMPP_ESME_RINVCMDID)
    assert await sent.settled() == consts.SMPP_ESME_RINVCMDID


@pytest_twisted.ensureDeferred
async def test_what_is_not_answered_in_time_is_sent_again(hasty: Smsc, esme: Connect) -> None:
    """To the byte the same after the header; an answer to the first attempt is too late."""
    peer = await esme(hasty)
    sent = hasty.send(ONE, "余额")
    first = await peer.next("deliver_sm")
    again = await peer.next("deliver_sm")
    assert first.sequence != again.sequence
    peer.send("deliver_sm_resp", first.sequence)
    await peer.submit()
    assert sent.outcome is None
    assert hasty.audit.counts["unasked"] == 1
    bodies = [pdu[16:] for pdu in whole_pdus(peer.raw) if pdu[4:8] == b"\0\0\0\5"]
    assert bodies[0] == bodies[1]
    peer.send("deliver_sm_resp", again.sequence)
    assert await sent.settled() == 0


@pytest_twisted.ensureDeferred
async def test_only_the_answer_to_a_deliver_sm_answers_it(smsc: Smsc, esme: Connect) -> None:
    """A submit_sm_resp with the same number does not."""
    peer = await esme(smsc)
    sent = smsc.send(ONE, "YE")
    pdu = await peer.next("deliver_sm")
    peer.send("submit_sm_resp", pdu.sequence)
    await peer.submit()
    assert sent.outcome is None


@pytest_twisted.ensureDeferred
async def test_what_a_lost_link_did_not_answer_comes_on_the_next(smsc: Smsc, esme: Connect) -> None:
    """In the order it was sent, before what came later."""
    peer = await esme(smsc)
    for i in range(6):
        smsc.send(str(int(ONE) + i), f"{i}")
    for _ in range(4):
        await peer.next("deliver_sm")
    smsc.drop()
    await peer.gone()
    assert await texts(await esme(smsc), 6) == [b"0", b"1", b"2", b"3", b"4", b"5"]
    assert len(smsc.audit.redelivered()) == 4


@pytest_twisted.ensureDeferred
async def test_another_link_of_the_esme_takes_over(smsc: Smsc, esme: Connect) -> None:
    """Without waiting for the lost one."""
    lost = await esme(smsc)
    smsc.send(ONE, "YE")
    await lost.next("deliver_sm")
    other = await esme(smsc)
    await lost.leave()
    assert (await other.take()).short_message == b"YE"


@pytest_twisted.ensureDeferred
async def test_links_of_one_esme_share_its_messages(smsc: Smsc, esme: Connect) -> None:
    """The one with more room gets the next."""
    one, two = await esme(smsc), await esme(smsc, "receiver")
    for i in range(8):
        smsc.send(str(int(ONE) + i), "YE")
    for _ in range(4):
        await one.next("deliver_sm")
        await two.next("deliver_sm")


@pytest_twisted.ensureDeferred
async def test_each_esme_gets_what_is_meant_for_it(smsc: Smsc, esme: Connect) -> None:
    """By the longest prefix of the service number."""
    smsc.route("1008", "hallgate")
    smsc.route("100861", "other")
    hall = await esme(smsc)
    other = await esme(smsc, user="other", password="secret2")
    smsc.send(ONE, "hall", to="10086")
    smsc.send(ONE, "other", to="1008611")
    assert (await hall.take()).short_message == b"hall"
    assert (await other.take()).short_message == b"other"
    assert hall.unread() == other.unread() == []


@pytest_twisted.ensureDeferred
async def test_a_pause_holds_messages_back(smsc: Smsc, esme: Connect) -> None:
    """Until it is over."""
    peer = await esme(smsc)
    smsc.pause()
    smsc.send(ONE, "YE")
    await peer.submit()
    assert peer.unread() == []
    smsc.resume()
    await peer.take()
    await smsc.quiet()


@pytest_twisted.ensureDeferred
async def test_a_restart_keeps_the_messages_and_the_port(smsc: Smsc, esme: Connect) -> None:
    """Every link is cut, and who comes back gets what waited."""
    peer = await esme(smsc)
    smsc.send(ONE, "YE")
    await peer.next("deliver_sm")
    port = smsc.port
    await smsc.restart()
    await peer.gone()
    assert smsc.port == port
    assert (await (await esme(smsc)).take()).short_message == b"YE"


@pytest_twisted.ensureDeferred
async def test_quiet_waits_for_every_answer(smsc: Smsc, esme: Connect) -> None:
    """Redelivery and receipts too."""
    peer = await esme(smsc)
    smsc.send(ONE, "YE")
    await peer.submit(registered_delivery=1)
    quiet = smsc.quiet()
    await peer.take(consts.SMPP_ESME_RMSGQFUL)
    await peer.take()
    assert not quiet.called
    await peer.take()
    await quiet
    assert not smsc.audit.unacknowledged()


@pytest_twisted.ensureDeferred
async def test_a_subscriber_goes_through_a_dialogue(smsc: Smsc, esme: Connect) -> None:
    """Scripted: the answer to each message is the next message."""
    smsc.script(ONE, lambda shown: "是" if "确认" in shown.text else None)
    peer = await esme(smsc)
    smsc.send(ONE, "KTEDU40")
    await peer.take()
    await peer.submit("请回复是确认".encode("utf-16-be"), data_coding=8)
    assert (await peer.take()).short_message == "是".encode("utf-16-be")
    await peer.submit("已开通".encode("utf-16-be"), data_coding=8)
    assert [shown.text for shown in smsc.phone(ONE).received] == ["请回复是确认", "已开通"]


@pytest_twisted.ensureDeferred
async def test_an_answer_the_smsc_overlooks_brings_the_message_again(
    hasty: Smsc, esme: Connect
) -> None:
    """As after a response lost on the way."""
    hasty.faults.silent = always("deliver_sm_resp")
    peer = await esme(hasty)
    hasty.send(ONE, "YE")
    await peer.take()
    await peer.next("deliver_sm")


def whole_pdus(raw: bytes) -> list[bytes]:
    """All PDUs in a stream."""
    pdus = []
    while raw:
        length = int.from_bytes(raw[:4], "big")
        pdus.append(raw[:length])
        raw = raw[length:]
    return pdus
