"""Messages that a peer delivers again: it saw no answer to them, or saw it too late.

A repeated message looks like the first: same sender, receiver and octets. A subscriber who asks
twice looks the same. What tells them apart is what we know of the answer to the first:

    its bind has ended, and the peer was not proven to have read the answer ─▶ it may come again
    it was told that we did not keep it, and we did ─────────────────────────▶ it may come again
    it was answered late: the peer may have delivered it again before ───────▶ for a minute
    it was not answered yet when its like came by the same bind, seconds later ▶ that is it again
    its bind is up, and nobody knows yet whether the answer was read ────────▶ the next one waits
    the answer was read in time ─────────────────────────────────────────────▶ the next one is new

The peer reads our octets in order, so when it answers a request of ours, it has read every answer
we wrote before. And a peer that waits for the answer to a subscriber's message before it delivers
the next keeps their order: who writes something new has been answered before, and who repeats
something has been answered up to there; and what it brings again it brings in a row, as it came. A
peer that was seen not to wait proves nothing by that.
All this holds for each channel and each SMSC by itself, over all its binds and all gateways.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from commands.model.request import Channel
from gateway.model.message_id import floor_at, moment_of
from gateway.model.messages import SmppInput

LATE: Final = 3.0  # seconds: no peer delivers again sooner what is not answered, while a bind is up
LATE_FOR: Final = 60.0  # seconds after a late answer in which a repetition may still be on its way
UNREAD_FOR: Final = 7.0
"""Seconds without a sign that it was read, by which an answer is late: peers wait for ten, and for
up to LATE of these the message may have lain in our socket before it came, and nobody noticed."""
DECIDED_WITHIN: Final = 5.0  # seconds that a message waits until it is known whether it is new
WAITED: Final = 0.25  # seconds: who was served faster was overtaken by nobody
SKEW: Final = 0.5  # seconds by which two gateways' clocks may differ
IN_FLIGHT: Final = 1.0  # seconds after a bind's end in which others bring what left before


class Earlier(NamedTuple):
    """A message of the same subscriber that was served, and what is known of its answer."""

    id: int
    fingerprint: bytes
    same_as: int = 0  # what it repeats; 0: it was new
    channel: str = Channel.SMS
    late_ms: int = 0  # when its answer was known to be late
    refused: bool = False  # the peer was told that it was not kept
    bind: int = 0
    smsc: str = ""  # empty: of a time before there were groups
    proven_upto: int = 0  # by its bind
    ended_ms: int = 0
    action: str = ""
    result: str = ""

    @property
    def message(self) -> int:
        """What the peer calls one message, however often it delivers it."""
        return self.same_as or self.id

    @property
    def proven(self) -> bool:
        return self.id <= self.proven_upto

    @property
    def in_doubt(self) -> bool:
        """Whether there was ever a reason for which it may come again."""
        return bool(self.late_ms) or self.lost_at() is not None

    def lost_at(self) -> float | None:
        """Since when it may come again though it was answered; None: not for such a reason."""
        if self.refused:
            return moment_of(self.id)
        return self.ended_ms / 1000 if self.ended_ms and not self.proven else None


class Repeats(NamedTuple):
    """It is this message that the peer delivers again."""

    message: int
    in_order: bool = True  # the peer waits for the answer before it delivers the next
    newest: int = 0  # of those that it may be: what was said to that one is still so; 0: it itself
    asked_for: bool = False  # we told the peer to bring it again: it is nothing else

    @property
    def answered_as(self) -> int:
        return self.newest or self.message


class Undecided(NamedTuple):
    """Nobody knows yet; nothing of it was done. `refuse`: it has waited long enough."""

    refuse: bool = False


Verdict = Repeats | Undecided | None
"""None: it is new."""


class Past(NamedTuple):
    """What a subscriber sent before, and the peer's habit."""

    earlier: Sequence[Earlier]  # in whatever order they were served
    in_order: Callable[[], bool]  # asked only where it matters
    horizon: int  # seconds: what comes later is a new message


