"""What the SMSC does with each request of an ESME (SMPP 3.4 §4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from smpplib import consts

from simulators import pdus
from simulators.pdus import CODES, Bind, Header

if TYPE_CHECKING:
    from simulators.link import Link

Serve = Callable[["Link", Header, bytes], None]


def bind(link: Link, header: Header, pdu: bytes) -> None:
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


def _bind_status(link: Link, asked: Bind) -> int:
    if link.bound_as:
        return int(consts.SMPP_ESME_RALYBND)
    if link.conditions.strikes(link.conditions.faults.refuse_bind, asked.name):
        return link.conditions.faults.bind_status
    return link.centre.admit(asked)


def submit(link: Link, header: Header, pdu: bytes) -> None:
    """submit_sm and data_sm: by default the response leaves first, then the receipt."""
    if not link.transmits:
        link.reply(header, consts.SMPP_ESME_RINVBNDSTS)
        return
    mt = link.centre.submitted(link, header.sequence, pdus.read_message(pdu))
    early = link.conditions.strikes(link.conditions.faults.early_receipt, header.name)
    if early:
        link.centre.receipt(mt)

    def then(sent: bool) -> None:
        if sent:
            mt.answered_at = link.conditions.now
        if not early:
            link.centre.receipt(mt)
        link.centre.follow_up(mt)

    link.reply(header, mt.status, {"message_id": mt.message_id} if mt.status == 0 else {}, then)


def query(link: Link, header: Header, pdu: bytes) -> None:
    asked = pdus.read_query(pdu)
    status, state = link.centre.query(asked)
    link.reply(header, status, {"message_id": asked.message_id, "message_state": state})


def enquire(link: Link, header: Header, pdu: bytes) -> None:
    link.reply(header, consts.SMPP_ESME_ROK)


def unbind(link: Link, header: Header, pdu: bytes) -> None:
    link.unbound()
    link.reply(header, consts.SMPP_ESME_ROK, then=lambda sent: link.hang_up())


TABLE: dict[int, Serve] = {
    CODES["bind_transmitter"]: bind,
    CODES["bind_receiver"]: bind,
    CODES["bind_transceiver"]: bind,
    CODES["submit_sm"]: submit,
    CODES["data_sm"]: submit,
    CODES["query_sm"]: query,
    CODES["enquire_link"]: enquire,
    CODES["unbind"]: unbind,
}
