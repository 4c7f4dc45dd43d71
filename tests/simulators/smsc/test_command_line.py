"""The simulator and the phone as people start them: two processes, a terminal, TLS."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_twisted
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from twisted.internet.protocol import ClientCreator
from twisted.internet.ssl import ClientContextFactory
from twisted.internet.threads import deferToThread

from simulators.smsc import command_line as command
from simulators.smsc.smsc import Smsc
from tests.simulators.conftest import Connect
from tests.simulators.esme import Esme

SAID = re.compile(r"SMSC on 127\.0\.0\.1:(\d+), phones on 127\.0\.0\.1:(\d+)")


@dataclass
class Standalone:
    """A running `python -m simulators.smsc`."""

    process: subprocess.Popen[str]
    port: int
    control: str


def start(*argv: str) -> Standalone:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "simulators.smsc",
            "--port",
            "0",
            "--control",
            "0",
            *argv,
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = SAID.match(process.stdout.readline())
    assert said is not None
    return Standalone(process, int(said[1]), f"127.0.0.1:{said[2]}")


@pytest_twisted.async_yield_fixture
async def standalone() -> AsyncIterator[Standalone]:
    """One with a fault set."""
    one = await deferToThread(start, "--fault", "throttle=1", "--account", "me:pw")
    yield one
    one.process.send_signal(signal.SIGTERM)
    assert await deferToThread(one.process.wait) == 0
    assert one.process.stdout is not None
    one.process.stdout.close()


@pytest_twisted.ensureDeferred
async def test_the_simulator_runs_by_itself_and_a_phone_in_a_terminal_uses_it(
    standalone: Standalone, esme: Connect
) -> None:
    """Account and fault as asked for; the prompt sends, and shows what comes."""
    peer = await esme(standalone.port, user="me", password="pw")
    terminal, phone = in_a_terminal("simulators.phone", "--at", standalone.control)
    os.write(terminal, b"sms YE\n")
    mo = await peer.take()
    assert mo.short_message == b"YE"
    assert (await peer.submit(to="13800138001")).status == 0x58
    assert (await peer.submit("余额56.80元".encode("utf-16-be"), data_coding=8)).status == 0
    screen = await deferToThread(read_until, terminal, "余额56.80元".encode())
    os.write(terminal, b"quit\n")
    assert await deferToThread(phone.wait) == 0
    os.close(terminal)
    assert b"10086 \xe2\x86\x92 13800138001" in screen


def test_a_fault_nobody_knows_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything starts."""
    assert command.main(["--fault", "gremlins"]) == 2
    assert "gremlins is no fault" in capsys.readouterr().err


def test_a_port_in_use_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """And the status is 1."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command.main(["--port", str(port), "--control", "0"]) == 1
    assert f"127.0.0.1:{port} cannot be used: " in capsys.readouterr().err


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    """Under the name the caller gives."""
    with pytest.raises(SystemExit):
        command.main(["--help"], prog="hallgate simulate smsc")
    assert "hallgate simulate smsc --chaos 7" in capsys.readouterr().out


@pytest_twisted.ensureDeferred
async def test_esmes_bind_over_tls(tmp_path: Path, smsc: Smsc, esme: Connect) -> None:
    """With whatever certificate the SMSC was given."""
    from twisted.internet import reactor

    await smsc.deafen()
    both = certificate(tmp_path)
    smsc.listen(tls=command.tls(str(both), None))
    creator = ClientCreator(reactor, Esme, reactor)
    peer: Esme = await creator.connectSSL("127.0.0.1", smsc.port, ClientContextFactory())
    assert (await peer.bind()).status == 0
    smsc.send("13800138001", "YE")
    await peer.take()
    await peer.leave()


def in_a_terminal(*module: str) -> tuple[int, subprocess.Popen[bytes]]:
    """The near end of a terminal, and the module that runs in it."""
    near, far = pty.openpty()
    command = [sys.executable, "-m", *module]
    process = subprocess.Popen(command, stdin=far, stdout=far, stderr=far)
    os.close(far)
    return near, process


def read_until(terminal: int, wanted: bytes) -> bytes:
    """All that was shown until the wanted appeared."""
    shown = b""
    while wanted not in shown:
        assert select.select([terminal], [], [], 10)[0], f"only {shown!r}"
        shown += os.read(terminal, 4096)
    return shown


def certificate(folder: Path) -> Path:
    """A key and a certificate for it, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "smsc.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return file
