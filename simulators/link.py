"""One ESME's connection, seen from the SMSC.

open ──bind──▶ bound ──unbind──▶ unbound ──▶ closed
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Protocol as Port
from typing import cast

from smpplib import consts
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

from simulators import pdus
from simulators.audit import Attempt, Audit, Mo, Mt
from simulators.faults import Faults
from simulators.mailbox import Mailbox
from simulators.pdus import CODES, Bind, Garbled, Header, Message, Query
from simulators.terms import Terms
from simulators.voice import Answer, Voice
from simulators.window import Window
from simulators.wire import Transport, Wire

_DELIVER = CODES["deliver_sm"]
_STRANGE_TLV = bytes.fromhex("15000004deadbeef")
_OUTBOUND = ("bind_receiver", "bind_transceiver")
_INBOUND = ("bind_transmitter", "bind_transceiver")


class Centre(Port):
    """What a link asks of the SMSC behind it."""

    def admit(self, bind: Bind) -> int: ...

    def mailbox(self, esme: str) -> Mailbox: ...

    def submitted(self, link: Link, sequence: int, message: Message) -> Mt: ...

    def receipt(self, mt: Mt) -> None: ...

    def follow_up(self, mt: Mt) -> None: ...

    def query(self, query: Query) -> tuple[int, int]: ...

    def settled(self) -> None:
        """An answer was owed and is no more."""

    def left(self, link: Link) -> None: ...


class Link(Protocol):
    def __init__(
        self,
        number: int,
        centre: Centre,
        terms: Terms,
        faults: Faults,
        audit: Audit,
        clock: IReactorTime,
        chance: Random,
        outbind: tuple[str, str] | None = None,
    ) -> None:
        self.number = number
        self.esme = ""
        self.bound_as = ""
        self.version = 0
        self._centre = centre
        self._terms = terms
        self._faults = faults
        self._audit = audit
        self._clock = clock
        self._chance = chance
        self._outbind = outbind
        self._buffer = bytearray()
        self._window = Window(terms.window, terms.response_timeout, clock, self._again)
        self._serving = False
        self._choked = False
        self._enquired = False
        self._timer: IDelayedCall | None = None
        self._serve: dict[int, Callable[[Header, bytes], None]] = {
            CODES["bind_transmitter"]: self._on_bind,
            CODES["bind_receiver"]: self._on_bind,
            CODES["bind_transceiver"]: self._on_bind,
            CODES["submit_sm"]: self._on_submit,
            CODES["data_sm"]: self._on_submit,
            CODES["query_sm"]: self._on_query,
            CODES["enquire_link"]: self._on_enquire,
            CODES["unbind"]: self._on_unbind,
        }

    # --- for the SMSC

    @property
    def frozen(self) -> bool:
        return self._wire.frozen

    @property
    def busy(self) -> bool:
        """Owes answers that have not left yet."""
        return self._serving or self._voice.busy

    @property
    def room(self) -> float:
        """How many more deliver_sm may leave now."""
        return 0 if self._choked or not self._wire.open else self._window.room

    def deliver(self, mo: Mo) -> None:
        """Send one MO, for the first time or again."""
        sequence = self._voice.next_sequence()
        mo.attempts.append(Attempt(self.number, sequence, self._clock.seconds()))
        self._window.add(sequence, mo)
        body = mo.body
        if self._faults.strange_tlv.strikes("deliver_sm", self._chance):
            body += _STRANGE_TLV
        self._voice.send("deliver_sm", pdus.write_header(_DELIVER, sequence, body=body))

    def unbind(self) -> None:
        """Ask the ESME to go; the connection closes when it agrees or when time is up."""
        self._unbound()
        self._voice.send("unbind", pdus.write("unbind", self._voice.next_sequence()))
        self._wait(self._terms.response_timeout, self.drop)

    def drop(self) -> None:
        """End at once, without a word."""
        self._wire.drop()

    def freeze(self) -> None:
        """Hang: connected, and neither reading nor writing."""
        self._wire.freeze()

    def thaw(self) -> None:
        self._wire.thaw()
        self.dataReceived(b"")

    def write_raw(self, data: bytes) -> None:
        """Any bytes, as they are."""
        self._wire.write(data)

    # --- from Twisted

    def connectionMade(self) -> None:
        # Twisted promises less than what TCP, and TLS over it, both have
        transport = cast(Transport, self.transport)
        transport.setTcpNoDelay(True)
        transport.registerProducer(self, True)
        self._wire = Wire(transport, self._faults, self._clock, self._chance)
        self._voice = Voice(
            self._wire, self._faults, self._audit, self._clock, self._chance, self._centre.settled
        )
        self._wait(self._terms.bind_within, self.drop)
        if self._outbind:
            fields = dict(zip(("system_id", "password"), self._outbind, strict=True))
            self._voice.send("outbind", pdus.write("outbind", self._voice.next_sequence(), fields))

    def dataReceived(self, data: bytes) -> None:
        self._buffer += data
        at = 0
        while len(self._buffer) - at >= pdus.HEADER.size and self._wire.open:
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
        self._wire.ended = True
        self._wire.stop()
        self._wait(None)
        self._audit.ended[self.number] = self._clock.seconds()
        self._unbound()
        unanswered = self._window.empty()
        self._centre.left(self)
        self._again(unanswered)
        self._voice.close()
        self._centre.settled()

    def pauseProducing(self) -> None:
        self._choked = True

    def resumeProducing(self) -> None:
        self._choked = False
        if self.esme:
            self._centre.mailbox(self.esme).pump()

    def stopProducing(self) -> None:
        self._choked = True

    # --- PDUs in

    def _take(self, pdu: bytes) -> None:
        header = pdus.read_header(pdu)
        kind, faults, chance = header.name, self._faults, self._chance
        self._audit.counts[f"in {kind}"] += 1
        if faults.freeze.strikes(kind, chance):
            self.freeze()
        elif faults.drop_before.strikes(kind, chance):
            self.drop()
        elif not faults.silent.strikes(kind, chance):
            if header.is_response:
                self._on_response(kind, header)
            else:
                self._on_request(kind, header, pdu)
            if faults.drop_after.strikes(kind, chance):
                self.drop()

    def _on_request(self, kind: str, header: Header, pdu: bytes) -> None:
        faults, chance = self._faults, self._chance
        if faults.unbind.strikes(kind, chance):
            self.unbind()
        elif faults.nack.strikes(kind, chance):
            self._voice.nack(header.sequence, consts.SMPP_ESME_RSYSERR)
        elif faults.nack_blind.strikes(kind, chance):
            self._voice.nack(0, consts.SMPP_ESME_RSYSERR)
        else:
            self._serve_request(header, pdu)

    def _serve_request(self, header: Header, pdu: bytes) -> None:
        serve = self._serve.get(header.code)
        self._serving = True
        try:
            if serve is None:
                raise Garbled(consts.SMPP_ESME_RINVCMDID, f"nothing serves {header.name}")
            serve(header, pdu)
        except Garbled as error:
            self._audit.garbled.append(f"link {self.number}: {error}")
            self._voice.nack(header.sequence, error.status)
        finally:
            self._serving = False
            self._centre.settled()

    def _framing_lost(self, length: int) -> None:
        self._audit.garbled.append(f"link {self.number}: a PDU of {length} octets")
        self._voice.nack(0, consts.SMPP_ESME_RINVCMDLEN)
        self._wire.hang_up()

    def _on_bind(self, header: Header, pdu: bytes) -> None:
        bind = pdus.read_bind(pdu)
        status = self._bind_status(bind)
        fields: dict[str, str | int] = {}
        if status == 0:
            fields["system_id"] = "simulator"
            if bind.version >= consts.SMPP_VERSION_34:
                fields["sc_interface_version"] = consts.SMPP_VERSION_34

        def then(sent: bool) -> None:
            # only once the response has left may a deliver_sm follow it
            if sent and status == 0:
                self._bound(bind)
            elif sent and self._terms.hang_up_refused:
                self._wire.hang_up()

        self._reply(header, status, fields, then)

    def _bind_status(self, bind: Bind) -> int:
        if self.bound_as:
            return int(consts.SMPP_ESME_RALYBND)
        if self._faults.refuse_bind.strikes(bind.name, self._chance):
            return self._faults.bind_status
        return self._centre.admit(bind)

    def _bound(self, bind: Bind) -> None:
        self.esme, self.bound_as, self.version = bind.system_id, bind.name, bind.version
        self._enquire_later()
        if self.bound_as in _OUTBOUND:
            box = self._centre.mailbox(self.esme)
            box.links.append(self)
            box.pump()

    def _unbound(self) -> None:
        self.bound_as = ""
        if self.esme:
            links = self._centre.mailbox(self.esme).links
            links[:] = [link for link in links if link is not self]

    def _on_submit(self, header: Header, pdu: bytes) -> None:
        if self.bound_as not in _INBOUND:
            self._reply(header, consts.SMPP_ESME_RINVBNDSTS)
            return
        mt = self._centre.submitted(self, header.sequence, pdus.read_message(pdu))
        early = self._faults.early_receipt.strikes(header.name, self._chance)
        if early:
            self._centre.receipt(mt)

        def then(sent: bool) -> None:
            if sent:
                mt.answered_at = self._clock.seconds()
            if not early:
                self._centre.receipt(mt)
            self._centre.follow_up(mt)

        self._reply(header, mt.status, {"message_id": mt.message_id} if not mt.status else {}, then)

    def _on_query(self, header: Header, pdu: bytes) -> None:
        query = pdus.read_query(pdu)
        status, state = self._centre.query(query)
        self._reply(header, status, {"message_id": query.message_id, "message_state": state})

    def _on_enquire(self, header: Header, pdu: bytes) -> None:
        self._reply(header, consts.SMPP_ESME_ROK)

    def _on_unbind(self, header: Header, pdu: bytes) -> None:
        self._unbound()
        self._reply(header, consts.SMPP_ESME_ROK, then=lambda sent: self._wire.hang_up())

    def _on_response(self, kind: str, header: Header) -> None:
        match kind:
            case "deliver_sm_resp" | "generic_nack":
                self._on_delivered(header)
            case "enquire_link_resp":
                self._enquired = False
            case "unbind_resp" if not self.bound_as:
                self._wire.hang_up()
            case _:
                self._audit.counts["unasked"] += 1

    def _on_delivered(self, header: Header) -> None:
        mo = self._window.take(header.sequence)
        if mo is None:
            # too late, or twice: what it answers has been sent again or is settled
            self._audit.counts["unasked"] += 1
            return
        attempt = mo.attempts[-1]
        attempt.status, attempt.answered_at = header.status, self._clock.seconds()
        self._centre.mailbox(self.esme).settled(mo, header.status)

    def _reply(
        self,
        header: Header,
        status: int,
        fields: dict[str, str | int] | None = None,
        then: Callable[[bool], None] = lambda sent: None,
    ) -> None:
        data = pdus.write(f"{header.name}_resp", header.sequence, fields, status)
        self._voice.answer(Answer(header.name, data, then))

    # --- time

    def _again(self, mos: list[Mo]) -> None:
        if mos:
            self._centre.mailbox(self.esme).back(mos)

    def _wait(self, seconds: float | None, then: Callable[[], None] = lambda: None) -> None:
        """One thing at a time is waited for: a bind, the next enquire_link, the end."""
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None if seconds is None else self._clock.callLater(seconds, then)

    def _enquire_later(self) -> None:
        self._wait(self._terms.enquire_every, self._enquire)

    def _enquire(self) -> None:
        if self.frozen:
            self._enquire_later()
        elif self._enquired:
            self.drop()
        else:
            self._enquired = True
            enquire = pdus.write("enquire_link", self._voice.next_sequence())
            self._voice.send("enquire_link", enquire)
            self._enquire_later()
