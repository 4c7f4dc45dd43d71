"""A stand-in for the system under test: an ESME without a store, faulty on demand.

It shows how fast the driver itself is, and lets the driver's counting be tested. Its bytes
are packed here once more, so that the driver is not held against its own hand.
"""

from __future__ import annotations

import argparse
import itertools
import socket
import struct
import sys
from dataclasses import dataclass, field

HEADER = struct.Struct(">4I")
REPLY = "【中国移动】尊敬的客户，您好：您的话费余额为六十六元六角整，感谢您的使用，再见。"
RMSGQFUL = 0x14


@dataclass(frozen=True, slots=True)
class Faults:
    """Every n-th MO (counted from 1) meets the fault; 0 is never."""

    refuse: int = 0
    status: int = RMSGQFUL
    drop: int = 0
    double: int = 0
    parts: int = 1  # so many submit_sm for each reply


@dataclass(slots=True)
class StandIn:
    """Bytes of MOs in, bytes of responses and replies out."""

    faults: Faults = field(default_factory=Faults)
    _rest: bytes = b""
    _seen: int = 0
    _sequence: itertools.count[int] = field(default_factory=lambda: itertools.count(2))

    def bind(self, command: int = 9) -> bytes:
        body = b"bench\0secret\0\0\x34\0\0\0"
        return HEADER.pack(16 + len(body), command, 0, 1) + body

    def receive(self, chunk: bytes) -> bytes:
        data = self._rest + chunk
        out: list[bytes] = []
        at, end = 0, len(data)
        while end - at >= 16:
            length, command, _, sequence = HEADER.unpack_from(data, at)
            if end - at < length:
                break
            if command == 5:
                self._serve(data, at, sequence, out)
            at += length
        self._rest = data[at:]
        return b"".join(out)

    def _serve(self, data: bytes, at: int, sequence: int, out: list[bytes]) -> None:
        self._seen += 1
        faults = self.faults
        if _hit(faults.refuse, self._seen):
            out.append(HEADER.pack(17, 0x80000005, faults.status, sequence) + b"\0")
            return
        out.append(HEADER.pack(17, 0x80000005, 0, sequence) + b"\0")
        if _hit(faults.drop, self._seen):
            return
        start = data.index(0, at + 16) + 3
        subscriber = data[start : data.index(0, start)]
        self._reply(subscriber, out)
        if _hit(faults.double, self._seen):
            self._reply(subscriber, out)

    def _reply(self, subscriber: bytes, out: list[bytes]) -> None:
        total = self.faults.parts
        if total == 1:
            out.append(self._submit(subscriber, 0, REPLY_UCS2))
            return
        # parts may come in any order
        for number in range(total, 0, -1):
            udh = bytes((5, 0, 3, self._seen & 0xFF, total, number))
            out.append(self._submit(subscriber, 0x40, udh + REPLY_UCS2))

    def _submit(self, subscriber: bytes, esm_class: int, text: bytes) -> bytes:
        body = b"".join(
            (
                b"\0\x00\x0110086\0\x02\x01",
                subscriber,
                bytes((0, esm_class, 0, 0, 0, 0, 0, 0, 8, 0, len(text))),
                text,
            )
        )
        return HEADER.pack(16 + len(body), 4, 0, next(self._sequence)) + body


REPLY_UCS2 = REPLY.encode("utf-16-be")


def _hit(every: int, count: int) -> bool:
    return every > 0 and count % every == 0


def serve(port: int, stand_in: StandIn) -> None:
    """Bind to the driver and answer until it hangs up."""
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.sendall(stand_in.bind())
        while chunk := link.recv(262_144):
            link.sendall(stand_in.receive(chunk))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.esme", description=__doc__)
    parser.add_argument("port", type=int)
    serve(parser.parse_args().port, StandIn())
    return 0


if __name__ == "__main__":
    sys.exit(main())
