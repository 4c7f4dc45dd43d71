"""What an SMSC does wrong, and when. Every field may be changed while it runs."""

from __future__ import annotations

from dataclasses import dataclass, fields

from smpplib import consts

from simulators.fault_timing import NEVER, FaultTiming, parse_fault_timing
from simulators.smsc.pdus import CODES, STATUSES


@dataclass(slots=True)
class SmscFaults:
    """All faults, none of them on. Kinds are names of PDUs, `submit_sm` or `deliver_sm_resp`."""

    # PDUs that arrive
    silent: FaultTiming = NEVER  # neither acted on nor answered
    mute: FaultTiming = NEVER  # acted on, never answered
    nack: FaultTiming = NEVER  # generic_nack with the request's sequence number
    nack_blind: FaultTiming = NEVER  # generic_nack with sequence number 0
    throttle: FaultTiming = NEVER  # submit_sm refused with `throttle_status`
    refuse: FaultTiming = NEVER  # submit_sm refused with `refuse_status`
    refuse_bind: FaultTiming = NEVER  # with `bind_status`
    unbind: FaultTiming = NEVER  # the SMSC unbinds of its own accord instead of answering
    freeze: FaultTiming = NEVER  # half-open: nothing is read or written any more, nothing closed
    # answers that leave
    slow: FaultTiming = NEVER  # by `slowness` seconds, from and to
    shuffle: FaultTiming = NEVER  # held back until others have overtaken it
    twice: FaultTiming = NEVER
    early_receipt: FaultTiming = NEVER  # the receipt leaves before the response
    # the link ends at a PDU: one that arrived, before or after it was acted on; one that leaves,
    # before it, in the middle of its bytes, or after it
    drop_before: FaultTiming = NEVER
    drop_midway: FaultTiming = NEVER
    drop_after: FaultTiming = NEVER
    # strange things, sent ahead of a PDU that leaves
    strange_pdu: FaultTiming = NEVER  # a command nobody knows
    strange_tlv: FaultTiming = NEVER  # in a deliver_sm
    stray: FaultTiming = NEVER  # a NUL behind a deliver_sm, as if its text were a C string
    rubbish: FaultTiming = NEVER  # random bytes; framing is lost
    # segments
    split: bool = False  # into random sizes, each its own segment
    merge: float = 0.0  # seconds of PDUs in one write

    slowness: tuple[float, float] = (0.2, 1.0)
    rate: float = 0.0  # submit_sm a second before throttling; 0 is no limit
    throttle_status: int = consts.SMPP_ESME_RTHROTTLED
    refuse_status: int = consts.SMPP_ESME_RINVDSTADR
    bind_status: int = consts.SMPP_ESME_RBINDFAIL

    def set(self, said: str) -> None:
        """One fault as people write it, such as `throttle=10` or `silent=always:enquire_link`."""
        name, _, value = said.partition("=")
        names = {f.name for f in fields(self)}
        if name not in names:
            raise ValueError(f"{name} is no fault; there are {', '.join(sorted(names))}")
        try:
            setattr(self, name, _read(getattr(self, name), value or "always"))
        except ValueError as error:
            raise ValueError(f"{said}: {error}") from error

    def clear(self) -> None:
        """Everything in order again."""
        for each in fields(self):
            setattr(self, each.name, getattr(SmscFaults(), each.name))


def _read(now: object, value: str) -> object:
    match now:
        case FaultTiming():
            return parse_fault_timing(value, CODES)
        case tuple():
            low, _, high = value.partition("-")
            return float(low), float(high or low)
        case bool():
            return value in ("always", "on", "true", "yes", "1")
        case int():
            return STATUSES[value] if value in STATUSES else int(value, 0)
        case _:
            return float(value)
