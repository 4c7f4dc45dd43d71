"""One bound ESME: a socket, the bytes still to write, and the PDUs it has sent whole."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from simulators.load.packed_pdus import HEADER, LONGEST_PDU, MalformedSubmit

CHUNK = 262_144
SEND_BUFFER = 65_536


class EsmeDisconnected(ConnectionError):
    """The ESME closed its connection while a load was running."""


class EsmeSocket:
    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        # small PDUs both ways: Nagle's waiting for acknowledgements would be measured as theirs
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # a deep buffer would be full of MOs already when the first of them is refused
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.socket = sock
        self.out = bytearray()
        self.takes_mo = False
        self.gives_mt = False
        self._rest = b""

    def fileno(self) -> int:
        return self.socket.fileno()

    def flush(self) -> None:
        """Write as much as the socket takes now."""
        if not self.out:
            return
        try:
            written = self.socket.send(self.out)
        except BlockingIOError:
            return
        except OSError as error:
            raise EsmeDisconnected("the ESME's connection broke while writing") from error
        del self.out[:written]

    def read(self) -> Iterator[tuple[int, int, int, bytes, int, int]]:
        """Each whole PDU that has arrived: command, status, sequence, and where it stands."""
        try:
            chunk = self.socket.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            raise EsmeDisconnected("the ESME's connection broke while reading") from error
        if not chunk:
            raise EsmeDisconnected("the ESME closed its connection")
        data = self._rest + chunk if self._rest else chunk
        at, end = 0, len(data)
        while end - at >= 16:
            length, command, status, sequence = HEADER.unpack_from(data, at)
            if not 16 <= length <= LONGEST_PDU:
                raise MalformedSubmit(f"command_length {length}: framing is lost")
            if end - at < length:
                break
            yield command, status, sequence, data, at, at + length
            at += length
        self._rest = data[at:]

    def close(self) -> None:
        self.socket.close()