def verdict(message: SmppInput, past: Past, now: float) -> Verdict:
    """`now`: seconds since 1970, when it is served. `past` is of its channel and its SMSC."""
    # the newest of each
    attempts = {one.message: one for one in sorted(past.earlier, key=_about_when)}
    alike = [
        one
        for one in sorted(attempts.values())
        if one.fingerprint == message.fingerprint and _is_near(one, message, past.horizon)
    ]
    if not alike:
        return None
    if again := [one for one in alike if _may_come_again(one, message, past)]:
        in_order = past.in_order()
        if len(again) > 1:
            return Repeats(again[0].message, in_order, again[-1].message)
        return Repeats(again[0].message, in_order, asked_for=in_order and again[0].refused)
    for one in alike:
        if _has_overtaken(one, message, past, now):
            return Repeats(one.message, past.in_order())
    if waited_for := [one for one in alike if _is_waited_for(one, message, past)]:
        return Repeats(waited_for[-1].message, past.in_order())
    if any(_is_open(one, message) for one in alike):
        return Undecided(refuse=now - moment_of(message.id) >= DECIDED_WITHIN)
    return None


def _about_when(one: Earlier) -> float:
    """What repeats another came behind it, though its gateway's clock may be a little slow."""
    return moment_of(one.id) + (SKEW if one.same_as else 0.0)


def _is_near(one: Earlier, message: SmppInput, horizon: int) -> bool:
    return moment_of(message.id) - moment_of(one.message) <= horizon


def _may_come_again(one: Earlier, message: SmppInput, past: Past) -> bool:
    lost_at = one.lost_at()
    if lost_at is not None and (one.refused or one.bind != message.bind):
        return not _settled(one, lost_at, past)
    if not one.late_ms:
        return False
    late_at = one.late_ms / 1000
    return _crossed(one, message, late_at, past) and not _settled(one, late_at, past)


def _crossed(one: Earlier, message: SmppInput, late_at: float, past: Past) -> bool:
    """Whether the peer may have delivered it again before it read a late answer. By the same bind
    it read that before it brought anything more; but one for which it waits no more, and whose
    repetition we refused since, it brings by any."""
    came = moment_of(message.id)
    after = came - moment_of(one.id)
    if one.bind != message.bind or late_at - moment_of(one.id) >= UNREAD_FOR:
        return after >= LATE and came <= late_at + LATE_FOR
    if came > late_at + IN_FLIGHT:
        return False
    return after >= UNREAD_FOR or (after >= LATE and past.in_order())


def _settled(one: Earlier, since: float, past: Past) -> bool:
    """Whether it cannot come again by itself: by what came since, it was answered. What left the
    peer before, on other binds, proves nothing; by its own the peer brings what comes in order."""
    floor = floor_at(since)
    own = 0 if one.refused else one.bind
    came = [
        other
        for other in past.earlier
        if other.bind >= floor
        or moment_of(other.id) > since + IN_FLIGHT
        or (other.bind == own and moment_of(other.id) > since)
    ]
    proofs = [other for other in came if not other.same_as or other.same_as >= one.message]
    is_past = any(other.id != one.id for other in proofs) or _is_out_of_line(one, floor, past)
    return is_past and past.in_order()


def _is_out_of_line(one: Earlier, floor: int, past: Past) -> bool:
    """Whether something of its bind has come again, and the one before this was not the last that
    did. They are compared by their words: of several alike nobody knows which came."""
    lost = {other.message for other in past.earlier if other.bind == one.bind and other.in_doubt}
    again = [other for other in past.earlier if other.id > floor and other.same_as in lost]
    if not again or one.id == max(again).id:
        return False
    before = max((message for message in lost if message < one.message), default=0)
    words = {other.fingerprint for other in past.earlier if other.message == before}
    return max(again).fingerprint not in words


def _has_overtaken(one: Earlier, message: SmppInput, past: Past, now: float) -> bool:
    """Whether the peer delivered it again, by another bind, while the first waited for us. A peer
    that does not wait for our answers may have brought two of the same words at once."""
    if one.id < message.id or one.bind == message.bind:
        return False
    after, waited = moment_of(one.id) - moment_of(message.id), now - moment_of(message.id)
    return after >= LATE or (waited >= WAITED and past.in_order())


def _is_waited_for(one: Earlier, message: SmppInput, past: Past) -> bool:
    """Whether the peer delivered it again by the same bind, because we had not answered yet."""
    after = moment_of(message.id) - moment_of(one.id)
    if not message.like_is_unanswered or one.bind != message.bind:
        return False
    return after >= UNREAD_FOR or (after >= LATE and past.in_order())


def _is_open(one: Earlier, message: SmppInput) -> bool:
    """Whether its bind is up, as far as is known, and its answer perhaps not read."""
    return bool(one.bind) and one.bind != message.bind and not (one.ended_ms or one.proven)
