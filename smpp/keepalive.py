"""Whether the peer is alive, reads what we write, and is heard in time: when to send an
enquire_link."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

LATE: Final = 3.0
"""Seconds of silence after which what comes may have been on its way for so long."""
PROMPT: Final = 1.0
"""Seconds in which a peer that is there answers an enquire_link; and for which what comes behind a
standstill may be as old as that."""


class Enquiry(NamedTuple):
    """An enquire_link on its way, and how many answers had been written before it."""

    sequence: int
    asked_at: float
    answers: int
    early: bool = False  # the peer need not be given up sooner because of it


class Keepalive:
    """Silence for `interval` seconds makes us ask; no answer for `timeout` means that it is dead.

    A peer that keeps talking is alive, however long our question waits in its queue; but after
    `patience` seconds it does not read us, whatever it says. A probe is asked for by whoever wants
    a sign that the peer has read something.

    With a `beat` we ask after so much silence already. If there was no answer, and then octets
    come, the connection stood still: they may have waited on it.
    """

    def __init__(
        self, interval: float, timeout: float, patience: float, beat: float = math.inf
    ) -> None:
        self._interval = interval
        self._timeout = timeout
        self._patience = patience
        self._beat = beat
        self._heard = 0.0
        self._probe_at: float | None = None
        self._stood_still_until = -math.inf
        self._to_ask = False  # at once
        self.enquiry: Enquiry | None = None

    def hear(self, now: float) -> float:
        """For how many seconds the connection stood still before; mostly 0."""
        silence, self._heard = now - self._heard, now
        if silence < LATE or self.enquiry is None or now - self.enquiry.asked_at < PROMPT:
            return 0.0
        self._stood_still_until, self._to_ask = now, True
        return silence

    def may_be_old(self, now: float) -> bool:
        """Whether what is heard may have been on its way while the connection stood still: until
        an enquiry is answered that left since."""
        return now < self._stood_still_until + PROMPT

    def probe(self, at: float) -> None:
        """Wants to ask at that time, if not before."""
        if self._probe_at is None:
            self._probe_at = at

    def no_probe(self) -> None:
        self._probe_at = None

    def due(self) -> float:
        """When to ask; or, if we have asked, when to give the peer up."""
        if self.enquiry:
            asked_at = self.enquiry.asked_at
            since = self._heard + self._interval if self.enquiry.early else self._heard
            return min(max(since, asked_at) + self._timeout, asked_at + self._patience)
        if self._to_ask:
            return self._heard
        silence = self._heard + min(self._interval, self._beat)
        return silence if self._probe_at is None else min(silence, self._probe_at)

    def ask(self, sequence: int, answers: int, now: float) -> None:
        early = self._probe_at is None and now < self._heard + self._interval
        self.enquiry = Enquiry(sequence, now, answers, early)
        self._probe_at, self._to_ask = None, False

    def settle(self, sequence: int) -> Enquiry | None:
        """The enquiry with this number, now answered, if it is there."""
        enquiry = self.enquiry
        if enquiry is None or enquiry.sequence != sequence:
            return None
        self.enquiry = None
        if enquiry.asked_at >= self._stood_still_until:
            self._stood_still_until = -math.inf
        return enquiry
