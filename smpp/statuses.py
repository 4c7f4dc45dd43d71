"""What each command_status means for us (SMPP 3.4 §5.1.3): one table for messages, one for binds.

This is the only place that tells one status from another. What an SMSC means by a number can
differ from what the specification says, so a link may have overrides of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from smpplib import consts


class Treatment(Enum):
    """What we do about an answer."""

    ACCEPTED = "accepted"
    """The SMSC took it."""
    THROTTLE = "throttle"
    """The whole link pauses, and this message stays first: order is kept."""
    LATER = "later"
    """This message is tried again after a while; the link goes on. For a bind: wait, try again."""
    FAIL = "fail"
    """Never again with the same content. For a bind: a person must change something first."""


class Verdict(NamedTuple):
    """What to do, and why, in words for logs and operators."""

    treatment: Treatment
    reason: str


Overrides = Mapping[int, Treatment]
"""A link's own rules: command_status to treatment."""

_NAMES: dict[int, str] = {
    value: name.removeprefix("SMPP_")
    for name, value in vars(consts).items()
    if name.startswith("SMPP_ESME_")
}
_NUMBERS = {name: value for value, name in _NAMES.items()}

_MESSAGES: dict[int, Verdict] = {
    consts.SMPP_ESME_ROK: Verdict(Treatment.ACCEPTED, "accepted"),
    consts.SMPP_ESME_RTHROTTLED: Verdict(Treatment.THROTTLE, "faster than the SMSC allows"),
    consts.SMPP_ESME_RMSGQFUL: Verdict(Treatment.THROTTLE, "the SMSC's queue is full"),
    # temporary by nature, or the link's trouble and not the message's
    consts.SMPP_ESME_RSYSERR: Verdict(Treatment.LATER, "system error at the SMSC"),
    consts.SMPP_ESME_RINVBNDSTS: Verdict(Treatment.LATER, "not bound for sending"),
    consts.SMPP_ESME_RX_T_APPN: Verdict(Treatment.LATER, "temporary error at the receiver"),
    consts.SMPP_ESME_RSUBMITFAIL: Verdict(Treatment.LATER, "the SMSC could not take it"),
    consts.SMPP_ESME_RUNKNOWNERR: Verdict(Treatment.LATER, "unknown error at the SMSC"),
    # the message's own fault
    consts.SMPP_ESME_RINVMSGLEN: Verdict(Treatment.FAIL, "text too long"),
    consts.SMPP_ESME_RINVCMDLEN: Verdict(Treatment.FAIL, "the SMSC could not read it"),
    consts.SMPP_ESME_RINVCMDID: Verdict(Treatment.FAIL, "the SMSC does not know submit_sm"),
    consts.SMPP_ESME_RINVPRTFLG: Verdict(Treatment.FAIL, "invalid priority"),
    consts.SMPP_ESME_RINVREGDLVFLG: Verdict(Treatment.FAIL, "invalid registered_delivery"),
    consts.SMPP_ESME_RINVSRCADR: Verdict(Treatment.FAIL, "invalid source address"),
    consts.SMPP_ESME_RINVDSTADR: Verdict(Treatment.FAIL, "invalid destination address"),
    consts.SMPP_ESME_RINVMSGID: Verdict(Treatment.FAIL, "invalid message id"),
    consts.SMPP_ESME_RINVSERTYP: Verdict(Treatment.FAIL, "invalid service type"),
    consts.SMPP_ESME_RINVESMCLASS: Verdict(Treatment.FAIL, "invalid esm_class"),
    consts.SMPP_ESME_RINVSRCTON: Verdict(Treatment.FAIL, "invalid source type of number"),
    consts.SMPP_ESME_RINVSRCNPI: Verdict(Treatment.FAIL, "invalid source numbering plan"),
    consts.SMPP_ESME_RINVDSTTON: Verdict(Treatment.FAIL, "invalid destination type of number"),
    consts.SMPP_ESME_RINVDSTNPI: Verdict(Treatment.FAIL, "invalid destination numbering plan"),
    consts.SMPP_ESME_RINVREPFLAG: Verdict(Treatment.FAIL, "invalid replace_if_present"),
    consts.SMPP_ESME_RINVSCHED: Verdict(Treatment.FAIL, "invalid delivery time"),
    consts.SMPP_ESME_RINVEXPIRY: Verdict(Treatment.FAIL, "invalid validity period"),
    consts.SMPP_ESME_RINVDFTMSGID: Verdict(Treatment.FAIL, "no such predefined message"),
    consts.SMPP_ESME_RX_P_APPN: Verdict(Treatment.FAIL, "permanent error at the receiver"),
    consts.SMPP_ESME_RX_R_APPN: Verdict(Treatment.FAIL, "rejected by the receiver"),
    consts.SMPP_ESME_RINVOPTPARSTREAM: Verdict(Treatment.FAIL, "unreadable optional parameters"),
    consts.SMPP_ESME_ROPTPARNOTALLWD: Verdict(Treatment.FAIL, "optional parameter not allowed"),
    consts.SMPP_ESME_RINVPARLEN: Verdict(Treatment.FAIL, "invalid parameter length"),
    consts.SMPP_ESME_RMISSINGOPTPARAM: Verdict(Treatment.FAIL, "optional parameter missing"),
    consts.SMPP_ESME_RINVOPTPARAMVAL: Verdict(Treatment.FAIL, "invalid optional parameter"),
    consts.SMPP_ESME_RDELIVERYFAILURE: Verdict(Treatment.FAIL, "delivery failed"),
}

