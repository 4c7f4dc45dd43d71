"""Ports to what subscribers have said they want, and to what came of recommendations."""

from __future__ import annotations

from typing import Final, Protocol


class MessagePreferences(Protocol):
    """What a subscriber has said they want: consent, reminders, and when. Never deleted: the newest
    answer counts, the older ones are the proof of what counted before."""

    def of(self, msisdn: str, name: str) -> str:
        """The newest value; empty if nothing was ever said."""
        ...

    def put(self, msisdn: str, name: str, value: str, interface: str, now: int) -> None: ...


class BusinessCounts(Protocol):
    """What is counted for those who run the hall, beside requests and their results."""

    def offer(self, code: str, result: str) -> None:
        """A recommendation was shown, taken or refused."""
        ...


class _NoCounts:
    def offer(self, code: str, result: str) -> None:
        pass


NO_COUNTS: Final = _NoCounts()
