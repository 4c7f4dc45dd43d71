"""The simulated SMSC does what an SMSC does, seen through smpplib alone."""

from __future__ import annotations

import pytest_twisted
from smpplib import consts

from simulators.smsc import Smsc
from tests.simulators.conftest import Connect


@pytest_twisted.ensureDeferred
async def test_a_subscribers_text_is_delivered_and_the_reply_is_shown(
    smsc: Smsc, esme: Connect
) -> None:
    """MO out, acknowledged; MT in, on the handset."""
    peer = await esme()
    sent = smsc.send("13800138001", "YE")
    mo = await peer.take()
    assert (mo.source_addr, mo.destination_addr, mo.short_message) == (
        b"8613800138001",
        b"10086",
        b"YE",
    )
    assert await sent.settled() == 0
    await smsc.quiet()
    response = await peer.submit("余额".encode("utf-16-be"), data_coding=8)
    assert response.status == consts.SMPP_ESME_ROK
    assert response.message_id
    shown = await smsc.phone("13800138001").next()
    assert (shown.sender, shown.text) == ("10086", "余额")
