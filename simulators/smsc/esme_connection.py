"""One ESME's connection, seen from the SMSC.

open ──bind──▶ bound ──unbind──▶ unbound ──▶ closed
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol as Port
from typing import cast

from smpplib import consts
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

from simulators.smsc import pdus, request_handlers
from simulators.smsc.audit import AuditedDeliver, DeliveryAttempt
from simulators.smsc.context import SmscContext
from simulators.smsc.delivery_queue import DeliveryQueue
from simulators.smsc.delivery_window import DeliveryWindow
from simulators.smsc.pdu_sender import PduSender, ResponseToSend
from simulators.smsc.pdus import (
    CODES,
    BindRequest,
    PduHeader,
    UnreadablePdu,
)
from simulators.smsc.request_handlers import ServingSmsc
from simulators.smsc.settings import SmscSettings
from simulators.smsc.transport_writer import TransportWriter, WriterTransport

_DELIVER = CODES["deliver_sm"]
_STRANGE_TLV = bytes.fromhex("15000004deadbeef")


class EsmeConnectionOwner(ServingSmsc, Port):
    """What a link asks of the SMSC behind it."""

    def mailbox(self, esme: str) -> DeliveryQueue: ...

    def settled(self) -> None:
        """An answer was owed and is no more."""

    def left(self, link: EsmeConnection) -> None: ...


class EsmeConnection(Protocol):
    def __init__(
        self,
        number: int,
        centre: EsmeConnectionOwner,
        terms: SmscSettings,
        context: SmscContext,
        outbind: tuple[str, str] | None = None,
    ) -> None:
        self.number = number
        self.centre = centre
        self.terms = terms
        self.context = context
        self.esme = ""
        self.bound_as = ""
        self.version = 0
        self._outbind = outbind
        self._buffer = bytearray()
        self._window = DeliveryWindow(
            terms.window, terms.response_timeout, context.clock, self._again
        )
        self._serving = False
        self._choked = False
        self._enquired = False
        self._timer: IDelayedCall | None = None

    @property
    def transmits(self) -> bool:
        """The ESME may submit."""
        return self.bound_as in ("bind_transmitter", "bind_transceiver")

    @property
    def receives(self) -> bool:
        """The ESME takes deliver_sm."""
        return self.bound_as in ("bind_receiver", "bind_transceiver")

    @property
    def frozen(self) -> bool:
        return self._writer.frozen

    @property
    def busy(self) -> bool:
        """Owes answers that have not left yet."""
        return self._serving or self._sender.busy

    @property
    def room(self) -> float:
        """How many more deliver_sm may leave now."""
        return 0 if self._choked or not self._writer.open else self._window.room

    # --- what the SMSC does with a link

    def deliver(self, mo: AuditedDeliver) -> None:
        """Send one MO, for the first time or again."""
        sequence = self._sender.next_sequence()
        mo.attempts.append(DeliveryAttempt(self.number, sequence, self.context.now))
        self._window.add(sequence, mo)
        body = mo.body
        if self.context.strikes(self.context.faults.strange_tlv, "deliver_sm"):
            body += _STRANGE_TLV
        if self.context.strikes(self.context.faults.stray, "deliver_sm"):
            body += b"\0"
        self._sender.send("deliver_sm", pdus.write_header(_DELIVER, sequence, body=body))

    def unbind(self) -> None:
        """Ask the ESME to go; the connection closes when it agrees or when time is up."""
        self.unbound()
        self._sender.request("unbind")
        self._wait(self.terms.response_timeout, self.drop)

    def drop(self) -> None:
        """End at once, without a word."""
        self._writer.drop()

    def hang_up(self) -> None:
        """End after what was written."""
        self._writer.hang_up()

    def freeze(self) -> None:
        """Hang: connected, and neither reading nor writing."""
        self._writer.freeze()

    def thaw(self) -> None:
        self._writer.thaw()
        self.dataReceived(b"")

    def write_raw(self, data: bytes) -> None:
        """Any bytes, as they are."""
        self._writer.write(data)

    # --- what serving a request does with it

    def bound(self, bind: BindRequest) -> None:
        self.esme, self.bound_as, self.version = bind.system_id, bind.name, bind.version
        self._enquire_later()
        if self.receives:
            box = self.centre.mailbox(self.esme)
            box.links.append(self)
            box.pump()

    def unbound(self) -> None:
        self.bound_as = ""
        if self.esme:
            self.centre.mailbox(self.esme).forget(self)

    def reply(
        self,
        header: PduHeader,
        status: int,
        fields: dict[str, str | int] | None = None,
        then: Callable[[bool], None] = lambda sent: None,
    ) -> None:
        """The response to a request, and what follows once it has left or never will."""
        data = pdus.write_pdu(f"{header.name}_resp", header.sequence, fields, status)
        self._sender.answer(ResponseToSend(header.name, data, then))

    # --- from Twisted

    def connectionMade(self) -> None:
        # Twisted promises less than what TCP, and TLS over it, both have
        transport = cast(WriterTransport, self.transport)
        transport.setTcpNoDelay(True)
        transport.registerProducer(self, True)
        self._writer = TransportWriter(transport, self.context)
        self._sender = PduSender(self._writer, self.context, self.centre.settled)
        self._wait(self.terms.bind_within, self.drop)
        if self._outbind:
            system_id, password = self._outbind
            self._sender.request("outbind", {"system_id": system_id, "password": password})

    def dataReceived(self, data: bytes) -> None:
        self._buffer += data
        at = 0
        while len(self._buffer) - at >= pdus.HEADER.size and self._writer.open:
            length = int.from_bytes(self._buffer[at : at + 4], "big")
            if not pdus.HEADER.size <= length <= pdus.LONGEST:
                self._framing_lost(length)
            elif length <= len(self._buffer) - at:
                self._take(bytes(self._buffer[at : at + length]))
                at += length
            else:
                break
        del self._buffer[:at]

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Everything in flight ends here, however the connection ended."""
        self._writer.ended = True
        self._writer.stop()
        self._wait(None)
        self.context.audit.ended[self.number] = self.context.now
        self.unbound()
        unanswered = self._window.empty()
        self.centre.left(self)
        self._again(unanswered)
        self._sender.close()
        self.centre.settled()

    def pauseProducing(self) -> None:
        self._choked = True

    def resumeProducing(self) -> None:
        self._choked = False
        if self.esme:
            self.centre.mailbox(self.esme).pump()

    def stopProducing(self) -> None:
        self._choked = True

    # --- PDUs in

    def _take(self, pdu: bytes) -> None:
        header = pdus.read_header(pdu)
        kind, faults, strikes = header.name, self.context.faults, self.context.strikes
        self.context.audit.counts[f"in {kind}"] += 1
        if strikes(faults.freeze, kind):
            self.freeze()
        elif strikes(faults.drop_before, kind):
            self.drop()
        elif not strikes(faults.silent, kind):
            if header.is_response:
                self._on_response(kind, header)
            else:
                self._on_request(kind, header, pdu)
            if strikes(faults.drop_after, kind):
                self.drop()

    def _on_request(self, kind: str, header: PduHeader, pdu: bytes) -> None:
        faults, strikes = self.context.faults, self.context.strikes
        if strikes(faults.unbind, kind):
            self.unbind()
        elif strikes(faults.nack, kind):
            self._sender.nack(header.sequence, consts.SMPP_ESME_RSYSERR)
        elif strikes(faults.nack_blind, kind):
            self._sender.nack(0, consts.SMPP_ESME_RSYSERR)
        else:
            self._serve(header, pdu)

    def _serve(self, header: PduHeader, pdu: bytes) -> None:
        serve = request_handlers.TABLE.get(header.code)
        self._serving = True
        try:
            if serve is None:
                raise UnreadablePdu(consts.SMPP_ESME_RINVCMDID, f"nothing serves {header.name}")
            serve(self, header, pdu)
        except UnreadablePdu as error:
            self._garbled(header.sequence, error.status, str(error))
        finally:
            self._serving = False
            self.centre.settled()

    def _framing_lost(self, length: int) -> None:
        self._garbled(0, consts.SMPP_ESME_RINVCMDLEN, f"a PDU of {length} octets")
        self.hang_up()

    def _garbled(self, sequence: int, status: int, why: str) -> None:
        self.context.audit.garbled.append(f"link {self.number}: {why}")
        self._sender.nack(sequence, status)

    def _on_response(self, kind: str, header: PduHeader) -> None:
        match kind:
            case "deliver_sm_resp" | "generic_nack":
                self._on_delivered(header)
            case "enquire_link_resp":
                self._enquired = False
            case "unbind_resp" if not self.bound_as:
                self.hang_up()
            case _:
                self.context.audit.counts["unasked"] += 1

    def _on_delivered(self, header: PduHeader) -> None:
        mo = self._window.take(header.sequence)
        if mo is None:
            # too late, or twice: what it answers has been sent again or is settled
            self.context.audit.counts["unasked"] += 1
            return
        attempt = mo.attempts[-1]
        attempt.status, attempt.answered_at = header.status, self.context.now
        self.centre.mailbox(self.esme).settled(mo, header.status)

    # --- time

    def _again(self, mos: list[AuditedDeliver]) -> None:
        if mos:
            self.centre.mailbox(self.esme).back(mos)

    def _wait(self, seconds: float | None, then: Callable[[], None] = lambda: None) -> None:
        """One thing at a time is waited for: a bind, the next enquire_link, the end."""
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        clock = self.context.clock
        self._timer = None if seconds is None else clock.callLater(seconds, then)

    def _enquire_later(self) -> None:
        self._wait(self.terms.enquire_every, self._enquire)

    def _enquire(self) -> None:
        if self._enquired and not self.frozen:
            self.drop()
            return
        self._enquired = self._sender.request("enquire_link")
        self._enquire_later()
