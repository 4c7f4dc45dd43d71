"""Delivery receipts as an SMSC words them (SMPP 3.4 §4.6 for the TLVs, appendix B for the text)."""

from __future__ import annotations

from datetime import datetime

from smpplib import consts

from simulators.smsc import pdus
from simulators.smsc.audit import AuditedSubmit

RECEIPT = 0x04  # esm_class, SMPP 3.4 §5.2.12

WORDS = {
    consts.SMPP_MESSAGE_STATE_ENROUTE: "ENROUTE",
    consts.SMPP_MESSAGE_STATE_DELIVERED: "DELIVRD",
    consts.SMPP_MESSAGE_STATE_EXPIRED: "EXPIRED",
    consts.SMPP_MESSAGE_STATE_DELETED: "DELETED",
    consts.SMPP_MESSAGE_STATE_UNDELIVERABLE: "UNDELIV",
    consts.SMPP_MESSAGE_STATE_ACCEPTED: "ACCEPTD",
    consts.SMPP_MESSAGE_STATE_UNKNOWN: "UNKNOWN",
    consts.SMPP_MESSAGE_STATE_REJECTED: "REJECTD",
}


def receipt_wanted(registered_delivery: int, state: int) -> bool:
    """Whether the ESME asked for a receipt of this outcome (SMPP 3.4 §5.2.17)."""
    match registered_delivery & 0x03:
        case 1:
            return True
        case 2:
            return state != int(consts.SMPP_MESSAGE_STATE_DELIVERED)
        case _:
            return False


def receipt_text(message_id: str, state: int, submitted: float, done: float) -> bytes:
    """The text form; times are seconds since 1970, printed in local time to the minute."""
    good = state == consts.SMPP_MESSAGE_STATE_DELIVERED
    head = (
        f"id:{message_id} sub:001 dlvrd:{'001' if good else '000'} "
        f"submit date:{_stamp(submitted)} done date:{_stamp(done)} "
        f"stat:{WORDS[state]} err:{'000' if good else '001'} text:"
    )
    return head.encode("ascii")


def _stamp(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds):%y%m%d%H%M}"


def receipt_body(mt: AuditedSubmit, known_as: str, forms: frozenset[str], now: float) -> bytes:
    """The deliver_sm that tells of `mt`, without its header; TLVs only to who knows them."""
    fields: dict[str, str | bytes | int] = {
        "source_addr_ton": consts.SMPP_TON_INTL,
        "source_addr_npi": consts.SMPP_NPI_ISDN,
        "source_addr": mt.message.destination,
        "dest_addr_npi": consts.SMPP_NPI_ISDN,
        "destination_addr": mt.message.source,
        "esm_class": RECEIPT,
    }
    if "tlv" in forms and mt.version >= consts.SMPP_VERSION_34:
        fields |= {"receipted_message_id": known_as, "message_state": mt.state}
    if "text" in forms:
        fields["short_message"] = receipt_text(known_as, mt.state, mt.at, now)
    return pdus.write_pdu("deliver_sm", 0, fields)[16:]
