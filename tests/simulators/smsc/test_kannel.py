"""A foreign ESME on the simulated SMSC: Kannel binds, answers a subscriber, and takes receipts."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
import pytest_twisted
from twisted.internet.threads import deferToThread

from simulators.smsc.smsc import Smsc
from tests.bench.host.processes import listens
from tests.packages import KANNEL, Missing
from tests.server import Server, free_port
from tests.services import lesser_user
from tests.simulators.conftest import Build, until

pytestmark = pytest.mark.service

CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = bar
smsbox-port = {box}
box-allow-ip = 127.0.0.1
dlr-storage = internal
log-level = 1

{links}
group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
log-level = 1

group = sms-service
keyword = YE
text = "Your balance is 56.80 yuan"

group = sendsms-user
username = foo
password = bar
concatenation = true
max-messages = 9
"""

LINK = """
group = smsc
smsc = smpp
smsc-id = simulator
host = 127.0.0.1
smsc-username = hallgate
smsc-password = secret
system-type = ""
interface-version = {version}
reconnect-delay = 1
enquire-link-interval = 1
msg-id-type = 0x03
{mode}
"""
TRANSCEIVER = "port = {port}\ntransceiver-mode = true"
TRANSMITTER = "port = {port}"
RECEIVER = "receive-port = {port}"


class Kannel:
    """bearerbox and smsbox, bound to one SMSC."""

    def __init__(self, port: int, version: int, modes: Sequence[str]) -> None:
        program = KANNEL.require()
        # asked politely, they would take ten seconds to go
        self.bearerbox = Server("bearerbox", user=lesser_user(), farewell=signal.SIGKILL)
        self.smsbox = Server("smsbox", user=lesser_user(), farewell=signal.SIGKILL)
        self.sendsms = free_port()
        self._programs = (program, program.with_name("smsbox"))
        self._ports = {"admin": self.bearerbox.port, "box": free_port(), "sendsms": self.sendsms}
        self._configuration = self.bearerbox.folder / "kannel.conf"
        links = "".join(LINK.format(version=version, mode=mode.format(port=port)) for mode in modes)
        self._configuration.write_text(CONFIGURATION.format(links=links, **self._ports))

    def start(self) -> None:
        bearerbox, smsbox = ([str(each), str(self._configuration)] for each in self._programs)
        self.bearerbox.start(bearerbox, lambda: listens(self._ports["box"]))
        self.smsbox.start(smsbox, lambda: listens(self.sendsms))

    def send(self, to: str, text: str) -> None:
        """An MT in UCS-2 that asks for a receipt of success and of failure."""
        asked = {
            "username": "foo", "password": "bar", "from": "10086", "to": to, "text": text,
            "coding": 2, "charset": "UTF-8", "dlr-mask": 3, "dlr-url": "http://127.0.0.1:9/",
        }  # fmt: skip
        with urlopen(f"http://127.0.0.1:{self.sendsms}/cgi-bin/sendsms?{urlencode(asked)}") as page:
            assert page.status == 202

    def stop(self) -> None:
        self.smsbox.stop()
        self.bearerbox.stop()


Start = Callable[..., Awaitable[Kannel]]


@pytest_twisted.async_yield_fixture
async def kannel() -> AsyncIterator[Start]:
    """Starts Kannel on an SMSC; fails, saying what to install, where there is none."""
    running: list[Kannel] = []

    async def start(smsc: Smsc, version: int, modes: Sequence[str]) -> Kannel:
        try:
            one = Kannel(smsc.port, version, modes)
        except Missing as missing:
            pytest.fail(str(missing), pytrace=False)
        running.append(one)
        await deferToThread(one.start)
        return one

    yield start
    for one in running:
        await deferToThread(one.stop)


@pytest.mark.parametrize(
    ("version", "modes", "binds"),
    [
        (34, [TRANSCEIVER], {"bind_transceiver"}),
        (33, [TRANSMITTER, RECEIVER], {"bind_transmitter", "bind_receiver"}),
    ],
)
@pytest_twisted.ensureDeferred
async def test_kannel_answers_a_subscriber(
    build: Build, kannel: Start, version: int, modes: list[str], binds: set[str]
) -> None:
    """A text, its reply; then a long message in Chinese with receipts; and signs of life."""
    smsc = build(ids="decimal")
    foreign = await kannel(smsc, version, modes)
    await until(lambda: {link.bound_as for link in smsc.links} == binds)
    phone = smsc.phone("13800138001")

    sent = smsc.send("13800138001", "YE")
    assert (await phone.next(20)).text == "Your balance is 56.80 yuan"
    assert await sent.settled() == 0

    await deferToThread(foreign.send, "8613800138001", "查" * 100)
    assert (await phone.next(20)).text == "查" * 100
    await smsc.quiet()
    asked = [mt for mt in smsc.audit.mts if mt.message.registered_delivery]
    assert asked
    assert [mo.outcome for mo in smsc.audit.receipts()] == [0] * len(asked)

    await until(lambda: smsc.audit.counts["out enquire_link_resp"] > 0)
    assert smsc.audit.garbled == []
