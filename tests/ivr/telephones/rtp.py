"""The sound of a call as a telephone sends and gets it: A-law in RTP, keys as events (RFC 4733)."""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final, cast

from twisted.internet.protocol import DatagramProtocol
from twisted.internet.task import LoopingCall
from twisted.internet.udp import Port

A_LAW, EVENTS = 8, 96  # payload types: RFC 3551 §6, and what our offer says
FRAME: Final = 160  # samples in 20 ms, and octets of A-law
_SILENCE: Final = b"\xd5" * FRAME
_KEYS: Final = "0123456789*#"  # in the order of their numbers (RFC 4733 §3.2)
_LOUDNESS: Final = 10  # dB below the loudest
_FRAMES: Final = 5  # in which a key is down
_GAP: Final = 4  # frames of silence after a key
_ENDS: Final = 3  # times that its end is told, should one get lost (RFC 4733 §2.5.1.4)
_END, _MARK = 0x80, 0x80


class Rtp(DatagramProtocol):
    """One end of a call's sound: silence and keys out, `hears` for each frame that comes in."""

    def __init__(self, reactor: Any, chance: Random, hears: Callable[[bytes], None]) -> None:
        self.heard = bytearray()  # all A-law octets
        self.typed: Callable[[], None] = lambda: None
        """Called when the end of a key was told."""
        self._ended = False
        self._hears = hears
        self._keys: deque[str] = deque()
        self._typing: Iterator[None] | None = None
        self._number, self._time = chance.getrandbits(15), chance.getrandbits(30)
        self._source = chance.getrandbits(32)
        self._there: tuple[str, int] | None = None
        self._ticking = LoopingCall(self._tick)
        self._ticking.clock = reactor
        self._port = cast(Port, reactor.listenUDP(0, self, interface="127.0.0.1"))
        self.port: int = self._port.getHost().port

    def begin(self, host: str, port: int) -> None:
        """To there, every 20 ms."""
        self._there = host, port
        self._ticking.start(0.02)

    def press(self, keys: str) -> None:
        """One after the other, as soon as those before are done."""
        self._keys += keys

    def burst(self, keys: str) -> None:
        """All their packets at once, as those that were held up on the way."""
        for key in keys:
            for _ in self._type(key):
                self._time += FRAME

    @property
    def talking(self) -> bool:
        return self._ticking.running

    def falls_silent(self) -> None:
        """Nothing more is sent, as from a telephone without power."""
        if self._ticking.running:
            self._ticking.stop()

    def end(self) -> None:
        """Nothing more is said or heard."""
        if self._ended:
            return
        self._ended = True
        self._port.stopListening()
        if self._ticking.running:
            self._ticking.stop()

    # -- out ---------------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._time += FRAME
        if self._typing is None and self._keys:
            self._typing = self._type(self._keys.popleft())
        if self._typing is None:
            self._send(A_LAW, self._time, _SILENCE)
        elif next(self._typing, self) is self:
            self._typing = None

    def _type(self, key: str) -> Iterator[None]:
        """A frame at a time: the event, its end, and silence."""
        began = self._time
        for frame in range(1, _FRAMES + 1):
            self._send(EVENTS, began, event(key, frame), _MARK if frame == 1 else 0)
            yield
        for _ in range(_ENDS):
            self._send(EVENTS, began, event(key, _FRAMES, ended=True))
        self.typed()
        for _ in range(_GAP):
            yield
            self._send(A_LAW, self._time, _SILENCE)

    def _send(self, kind: int, time: int, payload: bytes, mark: int = 0) -> None:
        self._number = (self._number + 1) % 2**16
        head = struct.pack("!BBHII", 0x80, mark | kind, self._number, time % 2**32, self._source)
        assert self.transport is not None
        self.transport.write(head + payload, self._there)

    # -- in ----------------------------------------------------------------------------------------

    def datagramReceived(self, datagram: bytes, addr: Any) -> None:
        if len(datagram) > 12 and datagram[1] & 0x7F == A_LAW:
            self.heard += datagram[12:]
            self._hears(datagram[12:])


def event(key: str, frames: int, *, ended: bool = False) -> bytes:
    """A key that has been down for so many frames of 20 ms (RFC 4733 §2.3)."""
    flags = _LOUDNESS | (_END if ended else 0)
    return struct.pack("!BBH", _KEYS.index(key), flags, frames * FRAME)
