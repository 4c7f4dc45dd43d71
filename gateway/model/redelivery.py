"""Messages that a peer may send again: it saw no answer to them when its link ended.

A repeated message looks like the first: same sender, receiver and octets. A subscriber who asks
twice looks the same. Two things tell them apart. The peer reads our octets in order, so when it
answers a request of ours, it has read every answer we wrote before: only what was not proven so,
on a bind that has ended, may come again. And a peer that waits for the answer to a subscriber's
message before it delivers the next keeps their order: who writes something new has been answered
before, and who repeats something has been answered up to there. A peer that was seen not to wait
proves nothing by that, and repeats in any order. All this holds for each channel by itself: what
somebody dials proves nothing of what they wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from commands.model.request import Channel
from gateway.model.message_id import moment_of
from gateway.model.messages import SmppInput

Whose = tuple[str, str]
"""A channel and a subscriber."""


class Unread(NamedTuple):
    """A message whose answer the peer has perhaps not read."""

    came: int  # the id under which it came: they sort by it
    phone: str
    fingerprint: bytes
    message: int  # what it repeats, or itself
    in_order: bool = True  # its peer waits for the answer before it delivers the next
    channel: str = Channel.SMS

    @property
    def whose(self) -> Whose:
        return self.channel, self.phone


class ArrivedBefore:
    """What came by later binds than the one whose messages are looked at."""

    def __init__(self) -> None:
        self._wrote: set[Whose] = set()  # who has something new
        self._repeated: set[int] = set()
        self._reached: dict[Whose, int] = {}  # the newest that was repeated

    def add(self, whose: Whose, repeats: int) -> None:
        """`repeats` 0: it is new."""
        if repeats:
            self._repeated.add(repeats)
            self._reached[whose] = max(repeats, self._reached.get(whose, 0))
        else:
            self._wrote.add(whose)

    def settles(self, one: Unread) -> bool:
        """Whether it cannot come again by itself: by what came it was answered, or repeated, and
        then it is the repetition that may come again."""
        if not one.in_order:
            return one.message in self._repeated
        return one.whose in self._wrote or one.message <= self._reached.get(one.whose, 0)


Before = tuple[Whose, tuple[Unread, ...]]
"""What a subscriber might have sent again, before a message of theirs was held against it."""


class Unproven:
    """By channel and subscriber, what may come again, oldest first. Grows only when a bind ends."""

    def __init__(self, horizon: int) -> None:
        self.horizon = horizon  # seconds: what comes later is a new message
        self._messages: dict[Whose, tuple[Unread, ...]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._messages.values()))

    def add(self, messages: Iterable[Unread], now: float) -> None:
        """`now` in seconds since 1970."""
        self._forget(now)
        for unread in sorted(messages):
            self._messages[unread.whose] = (*self._messages.get(unread.whose, ()), unread)

    def take(self, message: SmppInput, undo: list[Before]) -> Unread | None:
        """What this one repeats; None if it is new. Where order is kept, what went before it is
        proven by its coming; `undo` gets what `put_back` needs to know."""
        if not self._messages:
            return None
        whose = message.channel.value, message.phone
        unread = self._messages.pop(whose, None)
        if unread is None:
            return None
        undo.append((whose, unread))
        repeated = next((one for one in unread if self._is(one, message)), None)
        kept = tuple(one for one in unread if one is not repeated and not self._over(one, repeated))
        if kept:
            self._messages[whose] = kept
        return repeated

    def _is(self, one: Unread, message: SmppInput) -> bool:
        return one.fingerprint == message.fingerprint and self._is_near(one, message)

    def _over(self, one: Unread, repeated: Unread | None) -> bool:
        """Whether it can come no more, now that this has come: something new, or a repetition."""
        return one.in_order and (repeated is None or one.came < repeated.came)

    def _is_near(self, one: Unread, message: SmppInput) -> bool:
        return moment_of(message.id) - moment_of(one.message) <= self.horizon

    def put_back(self, undo: Iterable[Before]) -> None:
        """The batch that held messages against these came to nothing."""
        for whose, unread in reversed(list(undo)):
            self._messages[whose] = unread

    def _forget(self, now: float) -> None:
        for whose, unread in list(self._messages.items()):
            if now - moment_of(unread[-1].message) > self.horizon:
                del self._messages[whose]
