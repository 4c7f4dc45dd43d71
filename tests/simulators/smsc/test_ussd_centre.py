"""The USSD side of the simulated centre: what an ESME sees of phones that dial, and they of it."""

from __future__ import annotations

from typing import Any

import pytest
import pytest_twisted
from smpplib import consts
from twisted.internet.defer import TimeoutError

from simulators.fault_timing import times
from simulators.smsc.smsc import Smsc
from tests.simulators.conftest import Build, Connect
from tests.simulators.esme import Esme
from tests.simulators.phone_in_terminal import Dial

ONE = "13800138001"
ITS, REFERENCE = 0x1383, 0x0204


async def dialled(peer: Esme) -> Any:
    """What the ESME is told, acknowledged."""
    return await peer.take()


def screen(peer: Esme, of: Any, text: str, op: int, **more: Any) -> Any:
    """The ESME's answer under the name that it was told, to the phone that dialled."""
    named = {
        name: value
        for name in ("its_session_info", "user_message_reference")
        if (value := getattr(of, name, None)) is not None
    }
    return peer.submit(
        text.encode("utf-16-be"), to=of.source_addr.decode(), service_type="USSD", data_coding=8,
        ussd_service_op=op, **named | more,
    )  # fmt: skip


@pytest_twisted.ensureDeferred
async def test_a_dialogue_from_dialling_to_the_last_screen(smsc: Smsc, esme: Connect) -> None:
    """Operations 1, 2, 18, 17 under one name; the texts as a phone shows them."""
    peer = await esme(smsc)
    call = smsc.ussd.dial(ONE)
    begun = await dialled(peer)
    assert (begun.service_type, begun.destination_addr) == (b"USSD", b"139")
    assert (begun.short_message, begun.ussd_service_op) == (b"*139#", 1)
    assert (await screen(peer, begun, "1余额", 2)).status == 0
    shown = await call.next()
    assert (shown.text, shown.waits) == ("1余额", True)
    call.answers("1")
    typed = await dialled(peer)
    assert (typed.short_message, typed.ussd_service_op) == (b"1", 18)
    assert typed.its_session_info == begun.its_session_info
    assert (await screen(peer, typed, "86.50元", 17)).status == 0
    assert (await call.next()).waits is False
    assert not call.open
    assert smsc.ussd.current(ONE) is None


@pytest.mark.parametrize(
    ("carrier", "named"),
    [("its_session_info", 2), ("user_message_reference", 1), ("msisdn", None)],
)
@pytest_twisted.ensureDeferred
async def test_three_carriers(smsc: Smsc, esme: Connect, carrier: str, named: int | None) -> None:
    """What names a dialogue is one of two TLVs, or only the number."""
    smsc.ussd.carrier = carrier
    peer = await esme(smsc)
    call = smsc.ussd.dial(ONE)
    begun = await dialled(peer)
    assert getattr(begun, carrier, None) == named
    assert (await screen(peer, begun, "余额", 2)).status == 0
    assert (await call.next()).text == "余额"


@pytest_twisted.ensureDeferred
async def test_a_screen_that_nobody_reads_is_refused(smsc: Smsc, esme: Connect) -> None:
    """After the phone has left, under a name of another dialogue, or with an operation that is
    none."""
    peer = await esme(smsc)
    call = smsc.ussd.dial(ONE)
    begun = await dialled(peer)
    call.leaves(op=129)
    left = await dialled(peer)
    assert (left.ussd_service_op, left.short_message or b"") == (129, b"")
    assert (await screen(peer, begun, "余额", 2)).status == consts.SMPP_ESME_RX_P_APPN
    second = smsc.ussd.dial(ONE)
    again = await dialled(peer)
    assert (await screen(peer, begun, "旧", 2)).status == consts.SMPP_ESME_RX_P_APPN
    assert (await screen(peer, again, "?", 9)).status == consts.SMPP_ESME_RINVOPTPARAMVAL
    assert second.screens == []


@pytest_twisted.ensureDeferred
async def test_a_screen_has_160_octets(smsc: Smsc, esme: Connect) -> None:
    """Eighty characters of UCS-2; one more is too long."""
    peer = await esme(smsc)
    smsc.ussd.dial(ONE)
    begun = await dialled(peer)
    assert (await screen(peer, begun, "余" * 81, 2)).status == consts.SMPP_ESME_RINVMSGLEN
    assert (await screen(peer, begun, "余" * 80, 2)).status == 0


