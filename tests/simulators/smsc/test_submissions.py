"""What the simulated SMSC makes of an ESME's messages: ids, refusals, receipts, queries."""

from __future__ import annotations

import re
from random import Random

import pytest
import pytest_twisted
from smpplib import consts
from twisted.internet.task import Clock

from simulators.fault_timing import always, times
from simulators.smsc.audit import SmscAudit
from simulators.smsc.context import SmscContext
from simulators.smsc.faults import SmscFaults
from simulators.smsc.pdus import read_message, write_pdu
from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from simulators.smsc.submissions import Submissions
from tests.simulators.conftest import Build, Connect

ONE = "13800138001"


@pytest_twisted.ensureDeferred
async def test_a_message_is_numbered_and_shown(smsc: Smsc, esme: Connect) -> None:
    """Chinese, from the service number, with the time."""
    peer = await esme(smsc)
    response = await peer.submit("余额".encode("utf-16-be"), data_coding=8)
    assert response.message_id
    shown = await smsc.phone(ONE).next()
    assert (shown.sender, shown.text) == ("10086", "余额")
    (mt,) = smsc.audit.mts
    assert mt.message_id.encode() == response.message_id
    assert mt.answered_at is not None


@pytest.mark.parametrize("to", ["13800138001", "8613800138001", "+8613800138001"])
@pytest_twisted.ensureDeferred
async def test_a_phone_has_one_number_however_written(smsc: Smsc, esme: Connect, to: str) -> None:
    """With and without the country code."""
    await (await esme(smsc)).submit(to=to)
    assert (await smsc.phone(ONE).next()).text == "hello"


@pytest.mark.parametrize(
    ("ids", "receipt_ids"), [("hex", "hex"), ("decimal", "hex"), ("hex", "decimal")]
)
@pytest_twisted.ensureDeferred
async def test_ids_are_written_in_either_base(
    build: Build, esme: Connect, ids: str, receipt_ids: str
) -> None:
    """Some SMSCs use one in the response and the other in the receipt."""
    peer = await esme(build(ids=ids, receipt_ids=receipt_ids))
    base = {"hex": 16, "decimal": 10}
    response = await peer.submit(registered_delivery=1)
    receipt = await peer.take()
    number = int(response.message_id, base[ids])
    assert int(receipt.receipted_message_id, base[receipt_ids]) == number
    said = re.match(rb"id:(\w+) ", receipt.short_message)
    assert said is not None
    assert int(said[1], base[receipt_ids]) == number


@pytest_twisted.ensureDeferred
async def test_a_receipt_tells_the_outcome_by_tlv_and_text(smsc: Smsc, esme: Connect) -> None:
    """From the subscriber to the service number, marked as a receipt."""
    peer = await esme(smsc)
    await peer.submit(registered_delivery=1)
    receipt = await peer.take()
    assert receipt.esm_class == 0x04
    assert (receipt.source_addr, receipt.destination_addr) == (b"8613800138001", b"10086")
    assert receipt.message_state == consts.SMPP_MESSAGE_STATE_DELIVERED
    assert re.fullmatch(
        rb"id:\w+ sub:001 dlvrd:001 submit date:\d{10} done date:\d{10} stat:DELIVRD err:000 text:",
        receipt.short_message,
    )


@pytest.mark.parametrize("forms", [{"tlv"}, {"text"}])
@pytest_twisted.ensureDeferred
async def test_a_receipt_may_have_one_form_only(
    build: Build, esme: Connect, forms: set[str]
) -> None:
    """As vendors differ."""
    peer = await esme(build(receipt_forms=frozenset(forms)))
    await peer.submit(registered_delivery=1)
    receipt = await peer.take()
    assert (receipt.receipted_message_id is not None) == ("tlv" in forms)
    assert bool(receipt.short_message) == ("text" in forms)


@pytest.mark.parametrize(
    ("registered", "reachable", "comes"),
    [(0, True, False), (1, True, True), (2, True, False), (1, False, True), (2, False, True)],
)
@pytest_twisted.ensureDeferred
async def test_a_receipt_comes_only_when_asked_for(
    smsc: Smsc, esme: Connect, registered: int, reachable: bool, comes: bool
) -> None:
    """Always, or when delivery failed."""
    smsc.phone(ONE).reachable = reachable
    peer = await esme(smsc)
    await peer.submit(registered_delivery=registered)
    await peer.submit(to="13800138002")
    assert peer.unread() == (["deliver_sm"] if comes else [])
    if comes and not reachable:
        assert b"stat:UNDELIV err:001" in (await peer.take()).short_message


