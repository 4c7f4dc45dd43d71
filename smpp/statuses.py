"""What each command_status means for us (SMPP 3.4 §5.1.3): one table for messages, one for binds.

This is the only place that tells one status from another. What an SMSC means by a number can
differ from what the specification says, so a link may have overrides of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from smpplib import consts


class Action(Enum):
    """What we do about an answer."""

    ACCEPT = "accept"
    """The SMSC took it."""
    THROTTLE = "throttle"
    """The whole link pauses, and this message stays first: order is kept."""
    LATER = "later"
    """This message is tried again after a while; the link goes on. For a bind: wait, try again."""
    FAIL = "fail"
    """Never again with the same content. For a bind: a person must change something first."""


class Treatment(NamedTuple):
    """What to do, and why, in words for logs and operators."""

    action: Action
    reason: str


Overrides = Mapping[int, Action]
"""A link's own rules: command_status to action."""

_NAMES: dict[int, str] = {
    value: name.removeprefix("SMPP_")
    for name, value in vars(consts).items()
    if name.startswith("SMPP_ESME_")
}
_NUMBERS = {name: value for value, name in _NAMES.items()}

_MESSAGES: dict[int, Treatment] = {
    consts.SMPP_ESME_ROK: Treatment(Action.ACCEPT, "accepted"),
    consts.SMPP_ESME_RTHROTTLED: Treatment(Action.THROTTLE, "faster than the SMSC allows"),
    consts.SMPP_ESME_RMSGQFUL: Treatment(Action.THROTTLE, "the SMSC's queue is full"),
    # temporary by nature, or the link's trouble and not the message's
    consts.SMPP_ESME_RSYSERR: Treatment(Action.LATER, "system error at the SMSC"),
    consts.SMPP_ESME_RINVBNDSTS: Treatment(Action.LATER, "not bound for sending"),
    consts.SMPP_ESME_RX_T_APPN: Treatment(Action.LATER, "temporary error at the receiver"),
    consts.SMPP_ESME_RSUBMITFAIL: Treatment(Action.LATER, "the SMSC could not take it"),
    consts.SMPP_ESME_RUNKNOWNERR: Treatment(Action.LATER, "unknown error at the SMSC"),
    # the message's own fault
    consts.SMPP_ESME_RINVMSGLEN: Treatment(Action.FAIL, "text too long"),
    consts.SMPP_ESME_RINVCMDLEN: Treatment(Action.FAIL, "the SMSC could not read it"),
    consts.SMPP_ESME_RINVCMDID: Treatment(Action.FAIL, "the SMSC does not know submit_sm"),
    consts.SMPP_ESME_RINVPRTFLG: Treatment(Action.FAIL, "invalid priority"),
    consts.SMPP_ESME_RINVREGDLVFLG: Treatment(Action.FAIL, "invalid registered_delivery"),
    consts.SMPP_ESME_RINVSRCADR: Treatment(Action.FAIL, "invalid source address"),
    consts.SMPP_ESME_RINVDSTADR: Treatment(Action.FAIL, "invalid destination address"),
    consts.SMPP_ESME_RINVMSGID: Treatment(Action.FAIL, "invalid message id"),
    consts.SMPP_ESME_RINVSERTYP: Treatment(Action.FAIL, "invalid service type"),
    consts.SMPP_ESME_RINVESMCLASS: Treatment(Action.FAIL, "invalid esm_class"),
    consts.SMPP_ESME_RINVSRCTON: Treatment(Action.FAIL, "invalid source type of number"),
    consts.SMPP_ESME_RINVSRCNPI: Treatment(Action.FAIL, "invalid source numbering plan"),
    consts.SMPP_ESME_RINVDSTTON: Treatment(Action.FAIL, "invalid destination type of number"),
    consts.SMPP_ESME_RINVDSTNPI: Treatment(Action.FAIL, "invalid destination numbering plan"),
    consts.SMPP_ESME_RINVREPFLAG: Treatment(Action.FAIL, "invalid replace_if_present"),
    consts.SMPP_ESME_RINVSCHED: Treatment(Action.FAIL, "invalid delivery time"),
    consts.SMPP_ESME_RINVEXPIRY: Treatment(Action.FAIL, "invalid validity period"),
    consts.SMPP_ESME_RINVDFTMSGID: Treatment(Action.FAIL, "no such predefined message"),
    consts.SMPP_ESME_RX_P_APPN: Treatment(Action.FAIL, "permanent error at the receiver"),
    consts.SMPP_ESME_RX_R_APPN: Treatment(Action.FAIL, "rejected by the receiver"),
    consts.SMPP_ESME_RINVOPTPARSTREAM: Treatment(Action.FAIL, "unreadable optional parameters"),
    consts.SMPP_ESME_ROPTPARNOTALLWD: Treatment(Action.FAIL, "optional parameter not allowed"),
    consts.SMPP_ESME_RINVPARLEN: Treatment(Action.FAIL, "invalid parameter length"),
    consts.SMPP_ESME_RMISSINGOPTPARAM: Treatment(Action.FAIL, "optional parameter missing"),
    consts.SMPP_ESME_RINVOPTPARAMVAL: Treatment(Action.FAIL, "invalid optional parameter"),
    consts.SMPP_ESME_RDELIVERYFAILURE: Treatment(Action.FAIL, "delivery failed"),
}

_BINDS: dict[int, Treatment] = {
    consts.SMPP_ESME_ROK: Treatment(Action.ACCEPT, "bound"),
    consts.SMPP_ESME_RINVPASWD: Treatment(Action.FAIL, "wrong password"),
    consts.SMPP_ESME_RINVSYSID: Treatment(Action.FAIL, "unknown system_id"),
    consts.SMPP_ESME_RINVSYSTYP: Treatment(Action.FAIL, "wrong system_type"),
    consts.SMPP_ESME_RINVCMDID: Treatment(Action.FAIL, "the SMSC has no bind of this kind"),
    # the SMSC may not have noticed yet that our last connection is gone
    consts.SMPP_ESME_RALYBND: Treatment(Action.LATER, "already bound"),
    consts.SMPP_ESME_RBINDFAIL: Treatment(Action.LATER, "bind failed"),
}


def message_treatment(command_status: int, overrides: Overrides | None = None) -> Treatment:
    """What to do about a submit_sm that was answered so.

    What nobody knows is tried again: the sender bounds how often, and a lost reply is worse.
    """
    return _treatment(_MESSAGES, command_status, overrides)


def bind_treatment(command_status: int, overrides: Overrides | None = None) -> Treatment:
    """What to do about a bind that was answered so; ACCEPT, LATER or FAIL."""
    return _treatment(_BINDS, command_status, overrides)


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


def _treatment(
    table: Mapping[int, Treatment], command_status: int, overrides: Overrides | None
) -> Treatment:
    treatment = table.get(command_status)
    if treatment is None:
        treatment = Treatment(Action.LATER, f"status {name_of(command_status)}")
    if overrides and command_status in overrides:
        return treatment._replace(action=overrides[command_status])
    return treatment
