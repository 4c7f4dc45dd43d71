"""Screens that nobody looks at any more: said by SMS instead, or not at all."""

from __future__ import annotations

from typing import Final

from gateway.delivery.route import LINK_LOST, UNANSWERED, Delivery
from gateway.model.messages import ScreenAct
from smpp.statuses import Treatment

LOOK: Final = 0.5  # seconds between looks at screens that wait for their link
TOO_LATE: Final = "too late for a screen"


def is_late(delivery: Delivery, now: float) -> bool:
    screen = delivery.message.screen
    return screen is not None and now * 1000 >= screen.until_ms


def seconds_left(delivery: Delivery, now: float) -> float:
    """Until nobody looks at it any more."""
    screen = delivery.message.screen
    return max(0.0, screen.until_ms / 1000 - now) if screen is not None else 0.0


def is_over(delivery: Delivery, treatment: Treatment, why: str, now: float) -> bool:
    """Refused for good, or there is no time for another try; and a notice that was sent and perhaps
    seen, for nobody is shown one twice."""
    perhaps_seen = _is_notice(delivery) and why in (UNANSWERED.reason, LINK_LOST.reason)
    return treatment is Treatment.FAIL or perhaps_seen or is_late(delivery, now)


def may_have_been_seen(delivery: Delivery, why: str) -> bool:
    """A notice of which nobody knows: it is not told again."""
    return why == UNANSWERED.reason and _is_notice(delivery)


def by_sms(delivery: Delivery, why: str) -> Delivery | None:
    """The short message that is to be said instead; None if there is nothing to say."""
    message, screen = delivery.message, delivery.message.screen
    assert screen is not None
    if not screen.otherwise:
        return None
    sms = message._replace(
        link=screen.otherwise,
        source=screen.source or message.source,
        text=message.instead or message.text,
        screen=None,
    )
    return Delivery(sms, note=f"by SMS: {why}")


def _is_notice(delivery: Delivery) -> bool:
    screen = delivery.message.screen
    return screen is not None and screen.act is ScreenAct.NOTE
