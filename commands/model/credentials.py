"""Ports to what proves who is asking: service passwords, random codes, and counts of wrong tries.

Moments are int seconds since 1970."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from commands.model.request import Secret


class AttemptCounts(Protocol):
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
class SentRandomCode:
    """A random code on its way to a phone: good for one operation on one number."""

    action: str
    mark: str  # of the code
    sent_at: int
    wrong: int = 0


class RandomCodes(Protocol):
    def sent(self, msisdn: str) -> SentRandomCode | None: ...

    def keep(self, msisdn: str, code: SentRandomCode) -> None:
        """One at a time for a number: the newest."""
        ...

    def forget(self, msisdn: str) -> None: ...


@dataclass(frozen=True, slots=True)
class PasswordState:
    weak: bool
    initial: bool


@dataclass(frozen=True, slots=True)
class PasswordTries:
    """Wrong passwords for a number, over all channels. `locked_until` 0: not locked."""

    wrong: int = 0
    locked_until: int = 0


class Passwords(Protocol):
    """Service passwords as keyed hashes, and the count of wrong ones."""

    def matches(self, msisdn: str, password: Secret) -> bool: ...

    def state(self, msisdn: str) -> PasswordState: ...

    def change(
        self, msisdn: str, password: Secret, *, weak: bool, initial: bool, now: int
    ) -> None: ...

    def forbidden_digits(self, msisdn: str) -> Sequence[Secret]:
        """Digit strings that a new password must not lie inside, besides the number: the
        certificate's."""
        ...

    def mark(self, password: Secret) -> str:
        """A keyed hash, so that a dialogue can remember a password without holding it."""
        ...

    def tries(self, msisdn: str) -> PasswordTries: ...

    def record_tries(self, msisdn: str, tries: PasswordTries) -> None: ...
