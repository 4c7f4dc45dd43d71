"""Screens that nobody looks at any more: said by SMS instead, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.delivery.lines import DeliveryLines
from gateway.delivery.route import LINK_LOST, UNANSWERED, Delivery
from gateway.delivery.timers import Timers
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


class ScreenWatch:
    """Screens whose link is down, rests, or has no room would not be looked at otherwise."""

    def __init__(
        self,
        timers: Timers,
        wall: Callable[[], float],
        lines: DeliveryLines,
        instead: Callable[[Delivery, str], None],
        looked: Callable[[], None],
    ) -> None:
        self._timers = timers
        self._wall = wall
        self._lines = lines
        self._instead = instead
        self._looked = looked
        self._looking = False  # whether screens wait

    def look_soon(self) -> None:
        if not self._looking:
            self._looking = True
            self._timers.after(LOOK, self._look)

    def _look(self) -> None:
        self._looking = False
        for ready in self._lines.screens():
            for delivery in [delivery for delivery in ready if is_late(delivery, self._wall())]:
                ready.remove(delivery)
                self._instead(delivery, TOO_LATE)
            if ready:
                self.look_soon()
        self._looked()
