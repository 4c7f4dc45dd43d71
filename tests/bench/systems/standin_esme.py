"""A stand-in for the system under test: an ESME without a store, faulty on demand.

It shows how fast the driver itself is, and lets the driver's counting be tested. Its bytes
are packed here once more, so that the driver is not held against its own hand.
"""

from __future__ import annotations

import argparse
import itertools
import select
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

HEADER = struct.Struct(">4I")
REPLY = "【中国移动】尊敬的客户，您好：您的话费余额为六十六元六角整，感谢您的使用，再见。"
REPLY_UCS2 = REPLY.encode("utf-16-be")
RECEIVER, TRANSMITTER, TRANSCEIVER = 1, 2, 9
RMSGQFUL = 0x14
CHUNK = 262_144


@dataclass(frozen=True, slots=True)
class Faults:
    """Every n-th MO (counted from 1) meets the fault; 0 is never."""

    refuse: int = 0
    status: int = RMSGQFUL
    drop: int = 0
    double: int = 0
    leave: int = 0  # hang up after so many
    parts: int = 1  # so many submit_sm for each reply
    prefix: bytes = b""  # before the subscriber's number


@dataclass(slots=True)
class StandIn:
    """Bytes of MOs in, bytes of responses and of replies out."""

    faults: Faults = field(default_factory=Faults)
    seen: int = 0
    _rest: bytes = b""
    _sequence: Iterator[int] = field(default_factory=lambda: itertools.count(2))

    def bind(self, command: int) -> bytes:
        body = b"bench\0secret\0\0\x34\0\0\0"
        return HEADER.pack(16 + len(body), command, 0, 1) + body

    def receive(self, chunk: bytes) -> tuple[bytes, bytes]:
        data = self._rest + chunk
        responses: list[bytes] = []
        replies: list[bytes] = []
        at, end = 0, len(data)
        while end - at >= 16:
            length, command, _, sequence = HEADER.unpack_from(data, at)
            if end - at < length:
                break
            if command == 5:
                self._serve(data, at, sequence, responses, replies)
            at += length
        self._rest = data[at:]
        return b"".join(responses), b"".join(replies)

    def _serve(
        self, data: bytes, at: int, sequence: int, responses: list[bytes], replies: list[bytes]
    ) -> None:
        self.seen += 1
        refused = self._hit(self.faults.refuse)
        status = self.faults.status if refused else 0
        responses.append(HEADER.pack(17, 0x80000005, status, sequence) + b"\0")
        if refused or self._hit(self.faults.drop):
            return
        start = data.index(0, at + 16) + 3
        subscriber = self.faults.prefix + data[start : data.index(0, start)]
        self._reply(subscriber, replies)
        if self._hit(self.faults.double):
            self._reply(subscriber, replies)

    def _hit(self, every: int) -> bool:
        return every > 0 and self.seen % every == 0

    def _reply(self, subscriber: bytes, replies: list[bytes]) -> None:
        total = self.faults.parts
        if total == 1:
            replies.append(self._submit(subscriber, 0, REPLY_UCS2))
            return
        # parts may come in any order
        for number in range(total, 0, -1):
            udh = bytes((5, 0, 3, self.seen & 0xFF, total, number))
            replies.append(self._submit(subscriber, 0x40, udh + REPLY_UCS2))

    def _submit(self, subscriber: bytes, esm_class: int, text: bytes) -> bytes:
        after = bytes((0, esm_class, 0, 0, 0, 0, 0, 0, 8, 0, len(text)))
        body = b"\0\x00\x0110086\0\x02\x01" + subscriber + after + text
        return HEADER.pack(16 + len(body), 4, 0, next(self._sequence)) + body


def connect(port: int) -> socket.socket:
    link = socket.create_connection(("127.0.0.1", port))
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return link


def serve(port: int, stand_in: StandIn) -> None:
    """Bind as a transceiver and answer until the driver hangs up."""
    with connect(port) as link:
        link.sendall(stand_in.bind(TRANSCEIVER))
        while chunk := _read(link):
            responses, replies = stand_in.receive(chunk)
            link.sendall(responses + replies)
            if 0 < stand_in.faults.leave <= stand_in.seen:
                return


def serve_apart(port: int, stand_in: StandIn) -> None:
    """The same as a receiver and a transmitter."""
    with connect(port) as receiver, connect(port) as transmitter:
        receiver.sendall(stand_in.bind(RECEIVER))
        transmitter.sendall(stand_in.bind(TRANSMITTER))
        while True:
            for ready in select.select([receiver, transmitter], [], [])[0]:
                chunk = _read(ready)
                if not chunk:
                    return
                if ready is receiver:
                    responses, replies = stand_in.receive(chunk)
                    receiver.sendall(responses)
                    transmitter.sendall(replies)


def _read(link: socket.socket) -> bytes:
    try:
        return link.recv(CHUNK)
    except ConnectionError:
        return b""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.systems.standin_esme", description=__doc__
    )
    parser.add_argument("port", type=int)
    serve(parser.parse_args().port, StandIn())
    return 0


if __name__ == "__main__":
    sys.exit(main())
