"""PDUs made elsewhere, from tests/golden/smpp/pdus.txt, and what they say."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from smpp import pdu as p

_FILE = Path(__file__).parents[1] / "golden" / "smpp" / "pdus.txt"


class Vector(NamedTuple):
    name: str
    sequence: int
    status: int
    octets: bytes


def golden_pdus() -> list[Vector]:
    lines = (line.split() for line in _FILE.read_text().splitlines() if not line.startswith("#"))
    return [Vector(n, int(seq), int(status), bytes.fromhex(h)) for n, seq, status, h in lines]


_PHONE = "8613800138001"

EXPECTED: dict[str, p.Pdu] = {
    "bind_transmitter": p.Bind(
        p.BindKind.TRANSMITTER, "SMPP3TEST", "secret08", "SUBMIT1", 0, 1, 1, ""
    ),
    "bind_transceiver": p.Bind(
        p.BindKind.TRANSCEIVER, "hallgate", "secret", "VMA", 0x34, 1, 1, "^10086"
    ),
    "bind_receiver": p.Bind(p.BindKind.RECEIVER, "hallgate", "secret"),
    "bind_transceiver_resp": p.BindResp(p.BindKind.TRANSCEIVER, "SMSC01", ((0x0210, b"\x34"),)),
    "bind_receiver_resp": p.BindResp(p.BindKind.RECEIVER),
    "outbind": p.Outbind("SMSC01", "secret08"),
    "unbind": p.Unbind(),
    "unbind_resp": p.UnbindResp(),
    "enquire_link": p.EnquireLink(),
    "enquire_link_resp": p.EnquireLinkResp(),
    "generic_nack": p.GenericNack(),
    "submit_sm": p.SubmitSm(
        source_addr="10086",
        dest_addr_ton=1,
        dest_addr_npi=1,
        destination_addr=_PHONE,
        esm_class=0x40,
        registered_delivery=1,
        data_coding=8,
        short_message=b"\x05\x00\x03\xa7\x02\x01" + "余额56.80元".encode("utf-16-be"),
    ),
    "submit_sm_resp": p.SubmitSmResp("0e999f21"),
    "deliver_sm": p.DeliverSm(
        service_type="USSD",
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr=_PHONE,
        destination_addr="139",
        short_message=b"*139#",
        tlvs=((0x1383, b"\x0a\x00"), (0x0501, b"\x01")),
    ),
    "deliver_sm_resp": p.DeliverSmResp(),
    "data_sm": p.DataSm(
        source_addr_ton=1,
        source_addr_npi=1,
        source_addr=_PHONE,
        destination_addr="10086",
        tlvs=((0x0424, b"YE"),),
    ),
    "data_sm_resp": p.DataSmResp(),
    "alert_notification": p.AlertNotification(1, 1, _PHONE, 0, 0, "10086", ((0x0422, b"\0"),)),
}
