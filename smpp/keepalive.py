"""Whether the peer is alive, and reads what we write: when to send an enquire_link."""

from __future__ import annotations

from typing import NamedTuple


class Enquiry(NamedTuple):
    """An enquire_link on its way, and how many answers had been written before it."""

    sequence: int
    asked_at: float
    answers: int


class Keepalive:
    """Silence for `interval` seconds makes us ask; no answer for `timeout` means that it is dead.

    A peer that keeps talking is alive, however long our question waits in its queue; but after
    `patience` seconds it does not read us, whatever it says. A probe is asked for by whoever wants
    a sign that the peer has read something.
    """

    def __init__(self, interval: float, timeout: float, patience: float) -> None:
        self._interval = interval
        self._timeout = timeout
        self._patience = patience
        self._heard = 0.0
        self._probe_at: float | None = None
        self.enquiry: Enquiry | None = None

    def hear(self, now: float) -> None:
        self._heard = now

    def probe(self, at: float) -> None:
        """Wants to ask at that time, if not before."""
        if self._probe_at is None:
            self._probe_at = at

    def no_probe(self) -> None:
        self._probe_at = None

    def due(self) -> float:
        """When to ask; or, if we have asked, when to give the peer up."""
        if self.enquiry:
            quiet = max(self._heard, self.enquiry.asked_at) + self._timeout
            return min(quiet, self.enquiry.asked_at + self._patience)
        silence = self._heard + self._interval
        return silence if self._probe_at is None else min(silence, self._probe_at)

    def ask(self, sequence: int, answers: int, now: float) -> None:
        self.enquiry = Enquiry(sequence, now, answers)
        self._probe_at = None

    def settle(self, sequence: int) -> Enquiry | None:
        """The enquiry with this number, now answered, if it is there."""
        enquiry = self.enquiry
        if enquiry is None or enquiry.sequence != sequence:
            return None
        self.enquiry = None
        return enquiry
