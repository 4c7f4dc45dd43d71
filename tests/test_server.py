"""Servers of the tests live exactly as long as the tests, and say why when they do not."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server import NotReady, Server, free_port

# What a killed test run leaves to the guard: a server in a folder of its own.
OWNER = """
import signal, sys
from tests.server import Server
server = Server("owner", user="", farewell=signal.SIGTERM)
server.start(["sleep", "1000"], lambda: True)
print(server.guard_pid, server.pid, server.folder, flush=True)
sys.stdin.read()
"""


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_a_server_goes_when_its_tests_are_killed() -> None:
    """Even `kill -9` of the test run leaves no server and no folder behind."""
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    guard, server, folder = owner.stdout.readline().split()
    watch = select.poll()
    watch.register(os.pidfd_open(int(guard)), select.POLLIN)
    assert alive(int(server))

    owner.kill()
    owner.communicate()

    assert watch.poll(10_000), "the guard is still there"
    assert not alive(int(server))
    assert not Path(folder).exists()


def test_a_server_that_stops_leaves_no_folder() -> None:
    """A test run that ends in good order leaves nothing in the temporary folder."""
    server = Server("tidy", user="", farewell=signal.SIGTERM)
    server.start(["sleep", "1000"], lambda: True)
    server.stop()
    assert not alive(server.pid)
    assert not server.folder.exists()


def test_what_a_server_began_ends_with_it() -> None:
    """Though it was killed before it could see to that, and though that stands still."""
    server = Server("orphans", user="", farewell=signal.SIGKILL)
    begun = server.folder / "begun"
    words = f"setsid sleep 1000 & echo $! > {begun}.new; mv {begun}.new {begun}; wait"
    server.start(["sh", "-c", words], begun.exists)
    orphan = int(begun.read_text())
    os.kill(orphan, signal.SIGSTOP)
    assert alive(orphan)
    server.stop()
    assert not alive(orphan)


def test_a_server_that_ends_at_once_is_quoted() -> None:
    """The reason why a server did not come up is in the failure, not in a lost file."""
    server = Server("sick", user="", farewell=signal.SIGTERM)
    try:
        with pytest.raises(NotReady, match="no memory left"):
            server.start(["sh", "-c", "echo no memory left; exit 1"], lambda: False)
    finally:
        server.stop()


def test_a_free_port_can_be_listened_on() -> None:
    """Nobody holds the port, and the kernel will not hand it to an outgoing connection."""
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
        assert port < lowest
