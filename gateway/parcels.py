"""Messages on their way out, and the ways they take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

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
    failed: list[SubmitSm] = field(default_factory=list)  # parts to be sent again
    message_ids: list[str] = field(default_factory=list)
    tries: int = 0
    verdict: Verdict | None = None  # the worst answer to a part
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


_SEVERITY = (Treatment.FAIL, Treatment.THROTTLE, Treatment.LATER, Treatment.ACCEPTED)


def worse(one: Verdict | None, other: Verdict) -> Verdict:
    """The one that decides what becomes of a message with both among its answers."""
    if one is None:
        return other
    return min(one, other, key=lambda verdict: _SEVERITY.index(verdict.treatment))
