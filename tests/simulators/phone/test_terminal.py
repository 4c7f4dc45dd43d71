"""The phone in the terminal, against an SMSC that a gateway is bound to, or is not."""

from __future__ import annotations

import json

import pytest
import pytest_twisted
from twisted.internet.testing import StringTransport
from twisted.internet.threads import deferToThread

from simulators.phone import terminal
from simulators.phone.control_port import PhonePort
from simulators.smsc.smsc import Smsc
from tests.simulators.conftest import Connect
from tests.simulators.esme import Esme
from tests.simulators.phone_in_terminal import Dial


async def answer(peer: Esme, *texts: str) -> bytes:
    """A gateway that answers one MO with these messages; the MO's text."""
    mo = await peer.take()
    for text in texts:
        octets = text.encode("utf-16-be")
        await peer.submit(octets, to=mo.source_addr.decode(), data_coding=8)
    written: bytes = mo.short_message
    return written


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_one_text_is_sent_and_its_answer_printed(
    smsc: Smsc, esme: Connect, demo: Dial, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the sender; every message of the answer; status 0."""
    peer = await esme(smsc)
    done = demo.run("--number", "13800138002", "sms", "YE")
    assert await answer(peer, "第一条", "第二条") == b"YE"
    assert await done == 0
    said = capsys.readouterr().out
    assert "10086 → 13800138002\n第一条" in said
    assert "第二条" in said


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_a_text_with_spaces_is_sent_whole(smsc: Smsc, esme: Connect, demo: Dial) -> None:
    """No quotes needed."""
    peer = await esme(smsc)
    done = demo.run("sms", "MMXG", "123456", "739204")
    assert await answer(peer, "好") == b"MMXG 123456 739204"
    assert await done == 0


@pytest_twisted.ensureDeferred
async def test_without_an_answer_the_status_is_1(
    smsc: Smsc, esme: Connect, demo: Dial, capsys: pytest.CaptureFixture[str]
) -> None:
    """And a sentence."""
    peer = await esme(smsc)
    done = demo.run("--timeout", "0.5", "sms", "YE")
    await peer.take()
    assert await done == 1
    assert capsys.readouterr().err == "No answer within 0.5 s.\n"


@pytest_twisted.ensureDeferred
async def test_without_a_gateway_the_phone_says_so(
    demo: Dial, capsys: pytest.CaptureFixture[str]
) -> None:
    """The network keeps the message."""
    assert await demo.run("--timeout", "0.1", "sms", "YE") == 1
    assert "is the gateway bound?" in capsys.readouterr().err


def test_without_a_demo_the_phone_says_so(
    free_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """And how to start one."""
    assert terminal.main(["--at", f"127.0.0.1:{free_port}", "sms", "YE"]) == 1
    assert f"No demo answers at 127.0.0.1:{free_port}" in capsys.readouterr().err


@pytest.mark.slow
@pytest_twisted.ensureDeferred
async def test_lines_without_a_terminal_are_done_one_by_one(
    smsc: Smsc,
    esme: Connect,
    demo: Dial,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Other numbers, other services, and what this demo cannot do."""
    said = ["number 13800138003\n", "to 10010\n", "sms YE\n", "call 10086\n", "what\n", "quit\n"]
    monkeypatch.setattr("sys.stdin", Script(said))
    peer = await esme(smsc)
    done = demo.run()
    mo = await peer.take()
    assert (mo.source_addr, mo.destination_addr) == (b"8613800138003", b"10010")
    await peer.submit("好".encode("utf-16-be"), to="8613800138003", data_coding=8)
    assert await done == 0
    out = capsys.readouterr().out
    assert "好" in out
    assert "no line for `call` yet" in out
    assert "sms TEXT" in out


@pytest_twisted.ensureDeferred
async def test_a_refused_message_is_told(
    smsc: Smsc, esme: Connect, demo: Dial, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the status's name."""
    peer = await esme(smsc)
    done = demo.run("--timeout", "0.5", "sms", "YE")
    await peer.take(0x65)
    assert await done == 1
    assert "ESME_RX_P_APPN" in capsys.readouterr().out


@pytest_twisted.ensureDeferred
async def test_a_phone_hears_its_own_messages_only(
    smsc: Smsc, esme: Connect, demo: Dial, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the simulator forgets a phone that is gone."""
    peer = await esme(smsc)
    done = demo.run("--timeout", "0.5", "sms", "YE")
    await peer.take()
    await peer.submit(b"for another", to="13800138009")
    assert await done == 1
    assert "for another" not in capsys.readouterr().out
    await peer.submit(b"later")


@pytest_twisted.ensureDeferred
async def test_faults_are_set_and_mended_from_outside(smsc: Smsc, demo: Dial) -> None:
    """Over the same port; nonsense is answered, not fatal."""

    def talk() -> list[dict[str, object]]:
        line = terminal.SimulatorConnection(demo.at)
        heard = []
        for do, fields in (
            ("fault", {"set": ["throttle=3", "split"]}),
            ("fault", {"set": ["nonsense=1"]}),
            ("mend", {}),
            ("fly", {}),
        ):
            line.say(do, **fields)
            heard.append(line.hear(5) or {})
        line.close()
        return heard

    set_, nonsense, mended, fly = await deferToThread(talk)
    assert set_ == {"event": "faults", "set": ["throttle=3", "split"]}
    assert "nonsense is no fault" in str(nonsense["text"])
    assert mended == {"event": "faults", "set": []}
    assert fly["event"] == "error"
    assert not smsc.faults.split


def test_every_event_is_one_line_of_json() -> None:
    """Chinese as it is."""
    control = PhonePort({"echo": lambda asked, say: say({"text": asked["text"]})}).buildProtocol(
        None
    )
    transport = StringTransport()
    control.makeConnection(transport)
    control.dataReceived('{"do": "echo", "text": "余额"}\n{"do": "hello"}\nno json\n'.encode())
    echo, hello, error = transport.value().decode().splitlines()
    assert json.loads(echo) == {"text": "余额"}
    assert json.loads(hello) == {"event": "hello", "can": ["echo"]}
    assert json.loads(error)["event"] == "error"


class Script:
    """Standing in for a pipe."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def isatty(self) -> bool:
        return False

    def __iter__(self):
        return iter(self._lines)
