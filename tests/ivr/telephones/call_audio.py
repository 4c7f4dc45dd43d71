"""What a caller sends in a call of the bench, frame by frame: silence in A-law, keys as events.

It is made once, as a capture that sipp plays to every call (RFC 3550, RFC 4733; pcap 2.4).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from tests.ivr.telephones.rtp import A_LAW, EVENTS, FRAME, event

FRAME_SECONDS: Final = 0.02
_KEY_FRAMES: Final = 4  # in which a key is down
_GAP_FRAMES: Final = 3  # of silence behind it
_ENDS: Final = 3  # times that its end is told
_SILENCE: Final = b"\xd5" * FRAME
_ETHERNET: Final = 1  # what the capture's frames begin with
_HEAD: Final = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, _ETHERNET)


class Packet(NamedTuple):
    at: float  # seconds since the call was answered
    payload: bytes  # RTP


def talk(keys: Mapping[float, str], seconds: float) -> Iterator[Packet]:
    """`keys`: when somebody begins to type what. So many seconds in all."""
    number = 0
    events = {round(at / FRAME_SECONDS): typed for at, typed in keys.items()}
    typing: Iterator[list[tuple[int, int, bytes]]] = iter(())
    for frame in range(round(seconds / FRAME_SECONDS)):
        if frame in events:
            typing = _typing(events[frame], frame)
        for kind, time, payload in next(typing, [(A_LAW, frame * FRAME, _SILENCE)]):
            number += 1
            head = struct.pack("!BBHII", 0x80, kind, number, time, 1)
            yield Packet(frame * FRAME_SECONDS, head + payload)


def _typing(keys: str, frame: int) -> Iterator[list[tuple[int, int, bytes]]]:
    """The packets of each frame."""
    for key in keys:
        began = frame * FRAME
        for down in range(1, _KEY_FRAMES + 1):
            told = [(EVENTS, began, event(key, down))]
            if down == _KEY_FRAMES:
                told += [(EVENTS, began, event(key, down, ended=True))] * _ENDS
            yield told
            frame += 1
        for _ in range(_GAP_FRAMES):
            yield [(A_LAW, frame * FRAME, _SILENCE)]
            frame += 1


def write(file: Path, packets: Iterator[Packet]) -> None:
    """As a capture. Addresses and ports are the player's business."""
    with file.open("wb") as capture:
        capture.write(_HEAD)
        for at, payload in packets:
            udp = struct.pack("!HHHH", 9, 9, 8 + len(payload), 0) + payload
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, _LO, _LO)
            frame = bytes(12) + b"\x08\x00" + ip + udp
            seconds, micros = divmod(round(at * 1e6), 1_000_000)
            capture.write(struct.pack("<IIII", seconds, micros, len(frame), len(frame)) + frame)


_LO: Final = bytes((127, 0, 0, 1))
