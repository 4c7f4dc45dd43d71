"""What an SMSC does wrong, and when. Every field may be changed while it runs."""

from __future__ import annotations

import math
from collections.abc import Container
from dataclasses import dataclass, fields
from random import Random

from smpplib import consts

from simulators.pdus import CODES, STATUSES


@dataclass(slots=True, eq=False)
class When:
    """The occasions on which a fault strikes.

    `kinds` are PDU names, none meaning all of them; of the occasions that fit, `skip` pass, then
    `left` are struck, each with `probability`.
    """

    left: float = 0.0
    probability: float = 1.0
    kinds: frozenset[str] = frozenset()
    skip: int = 0

    def strikes(self, kind: str, chance: Random) -> bool:
        if self.left <= 0 or (self.kinds and kind not in self.kinds):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.probability < 1 and chance.random() >= self.probability:
            return False
        self.left -= 1
        return True


def always(*kinds: str) -> When:
    return When(math.inf, kinds=frozenset(kinds))


def times(count: int, *kinds: str, after: int = 0) -> When:
    """The next `count` occasions, once `after` have passed."""
    return When(count, kinds=frozenset(kinds), skip=after)


def sometimes(probability: float, *kinds: str) -> When:
    return When(math.inf, probability, frozenset(kinds))


NEVER = When()  # one for all: a fault that never strikes never counts


@dataclass(slots=True)
class Faults:
    """All faults, none of them on. Kinds are names of PDUs, `submit_sm` or `deliver_sm_resp`."""

    # PDUs that arrive
    silent: When = NEVER  # neither acted on nor answered
    mute: When = NEVER  # acted on, never answered
    nack: When = NEVER  # generic_nack with the request's sequence number
    nack_blind: When = NEVER  # generic_nack with sequence number 0
    throttle: When = NEVER  # submit_sm refused with `throttle_status`
    refuse: When = NEVER  # submit_sm refused with `refuse_status`
    refuse_bind: When = NEVER  # with `bind_status`
    unbind: When = NEVER  # the SMSC unbinds of its own accord instead of answering
    freeze: When = NEVER  # half-open: nothing is read or written any more, nothing closed
    # answers that leave
    slow: When = NEVER  # by `slowness` seconds, from and to
    shuffle: When = NEVER  # held back until others have overtaken it
    twice: When = NEVER
    early_receipt: When = NEVER  # the receipt leaves before the response
    # the link ends at a PDU: one that arrived, before or after it was acted on; one that leaves,
    # before it, in the middle of its bytes, or after it
    drop_before: When = NEVER
    drop_midway: When = NEVER
    drop_after: When = NEVER
    # strange things, sent ahead of a PDU that leaves
    strange_pdu: When = NEVER  # a command nobody knows
    strange_tlv: When = NEVER  # in a deliver_sm
    stray: When = NEVER  # a NUL behind a deliver_sm, as if its text were a C string
    rubbish: When = NEVER  # random bytes; framing is lost
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
            setattr(self, each.name, getattr(Faults(), each.name))


def _read(now: object, value: str) -> object:
    match now:
        case When():
            return when(value)
        case tuple():
            low, _, high = value.partition("-")
            return float(low), float(high or low)
        case bool():
            return value in ("always", "on", "true", "yes", "1")
        case int():
            return STATUSES[value] if value in STATUSES else int(value, 0)
        case _:
            return float(value)


def when(value: str, kinds: Container[str] = CODES) -> When:
    """`always`, `never`, `3`, `5%`, each with `:kind,kind` after it."""
    often, _, after = value.partition(":")
    named = tuple(kind for kind in after.split(",") if kind)
    unknown = [kind for kind in named if kind not in kinds]
    if unknown:
        raise ValueError(f"no PDU is named {', '.join(unknown)}")
    if often == "never":
        return NEVER
    if often == "always":
        return always(*named)
    if often.endswith("%"):
        return sometimes(float(often[:-1]) / 100, *named)
    if not often.isdigit():
        raise ValueError("write always, never, a count or a percentage")
    return times(int(often), *named)