@pytest_twisted.ensureDeferred
async def test_the_network_has_a_timer(smsc: Smsc, esme: Connect) -> None:
    """An ESME that answers too late is told that the dialogue is over."""
    smsc.ussd.patience = 0.05
    peer = await esme(smsc)
    call = smsc.ussd.dial(ONE)
    begun = await dialled(peer)
    assert (await dialled(peer)).ussd_service_op == 129
    assert not call.open
    assert (await screen(peer, begun, "晚了", 2)).status == consts.SMPP_ESME_RX_P_APPN
    with pytest.raises(TimeoutError):
        await call.next(timeout=0.01)


@pytest_twisted.ensureDeferred
async def test_the_esme_asks_and_notifies(smsc: Smsc, esme: Connect) -> None:
    """A dialogue that it begins has a name from the centre; a notification is confirmed."""
    peer = await esme(smsc)
    asked = await peer.submit(b"hello?", to=f"86{ONE}", service_type="USSD", ussd_service_op=2)
    assert asked.status == 0
    call = smsc.ussd.begun[0]
    assert (await call.next()).text == "hello?"
    call.answers("1")
    typed = await dialled(peer)
    assert typed.ussd_service_op == 18
    assert typed.its_session_info
    assert (await screen(peer, typed, "谢谢", 3)).status == 0
    assert (await dialled(peer)).ussd_service_op == 19


@pytest_twisted.ensureDeferred
async def test_rubbish_is_said_as_it_is(smsc: Smsc, esme: Connect) -> None:
    """Operations that nobody knows, none at all, TLVs of any content."""
    peer = await esme(smsc)
    call = smsc.ussd.dial(ONE, "\x07", op=77)
    assert (await dialled(peer)).ussd_service_op == 77
    call.says("1", None)
    assert getattr(await dialled(peer), "ussd_service_op", None) is None
    call.says("1", 18, its_session_info=b"\xff")
    while bytes.fromhex("13830001ff") not in peer.raw:
        await peer.more()


@pytest_twisted.ensureDeferred
async def test_a_dialogue_and_short_messages_do_not_wait_for_each_other(
    build: Build, esme: Connect
) -> None:
    """Each keeps its own order; what was not acknowledged comes again when the link is back."""
    smsc = build(window=4)
    smsc.faults.drop_before = times(1, "deliver_sm_resp")
    peer = await esme(smsc)
    smsc.send(ONE, "YE")
    smsc.ussd.dial(ONE)
    first = await peer.next("deliver_sm"), await peer.next("deliver_sm")
    assert {pdu.service_type for pdu in first} == {b"", b"USSD"}
    peer.send("deliver_sm_resp", first[0].sequence)
    await peer.gone()
    again = await esme(smsc)
    assert {(await dialled(again)).service_type for _ in range(2)} == {b"", b"USSD"}


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_the_phone_in_the_terminal_dials(
    smsc: Smsc, esme: Connect, demo: Dial, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """It prints screens, takes keys for as long as one waits, and ends with the dialogue."""
    keys = iter(["1"])
    monkeypatch.setattr("builtins.input", lambda _prompt: next(keys))
    peer = await esme(smsc)
    done = demo.run("dial", "*139#")
    begun = await dialled(peer)
    await screen(peer, begun, "营业厅\n1余额", 2)
    typed = await dialled(peer)
    assert typed.short_message == b"1"
    await screen(peer, typed, "余额86.50元", 17)
    assert await done == 0
    assert "  │ 营业厅\n  │ 1余额\n  │ 余额86.50元" in capsys.readouterr().out


@pytest_twisted.ensureDeferred
async def test_the_phone_in_the_terminal_hangs_up(
    smsc: Smsc, esme: Connect, demo: Dial, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """At the end of what is typed."""

    def nothing(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nothing)
    peer = await esme(smsc)
    done = demo.run("dial", "*139#")
    await screen(peer, await dialled(peer), "营业厅", 2)
    assert (await dialled(peer)).ussd_service_op == 129
    assert await done == 0
