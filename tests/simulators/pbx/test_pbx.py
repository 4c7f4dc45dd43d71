"""The simulated exchange, spoken to by asterisk-ami's client: somebody who knows nothing of us."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from queue import Queue
from threading import Event as Flag
from typing import Any
from urllib.parse import unquote

import pytest
import pytest_twisted
from asterisk.ami import Action, AMIClient, Event
from twisted.internet.threads import deferToThread

from simulators.pbx.pbx import Pbx

# asterisk-ami calls a method by a name that Python has deprecated
pytestmark = pytest.mark.filterwarnings("ignore:notifyAll:DeprecationWarning")

PATIENCE = 5.0  # seconds that a test waits for anything


class Peer:
    """asterisk-ami's client in its thread, and what it has heard. Waits in threads only."""

    def __init__(self, port: int) -> None:
        self.events: Queue[Event] = Queue()
        self.lost = Flag()
        self._client = AMIClient("127.0.0.1", port, timeout=PATIENCE)
        self._client.add_event_listener(lambda event, **_: self.events.put(event))
        self._client.add_listener(on_disconnect=lambda **_: self.lost.set())

    def login(self, secret: str = "secret") -> Any:
        return self._client.login("hallgate", secret).response

    def act(self, name: str, **keys: str) -> Any:
        return self._client.send_action(Action(name, keys)).response

    def agi(self, channel: str, command: str) -> str:
        """Runs a command; its result."""
        assert self.act("AGI", Channel=channel, Command=command, CommandID=command).status == (
            "Success"
        )
        event = self.next("AsyncAGIExec")
        assert event["CommandId"] == command
        return unquote(event["Result"]).strip()

    def next(self, name: str) -> Event:
        while (event := self.events.get(timeout=PATIENCE)).name != name:
            pass
        return event

    def close(self) -> None:
        self._client.disconnect()


@pytest.fixture
def reactor() -> Any:
    from twisted.internet import reactor as installed

    return installed


@pytest.fixture
def pbx(reactor) -> Iterator[Pbx]:
    pbx = Pbx(reactor, {"hallgate": "secret"}, sounds=lambda sound: 0.01)
    pbx.listen(reactor)
    yield pbx
    pytest_twisted.blockon(pbx.stop())


@pytest.fixture
def peer(pbx) -> Iterator[Peer]:
    peer = Peer(pbx.port)
    yield peer
    pbx.cut()  # its thread sits in a read that nothing else ends
    pytest_twisted.blockon(deferToThread(peer.close))


async def login(peer: Peer, secret: str = "secret") -> str:
    response = await deferToThread(peer.login, secret)
    return str(response.status)


@pytest_twisted.ensureDeferred
async def test_a_foreign_client_logs_in(pbx, peer):
    """Banner, login, ping, goodbye, as it expects them."""
    assert await login(peer) == "Success"
    pong = await deferToThread(peer.act, "Ping")
    assert pong.keys["Ping"] == "Pong"
    goodbye = await deferToThread(peer.act, "Logoff")
    assert goodbye.status == "Goodbye"


@pytest_twisted.ensureDeferred
async def test_a_foreign_client_with_a_wrong_secret_is_refused(pbx, peer):
    """And is told so."""
    assert await login(peer, "wrong") == "Error"


@pytest_twisted.ensureDeferred
async def test_a_foreign_client_serves_a_call(pbx, peer):
    """Start, commands, a key, the end: the whole of AsyncAGI."""
    await login(peer)
    channel = pbx.call("10086", "13800138001")
    start = await deferToThread(peer.next, "AsyncAGIStart")
    assert start["CallerIDNum"] == "13800138001"
    assert "agi_extension: 10086" in unquote(start["Env"])
    name = start["Channel"]
    assert await deferToThread(peer.agi, name, "ANSWER") == "200 result=0"
    assert await deferToThread(peer.agi, name, 'SET VARIABLE X "a (b)"') == "200 result=1"
    assert await deferToThread(peer.agi, name, "GET VARIABLE X") == "200 result=1 (a (b))"
    assert await deferToThread(peer.agi, name, "GET VARIABLE Y") == "200 result=0"
    assert await deferToThread(peer.agi, name, "NONSENSE") == "510 Invalid or unknown command"
    assert await deferToThread(peer.agi, name, "EXEC NoSuch") == "200 result=-2"
    pbx.press(channel, "5")
    reading = deferToThread(peer.agi, name, "GET DATA menu 2000 1")
    await heard(pbx, channel)
    pbx.press(channel, "7")
    assert await reading == "200 result=7"
    channel.hang_up()
    assert (await deferToThread(peer.next, "AsyncAGIEnd"))["Channel"] == name
    assert (await deferToThread(peer.next, "Hangup"))["Cause"] == "16"


async def heard(pbx: Pbx, channel: Any) -> None:
    """Until the caller has heard something."""
    while not channel.said:
        await deferToThread(Flag().wait, 0.01)


@pytest_twisted.ensureDeferred
async def test_a_missing_sound_ends_a_session_of_stream_file(reactor, pbx, peer):
    """As Asterisk has it; the call comes back by its dialplan."""
    pbx.missing.add("gone")
    await login(peer)
    pbx.call()
    name = (await deferToThread(peer.next, "AsyncAGIStart"))["Channel"]
    result = await deferToThread(peer.agi, name, 'STREAM FILE gone ""')
    assert result == "200 result=-1 endpos=0"
    await deferToThread(peer.next, "AsyncAGIEnd")


@pytest_twisted.ensureDeferred
async def test_commands_for_nobody_are_refused(pbx, peer):
    """There is no such channel."""
    await login(peer)
    response = await deferToThread(peer.act, "AGI", Channel="PJSIP/none", Command="ANSWER")
    assert response.status == "Error"
    assert "does not exist" in response.keys["Message"]


@pytest_twisted.ensureDeferred
async def test_a_cut_is_a_cut(pbx, peer):
    """The client sees its connection break; the call is still there."""
    await login(peer)
    channel = pbx.call()
    pbx.cut()
    assert await deferToThread(peer.lost.wait, PATIENCE)
    assert not channel.ended


@pytest.mark.slow
def test_it_runs_on_its_own(free_port):
    """`python -m simulators.pbx` serves, and takes calls from its standard input."""
    run = subprocess.Popen(
        [sys.executable, "-m", "simulators.pbx", "--port", str(free_port)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    client = Peer(free_port)
    try:
        assert run.stdin is not None
        assert run.stdout is not None
        assert str(free_port) in run.stdout.readline()
        assert client.login().status == "Success"
        run.stdin.write("call 10086 13800138001\n")
        run.stdin.flush()
        name = client.next("AsyncAGIStart")["Channel"]
        client.agi(name, 'EXEC Playback "balance"')
        assert run.stdout.readline() == "13800138001 ♪ [balance]\n"
    finally:
        run.terminate()
        run.communicate(timeout=10)
        client.close()
