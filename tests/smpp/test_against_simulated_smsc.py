"""The whole line against an SMSC that speaks through another library, over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
import pytest_twisted

from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from smpp.connection import SmppConnection
from smpp.messages.receipts import MessageState, message_id_forms
from smpp.outbind_listener import OutbindFactory
from smpp.pdu import BindKind, Outbind
from tests.smpp.echoing_esme import Echo

PHONE = "13800138001"
LONG = {
    "gsm7": "Balance {56.80} € [all of it] ~ " * 12,
    "ucs2": "您的余额为56.80元😀，本月已消费71.20元。" * 8,
}


@pytest.fixture
def reactor() -> Any:
    from twisted.internet import reactor as installed

    return installed


@pytest_twisted.async_yield_fixture
async def build(reactor) -> AsyncIterator[Callable[..., Smsc]]:
    """Makes SMSCs on free ports; all of them are gone after the test."""
    made: list[Smsc] = []

    def one(**terms: Any) -> Smsc:
        patience: dict[str, Any] = {"response_timeout": 1.0, "redelivery": lambda n: 0.02 * n}
        every = SmscSettings(**(patience | terms))
        smsc = Smsc(reactor, {"hallgate": "secret"}, chance=Random(3), terms=every)
        smsc.listen()
        made.append(smsc)
        return smsc

    yield one
    for smsc in made:
        await smsc.stop()


@pytest.mark.parametrize("alphabet", LONG)
@pytest.mark.parametrize("concat", ["udh8", "udh16", "sar", "payload"])
@pytest_twisted.ensureDeferred
async def test_a_long_text_comes_in_any_order_and_goes_back_whole(build, reactor, alphabet, concat):
    """Cut by another's hand, through characters even, joined by ours; and the other way round."""
    smsc = build()
    connection = await Echo(reactor).connect(smsc.port)
    text = LONG[alphabet]
    order: list[int] | None = None
    for _ in range(2):
        sent = smsc.send(PHONE, text, concat=concat, careless=True, order=order)
        assert (await smsc.phone(PHONE).next()).text == text
        order = list(reversed(range(len(sent.mos))))
    await connection.unbind()


@pytest.mark.parametrize("ids", ["hex", "decimal"])
@pytest.mark.parametrize("form", ["tlv", "text"])
@pytest_twisted.ensureDeferred
async def test_receipts_find_their_messages(build, reactor, form, ids):
    """By TLV or by text, with ids written otherwise than in the response."""
    other = "decimal" if ids == "hex" else "hex"
    smsc = build(ids=ids, receipt_ids=other, receipt_forms=frozenset({form}))
    echo = Echo(reactor)
    connection = await echo.connect(smsc.port)
    smsc.send(PHONE, "YE")
    await smsc.phone(PHONE).next()
    await smsc.quiet()
    (receipt,) = echo.receipts
    assert receipt.state is MessageState.DELIVERED
    assert message_id_forms(receipt.message_id)[0] in message_id_forms(echo.ids[0])
    await connection.unbind()


@pytest.mark.parametrize(
    "faults",
    [
        ["split=on"],
        ["merge=0.02"],
        ["strange_pdu=50%", "strange_tlv=50%"],
        ["nack=5:submit_sm", "nack_blind=3:enquire_link", "throttle=30%"],
        ["shuffle=50%", "slow=30%", "slowness=0.01-0.1"],
        ["twice=50%", "early_receipt=50%"],
        ["split=on", "strange_pdu=20%", "twice=20%", "shuffle=30%", "throttle=20%"],
    ],
    ids=",".join,
)
@pytest_twisted.ensureDeferred
async def test_one_session_survives_an_smsc_that_misbehaves(build, reactor, faults):
    """Nothing strange ends it: every subscriber gets his echo, and every answer is proven read."""
    smsc = build()
    for fault in faults:
        smsc.faults.set(fault)
    echo = Echo(reactor)
    connection = await echo.connect(smsc.port)
    phones = [f"1380013{n:04d}" for n in range(30)]
    for phone in phones:
        smsc.send(phone, f"YE {phone}")
    for phone in phones:
        assert (await smsc.phone(phone).next()).text == f"YE {phone}"
    smsc.faults.clear()
    await smsc.quiet()
    await echo.all_seen().addTimeout(5, reactor)
    assert len(smsc.links) == 1
    await connection.unbind()


@dataclass
class Calls:
    """Whoever calls gets this echo."""

    echo: Echo

    def connected(self, peer: str) -> SmppConnection:
        return self.echo.connection(Outbind("SMSC01", "knock"))

    def refused(self, peer: str, why: str) -> None:
        raise AssertionError(why)


@pytest_twisted.ensureDeferred
async def test_an_smsc_that_calls_us_delivers(build, reactor):
    """outbind, our bind as a receiver, a message, and the proof that our answer was read."""
    smsc = build()
    echo = Echo(reactor, BindKind.RECEIVER)
    factory = OutbindFactory(Calls(echo), {"127.0.0.1"})
    port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    smsc.outbind("127.0.0.1", port.getHost().port, "SMSC01", "knock")
    connection = await echo.bound.addTimeout(5, reactor)
    sent = smsc.send(PHONE, "YE")
    assert await sent.settled() == 0
    await echo.all_seen().addTimeout(5, reactor)
    await connection.unbind()
    assert factory.connections == {}
    await port.stopListening()
