"""What is counted of the hall: a count, what it is of, and hours and days to count in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from commands.model.regions import NO_REGIONS, Regions

HOUR: Final = 3600
BUCKETS: Final = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000)
"""Times are counted up to these milliseconds; what is longer, under 0."""

# What figures are called in the store; `what` and `detail` of each stand beside it.
MESSAGE: Final = "message"  # action, result
REFUSAL: Final = "refusal"  # the text that refused it
OFFER: Final = "offer"  # the offer's code; shown, taken, refused
CALL: Final = "call"  # ended, self_service, wanted, in_15; or how waiting ended; with its time
SENT: Final = "sent"  # link; accepted, failed, waiting
ANSWER_TIME: Final = "answer_time"  # a bucket
PEER_TIME: Final = "peer_time"  # a bucket
RECEIPT: Final = "receipt"  # link, state
ORDER: Final = "order"  # action, state
BOSS: Final = "boss"  # action; done, refused, dropped, waiting
BOSS_TIME: Final = "boss_time"  # a bucket
RATING: Final = "rating"  # the score
TICKET: Final = "ticket"  # kind; opened, due_on_time, due_late
CONTACT: Final = "contact"  # action; solved, again, person, complaint, unanswered
UNASKED: Final = "unasked"  # who wanted it said; sent, failed, unknown, waiting; delivered besides;
# of a notice answered, ordered; control, control_answered, control_ordered
SCREEN: Final = "screen"  # a screen or screen/option; the version; by day only


class Group(NamedTuple):
    """What a count is of; empty, where it does not apply or nobody knows."""

    figure: str
    channel: str = ""
    brand: str = ""
    region: str = ""
    interface: str = ""
    what: str = ""
    detail: str = ""


@dataclass(slots=True)
class Tally:
    """Counts of one hour or day. `amounts` are milliseconds, of what is timed."""

    times: Counter[Group] = field(default_factory=Counter)
    amounts: Counter[Group] = field(default_factory=Counter)

    def add(self, group: Group, times: int = 1, amount: int = 0) -> None:
        self.times[group] += times
        if amount:
            self.amounts[group] += amount

    def include(self, other: Tally) -> None:
        self.times.update(other.times)
        self.amounts.update(other.amounts)


class UnclearText(NamedTuple):
    """A text that was not understood, without its digits; what the same people asked next within
    some minutes: action -> how often, "" where they asked nothing."""

    text: str
    times: int
    then: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FigureGroups:
    """What the journal does not say by itself: where numbers belong, which interface a channel is,
    and for how many seconds what people do is an effect of a notice."""

    regions: Regions = NO_REGIONS
    interfaces: Mapping[str, str] = field(default_factory=dict)  # channel -> interface number
    effect: int = 0


def bucket(ms: int) -> str:
    return str(next((most for most in BUCKETS if ms <= most), 0))


class LocalDays:
    """Hours and days of a time zone, by the second (since 1970) that they begin with. A day has as
    many hours as the zone gives it."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def day_of(self, moment: float) -> date:
        return datetime.fromtimestamp(moment, self._zone).date()

    def begins(self, day: date) -> int:
        return int(datetime.combine(day, time(), self._zone).timestamp())

    def ends(self, day: date) -> int:
        return self.begins(day + timedelta(days=1))

    def hours(self, day: date) -> range:
        return range(self.begins(day), self.ends(day), HOUR)

    def hour_of(self, moment: float) -> int:
        begins = self.begins(self.day_of(moment))
        return begins + int(moment - begins) // HOUR * HOUR

    def days(self, first: date, last: date) -> Iterator[date]:
        """Both included."""
        for count in range((last - first).days + 1):
            yield first + timedelta(days=count)
