"""What a person is told who takes a call over: who calls, about which number, how far proven."""

from __future__ import annotations

from typing import Final, NamedTuple

from commands.auth import proof
from commands.model.hall import Hall
from commands.model.request import AuthLevel
from commands.model.turn import TurnContext
from gateway.model.session_state import OpenMenu

_STAR_FIRST: Final = 3
"""The star from which a caller is served before others."""


_BEFORE_OTHERS: Final = 1_000  # more than anybody waits in vain


class AgentHandover(NamedTuple):
    caller: str
    target: str
    """The number it is about: the one whose password was right, or the caller's own."""
    level: str
    language: str
    brand: str
    grade: str
    """diamond, vip, star 3, ordinary …"""
    screen: str
    """Where the caller stood when he asked for a person."""
    first: bool
    """He is served before others."""
    actions: tuple[str, ...]
    """The last commands that answered him."""
    waits: int
    """How often he has waited in vain."""
    queue: str = ""
    """Of the exchange, for his customer class; empty: everybody's."""
    whisper: str = ""
    """What the person hears before the caller: who it is, what is proven, what he did last."""


def handed_over(
    context: TurnContext, menu: OpenMenu | None, hall: Hall, actions: tuple[str, ...], waits: int
) -> AgentHandover:
    """`menu` is where the caller stood before."""
    proved = menu.proved if menu else ""
    target = proved or context.phone
    account = hall.accounts.find(context.phone) if context.phone else None
    star = account.star if account else 0
    names = account.classes_at(context.now) if account else frozenset[str]()
    mine = list(hall.settings.classes.among(names))
    grades = [one.code for one in mine if one.first]
    queues = [one.queue for one in mine if one.queue]
    here = TurnContext(
        context.id, context.now, context.channel, context.interface, context.phone,
        context.asserted, proved=proved,
    )  # fmt: skip
    level = proof.proven(here, target, hall) if target else AuthLevel.A0
    return AgentHandover(
        context.phone,
        target,
        level.name,
        menu.position.language if menu else "zh",
        account.brand if account else "",
        grades[0] if grades else f"star {star}" if star else "ordinary",
        menu.position.screen if menu else "",
        bool(grades) or star >= _STAR_FIRST,
        actions,
        waits,
        queues[0] if queues else "",
    )


def variables(handover: AgentHandover) -> dict[str, str]:
    """For the channel: what an agent's screen can show. QUEUE_PRIO is Queue()'s own: who comes back
    to it keeps his place before those who have come since."""
    return {
        "HALL_CALLER": handover.caller,
        "HALL_TARGET": handover.target,
        "HALL_LEVEL": handover.level,
        "HALL_LANGUAGE": handover.language,
        "HALL_BRAND": handover.brand,
        "HALL_GRADE": handover.grade,
        "HALL_REASON": handover.screen,
        "HALL_ACTIONS": " ".join(handover.actions),
        "QUEUE_PRIO": str(_BEFORE_OTHERS * handover.first + handover.waits),
    }


def unheard(caller: str) -> dict[str, str]:
    """Of a caller to whom nothing could be played."""
    return {"HALL_CALLER": caller, "HALL_REASON": "sounds not heard"}
