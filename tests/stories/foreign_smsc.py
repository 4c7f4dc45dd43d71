"""An SMSC of nobody we know: sockets and the bytes of SMPP 3.4 §4, no code of ours or of our
simulators. It takes what is submitted, and remembers when and for whom."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import Final

HEADER: Final = struct.Struct(">IIII")  # length, command, status, sequence number (§3.2)
RESPONSE: Final = 0x80000000
BINDS: Final = (0x1, 0x2, 0x9)
SUBMIT: Final = 0x4


class ForeignSmsc:
    def __init__(self) -> None:
        self.taken: list[tuple[float, str]] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def numbers(self) -> Counter[str]:
        return Counter(number for _, number in list(self.taken))

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        with suppress(OSError), link, link.makefile("rb") as octets:  # until the other side goes
            while len(header := octets.read(HEADER.size)) == HEADER.size:
                length, command, _, sequence = HEADER.unpack(header)
                body = octets.read(length - HEADER.size)
                if not command & RESPONSE:
                    link.sendall(self._answer(command, sequence, body))

    def _answer(self, command: int, sequence: int, body: bytes) -> bytes:
        told = b""
        if command in BINDS:
            told = b"foreign\0"
        elif command == SUBMIT:
            self.taken.append((time.monotonic(), _destination(body)))
            told = b"%x\0" % len(self.taken)
        return HEADER.pack(HEADER.size + len(told), command | RESPONSE, 0, sequence) + told


def _destination(body: bytes) -> str:
    """§4.4.1: service_type, the source (TON, NPI, address), the destination (TON, NPI, address)."""
    after_type = body.index(b"\0") + 1
    source_ends = body.index(b"\0", after_type + 2)
    begins = source_ends + 3
    return body[begins : body.index(b"\0", begins)].decode()[-11:]
