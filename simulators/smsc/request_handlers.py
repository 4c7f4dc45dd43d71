"""What the SMSC does with each request of an ESME (SMPP 3.4 §4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from smpplib import consts

from simulators.smsc import pdus
from simulators.smsc.audit import AuditedSubmit
from simulators.smsc.context import SmscContext
from simulators.smsc.pdus import CODES, BindRequest, MessageQuery, PduHeader, SmscMessage
from simulators.smsc.settings import SmscSettings


class ServingSmsc(Protocol):
    """The SMSC, as requests need it."""

    def admit(self, bind: BindRequest) -> int: ...

    def submitted(
        self, link: ServedConnection, sequence: int, message: SmscMessage
    ) -> AuditedSubmit: ...

    def receipt(self, mt: AuditedSubmit) -> None: ...

    def follow_up(self, mt: AuditedSubmit) -> None: ...

    def query(self, query: MessageQuery) -> tuple[int, int]: ...


class ServedConnection(Protocol):
    """The connection that a request came by."""

    number: int
    esme: str
    bound_as: str
    version: int
    terms: SmscSettings
    context: SmscContext

    @property
    def centre(self) -> ServingSmsc: ...

    @property
    def transmits(self) -> bool: ...

    def bound(self, bind: BindRequest) -> None: ...

    def unbound(self) -> None: ...

    def hang_up(self) -> None: ...

    def reply(
        self,
        header: PduHeader,
        status: int,
        fields: dict[str, str | int] | None = None,
        then: Callable[[bool], None] = ...,
    ) -> None: ...


RequestHandler = Callable[[ServedConnection, PduHeader, bytes], None]


def bind(link: ServedConnection, header: PduHeader, pdu: bytes) -> None:
    """A stranger may try again on the same connection, unless the terms say otherwise."""
    asked = pdus.read_bind(pdu)
    status = _bind_status(link, asked)
    fields: dict[str, str | int] = {}
    if status == 0:
        fields["system_id"] = "simulator"
        if asked.version >= consts.SMPP_VERSION_34:
            fields["sc_interface_version"] = consts.SMPP_VERSION_34

    def then(sent: bool) -> None:
        # only once the response has left may a deliver_sm follow it
        if sent and status == 0:
            link.bound(asked)
        elif sent and link.terms.hang_up_refused:
            link.hang_up()

    link.reply(header, status, fields, then)


def _bind_status(link: ServedConnection, asked: BindRequest) -> int:
    if link.bound_as:
        return int(consts.SMPP_ESME_RALYBND)
    if link.context.strikes(link.context.faults.refuse_bind, asked.name):
        return link.context.faults.bind_status
    return link.centre.admit(asked)


def submit(link: ServedConnection, header: PduHeader, pdu: bytes) -> None:
    """submit_sm and data_sm: by default the response leaves first, then the receipt."""
    if not link.transmits:
        link.reply(header, consts.SMPP_ESME_RINVBNDSTS)
        return
    mt = link.centre.submitted(link, header.sequence, pdus.read_message(pdu))
    early = link.context.strikes(link.context.faults.early_receipt, header.name)
    if early:
        link.centre.receipt(mt)

    def then(sent: bool) -> None:
        if sent:
            mt.answered_at = link.context.now
        if not early:
            link.centre.receipt(mt)
        link.centre.follow_up(mt)

    link.reply(header, mt.status, {"message_id": mt.message_id} if mt.status == 0 else {}, then)


def query(link: ServedConnection, header: PduHeader, pdu: bytes) -> None:
    asked = pdus.read_query(pdu)
    status, state = link.centre.query(asked)
    link.reply(header, status, {"message_id": asked.message_id, "message_state": state})


def enquire(link: ServedConnection, header: PduHeader, pdu: bytes) -> None:
    link.reply(header, consts.SMPP_ESME_ROK)


def unbind(link: ServedConnection, header: PduHeader, pdu: bytes) -> None:
    link.unbound()
    link.reply(header, consts.SMPP_ESME_ROK, then=lambda sent: link.hang_up())


TABLE: dict[int, RequestHandler] = {
    CODES["bind_transmitter"]: bind,
    CODES["bind_receiver"]: bind,
    CODES["bind_transceiver"]: bind,
    CODES["submit_sm"]: submit,
    CODES["data_sm"]: submit,
    CODES["query_sm"]: query,
    CODES["enquire_link"]: enquire,
    CODES["unbind"]: unbind,
}
