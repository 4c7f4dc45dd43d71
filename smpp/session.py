"""One SMPP session of an ESME: bytes and time in, bytes and events out. No I/O, no clock.

A session lives as long as its connection: the next connection gets a new one. It ends once, with
one SmppSessionEnded that settles everything in flight, whichever way it ends. `session_state` has
its states.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import ClassVar, cast

from smpplib.consts import (
    SMPP_ESME_RINVBNDSTS,
    SMPP_ESME_RINVCMDID,
    SMPP_ESME_RINVCMDLEN,
    SMPP_ESME_RMSGQFUL,
    SMPP_ESME_RUNKNOWNERR,
)

from smpp.framing import PduFramer, SmppFramingLost
from smpp.pdu import (
    DATA_SM,
    DELIVER_SM,
    RESPONSE,
    AlertNotification,
    Bind,
    BindKind,
    BindResp,
    DataSm,
    DataSmResp,
    DecodedPdu,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    MalformedPdu,
    Outbind,
    Pdu,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
)
from smpp.pdu_decoding import decode_pdu
from smpp.pdu_encoding import encode_message_resp, encode_pdu, encode_refusal
from smpp.pending_requests import PendingRequests
from smpp.session_events import (
    AnswersSeen,
    BindAccepted,
    BindRefused,
    ConnectionStoodStill,
    MessageReceived,
    OutbindReceived,
    SmppProtocolFault,
    SmppSessionEnded,
    SmppSessionEvent,
    SubmitAnswered,
    SubmitAnsweredLate,
    SubmitTimedOut,
    TrailingOctetsIgnored,
)
from smpp.session_limits import BindCredentials, SmppLimits
from smpp.session_state import SessionLifecycle, SmppSessionState
from smpp.statuses import Treatment, bind_verdict, status_name
from smpp.tlv import SC_INTERFACE_VERSION, tlv_number

__all__ = [
    "BindCredentials",
    "BindKind",
    "NotBound",
    "SmppLimits",
    "SmppSession",
    "SmppSessionState",
    "WindowFull",
]


NO_OUTBIND = "something else than an outbind came first"
LONGEST_OUTBIND = 256
"""Octets we take from whoever has not said who they are: an outbind has 41 at most."""


class NotBound(Exception):
    """There is no bind to send on."""


class WindowFull(Exception):
    """As many messages as allowed are unanswered."""


class SmppSession:
    """What the peer sends goes to `receive`, what happens comes out as events, and what must be
    sent is fetched with `output`. `tick` is to be called at `deadline`, or any time before."""

    def __init__(
        self,
        kind: BindKind,
        credentials: BindCredentials,
        limits: SmppLimits,
        first_sequence: int = 1,
    ) -> None:
        self.kind = kind
        self._life = SessionLifecycle()
        self._credentials = credentials
        self._limits = limits
        self._framer = PduFramer(limits.max_pdu)
        self._requests = PendingRequests(limits, first_sequence)
        self._outbind: Outbind | None = None
        self._data_sms: set[int] = set()  # delivered as data_sm, to be answered as such
        self._now = 0.0
        self._on = self._HANDLERS  # by kind of PDU
        self._events: list[SmppSessionEvent] = []
        self._output: list[bytes] = []
        self.answered = 0
        """Messages of ours that the peer has answered in time."""
        self.last_answer = (0, 0.0)
        """The command_status of its last such answer, and for how many seconds it was waited."""
        self.unsent = 0
        """Octets that `output` would return."""

    # ---- what the peer sends -------------------------------------------------------------------

    def receive(self, data: bytes, now: float) -> list[SmppSessionEvent]:
        """Takes bytes as they come, however the network cut them."""
        if self.over():
            return []
        self._now = now
        try:
            for octets in self._framer.cut(data):
                # a PDU that is never finished is no sign of life
                if stood_still := self._requests.hear(now):
                    self._events.append(ConnectionStoodStill(stood_still))
                try:
                    frame = decode_pdu(octets)
                except MalformedPdu as malformed:
                    self._refuse(malformed)
                else:
                    self._on[type(frame.pdu)](self, frame)
                if self._life.state is SmppSessionState.ENDED:
                    break
        except SmppFramingLost as lost:
            if self.state is not SmppSessionState.LISTENING:
                self._write(encode_pdu(GenericNack(), 0, SMPP_ESME_RINVCMDLEN))
            self._end(f"framing lost: {lost}")
        return self._turn_over()

    @property
    def state(self) -> SmppSessionState:
        """Where the session stands."""
        return self._life.state

    def over(self) -> bool:
        """Whether SmppSessionEnded has been told; nothing will come after it."""
        return self.state is SmppSessionState.ENDED

    @property
    def held(self) -> int:
        """Octets received that are no whole PDU yet."""
        return self._framer.held

    def _refuse(self, malformed: MalformedPdu) -> None:
        self._fault(str(malformed))
        if self.state is SmppSessionState.LISTENING:
            self._end(NO_OUTBIND)
        elif not malformed.command_id & RESPONSE:  # a response is never answered
            status, sequence = malformed.command_status, malformed.sequence
            self._write(encode_refusal(malformed.command_id, status, sequence))

    def _on_stranger(self, frame: DecodedPdu) -> None:
        """To a stranger nothing is said: neither an answer nor why not."""
        pdu = frame.pdu
        if type(pdu) is not Outbind:
            self._end(NO_OUTBIND)
        elif not _same(pdu, self._outbind):
            self._end("outbind by a stranger: system_id or password is wrong")
        else:
            self._framer.max_pdu = self._limits.max_pdu
            self._on = self._HANDLERS
            self._events.append(OutbindReceived(pdu.system_id))
            self._bind()

    def _on_deliver(self, frame: DecodedPdu) -> None:
        pdu = cast(DeliverSm | DataSm, frame.pdu)
        if self.state is SmppSessionState.BOUND and self.kind.receives:
            if type(pdu) is DataSm:
                self._data_sms.add(frame.sequence)
            old = self._requests.may_be_old(self._now)
            self._events.append(MessageReceived(frame.sequence, pdu, old))
            if frame.left_out:
                self._events.append(TrailingOctetsIgnored(frame.left_out))
            return
        # while we say goodbye the SMSC is to keep it for the next session
        leaving = self.state is SmppSessionState.UNBINDING
        status = SMPP_ESME_RMSGQFUL if leaving else SMPP_ESME_RINVBNDSTS
        request_id = DATA_SM if type(pdu) is DataSm else DELIVER_SM
        self._write(encode_message_resp(request_id, status, frame.sequence))
        if not leaving:
            self._fault(f"a message came while {self.state.name}")

    def _on_submit_resp(self, frame: DecodedPdu) -> None:
        if not self._submit_settled(frame, cast(SubmitSmResp, frame.pdu).message_id):
            self._on_unsolicited(frame)

    def _submit_settled(self, frame: DecodedPdu, message_id: str) -> bool:
        sent = self._requests.settle_message(frame.sequence)
        if sent is not None:
            waited = self._now - sent.deadline + self._limits.response_timeout
            self.answered, self.last_answer = self.answered + 1, (frame.command_status, waited)
            self._events.append(SubmitAnswered(sent.key, frame.command_status, message_id))
            return True
        late = self._requests.settle_late(frame.sequence)
        if late is not None:
            self._events.append(SubmitAnsweredLate(late.key, frame.command_status, message_id))
        return late is not None

    def _on_enquire_link(self, frame: DecodedPdu) -> None:
        self._write(encode_pdu(EnquireLinkResp(), frame.sequence))

    def _on_enquire_link_resp(self, frame: DecodedPdu) -> None:
        if not self._requests.settle_enquiry(frame.sequence):
            self._on_unsolicited(frame)

    def _on_bind_resp(self, frame: DecodedPdu) -> None:
        pdu = cast(BindResp, frame.pdu)
        if not self._is_ours(frame, SmppSessionState.BINDING) or pdu.kind is not self.kind:
            self._on_unsolicited(frame)
            return
        if bind_verdict(frame.command_status).treatment is Treatment.ACCEPTED:
            self._life.enter(SmppSessionState.BOUND)
            version = tlv_number(pdu.tlvs, SC_INTERFACE_VERSION)
            self._events.append(BindAccepted(pdu.system_id, version))
        else:
            self._bind_refused(frame.command_status)

    def _bind_refused(self, command_status: int) -> None:
        verdict = bind_verdict(command_status)
        self._events.append(BindRefused(command_status, verdict))
        self._end(f"bind refused: {status_name(command_status)}, {verdict.reason}")

    def _on_outbind(self, frame: DecodedPdu) -> None:
        self._fault(f"outbind while {self.state.name}")

    def _on_unbind(self, frame: DecodedPdu) -> None:
        self._write(encode_pdu(UnbindResp(), frame.sequence))
        self._end("the peer unbound")

    def _on_unbind_resp(self, frame: DecodedPdu) -> None:
        if self._is_ours(frame, SmppSessionState.UNBINDING):
            self._requests.own_answered()
            self._end("unbound")
        else:
            self._on_unsolicited(frame)

    def _on_generic_nack(self, frame: DecodedPdu) -> None:
        # a nack is a refusal even if its status says that all is well
        status = frame.command_status or SMPP_ESME_RUNKNOWNERR
        if self._submit_settled(frame._replace(command_status=status), ""):
            return
        if self._requests.settle_enquiry(frame.sequence):
            return  # it does not know enquire_link, but it is there
        if self._is_ours(frame, SmppSessionState.BINDING):
            self._bind_refused(status)
        elif self._is_ours(frame, SmppSessionState.UNBINDING):
            self._requests.own_answered()
            self._end("unbound")
        else:
            self._fault(f"generic_nack {status_name(status)} for {frame.sequence}, none of ours")

    def _on_alert(self, frame: DecodedPdu) -> None:
        """A subscriber is back. We never ask for that, and it has no answer."""

    def _on_unsolicited(self, frame: DecodedPdu) -> None:
        self._fault(f"{type(frame.pdu).__name__} for {frame.sequence}, which we did not ask")

    def _on_foreign_request(self, frame: DecodedPdu) -> None:
        """What only an SMSC serves."""
        self._fault(f"{type(frame.pdu).__name__} sent to an ESME")
        self._write(encode_pdu(GenericNack(), frame.sequence, SMPP_ESME_RINVCMDID))

    # what the peer numbers itself never settles what we asked: only a response does
    _HANDLERS: ClassVar[dict[type[Pdu], Callable[[SmppSession, DecodedPdu], None]]] = {
        DeliverSm: _on_deliver,
        DataSm: _on_deliver,
        SubmitSmResp: _on_submit_resp,
        EnquireLink: _on_enquire_link,
        EnquireLinkResp: _on_enquire_link_resp,
        BindResp: _on_bind_resp,
        Outbind: _on_outbind,
        Unbind: _on_unbind,
        UnbindResp: _on_unbind_resp,
        GenericNack: _on_generic_nack,
        AlertNotification: _on_alert,
        Bind: _on_foreign_request,
        SubmitSm: _on_foreign_request,
        DeliverSmResp: _on_unsolicited,
        DataSmResp: _on_unsolicited,
    }

    # ---- what the user does --------------------------------------------------------------------

    def connected(self, now: float, awaiting: Outbind | None = None) -> None:
        """The transport is up: we bind, or wait for the SMSC's outbind, which must be this one.

        An outbind is checked because our answer to it carries our password.
        """
        self._now = now
        self._requests.hear(now)
        if awaiting is None:
            self._bind()
            return
        self._outbind = awaiting
        self._framer.max_pdu = min(LONGEST_OUTBIND, self._limits.max_pdu)
        self._on = dict.fromkeys(self._HANDLERS, SmppSession._on_stranger)
        self._life.enter(SmppSessionState.LISTENING, now + self._limits.outbind_timeout)

    @property
    def window(self) -> int:
        """How many of our messages may be unanswered at once."""
        return self._limits.window

    @property
    def unanswered(self) -> int:
        """How many of our messages take a place of the window now."""
        return self._limits.window - self._requests.free

    @property
    def free(self) -> int:
        """How many messages may be submitted now."""
        if self.state is SmppSessionState.BOUND and self.kind.sends:
            return self._requests.free
        return 0

    def submit(self, pdu: SubmitSm, key: object, now: float) -> int:
        """Sends a message; `key` comes back with its end. Returns the sequence number.

        Raises NotBound, WindowFull, or ValueError for what SMPP has no room for.
        """
        if self.state is not SmppSessionState.BOUND or not self.kind.sends:
            raise NotBound
        if not self._requests.free:
            raise WindowFull
        sequence = self._requests.next_sequence()
        self._write(encode_pdu(pdu, sequence))
        self._requests.message_sent(sequence, key, now)
        return sequence

    def answer(self, sequence: int, command_status: int, token: object = None) -> bool:
        """Answers a MessageReceived. A token comes back when the peer has surely read the answer.

        False if there is nobody to answer any more.
        """
        if self.state not in (SmppSessionState.BOUND, SmppSessionState.UNBINDING):
            return False
        request_id = DELIVER_SM
        if sequence in self._data_sms:
            self._data_sms.remove(sequence)
            request_id = DATA_SM
        self._write(encode_message_resp(request_id, command_status, sequence))
        if token is not None:
            self._requests.answered(token, self._now)
        return True

    def unbind(self, now: float) -> None:
        """Says goodbye. SmppSessionEnded follows with the answer, or at the deadline."""
        if self.state in (SmppSessionState.UNBINDING, SmppSessionState.ENDED):
            return
        self._now = now
        if self.state is not SmppSessionState.BOUND:
            self._life.enter(SmppSessionState.UNBINDING, now)
            return
        self._write(encode_pdu(Unbind(), self._requests.next_own()))
        self._life.enter(SmppSessionState.UNBINDING, now + self._limits.unbind_timeout)

    def lost(self, reason: str, now: float) -> list[SmppSessionEvent]:
        """The transport is gone."""
        self._now = now
        if self.state is not SmppSessionState.ENDED:
            self._end(reason)
        return self._turn_over()

    def output(self) -> bytes:
        """What must be sent now; the caller has it from here."""
        octets = b"".join(self._output)
        self._output.clear()
        self.unsent = 0
        return octets

    # ---- time ----------------------------------------------------------------------------------

    def deadline(self) -> float | None:
        """When `tick` is wanted, if nothing else happens before."""
        if self.state in (SmppSessionState.FRESH, SmppSessionState.ENDED):
            return None
        until = self._life.until
        due = self._requests.enquiry_due() if until is None else until
        oldest = self._requests.message_due()
        return due if oldest is None else min(due, oldest)

    def tick(self, now: float) -> list[SmppSessionEvent]:
        """Does what time asks for."""
        if self.state in (SmppSessionState.FRESH, SmppSessionState.ENDED):
            return []
        self._now = now
        self._events += [SubmitTimedOut(sent.key) for sent in self._requests.expire(now)]
        until = self._life.until
        if until is None:
            if now >= self._requests.enquiry_due():
                self._enquire()
        elif now >= until:
            self._end(self._life.in_vain)
        return self._turn_over()

    # ---- within --------------------------------------------------------------------------------

    def _enquire(self) -> None:
        if self._requests.asking:
            self._end("enquire_link was not answered in time")
            return
        sequence = self._requests.next_sequence()
        self._write(encode_pdu(EnquireLink(), sequence))
        self._requests.enquiry_sent(sequence, self._now)

    def _bind(self) -> None:
        who = self._credentials
        bind = Bind(
            self.kind, who.system_id, who.password, who.system_type,
            addr_ton=who.addr_ton, addr_npi=who.addr_npi, address_range=who.address_range,
        )  # fmt: skip
        self._write(encode_pdu(bind, self._requests.next_own()))
        self._life.enter(SmppSessionState.BINDING, self._now + self._limits.bind_timeout)

    def _is_ours(self, frame: DecodedPdu, state: SmppSessionState) -> bool:
        return self.state is state and self._requests.is_own(frame.sequence)

    def _write(self, octets: bytes) -> None:
        self._output.append(octets)
        self.unsent += len(octets)

    def _fault(self, description: str) -> None:
        self._events.append(SmppProtocolFault(description))

    def _end(self, reason: str) -> None:
        """The one place where a session ends."""
        self._tell_seen()
        self._life.enter(SmppSessionState.ENDED)
        self._events.append(SmppSessionEnded(reason, *self._requests.rest()))

    def _tell_seen(self) -> None:
        if tokens := self._requests.take_seen():
            self._events.append(AnswersSeen(tokens))

    def _turn_over(self) -> list[SmppSessionEvent]:
        """The events of this turn."""
        self._tell_seen()
        self._requests.arrange_probe(self._now)
        events, self._events = self._events, []
        return events


def _same(outbind: Outbind, expected: Outbind | None) -> bool:
    """Compared in constant time, all of it whatever the first part says, as passwords are."""
    if expected is None:
        return False
    pairs = zip(outbind, expected, strict=True)
    return all([hmac.compare_digest(a.encode(), b.encode()) for a, b in pairs])
