"""A subscriber's phone: joins the parts of long messages and keeps what was shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from twisted.internet.defer import Deferred, TimeoutError, succeed
from twisted.internet.interfaces import IReactorTime

from simulators.smsc.pdus import SmscMessage
from simulators.smsc.sms_encoding import UDHI, decode_sms


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A whole message as the handset shows it. `at` is seconds of the simulator's clock."""

    sender: str
    text: str
    at: float
    parts: tuple[SmscMessage, ...]

    @property
    def raw(self) -> bytes:
        """The content of all parts, headers and all."""
        return b"".join(part.content for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Piece:
    group: tuple[str, str, int, int]  # sender, kind of reference, reference, total
    number: int


@dataclass(slots=True)
class _Assembly:
    parts: dict[int, SmscMessage] = field(default_factory=dict)


class Handset:
    """One subscriber's phone. `script` answers messages: text in, text to send back or None."""

    __slots__ = (
        "_assemblies",
        "_clock",
        "_keep",
        "_unread",
        "_waiting",
        "msisdn",
        "reachable",
        "received",
        "script",
    )

    def __init__(self, msisdn: str, clock: IReactorTime, keep: bool = True) -> None:
        self.msisdn = msisdn
        self.reachable = True
        self.received: list[ShownMessage] = []
        self.script: Callable[[ShownMessage], str | None] | None = None
        self._clock = clock
        self._keep = keep
        self._unread: deque[ShownMessage] = deque(maxlen=1000)
        self._waiting: list[Deferred[ShownMessage]] = []
        self._assemblies: dict[tuple[str, str, int, int], _Assembly] = {}

    @property
    def incomplete(self) -> int:
        """How many long messages still lack a part."""
        return len(self._assemblies)

    def next(self, timeout: float = 10.0) -> Deferred[ShownMessage]:
        """The next message not yet read, soon or late; fails when `timeout` seconds pass."""
        if self._unread:
            return succeed(self._unread.popleft())
        waiting: Deferred[ShownMessage] = Deferred(self._waiting.remove)

        def too_late(_cancelled: object, seconds: float) -> ShownMessage:
            raise TimeoutError(f"{self.msisdn} received nothing within {seconds} s")

        waiting.addTimeout(timeout, self._clock, too_late)
        self._waiting.append(waiting)
        return waiting

    def skip(self) -> None:
        """What has come so far counts as read."""
        self._unread.clear()

    def take(self, message: SmscMessage) -> ShownMessage | None:
        """One PDU from the network; a message when it completes one."""
        piece = _piece(message)
        if piece is None:
            return self._show((message,))
        assembly = self._assemblies.setdefault(piece.group, _Assembly())
        known = assembly.parts.get(piece.number)
        if known is not None and known.content != message.content:
            # the reference has come round again; what is left of the old message never completes
            assembly.parts.clear()
        assembly.parts[piece.number] = message
        if len(assembly.parts) < piece.group[3]:
            return None
        del self._assemblies[piece.group]
        return self._show(tuple(part for _, part in sorted(assembly.parts.items())))

    def _show(self, parts: tuple[SmscMessage, ...]) -> ShownMessage:
        # each part is decoded alone, as handsets do: a character cut in two is lost on the screen
        text = "".join(decode_sms(message_body(part), part.data_coding) for part in parts)
        shown = ShownMessage(parts[0].source, text, self._clock.seconds(), parts)
        if self._keep:
            self.received.append(shown)
        if self._waiting:
            self._waiting.pop(0).callback(shown)
        else:
            self._unread.append(shown)
        return shown


def message_body(message: SmscMessage) -> bytes:
    """The content without its user data header."""
    if message.esm_class & UDHI and message.content:
        return message.content[1 + message.content[0] :]
    return message.content


def _piece(message: SmscMessage) -> _Piece | None:
    return _from_header(message) if message.esm_class & UDHI else _from_tlvs(message)


def _from_header(message: SmscMessage) -> _Piece | None:
    header = message.content[1 : 1 + message.content[0]] if message.content else b""
    while len(header) >= 2:
        element, length = header[0], header[1]
        value, header = header[2 : 2 + length], header[2 + length :]
        if element in (0x00, 0x08) and len(value) == (3 if element == 0 else 4):
            reference = int.from_bytes(value[:-2], "big")
            return _numbered(message, f"udh{element}", reference, value[-2], value[-1])
    return None


def _from_tlvs(message: SmscMessage) -> _Piece | None:
    reference = message.tlv_int("sar_msg_ref_num")
    total = message.tlv_int("sar_total_segments")
    number = message.tlv_int("sar_segment_seqnum")
    if reference is None or total is None or number is None:
        return None
    return _numbered(message, "sar", reference, total, number)


def _numbered(message: SmscMessage, kind: str, ref: int, total: int, number: int) -> _Piece | None:
    # TS 23.040 §9.2.3.24.1: an element that contradicts itself is ignored
    if not 1 <= number <= total or total < 2:
        return None
    return _Piece((message.source, kind, ref, total), number)
