"""Ports to what is only looked up: a subscriber's record, and who the number is registered for.

Money is int fen, moments are int seconds since 1970."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from commands.model.request import Secret


@dataclass(frozen=True, slots=True)
class SubscriberRecord:
    """What stands in a subscriber's record besides the account. Read only where it is asked for."""

    credit_fen: int = 0  # 信用度
    joined_at: int = 0  # 入网
    star_until: int = 0
    points_expiring: int = 0
    points_expire_at: int = 0
    group: str = ""  # the V网 they belong to
    short_number: str = ""  # theirs in it: 6 and three to five digits
    group_pays: frozenset[str] = frozenset()  # services that the group pays for
    contract_until: int = 0  # a promise to stay that is still running
    ported_at: int = 0  # when the number came from another network; 0: never
    email: str = ""
    joint_account: str = ""  # 合帐: numbers with the same one are billed together


class SubscriberRecords(Protocol):
    def of(self, msisdn: str) -> SubscriberRecord: ...

    def join(self, msisdn: str, group: str, short_number: str) -> None:
        """Make them a member of a group's V-net."""
        ...

    def by_short_number(self, group: str, short_number: str) -> str | None:
        """The member's number within the group."""
        ...

    def billed_together(self, joint_account: str) -> Sequence[str]:
        """The numbers of a joint account, in order."""
        ...


class RegisteredOwners(Protocol):
    """Who a number is registered for. Certificates are compared, never shown."""

    def holds(self, msisdn: str, certificate: Secret, name: str | None = None) -> bool:
        """15 and 18 digit forms are equal, a final x is an X; blanks in a name do not count."""
        ...

    def certificate_mark(self, certificate: Secret) -> str:
        """A keyed hash of it, to count errors by."""
        ...

    def puk(self, msisdn: str) -> Secret | None: ...
