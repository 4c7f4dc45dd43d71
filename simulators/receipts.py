"""Delivery receipts as an SMSC words them (SMPP 3.4 §4.6 for the TLVs, appendix B for the text)."""

from __future__ import annotations

from datetime import datetime

from smpplib import consts

RECEIPT, INTERMEDIATE = 0x04, 0x20  # esm_class, SMPP 3.4 §5.2.12

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


def wanted(registered_delivery: int, state: int) -> bool:
    """Whether the ESME asked for a receipt of this outcome (SMPP 3.4 §5.2.17)."""
    match registered_delivery & 0x03:
        case 1:
            return True
        case 2:
            return state != int(consts.SMPP_MESSAGE_STATE_DELIVERED)
        case _:
            return False


def text(message_id: str, state: int, submitted: float, done: float, shown: bytes) -> bytes:
    """The text form; times are seconds since 1970, printed in local time to the minute."""
    good = state == consts.SMPP_MESSAGE_STATE_DELIVERED
    head = (
        f"id:{message_id} sub:001 dlvrd:{'001' if good else '000'} "
        f"submit date:{_stamp(submitted)} done date:{_stamp(done)} "
        f"stat:{WORDS[state]} err:{'000' if good else '001'} text:"
    )
    return head.encode("ascii") + shown[:20]


def _stamp(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds):%y%m%d%H%M}"