@pytest_twisted.ensureDeferred
async def test_a_receipt_comes_before_the_response_on_demand(smsc: Smsc, esme: Connect) -> None:
    """And by default after it."""
    peer = await esme(smsc)
    peer.submit_now(registered_delivery=1)
    assert (await peer.next()).command == "submit_sm_resp"
    await peer.take()
    smsc.faults.early_receipt = always()
    peer.submit_now(registered_delivery=1)
    assert (await peer.next()).command == "deliver_sm"
    assert (await peer.next()).command == "submit_sm_resp"


@pytest.mark.parametrize(
    ("text", "coding"), [(b"x" * 161, 0), (b"x" * 141, 3), ("余" * 71, 8), (b"x" * 161, 0xF1)]
)
@pytest_twisted.ensureDeferred
async def test_what_no_short_message_can_hold_is_refused(
    smsc: Smsc, esme: Connect, text: bytes | str, coding: int
) -> None:
    """140 octets, as 160 septets, 140 letters or 70 characters."""
    octets = text.encode("utf-16-be") if isinstance(text, str) else text
    response = await (await esme(smsc)).submit(octets, data_coding=coding)
    assert response.status == consts.SMPP_ESME_RINVMSGLEN
    assert not smsc.phone(ONE).received


@pytest_twisted.ensureDeferred
async def test_a_payload_may_be_long(smsc: Smsc, esme: Connect) -> None:
    """message_payload is the SMSC's to cut."""
    peer = await esme(smsc)
    await peer.submit(b"", message_payload=("余" * 300).encode("utf-16-be"), data_coding=8)
    assert (await smsc.phone(ONE).next()).text == "余" * 300


@pytest_twisted.ensureDeferred
async def test_a_destination_that_is_no_number_is_refused(smsc: Smsc, esme: Connect) -> None:
    """ESME_RINVDSTADR."""
    response = await (await esme(smsc)).submit(to="nobody")
    assert response.status == consts.SMPP_ESME_RINVDSTADR


@pytest_twisted.ensureDeferred
async def test_data_sm_is_taken_too(smsc: Smsc, esme: Connect) -> None:
    """With its own response."""
    peer = await esme(smsc)
    peer.send("data_sm", source_addr="10086", destination_addr=ONE, message_payload=b"hello")
    assert (await peer.next("data_sm_resp")).message_id
    assert (await smsc.phone(ONE).next()).text == "hello"


@pytest_twisted.ensureDeferred
async def test_a_message_can_be_asked_after(smsc: Smsc, esme: Connect) -> None:
    """By its id and sender; another's is not told."""
    peer = await esme(smsc)
    known = (await peer.submit()).message_id.decode()
    peer.send("query_sm", message_id=known, source_addr="10086")
    assert (await peer.next("query_sm_resp")).message_state == consts.SMPP_MESSAGE_STATE_DELIVERED
    peer.send("query_sm", message_id=known, source_addr="10010")
    assert (await peer.next("query_sm_resp")).status == consts.SMPP_ESME_RQUERYFAIL


@pytest_twisted.ensureDeferred
async def test_submits_are_throttled_on_demand(smsc: Smsc, esme: Connect) -> None:
    """So many in a row, with the status asked for; what is refused is not shown."""
    smsc.faults.throttle = times(2)
    smsc.faults.throttle_status = consts.SMPP_ESME_RMSGQFUL
    peer = await esme(smsc)
    statuses = [(await peer.submit()).status for _ in range(3)]
    assert statuses == [consts.SMPP_ESME_RMSGQFUL, consts.SMPP_ESME_RMSGQFUL, 0]
    assert len(smsc.phone(ONE).received) == 1


def test_a_rate_is_enforced() -> None:
    """A tenth of a second's worth passes at once, then as much as time brings."""
    clock, faults = Clock(), SmscFaults(rate=30)
    smsc = Smsc(clock, {"hallgate": "secret"}, faults)
    intake = Submissions(
        SmscSettings(), SmscContext(faults, SmscAudit(), clock, Random(0)), smsc.phone, smsc.ussd
    )
    message = read_message(
        write_pdu("submit_sm", 1, {"destination_addr": ONE, "short_message": b"x"})
    )

    def taken(tries: int) -> int:
        mts = [intake.take(1, "hallgate", 0x34, n, message) for n in range(tries)]
        assert {mt.status for mt in mts} <= {0, consts.SMPP_ESME_RTHROTTLED}
        return sum(mt.status == 0 for mt in mts)

    clock.advance(60)
    assert taken(20) == 3
    clock.advance(0.05)
    assert taken(20) == 1
    clock.advance(60)
    assert taken(20) == 3


@pytest_twisted.ensureDeferred
async def test_submits_are_refused_for_good_on_demand(smsc: Smsc, esme: Connect) -> None:
    """With any status."""
    smsc.faults.refuse = times(1)
    smsc.faults.refuse_status = consts.SMPP_ESME_RSUBMITFAIL
    peer = await esme(smsc)
    assert (await peer.submit()).status == consts.SMPP_ESME_RSUBMITFAIL
    assert (await peer.submit()).status == 0
