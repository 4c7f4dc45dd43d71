"""Ports to what is only looked up: a subscriber's record, bills, payments, certificates.

Money is int fen, moments are int seconds since 1970, months are numbers such as 202611.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from commands.vocabulary import Secret


@dataclass(frozen=True, slots=True)
class Profile:
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


class Profiles(Protocol):
    def of(self, msisdn: str) -> Profile: ...

    def join(self, msisdn: str, group: str, short_number: str) -> None:
        """Make them a member of a group's V-net."""
        ...

    def by_short_number(self, group: str, short_number: str) -> str | None:
        """The member's number within the group."""
        ...

    def billed_together(self, joint_account: str) -> Sequence[str]:
        """The numbers of a joint account, in order."""
        ...


@dataclass(frozen=True, slots=True)
class BillLine:
    item: str  # plan, voice, sms, data, wlan, service, other: named by the texts
    fen: int


@dataclass(frozen=True, slots=True)
class Payment:
    at: int
    way: str  # card, hall, web, air, bank
    fen: int


@dataclass(frozen=True, slots=True)
class ProviderFee:
    """代收费: charged for somebody else."""

    provider: str
    service: str
    fen: int


@dataclass(frozen=True, slots=True)
class Rebate:
    """返还."""

    at: int
    name: str
    fen: int


class Bills(Protocol):
    def of(self, msisdn: str, month: int) -> Sequence[BillLine]:
        """The lines of a month that are not zero; of the running month as far as it is rated."""
        ...

    def payments(self, msisdn: str, since: int) -> Sequence[Payment]:
        """Newest first."""
        ...

    def provider_fees(self, msisdn: str, month: int) -> Sequence[ProviderFee]: ...

    def rebates(self, msisdn: str, since: int) -> Sequence[Rebate]:
        """Newest first."""
        ...


class People(Protocol):
    """Who a number is registered for. Certificates are compared, never shown."""

    def holds(self, msisdn: str, certificate: Secret, name: str | None = None) -> bool:
        """15 and 18 digit forms are equal, a final x is an X; blanks in a name do not count."""
        ...

    def certificate_mark(self, certificate: Secret) -> str:
        """A keyed hash of it, to count errors by."""
        ...

    def puk(self, msisdn: str) -> Secret | None: ...
