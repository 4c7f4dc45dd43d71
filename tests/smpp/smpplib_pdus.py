"""smpplib as the second opinion: the same PDU in its words, to hold our codec against.

Its field tables are extended in copies, for this module only, by what it lacks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from smpplib import command, consts
from smpplib.ptypes import ostr

from smpp.pdu import DataSm, DeliverSm, MessagePdu, SubmitSm
from smpp.tlv import Tlvs

NAMES: Mapping[type[MessagePdu], str] = {
    SubmitSm: "submit_sm",
    DeliverSm: "deliver_sm",
    DataSm: "data_sm",
}
_TAGS: Mapping[str, int] = consts.OPTIONAL_PARAMS


class _DeliverSm(command.DeliverSM):  # type: ignore[misc]  # smpplib is unannotated
    params = {  # noqa: RUF012 - smpplib's own shape
        **command.DeliverSM.params,
        "ussd_service_op": command.Param(type=int, size=1),
    }
    params_order = (*command.DeliverSM.params_order, "ussd_service_op")


_CLASSES = {"submit_sm": command.SubmitSM, "deliver_sm": _DeliverSm, "data_sm": command.DataSM}


def generate(name: str, sequence: int, fields: Mapping[str, object], status: int = 0) -> bytes:
    """The bytes that smpplib makes of these fields."""
    pdu = _make(name, **fields)
    pdu.sequence, pdu.status = sequence, status
    return bytes(pdu.generate())


def parse(octets: bytes) -> Any:
    """smpplib's reading of these bytes, fields as attributes."""
    name = next(n for n, code in _codes().items() if code == int.from_bytes(octets[4:8], "big"))
    pdu = _make(name)
    pdu.parse(octets)
    return pdu


def message_fields(pdu: MessagePdu) -> dict[str, object]:
    """A message of ours as smpplib's keyword arguments."""
    fields: dict[str, object] = dict(pdu._asdict())
    tlvs = fields.pop("tlvs")
    assert isinstance(tlvs, tuple)
    if isinstance(pdu, DataSm):
        known = command.DataSM.params_order
        fields = {name: value for name, value in fields.items() if name in known}
    by_tag = {tag: name for name, tag in _TAGS.items()}
    params = _CLASSES[NAMES[type(pdu)]].params
    return fields | {by_tag[tag]: _value(params[by_tag[tag]], octets) for tag, octets in tlvs}


def tlvs_for(kind: type[MessagePdu]) -> st.SearchStrategy[Tlvs]:
    """Any of the TLVs that smpplib knows in this PDU, in the order it writes them."""
    pdu = _CLASSES[NAMES[kind]]
    names = [n for n in pdu.params_order if n in _TAGS and _writable(n, pdu.params[n])]
    each = {name: _octets(pdu.params[name]) for name in names}
    return st.fixed_dictionaries({}, optional=each).map(
        lambda some: tuple((_TAGS[name], some[name]) for name in names if name in some)
    )


def _codes() -> Mapping[str, int]:
    codes: Mapping[str, int] = command.pdu.command_codes.commands
    return codes


def _make(name: str, **fields: object) -> Any:
    if name in _CLASSES:
        return _CLASSES[name](name, sequence=0, **fields)
    return command.factory(name, sequence=0, **fields)


def _writable(name: str, param: Any) -> bool:
    # it cannot write flags, nor subaddresses (octet strings that it holds for text), and
    # refuses a message_payload beside a text, rightly
    return param.type in (int, ostr) and name != "message_payload"


def _octets(param: Any) -> st.SearchStrategy[bytes]:
    if param.type is int or hasattr(param, "size"):
        return st.binary(min_size=param.size, max_size=param.size)
    return st.binary(min_size=param.min, max_size=param.max)


def _value(param: Any, octets: bytes) -> object:
    return int.from_bytes(octets, "big") if param.type is int else octets
