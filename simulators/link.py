"""One ESME's connection, seen from the SMSC: binds, answers, delivers, and misbehaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol as Port

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
from simulators.wire import Wire

_DELIVER = CODES["deliver_sm"]
_NACK = CODES["generic_nack"]
_STRANGE_COMMAND = 0x000000E7
_STRANGE_TLV = (0x1500).to_bytes(2, "big") + (4).to_bytes(2, "big") + b"\xde\xad\xbe\xef"
_OVERTAKEN_WITHIN = 0.05  # seconds an answer is held back for others to overtake it
_OUTBOUND = ("bind_receiver", "bind_transceiver")
_INBOUND = ("bind_transmitter", "bind_transceiver")


class Centre(Port):
    """What a link asks of the SMSC behind it."""

    def admit(self, link: Link, bind: Bind) -> int: ...

    def mailbox(self, esme: str) -> Mailbox: ...

    def submitted(self, link: Link, sequence: int, message: Message) -> Mt: ...

    def receipt(self, mt: Mt) -> None: ...

    def follow_up(self, mt: Mt) -> None: ...

    def query(self, query: Query) -> tuple[int, int]: ...

    def left(self, link: Link) -> None: ...


@dataclass(slots=True, eq=False)
class _Answer:
    """A response on its way; `then` runs when it has left, or never will."""

    kind: str
    data: bytes
    mt: Mt | None = None
    then: Callable[[], None] | None = None


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
    ) -> None:
        self.number = number
        self.esme = ""
        self.bound_as = ""
        self.version = 0
        self.ended = False
        self._centre = centre
        self._terms = terms
        self._faults = faults
        self._audit = audit
        self._clock = clock
        self._chance = chance
        self._buffer = bytearray()
        self._sequence = 0
        self._unanswered: dict[int, Mo] = {}
        self._answers: dict[_Answer, IDelayedCall | None] = {}
        self._overtaken: list[_Answer] = []
        self._choked = False
        self._watchdog: IDelayedCall | None = None
        self._enquirer: IDelayedCall | None = None
        self._enquired = False
        self._outbind: tuple[str, str] | None = None
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
    def receives(self) -> bool:
        """Takes deliver_sm."""
        return self.bound_as in _OUTBOUND and not self.ended

    @property
    def frozen(self) -> bool:
        return self._wire.frozen

    @property
    def busy(self) -> bool:
        """Owes answers that have not left yet."""
        return bool(self._answers)

    @property
    def room(self) -> float:
        """How many more deliver_sm may leave now."""
        if self.ended or self._choked or self._wire.frozen:
            return 0
        return self._terms.window - len(self._unanswered)

    def deliver(self, mo: Mo) -> None:
        """Send one MO, for the first time or again."""
        sequence = self._next_sequence()
        mo.attempts.append(Attempt(self.number, sequence, self._clock.seconds()))
        self._unanswered[sequence] = mo
        body = mo.body
        if self._faults.strange_tlv.strikes("deliver_sm", self._chance):
            body += _STRANGE_TLV
        self._send("deliver_sm", pdus.write_header(_DELIVER, sequence, body=body))
        self._watch()

    def unbind(self) -> None:
        """Ask the ESME to go; the connection closes when it agrees or when time is up."""
        self.bound_as = ""
        self._leave_mailbox()
        self._send("unbind", pdus.write("unbind", self._next_sequence()))
        self._enquire_stop()
        self._enquirer = self._clock.callLater(self._terms.response_timeout, self.drop)

    def drop(self) -> None:
        """End at once, without a word; what was written and not yet sent is lost."""
        self.ended = True
        self._wire.stop()
        self.transport.abortConnection()  # type: ignore[union-attr]  # connected, so there

    def hang_up(self) -> None:
        """End after what was written."""
        if self.ended:
            return
        self.ended = True
        self._wire.flush()
        self.transport.loseConnection()  # type: ignore[union-attr]  # connected, so there

    def freeze(self) -> None:
        """Neither read nor write any more, yet stay connected."""
        self._wire.frozen = True
        self.transport.pauseProducing()  # type: ignore[union-attr]  # connected, so there

    def thaw(self) -> None:
        """Read again; what was to be written meanwhile is lost."""
        self._wire.frozen = False
        self.transport.resumeProducing()  # type: ignore[union-attr]  # connected, so there

    def write_raw(self, data: bytes) -> None:
        """Any bytes, as they are."""
        self._wire.write(data)

    def outbind(self, system_id: str, password: str) -> None:
        """Say outbind as soon as connected (SMPP 3.4 §4.1.7)."""
        self._outbind = (system_id, password)

    # --- from Twisted

    def connectionMade(self) -> None:
        transport = self.transport
        assert transport is not None
        transport.setTcpNoDelay(True)  # type: ignore[attr-defined]  # TCP, or TLS over it
        transport.registerProducer(self, True)  # type: ignore[attr-defined]  # as above
        self._wire = Wire(transport, self._faults, self._clock, self._chance)
        self._enquirer = self._clock.callLater(self._terms.bind_within, self.drop)
        if self._outbind:
            system_id, password = self._outbind
            fields = {"system_id": system_id, "password": password}
            self._send("outbind", pdus.write("outbind", self._next_sequence(), fields))

    def dataReceived(self, data: bytes) -> None:
        self._buffer += data
        at = 0
        while len(self._buffer) - at >= 16 and not self.ended and not self._wire.frozen:
            length = int.from_bytes(self._buffer[at : at + 4], "big")
            if not 16 <= length <= pdus.LONGEST:
                self._framing_lost()
                return
            if len(self._buffer) - at < length:
                break
            pdu = bytes(self._buffer[at : at + length])
            at += length
            self._take(pdu)
        del self._buffer[:at]

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.ended = True
        self._wire.stop()
        self._enquire_stop()
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None
        for call in self._answers.values():
            if call is not None and call.active():
                call.cancel()
        answers, self._answers = self._answers, {}
        unanswered, self._unanswered = self._unanswered, {}
        self._leave_mailbox()
        self._centre.left(self)
        if unanswered:
            self._centre.mailbox(self.esme).back(unanswered.values())
        for answer in answers:
            if answer.then is not None:
                answer.then()

    def pauseProducing(self) -> None:
        self._choked = True

    def resumeProducing(self) -> None:
        self._choked = False
        if self.receives:
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
            self._act(kind, header, pdu)
            if faults.drop_after.strikes(kind, chance):
                self.drop()

    def _act(self, kind: str, header: Header, pdu: bytes) -> None:
        faults, chance = self._faults, self._chance
        if header.is_response:
            self._on_response(kind, header)
        elif faults.unbind.strikes(kind, chance):
            self.unbind()
        elif faults.nack.strikes(kind, chance):
            self._nack(header.sequence, consts.SMPP_ESME_RSYSERR)
        elif faults.nack_blind.strikes(kind, chance):
            self._nack(0, consts.SMPP_ESME_RSYSERR)
        else:
            self._serve_request(header, pdu)

    def _serve_request(self, header: Header, pdu: bytes) -> None:
        serve = self._serve.get(header.code)
        try:
            if serve is None:
                raise Garbled(consts.SMPP_ESME_RINVCMDID, f"nothing serves {header.name}")
            serve(header, pdu)
        except Garbled as error:
            self._audit.garbled.append(f"link {self.number}: {error}")
            self._nack(header.sequence, error.status)

    def _framing_lost(self) -> None:
        self._audit.garbled.append(f"link {self.number}: framing lost")
        self._nack(0, consts.SMPP_ESME_RINVCMDLEN)
        self.hang_up()

    def _on_bind(self, header: Header, pdu: bytes) -> None:
        bind = pdus.read_bind(pdu)
        status = self._bind_status(bind)
        fields: dict[str, str | int] = {}
        if status == 0:
            fields = {"system_id": "simulator"}
            if bind.version >= consts.SMPP_VERSION_34:
                fields["sc_interface_version"] = consts.SMPP_VERSION_34
        data = pdus.write(f"{bind.name}_resp", header.sequence, fields, status)
        self._answer(_Answer(bind.name, data, then=lambda: self._bound(bind, status)))

    def _bind_status(self, bind: Bind) -> int:
        if self.bound_as:
            return int(consts.SMPP_ESME_RALYBND)
        if self._faults.refuse_bind.strikes(bind.name, self._chance):
            return self._faults.bind_status
        return self._centre.admit(self, bind)

    def _bound(self, bind: Bind, status: int) -> None:
        """Only after the response has left may a deliver_sm follow it."""
        if self.ended or self.bound_as:
            return
        if status:
            if self._terms.hang_up_refused:
                self.hang_up()
            return
        self.esme, self.bound_as, self.version = bind.system_id, bind.name, bind.version
        self._enquire_stop()
        self._enquire_later()
        if self.receives:
            box = self._centre.mailbox(self.esme)
            box.links.append(self)
            box.pump()

    def _on_submit(self, header: Header, pdu: bytes) -> None:
        if self.bound_as not in _INBOUND:
            self._reply(header, consts.SMPP_ESME_RINVBNDSTS)
            return
        mt = self._centre.submitted(self, header.sequence, pdus.read_message(pdu))
        early = self._faults.early_receipt.strikes(header.name, self._chance)
        if early:
            self._centre.receipt(mt)

        def then() -> None:
            if not early:
                self._centre.receipt(mt)
            self._centre.follow_up(mt)

        fields = {"message_id": mt.message_id} if mt.status == 0 else {}
        data = pdus.write(f"{header.name}_resp", header.sequence, fields, mt.status)
        self._answer(_Answer(header.name, data, mt, then))

    def _on_query(self, header: Header, pdu: bytes) -> None:
        query = pdus.read_query(pdu)
        status, state = self._centre.query(query)
        fields: dict[str, str | int] = {"message_id": query.message_id, "message_state": state}
        data = pdus.write("query_sm_resp", header.sequence, fields, status)
        self._answer(_Answer(header.name, data))

    def _on_enquire(self, header: Header, pdu: bytes) -> None:
        self._reply(header, consts.SMPP_ESME_ROK)

    def _on_unbind(self, header: Header, pdu: bytes) -> None:
        self.bound_as = ""
        self._leave_mailbox()
        data = pdus.write("unbind_resp", header.sequence)
        self._answer(_Answer(header.name, data, then=self.hang_up))

    def _on_response(self, kind: str, header: Header) -> None:
        match kind:
            case "deliver_sm_resp" | "generic_nack":
                self._on_delivered(header)
            case "enquire_link_resp":
                self._enquired = False
            case "unbind_resp" if not self.bound_as:
                self.hang_up()
            case _:
                self._audit.counts["unasked"] += 1

    def _on_delivered(self, header: Header) -> None:
        mo = self._unanswered.pop(header.sequence, None)
        if mo is None:
            # too late, or twice: what it answers has been sent again or is settled
            self._audit.counts["unasked"] += 1
            return
        attempt = mo.attempts[-1]
        attempt.status, attempt.answered_at = header.status, self._clock.seconds()
        self._centre.mailbox(self.esme).settled(mo, header.status)

    # --- PDUs out

    def _reply(self, header: Header, status: int) -> None:
        data = pdus.write(f"{header.name}_resp", header.sequence, status=status)
        self._answer(_Answer(header.name, data))

    def _nack(self, sequence: int, status: int) -> None:
        self._send("generic_nack", pdus.write_header(_NACK, sequence, status))

    def _answer(self, answer: _Answer) -> None:
        faults, chance = self._faults, self._chance
        if faults.mute.strikes(answer.kind, chance):
            if answer.then is not None:
                answer.then()
        elif faults.slow.strikes(answer.kind, chance):
            delay = chance.uniform(*faults.slowness)
            self._answers[answer] = self._clock.callLater(delay, self._leave, answer)
        elif faults.shuffle.strikes(answer.kind, chance):
            self._answers[answer] = self._clock.callLater(_OVERTAKEN_WITHIN, self._leave, answer)
        else:
            self._leave(answer)

    def _leave(self, answer: _Answer) -> None:
        self._answers.pop(answer, None)
        kind = f"{answer.kind}_resp"
        if self._send(kind, answer.data) and answer.mt is not None:
            answer.mt.answered = True
        if self._faults.twice.strikes(answer.kind, self._chance):
            self._send(kind, answer.data)
        if answer.then is not None:
            answer.then()

    def _send(self, kind: str, data: bytes) -> bool:
        """Whether all of it was written."""
        if self.ended:
            return False
        faults, chance = self._faults, self._chance
        if faults.drop_before.strikes(kind, chance):
            self.drop()
            return False
        if faults.strange_pdu.strikes(kind, chance):
            strange = pdus.write_header(_STRANGE_COMMAND, self._next_sequence(), body=b"\0\1\2\3")
            self._wire.write(strange)
        if faults.rubbish.strikes(kind, chance):
            self._wire.write(chance.randbytes(chance.randint(1, 200)))
        if faults.drop_midway.strikes(kind, chance):
            self._wire.write(data[: chance.randint(1, len(data) - 1)])
            self.hang_up()
            return False
        self._wire.write(data)
        self._audit.counts[f"out {kind}"] += 1
        if faults.drop_after.strikes(kind, chance):
            self.hang_up()
        return not self._wire.frozen

    def _next_sequence(self) -> int:
        self._sequence = self._sequence % 0x7FFFFFFF + 1
        return self._sequence

    # --- time

    def _watch(self) -> None:
        if self._watchdog is None and self._unanswered:
            oldest = next(iter(self._unanswered.values())).attempts[-1].sent_at
            due = oldest + self._terms.response_timeout - self._clock.seconds()
            self._watchdog = self._clock.callLater(max(0.0, due), self._overdue)

    def _overdue(self) -> None:
        self._watchdog = None
        patience = self._clock.seconds() - self._terms.response_timeout
        late = [s for s, mo in self._unanswered.items() if mo.attempts[-1].sent_at <= patience]
        again = [self._unanswered.pop(sequence) for sequence in late]
        self._watch()
        if again:
            self._centre.mailbox(self.esme).back(again)

    def _enquire_later(self) -> None:
        if self._terms.enquire_every is not None:
            self._enquirer = self._clock.callLater(self._terms.enquire_every, self._enquire)

    def _enquire(self) -> None:
        self._enquirer = None
        if self._enquired:
            self.drop()
            return
        self._enquired = True
        self._send("enquire_link", pdus.write("enquire_link", self._next_sequence()))
        self._enquire_later()

    def _enquire_stop(self) -> None:
        if self._enquirer is not None and self._enquirer.active():
            self._enquirer.cancel()
        self._enquirer = None

    def _leave_mailbox(self) -> None:
        links = self._centre.mailbox(self.esme).links if self.esme else []
        if self in links:
            links.remove(self)
