"""The one id of a message, from its first PDU to its last receipt: it sorts by time."""

from __future__ import annotations

from collections.abc import Callable

EPOCH_MS = 1_735_689_600_000  # 2025-01-01 00:00 UTC
COPY_BITS = 6  # copies of the gateway that share a store
COUNT_BITS = 12  # ids within one millisecond
REPLY_BITS = 3  # a message's id plus 1..7 names what is sent in answer to it
_BELOW_TIME = COPY_BITS + COUNT_BITS + REPLY_BITS


class MessageIds:
    """Gives ids that rise strictly, also when the wall clock is set back. For one thread: the
    reactor's."""

    def __init__(self, copy: int, wall: Callable[[], float], after: int = 0) -> None:
        if not 0 <= copy < 1 << COPY_BITS:
            raise ValueError(f"copy must lie in 0..{(1 << COPY_BITS) - 1}, not {copy}")
        self._copy = copy << COUNT_BITS
        self._wall = wall
        self._ms = milliseconds_of(after) + 1 if after else 0
        self._count = 0

    def move(self, copy: int) -> None:
        """From now on with another copy's bits."""
        self._copy = copy << COUNT_BITS

    def next(self) -> int:
        ms = int(self._wall() * 1000) - EPOCH_MS
        if ms > self._ms:
            self._ms, self._count = ms, 0
        else:
            self._count += 1
            if self._count >> COUNT_BITS:
                self._ms, self._count = self._ms + 1, 0
        return (self._ms << COPY_BITS + COUNT_BITS | self._copy | self._count) << REPLY_BITS


def copy_of(id: int) -> int:
    """Which of the gateways on a store has given it: its slot."""
    return id >> COUNT_BITS + REPLY_BITS & (1 << COPY_BITS) - 1


def milliseconds_of(id: int) -> int:
    """Milliseconds since EPOCH_MS."""
    return id >> _BELOW_TIME


def moment_of(id: int) -> float:
    """Seconds since 1970 at which the id was given."""
    return (milliseconds_of(id) + EPOCH_MS) / 1000


def floor_at(seconds: float) -> int:
    """The smallest id of that moment, in seconds since 1970: everything below is older."""
    return floor_at_ms(int(seconds * 1000))


def floor_at_ms(milliseconds: int) -> int:
    """The same, of milliseconds since 1970."""
    return max(0, milliseconds - EPOCH_MS) << _BELOW_TIME


def reply_id(message: int, count: int) -> int:
    """The id of the count-th thing said in answer to a message; `count` from 1."""
    if not 0 < count < 1 << REPLY_BITS:
        raise ValueError(f"a message has at most {(1 << REPLY_BITS) - 1} answers, not {count}")
    return message + count


def message_of(reply: int) -> int:
    """The message that a reply's id belongs to."""
    return reply >> REPLY_BITS << REPLY_BITS


def answers_something(outgoing: int) -> bool:
    """Whether what has this id was asked for; reminders and notices have ids of their own."""
    return outgoing != message_of(outgoing)


def spoken_number(id: int) -> str:
    """A message's id as subscribers are told it: short, and no two alike."""
    return f"{milliseconds_of(id)}{(id >> REPLY_BITS) % 100:02}"
