"""An ESME of nothing but smpplib's PDUs on a socket, to look at the simulator from outside."""

from __future__ import annotations

import struct
from typing import Any, ClassVar

from smpplib import command, command_codes, consts, exceptions, smpp
from twisted.internet.defer import Deferred, TimeoutError, succeed
from twisted.internet.interfaces import IReactorTCP, IReactorTime
from twisted.internet.protocol import ClientCreator, Protocol, connectionDone
from twisted.python.failure import Failure


class Esme(Protocol):
    """Collects PDUs; `next` gives them in order, `raw` has every byte."""

    patience = 5.0  # seconds; a test that waits longer has failed

    def __init__(self, clock: IReactorTime) -> None:
        self.clock = clock
        self.raw = b""
        self.segments: list[int] = []
        self.closed = False
        self._mourners: list[Deferred[None]] = []
        self._curious: list[Deferred[None]] = []
        self.sequence = 0
        self._unread: list[Any] = []
        self._waiting: list[tuple[str, Deferred[Any]]] = []
        self._buffer = b""

    def dataReceived(self, data: bytes) -> None:
        self.raw += data
        self.segments.append(len(data))
        self._buffer += data
        while len(self._buffer) >= 16:
            length = int.from_bytes(self._buffer[:4], "big")
            if not 16 <= length <= len(self._buffer):
                break
            pdu, self._buffer = self._buffer[:length], self._buffer[length:]
            self._pdu(read(pdu))
        curious, self._curious = self._curious, []
        for waiting in curious:
            waiting.callback(None)

    def _pdu(self, pdu: Any) -> None:
        for index, (kind, waiting) in enumerate(self._waiting):
            if kind in ("", pdu.command):
                del self._waiting[index]
                waiting.callback(pdu)
                return
        self._unread.append(pdu)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.closed = True
        for waiting in self._mourners:
            waiting.callback(None)

    def next(self, kind: str = "") -> Deferred[Any]:
        """The next PDU of a kind that nobody has read yet."""
        for pdu in self._unread:
            if kind in ("", pdu.command):
                self._unread.remove(pdu)
                return succeed(pdu)
        waiting: Deferred[Any] = Deferred()
        entry = (kind, waiting)
        self._waiting.append(entry)

        def too_late(_: object, seconds: float) -> None:
            self._waiting.remove(entry)
            raise TimeoutError(f"no {kind or 'PDU'} within {seconds} s")

        return waiting.addTimeout(self.patience, self.clock, too_late)

    def more(self) -> Deferred[None]:
        """Fires when any further bytes have come."""
        waiting: Deferred[None] = Deferred()
        self._curious.append(waiting)
        return waiting.addTimeout(self.patience, self.clock)

    def unread(self) -> list[str]:
        """Kinds of the PDUs nobody has asked for."""
        return [pdu.command for pdu in self._unread]

    def send(self, kind: str, sequence: int | None = None, **fields: Any) -> int:
        """Write a PDU; returns its sequence number."""
        if sequence is None:
            self.sequence = sequence = self.sequence + 1
        self.write(make(kind, sequence, **fields))
        return sequence

    def write(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.write(data)

    async def bind(self, mode: str = "transceiver", user: str = "hallgate",
                   password: str = "secret", **fields: Any) -> Any:  # fmt: skip
        """Bind and return the response."""
        self.send(f"bind_{mode}", system_id=user, password=password, **fields)
        return await self.next(f"bind_{mode}_resp")

    async def submit(self, text: bytes = b"hello", to: str = "8613800138001", **fields: Any) -> Any:
        """Submit and return the response."""
        self.submit_now(text, to, **fields)
        return await self.next("submit_sm_resp")

    def submit_now(self, text: bytes = b"hello", to: str = "8613800138001", **fields: Any) -> int:
        """Submit without waiting."""
        return self.send("submit_sm", source_addr="10086", destination_addr=to,
                         short_message=text, **fields)  # fmt: skip

    async def take(self, status: int = consts.SMPP_ESME_ROK) -> Any:
        """Wait for a deliver_sm and answer it."""
        pdu = await self.next("deliver_sm")
        self.send("deliver_sm_resp", pdu.sequence, status=status)
        return pdu

    def leave(self) -> Deferred[None]:
        """Close the connection; fires when it is gone."""
        assert self.transport is not None
        self.transport.abortConnection()  # type: ignore[attr-defined]  # TCP
        return self.gone()

    def gone(self) -> Deferred[None]:
        """Fires when the connection has ended."""
        if self.closed:
            return succeed(None)
        waiting: Deferred[None] = Deferred()
        self._mourners.append(waiting)
        return waiting.addTimeout(self.patience, self.clock)


class _Numberless:
    """Stands where smpplib wants its client: PDUs that we read have a number already."""

    sequence = 0

    def next_sequence(self) -> int:
        return 0


class _Unknown:
    def __init__(self, data: bytes) -> None:
        self.command = "unknown"
        self.data = data
        self.sequence = int.from_bytes(data[12:16], "big")


class _Delivered(command.DeliverSM):  # type: ignore[misc]  # smpplib is unannotated
    """With the one TLV of USSD that smpplib does not expect here."""

    params: ClassVar = {
        **command.DeliverSM.params,
        "ussd_service_op": command.Param(type=int, size=1),
    }
    params_order = (*command.DeliverSM.params_order, "ussd_service_op")


def read(data: bytes) -> Any:
    """smpplib's object, or one that says unknown."""
    try:
        if data[4:8] == command_codes.get_command_code("deliver_sm").to_bytes(4, "big"):
            pdu = _Delivered("deliver_sm", sequence=0, allow_unknown_opt_params=True)
            pdu.parse(data)
            return pdu
        return smpp.parse_pdu(data, client=_Numberless(), allow_unknown_opt_params=True)
    except (exceptions.UnknownCommandError, struct.error, IndexError, KeyError):
        return _Unknown(data)


def make(kind: str, sequence: int, **fields: Any) -> bytes:
    """A PDU's bytes."""
    pdu = smpp.make_pdu(kind, client=_Numberless(), **{"sequence": sequence, **fields})
    for name, value in {"sequence": sequence, **fields}.items():
        setattr(pdu, name, value)  # smpplib's constructors overrule some
    data: bytes = pdu.generate()
    return data


def header(kind: str | int, sequence: int, length: int = 16) -> bytes:
    """A bare header, whatever it claims."""
    code = kind if isinstance(kind, int) else command_codes.get_command_code(kind)
    return b"".join(n.to_bytes(4, "big") for n in (length, code, 0, sequence))


async def connect(reactor: IReactorTCP, port: int, kind: type[Esme] = Esme) -> Esme:
    """A connected ESME that has not bound yet."""
    esme: Esme = await ClientCreator(reactor, kind, reactor).connectTCP("127.0.0.1", port)
    return esme
