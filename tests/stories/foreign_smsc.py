"""An SMSC of nobody we know: sockets and the bytes of SMPP 3.4 §4, no code of ours or of our
simulators. It takes what is submitted, remembers when and for whom, and tells what became of it.
It brings what people write, again and again until somebody has taken it."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import Counter
from contextlib import suppress
from itertools import count
from typing import Final, NamedTuple

HEADER: Final = struct.Struct(">IIII")  # length, command, status, sequence number (§3.2)
RESPONSE: Final = 0x80000000
BINDS: Final = (0x1, 0x2, 0x9)
SUBMIT: Final = 0x4
DELIVER: Final = 0x5
RECEIPT: Final = 0x04  # esm_class (§5.2.12)
NATIONAL: Final = 11  # digits of a mobile number
UCS2: Final = 8  # data_coding (§5.2.19)
HEADED: Final = 0x40  # esm_class: the text begins with a header (3GPP TS 23.040 §9.2.3.24)
JOINED: Final = b"\x05\x00\x03"  # of that header: a part of a long message


class Submitted(NamedTuple):
    """`part`: from 1, `of` so many: of a long message each is told by itself. `wanted`: their SMSC
    is to tell what became of it."""

    number: str
    wanted: bool
    text: str
    part: int = 1
    of: int = 1


class ForeignSmsc:
    """Each answer leaves after `lag` seconds, so that much is on its way at a time; receipts, if
    they are wanted, as long after, and again until somebody has taken them."""

    def __init__(self, lag: float = 0.0) -> None:
        self.taken: list[tuple[float, str]] = []
        self.log: list[Submitted] = []
        self._lag = lag
        self._links: list[socket.socket] = []
        self._owed: list[bytes] = []  # receipts that nobody has got
        self._told: dict[int, tuple[socket.socket, bytes]] = {}  # that are not answered, by number
        self._sequence = count(1)
        self._one = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def numbers(self) -> Counter[str]:
        """How often each was told something."""
        return Counter(number for _, number in list(self.taken))

    def shown(self, number: str) -> list[str]:
        """What that phone has shown, each message once it is whole; parts come in order."""
        whole: list[str] = []
        words = ""
        for one in [each for each in self.log if each.number == number]:
            words = one.text if one.part == 1 else words + one.text
            if one.part == one.of:
                whole.append(words)
        return whole

    def brings(self, number: str, text: str) -> None:
        """What that phone has written."""
        words = text.encode("utf-16-be")
        self._tell(delivered(number, 0, UCS2, words))

    def owes(self) -> int:
        """How much of what it brings, messages and receipts, nobody has taken yet."""
        with self._one:
            return len(self._owed) + len(self._told)

    def hang_up(self) -> None:
        """All binds are gone at once, with whatever was on its way."""
        with self._one:
            links, self._links = self._links, []
        for link in links:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listening.close()
        self.hang_up()

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
                length, command, status, sequence = HEADER.unpack(header)
                body = octets.read(length - HEADER.size)
                if command == SUBMIT:
                    self._take(link, sequence, body)
                elif command == DELIVER | RESPONSE:
                    self._answered(sequence, status)
                elif not command & RESPONSE:
                    told = b"foreign\0" if command in BINDS else b""
                    self._write(link, pdu(command | RESPONSE, sequence, told))
                    if command in BINDS:
                        self._bound(link)
        with self._one:
            self._links = [other for other in self._links if other is not link]
            lost = [n for n, (by, _) in self._told.items() if by is link]
            again = [self._told.pop(n)[1] for n in lost]
        for body in again:
            self._tell(body)

    def _answered(self, sequence: int, status: int) -> None:
        with self._one:
            _, body = self._told.pop(sequence, (None, b""))
        if status and body:
            self._later(4 * self._lag, self._tell, body)

    def _take(self, link: socket.socket, sequence: int, body: bytes) -> None:
        what = submitted(body)
        number, wanted = what.number, what.wanted
        with self._one:
            self.taken.append((time.monotonic(), number))
            self.log.append(what)
            name = b"%x" % len(self.taken)
        answer = pdu(SUBMIT | RESPONSE, sequence, name + b"\0")
        self._later(self._lag, self._write, link, answer)
        if wanted:
            self._later(2 * self._lag, self._tell, receipt(number, name))

    def _later(self, lag: float, act: object, *facts: object) -> None:
        if not lag:
            act(*facts)  # type: ignore[operator]
            return
        timer = threading.Timer(lag, act, facts)  # type: ignore[arg-type]
        timer.daemon = True
        timer.start()

    def _bound(self, link: socket.socket) -> None:
        with self._one:
            self._links.append(link)
            owed, self._owed = self._owed, []
        for body in owed:
            self._tell(body)

    def _tell(self, body: bytes) -> None:
        with self._one:
            if not self._links:
                self._owed.append(body)
                return
            link, number = self._links[-1], next(self._sequence)
            self._told[number] = link, body
        # if it cannot be: when the end of the link is seen
        self._write(link, pdu(DELIVER, number, body))

    def _write(self, link: socket.socket, octets: bytes) -> None:
        with suppress(OSError), self._one:
            link.sendall(octets)


def pdu(command: int, sequence: int, body: bytes) -> bytes:
    return HEADER.pack(HEADER.size + len(body), command, 0, sequence) + body


def submitted(body: bytes) -> Submitted:
    """§4.4.1: service_type, the source (TON, NPI, address), the destination (TON, NPI, address),
    esm_class, protocol_id, priority_flag, two times, registered_delivery, replace_if_present_flag,
    data_coding, sm_default_msg_id, sm_length and so many octets."""
    after_type = body.index(b"\0") + 1
    begins = body.index(b"\0", after_type + 2) + 3
    ends = body.index(b"\0", begins)
    schedule = body.index(b"\0", ends + 4)
    validity = body.index(b"\0", schedule + 1)
    number, wanted = body[begins:ends].decode()[-NATIONAL:], bool(body[validity + 1] & 1)
    octets = body[validity + 6 : validity + 6 + body[validity + 5]]
    part = of = 1
    if body[ends + 1] & HEADED and octets.startswith(JOINED):
        of, part, octets = octets[4], octets[5], octets[octets[0] + 1 :]
    ucs2 = body[validity + 3] == UCS2
    return Submitted(number, wanted, octets.decode("utf-16-be" if ucs2 else "latin-1"), part, of)


def receipt(number: str, name: bytes) -> bytes:
    """That says so, as Appendix B has it."""
    text = b"id:%s sub:001 dlvrd:001 submit date:2611300000 done date:2611300000" % name
    text += b" stat:DELIVRD err:000 text:"
    return delivered(number, RECEIPT, 0, text)


def delivered(number: str, kind: int, coding: int, text: bytes) -> bytes:
    """The body of a deliver_sm (§4.6.1). `kind`: esm_class."""
    addresses = b"\0\1\1" + number.encode() + b"\0\1\1" + b"10086\0"
    return addresses + bytes((kind, 0, 0, 0, 0, 0, 0, coding, 0, len(text))) + text
