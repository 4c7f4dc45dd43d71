"""What follows when a message was not taken: another try, and when; or its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from gateway.delivery.late_screens import TOO_LATE, is_over, may_have_been_seen, seconds_left
from gateway.delivery.route import DOUBTS, UNASKED, Delivery, class_of, worst
from gateway.model.message_id import moment_of
from smpp.statuses import StatusVerdict, Treatment

DELAYS: Final = (1.0, 5.0, 30.0, 120.0, 300.0)  # seconds before a message is tried again
# seconds before a message leaves again that may have been taken: rarely, and ever more so
REPEATS: Final = (10.0, 60.0, 300.0, 1800.0, 7200.0)
LAST_WAIT: Final = 60.0  # seconds for a late answer to the last of them
VALIDITY: Final = 24 * 3600.0  # seconds until a message that nobody takes is given up


class TryFirst(NamedTuple):
    """As soon as its link can, before what has not been on its way yet."""


class TryAfter(NamedTuple):
    seconds: float


class GiveUp(NamedTuple):
    """It is not taken, unless an answer says otherwise within so many seconds."""

    reason: str
    after: float = 0.0


class NotShown(NamedTuple):
    """A screen that is not shown again, after so many seconds: what it says may be said by SMS."""

    reason: str
    after: float = 0.0


NextTry = TryFirst | TryAfter | GiveUp | NotShown


def after_failure(
    delivery: Delivery,
    verdicts: Sequence[StatusVerdict],
    now: float,
    chance: Callable[[], float],
    *,
    at_once: bool,
) -> NextTry:
    """All parts that were sent have their answer, and these are of those that were not taken. Notes
    that it is tried again. `at_once`: its link was lost; `now` is in seconds since 1970. What
    nobody asked for and may have been taken is not tried again."""
    treatment, why = worst(verdicts)
    if delivery.message.screen is not None and is_over(delivery, treatment, why, now):
        return GiveUp(why) if may_have_been_seen(delivery, why) else NotShown(why)
    in_doubt = any(verdict in DOUBTS for verdict in verdicts)
    if in_doubt and class_of(delivery.message) == UNASKED:
        delivery.doubtful = True
        return GiveUp(why, 0.0 if at_once else LAST_WAIT)
    if treatment is Treatment.FAIL or delivery.last or _is_too_old(delivery, now):
        return GiveUp(why)
    if in_doubt:
        return _in_doubt(delivery, why, now, chance, at_once=at_once)
    if treatment is Treatment.THROTTLE:
        return TryFirst()
    delay = DELAYS[min(delivery.tries, len(DELAYS) - 1)]
    delivery.tries += 1
    return TryAfter(delay)


def _in_doubt(
    delivery: Delivery, why: str, now: float, chance: Callable[[], float], *, at_once: bool
) -> NextTry:
    """What may have been taken leaves again, after the first lost link at once, else after a while:
    a late answer makes it needless. A screen does not: it would be seen twice."""
    is_screen, times = delivery.message.screen is not None, delivery.repeats
    if is_screen and not at_once:
        return NotShown(TOO_LATE, seconds_left(delivery, now))
    if times == len(REPEATS):
        return GiveUp(why, LAST_WAIT)
    delivery.repeats += 1
    if at_once and (times == 0 or is_screen):
        return TryFirst()
    return TryAfter(REPEATS[times] * (1 + chance() / 2))


def _is_too_old(delivery: Delivery, now: float) -> bool:
    message = delivery.message
    due = max(moment_of(message.id), message.after_ms / 1000)
    return now - due > VALIDITY
