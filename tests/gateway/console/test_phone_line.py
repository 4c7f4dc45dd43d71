"""The phone of the simulated network, with a network that says what the test wants."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from threading import Thread

import pytest

from gateway.console.phone_line import HeldPhone

PHONE = "13800138001"


@pytest.fixture
def network() -> Iterator[tuple[socket.socket, HeldPhone]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        taken: list[socket.socket] = []
        answering = Thread(target=lambda: taken.append(listening.accept()[0]))
        answering.start()
        phone = HeldPhone(f"127.0.0.1:{listening.getsockname()[1]}", PHONE, lambda: 0.0)
        answering.join(20)
        yield taken[0], phone
        phone.close()
        taken[0].close()


def until(over: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not over():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_what_is_heard_has_its_sounds_and_a_place(
    network: tuple[socket.socket, HeldPhone],
) -> None:
    wire, phone = network
    sounds = [["/var/sounds/zh/p/7a", "话费账单请按1。"]]
    for event in (
        {"event": "message", "text": "您好", "from": "10086"},
        {"event": "heard", "text": "话费账单请按1。", "sounds": sounds},
        {"event": "heard", "text": "没有声音的。"},
        {"event": "over"},
    ):
        wire.sendall(json.dumps(event).encode() + b"\n")
    wire.shutdown(socket.SHUT_WR)
    until(lambda: phone.gone)
    assert [(one.place, one.what, one.sounds) for one in phone.events()] == [
        (1, "got", ()), (2, "heard", (("/var/sounds/zh/p/7a", "话费账单请按1。"),)),
        (3, "heard", ()), (4, "told", ()),
    ]  # fmt: skip
    assert phone.gone
