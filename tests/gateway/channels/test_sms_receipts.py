"""Delivery receipts are no messages."""

from __future__ import annotations

import pytest
from smpplib.consts import (
    SMPP_ESME_RMSGQFUL,
    SMPP_ESME_ROK,
)
from twisted.python.failure import Failure

from gateway.model.messages import (
    ReceiptArrived,
)
from gateway.serving.desk import Unavailable
from smpp.pdu import (
    SubmitSmResp,
)
from tests.gateway.channels.smsc_peer import (
    RECEIPT,
    SmscPeer,
    outgoing,
)


def test_a_receipt_is_no_message(smsc: SmscPeer) -> None:
    """It goes to the desk as what it is, is acknowledged, and gets no answer."""
    smsc.delivers(RECEIPT, 5, esm_class=4)
    (receipt,) = smsc.desk.works
    assert isinstance(receipt, ReceiptArrived)
    assert (receipt.link, receipt.state, receipt.phone) == ("smsc-a", "delivered", "13800138001")
    assert receipt.message_ids[0] == "C449AB9744F47B6AF1879E49E75E4F40"
    smsc.desk.done(None)
    assert smsc.answers() == [(5, SMPP_ESME_ROK)]
    assert smsc.counts.messages_in["smsc-a"] == 0
    assert smsc.counts.receipts["smsc-a", "delivered"] == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"esm_class": 4},
        {"esm_class": 4, "short_message": b""},
        {"tlvs": ((0x001E, b"a1\0"), (0x0427, b"\2")), "short_message": b"YE"},
        {"esm_class": 0x20},
    ],
    ids=["marked", "empty", "by its TLVs", "intermediate"],
)
def test_whatever_marks_a_receipt_it_is_never_answered(
    smsc: SmscPeer, fields: dict[str, object]
) -> None:
    """Else hall and SMSC would talk to one another."""
    smsc.delivers(RECEIPT, 5, **fields)
    assert smsc.desk.arrived() == []
    assert len(smsc.desk.jobs) == 1


def test_a_receipt_waits_its_turn_like_a_message(smsc: SmscPeer) -> None:
    """A full desk takes none, and what could not be kept is to come again."""
    smsc.delivers(RECEIPT, 5, esm_class=4)
    smsc.desk.done(Failure(Unavailable("away")))
    smsc.desk.room = 0
    smsc.delivers(RECEIPT, 6, esm_class=4)
    assert smsc.answers() == [(5, SMPP_ESME_RMSGQFUL), (6, SMPP_ESME_RMSGQFUL)]


def test_receipts_that_the_link_asks_for_are_expected() -> None:
    """Of every message, if of all; of none, whatever matters to us."""
    for receipts, important, expected in (("all", False, ("a1",)), ("none", True, ())):
        smsc = SmscPeer(receipts=receipts)
        smsc.outbox.add([outgoing()._replace(receipt=important)])
        ((sequence, _, _),) = smsc.sent()
        smsc.say(SubmitSmResp("a1"), sequence)
        assert [settled.message_ids for settled in smsc.settled] == [expected]
