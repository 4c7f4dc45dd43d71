"""Who sends what: subscribers who text, and subscribers who walk through the menus of USSD."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from simulators.load import packed_pdus

DIALLED, ANSWERED = 1, 18  # ussd_service_op (§5.3.2.44)
GSM7_DCS = 0x0F  # of a string in USSD (3GPP TS 23.038 §5)


class LoadSubscribers(Protocol):
    """The subscribers behind a load, counted from 0; each sends in its turn."""

    @property
    def count(self) -> int: ...

    def next_body(self, index: int) -> bytes:
        """What this one sends now: a deliver_sm after its header."""

    def index_of(self, address: bytes) -> int:
        """Whose address it is; -1 is nobody of ours."""


@dataclass(slots=True)
class Subscribers:
    """Who texts what: `count` numbers from `first` on."""

    first: int = 13900000001
    count: int = 10_000
    text: bytes = b"YE"
    data_coding: int = 0
    service: str = "10086"
    _bodies: list[bytes] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._bodies = [
            packed_pdus.deliver_body(str(self.first + i), self.service, self.text, self.data_coding)
            for i in range(self.count)
        ]

    def next_body(self, index: int) -> bytes:
        return self._bodies[index]

    def index_of(self, address: bytes) -> int:
        """13900000001, 8613900000001 and +8613900000001 are one."""
        return _index(address, self.first)


@dataclass(slots=True)
class UssdSubscribers:
    """Who dials, then answers one screen after the other with the next of `keys`.

    The last key ends the dialogue; then the subscriber dials anew.
    """

    first: int
    count: int
    keys: Sequence[str]
    code: str = "*139#"
    service: str = "139"
    _steps: list[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._steps = [0] * self.count

    def next_body(self, index: int) -> bytes:
        step = self._steps[index]
        self._steps[index] = step + 1
        dialogue, at = divmod(step, len(self.keys) + 1)
        typed = self.keys[at - 1] if at else self.code
        name = bytes([dialogue % 256, 0])  # the subscriber's session, which goes on (§5.3.2.43)
        return packed_pdus.deliver_body(
            str(self.first + index), self.service, typed.encode("ascii"), GSM7_DCS,
            packed_pdus.pack_tlv(packed_pdus.USSD_SERVICE_OP, bytes([ANSWERED if at else DIALLED]))
            + packed_pdus.pack_tlv(packed_pdus.ITS_SESSION_INFO, name),
        )  # fmt: skip

    def index_of(self, address: bytes) -> int:
        return _index(address, self.first)


def _index(address: bytes, first: int) -> int:
    digits = address[-11:]
    return int(digits) - first if digits.isdigit() else -1
