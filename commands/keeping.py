"""Ports to what the hall itself keeps: strikes, random codes, cards, tickets, preferences.

Money is int fen, moments are int seconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from commands.vocabulary import Secret


class Strikes(Protocol):
    """Counts of what may not happen too often: wrong cards, wrong certificates, codes sent.

    `kind` names the rule, `key` whom it counts for; both are kept, so no secret is a key."""

    def count(self, kind: str, key: str, since: int) -> int:
        """How often since that moment."""
        ...

    def last(self, kind: str, key: str) -> int:
        """When it last happened; 0: never."""
        ...

    def add(self, kind: str, key: str, now: int) -> None: ...

    def clear(self, kind: str, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class SentCode:
    """A random code on its way to a phone: good for one operation on one number."""

    action: str
    mark: str  # of the code
    sent_at: int
    wrong: int = 0


class Codes(Protocol):
    def sent(self, msisdn: str) -> SentCode | None: ...

    def keep(self, msisdn: str, code: SentCode) -> None:
        """One at a time for a number: the newest."""
        ...

    def forget(self, msisdn: str) -> None: ...


UNSEEN: Final = "unseen"  # a card that only the BOSS knows: it is looked at when it is used


@dataclass(frozen=True, slots=True)
class Card:
    """A recharge card as its issuer has it."""

    face_fen: int
    state: str  # good, used, expired, locked; or UNSEEN


class Cards(Protocol):
    def find(self, secret: Secret) -> Card | None: ...

    def by_serial(self, serial: str) -> Card | None: ...

    def redeem(self, secret: Secret, msisdn: str, now: int) -> bool:
        """Use it up, once: false if somebody was quicker."""
        ...


@dataclass(frozen=True, slots=True)
class Ticket:
    """工单."""

    number: str  # what the subscriber is told
    kind: str  # complaint, suggestion, fault, spam, sim, callback, card
    state: str  # open, working, done
    opened_at: int
    due_at: int
    result: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """A ticket that has just been closed, and the phone that waits to hear of it."""

    phone: str
    ticket: Ticket


class Tickets(Protocol):
    def open(
        self, kind: str, phone: str, content: str, due_at: int, now: int, id: int,
        recording: str = "",
    ) -> Ticket:  # fmt: skip
        """`id` is the message's: the same message opens one ticket, however often it is served.
        `recording` names what was said on a call instead of written."""
        ...

    def find(self, phone: str, number: str) -> Ticket | None: ...

    def latest(self, phone: str) -> Ticket | None: ...

    def close(self, number: str, result: str) -> Closed | None:
        """Once; None if it is unknown, or closed already."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """What somebody may look at once, on a page, without further proof."""

    kind: str  # detail
    msisdn: str
    month: int  # 202611


class Links(Protocol):
    """One-time links: the token is known to whoever it was sent to, and kept as a mark."""

    def issue(self, token: Secret, link: Link, until: int, now: int) -> None:
        """A newer link of the same kind for the same number takes the older's place."""
        ...

    def use(self, token: Secret, now: int) -> Link | None:
        """Once, and in time; None for a token that is unknown, used or too old."""
        ...


class Preferences(Protocol):
    """What a subscriber has said they want: consent, reminders, and when. Never deleted: the newest
    answer counts, the older ones are the proof of what counted before."""

    def of(self, msisdn: str, name: str) -> str:
        """The newest value; empty if nothing was ever said."""
        ...

    def put(self, msisdn: str, name: str, value: str, interface: str, now: int) -> None: ...


class Tally(Protocol):
    """What is counted for those who run the hall, beside requests and their results."""

    def offer(self, code: str, result: str) -> None:
        """A recommendation was shown, taken or refused."""
        ...


class _NoTally:
    def offer(self, code: str, result: str) -> None:
        pass


NO_TALLY: Final = _NoTally()