_BINDS: dict[int, Verdict] = {
    consts.SMPP_ESME_ROK: Verdict(Treatment.ACCEPTED, "bound"),
    consts.SMPP_ESME_RINVPASWD: Verdict(Treatment.FAIL, "wrong password"),
    consts.SMPP_ESME_RINVSYSID: Verdict(Treatment.FAIL, "unknown system_id"),
    consts.SMPP_ESME_RINVSYSTYP: Verdict(Treatment.FAIL, "wrong system_type"),
    consts.SMPP_ESME_RINVCMDID: Verdict(Treatment.FAIL, "the SMSC has no bind of this kind"),
    # the SMSC may not have noticed yet that our last connection is gone
    consts.SMPP_ESME_RALYBND: Verdict(Treatment.LATER, "already bound"),
    consts.SMPP_ESME_RBINDFAIL: Verdict(Treatment.LATER, "bind failed"),
}


def message_verdict(command_status: int, overrides: Overrides | None = None) -> Verdict:
    """What to do about a submit_sm that was answered so.

    What nobody knows is tried again: the sender bounds how often, and a lost reply is worse.
    """
    return _verdict(_MESSAGES, command_status, overrides)


def bind_verdict(command_status: int, overrides: Overrides | None = None) -> Verdict:
    """What to do about a bind that was answered so; ACCEPTED, LATER or FAIL."""
    return _verdict(_BINDS, command_status, overrides)


def name_of(command_status: int) -> str:
    """ESME_RTHROTTLED, or the number where the specification has no name."""
    return _NAMES.get(command_status, f"0x{command_status:08x}")


def number_of(name: str) -> int:
    """The status of a name (ESME_RTHROTTLED) or of a number as text (0x58, 88).

    Raises ValueError, in words for whoever wrote the configuration.
    """
    if name in _NUMBERS:
        return _NUMBERS[name]
    try:
        return int(name, 0)
    except ValueError:
        raise ValueError(
            f"{name!r} is no command_status: write a name like ESME_RTHROTTLED or 0x58"
        ) from None


def _verdict(
    table: Mapping[int, Verdict], command_status: int, overrides: Overrides | None
) -> Verdict:
    verdict = table.get(command_status)
    if verdict is None:
        verdict = Verdict(Treatment.LATER, f"status {name_of(command_status)}")
    if overrides and command_status in overrides:
        return verdict._replace(treatment=overrides[command_status])
    return verdict
