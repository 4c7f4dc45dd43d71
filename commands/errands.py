"""Long work: changes that the operator's own system, the BOSS, makes. They are accepted here, made
there, and their result follows by SMS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from commands.vocabulary import Arguments, Channel

# What only the BOSS can do where there is one: whatever moves money, points, services, plans or the
# state of a number, and looking at a card. The rest (passwords, tickets, wishes) is the hall's own
# everywhere.
AT_THE_BOSS: Final = frozenset(
    {
        "q.card",
        "rc.self",
        "rc.other",
        "st.suspend",
        "st.resume",
        "sv.order",
        "sv.change",
        "sv.cancel",
        "sv.order.data",
        "sv.cancel.data",
        "sv.order.sms",
        "sv.cancel.sms",
        "sv.order.tone",
        "sv.cancel.tone",
        "sv.order.display",
        "sv.cancel.display",
        "sv.order.abroad",
        "sv.cancel.abroad",
        "sv.order.mail",
        "sv.cancel.mail",
        "sv.overdraft",
        "sv.overdraft.off",
        "sv.forward",
        "sv.forward.off",
        "sv.reminder",
        "sv.reminder.off",
        "sv.plan_change",
        "sv.plan_undo",
        "pt.exchange",
        "un.pick",
    }
)


@dataclass(frozen=True, slots=True)
class Errand:
    """A request that was accepted: everything it needs to be carried out later."""

    id: int  # the request's; the BOSS knows the errand by it, so it is done once
    placed_at: int
    action: str
    subject: str
    args: Arguments
    level: int
    phone: str
    asserted: bool
    channel: Channel
    interface: str


class Errands(Protocol):
    def waiting(self, phone: str, action: str) -> bool:
        """Has this phone asked for the same already, and not heard how it ended?"""
        ...

    def place(self, errand: Errand) -> str:
        """Kept in the transaction of the acceptance; the number that the subscriber is told."""
        ...
