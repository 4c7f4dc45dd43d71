"""Messages on their way out, and the ways they take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from twisted.internet.interfaces import IDelayedCall

from gateway.mail import Outgoing
from smpp.pdu import SubmitSm
from smpp.statuses import Treatment, Verdict


@dataclass(slots=True, eq=False)
class Parcel:
    """A message on its way. Parts that were taken are not sent again."""

    message: Outgoing
    parts: list[SubmitSm] | None = None
    sent: int = 0  # parts handed to the link since the last try began
    unanswered: int = 0
    # parts to be sent again, and why
    failed: list[tuple[SubmitSm, Verdict]] = field(default_factory=list)
    # parts that were taken, as a late answer said when they were on their way again
    taken: list[SubmitSm] = field(default_factory=list)
    message_ids: list[str] = field(default_factory=list)  # of parts whose receipts were asked for
    tries: int = 0
    repeats: int = 0  # how often it left again though it may have been taken
    wait: IDelayedCall | None = None  # until it is tried again
    over: bool = False
    taken_by: str = ""  # the link that took its last part, and will send its receipts
    back: bool = False  # it was on its way before, and goes first
    note: str = ""  # how it went, if it is taken in the end


class Part(NamedTuple):
    """The key under which a link has a part in flight."""

    parcel: Parcel
    pdu: SubmitSm


class Way(Protocol):
    """A bind that can send."""

    @property
    def link(self) -> str: ...

    @property
    def free(self) -> int:
        """Parts it takes at once."""
        ...

    def parts_of(self, message: Outgoing) -> list[SubmitSm]: ...

    def submit(self, part: Part) -> None: ...


def line_of(message: Outgoing) -> tuple[str, bool]:
    """A subscriber's short messages keep their order, and so do the screens of a dialogue; neither
    waits for the other."""
    return message.destination, message.screen is not None


UNANSWERED = Verdict(Treatment.LATER, "no answer in time")
LINK_LOST = Verdict(Treatment.LATER, "link lost")
DOUBTS = UNANSWERED, LINK_LOST
"""What leaves open whether a part was taken."""

_SEVERITY = (Treatment.FAIL, Treatment.THROTTLE, Treatment.LATER, Treatment.ACCEPTED)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The one that decides what becomes of a message with all of these among its answers."""
    return min(verdicts, key=lambda verdict: _SEVERITY.index(verdict.treatment))
