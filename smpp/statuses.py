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


class StatusVerdict(NamedTuple):
    """What to do, and why, in words for logs and operators."""

    treatment: Treatment
    reason: str


StatusOverrides = Mapping[int, Treatment]
"""A link's own rules: command_status to treatment."""

_NAMES: dict[int, str] = {
    value: name.removeprefix("SMPP_")
    for name, value in vars(consts).items()
    if name.startswith("SMPP_ESME_")
}
_NUMBERS = {name: value for value, name in _NAMES.items()}

_MESSAGES: dict[int, StatusVerdict] = {
    consts.SMPP_ESME_ROK: StatusVerdict(Treatment.ACCEPTED, "accepted"),
    consts.SMPP_ESME_RTHROTTLED: StatusVerdict(Treatment.THROTTLE, "faster than the SMSC allows"),
    consts.SMPP_ESME_RMSGQFUL: StatusVerdict(Treatment.THROTTLE, "the SMSC's queue is full"),
    # temporary by nature, or the link's trouble and not the message's
    consts.SMPP_ESME_RSYSERR: StatusVerdict(Treatment.LATER, "system error at the SMSC"),
    consts.SMPP_ESME_RINVBNDSTS: StatusVerdict(Treatment.LATER, "not bound for sending"),
    consts.SMPP_ESME_RX_T_APPN: StatusVerdict(Treatment.LATER, "temporary error at the receiver"),
    consts.SMPP_ESME_RSUBMITFAIL: StatusVerdict(Treatment.LATER, "the SMSC could not take it"),
    consts.SMPP_ESME_RUNKNOWNERR: StatusVerdict(Treatment.LATER, "unknown error at the SMSC"),
    # the message's own fault
    consts.SMPP_ESME_RINVMSGLEN: StatusVerdict(Treatment.FAIL, "text too long"),
    consts.SMPP_ESME_RINVCMDLEN: StatusVerdict(Treatment.FAIL, "the SMSC could not read it"),
    consts.SMPP_ESME_RINVCMDID: StatusVerdict(Treatment.FAIL, "the SMSC does not know submit_sm"),
    consts.SMPP_ESME_RINVPRTFLG: StatusVerdict(Treatment.FAIL, "invalid priority"),
    consts.SMPP_ESME_RINVREGDLVFLG: StatusVerdict(Treatment.FAIL, "invalid registered_delivery"),
    consts.SMPP_ESME_RINVSRCADR: StatusVerdict(Treatment.FAIL, "invalid source address"),
    consts.SMPP_ESME_RINVDSTADR: StatusVerdict(Treatment.FAIL, "invalid destination address"),
    consts.SMPP_ESME_RINVMSGID: StatusVerdict(Treatment.FAIL, "invalid message id"),
    consts.SMPP_ESME_RINVSERTYP: StatusVerdict(Treatment.FAIL, "invalid service type"),
    consts.SMPP_ESME_RINVESMCLASS: StatusVerdict(Treatment.FAIL, "invalid esm_class"),
    consts.SMPP_ESME_RINVSRCTON: StatusVerdict(Treatment.FAIL, "invalid source type of number"),
    consts.SMPP_ESME_RINVSRCNPI: StatusVerdict(Treatment.FAIL, "invalid source numbering plan"),
    consts.SMPP_ESME_RINVDSTTON: StatusVerdict(
        Treatment.FAIL, "invalid destination type of number"
    ),
    consts.SMPP_ESME_RINVDSTNPI: StatusVerdict(
        Treatment.FAIL, "invalid destination numbering plan"
    ),
    consts.SMPP_ESME_RINVREPFLAG: StatusVerdict(Treatment.FAIL, "invalid replace_if_present"),
    consts.SMPP_ESME_RINVSCHED: StatusVerdict(Treatment.FAIL, "invalid delivery time"),
    consts.SMPP_ESME_RINVEXPIRY: StatusVerdict(Treatment.FAIL, "invalid validity period"),
    consts.SMPP_ESME_RINVDFTMSGID: StatusVerdict(Treatment.FAIL, "no such predefined message"),
    consts.SMPP_ESME_RX_P_APPN: StatusVerdict(Treatment.FAIL, "permanent error at the receiver"),
    consts.SMPP_ESME_RX_R_APPN: StatusVerdict(Treatment.FAIL, "rejected by the receiver"),
    consts.SMPP_ESME_RINVOPTPARSTREAM: StatusVerdict(
        Treatment.FAIL, "unreadable optional parameters"
    ),
    consts.SMPP_ESME_ROPTPARNOTALLWD: StatusVerdict(
        Treatment.FAIL, "optional parameter not allowed"
    ),
    consts.SMPP_ESME_RINVPARLEN: StatusVerdict(Treatment.FAIL, "invalid parameter length"),
    consts.SMPP_ESME_RMISSINGOPTPARAM: StatusVerdict(Treatment.FAIL, "optional parameter missing"),
    consts.SMPP_ESME_RINVOPTPARAMVAL: StatusVerdict(Treatment.FAIL, "invalid optional parameter"),
    consts.SMPP_ESME_RDELIVERYFAILURE: StatusVerdict(Treatment.FAIL, "delivery failed"),
}

_BINDS: dict[int, StatusVerdict] = {
    consts.SMPP_ESME_ROK: StatusVerdict(Treatment.ACCEPTED, "bound"),
    consts.SMPP_ESME_RINVPASWD: StatusVerdict(Treatment.FAIL, "wrong password"),
    consts.SMPP_ESME_RINVSYSID: StatusVerdict(Treatment.FAIL, "unknown system_id"),
    consts.SMPP_ESME_RINVSYSTYP: StatusVerdict(Treatment.FAIL, "wrong system_type"),
    consts.SMPP_ESME_RINVCMDID: StatusVerdict(Treatment.FAIL, "the SMSC has no bind of this kind"),
    # the SMSC may not have noticed yet that our last connection is gone
    consts.SMPP_ESME_RALYBND: StatusVerdict(Treatment.LATER, "already bound"),
    consts.SMPP_ESME_RBINDFAIL: StatusVerdict(Treatment.LATER, "bind failed"),
}


def message_verdict(command_status: int, overrides: StatusOverrides | None = None) -> StatusVerdict:
    """What to do about a submit_sm that was answered so.

    What nobody knows is tried again: the sender bounds how often, and a lost reply is worse.
    """
    return _verdict(_MESSAGES, command_status, overrides)


def bind_verdict(command_status: int, overrides: StatusOverrides | None = None) -> StatusVerdict:
    """What to do about a bind that was answered so; ACCEPTED, LATER or FAIL."""
    return _verdict(_BINDS, command_status, overrides)


def status_name(command_status: int) -> str:
    """ESME_RTHROTTLED, or the number where the specification has no name."""
    return _NAMES.get(command_status, f"0x{command_status:08x}")


def status_number(name: str) -> int:
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
    table: Mapping[int, StatusVerdict], command_status: int, overrides: StatusOverrides | None
) -> StatusVerdict:
    verdict = table.get(command_status)
    if verdict is None:
        verdict = StatusVerdict(Treatment.LATER, f"status {status_name(command_status)}")
    if overrides and command_status in overrides:
        return verdict._replace(treatment=overrides[command_status])
    return verdict
