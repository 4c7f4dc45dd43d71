"""Another interface at the door: a hall, an agent, a bank, a partner's platform; what it asks for,
and what it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

from commands.model.daily_hours import ALWAYS, daily_hours
from commands.model.interfaces import DoorProof, Interface
from commands.model.request import Channel
from gateway.model.address import Address
from gateway.model.operators.audit import Actor
from tariffs.bilingual_name import BilingualName

NUMBER: Final = "^[0-9]{2,8}$"  # 接口编号
PER_MINUTE: Final = 120


class DoorState(StrEnum):
    OPEN = "open"
    STOPPED = "stopped"  # by the brake
    CLOSED = "closed"  # for good


@dataclass(frozen=True, slots=True)
class DoorInterface:
    """One other interface, as it was registered. `hours` and `operations` empty: always, all."""

    number: str
    kind: str
    name: str
    name_en: str = ""
    region: str = ""
    hours: str = ""
    operations: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    group: str = ""
    certificate: str = ""
    per_minute: int = PER_MINUTE
    state: DoorState = DoorState.OPEN
    became: str = ""
    created_at: int = 0
    changed_at: int = 0

    @property
    def registered(self) -> Interface:
        """As the table of rights knows it."""
        return Interface(
            self.number,
            self.kind,
            BilingualName(self.name, self.name_en or self.name),
            self.region,
            daily_hours(self.hours) if self.hours else ALWAYS,
            self.operations or None,
            self.operators or None,
            self.group,
        )


@dataclass(frozen=True, slots=True)
class InterfaceKey:
    """`ended_at` 0: it opens."""

    id: str
    interface: str
    made_at: int
    ended_at: int = 0


class DoorInput(NamedTuple):
    """What the journal keeps of a request, as of a message: about which number, by which way."""

    id: int
    interface: str
    phone: str  # the number that it is about

    @property
    def channel(self) -> Channel:
        return Channel.DOOR

    @property
    def bind(self) -> int:
        return 0

    @property
    def link(self) -> str:
        return self.interface

    @property
    def fingerprint(self) -> bytes:
        return self.id.to_bytes(8, "big")

    @property
    def port(self) -> Address:
        return Address.service(self.interface)

    @property
    def dialogue(self) -> str:
        """Where the subscriber is asked for his 是."""
        return f"sms:{self.phone}"


class DoorRequest(NamedTuple):
    """Asks for a command. `args` and `typed` as they were sent; `key` and `mark` are marks of the
    idempotency key and of the whole request."""

    message: DoorInput
    operator: str
    action: str
    args: Mapping[str, str]
    typed: Mapping[str, str]  # what proves: password, code
    proof: DoorProof
    agreed: bool  # the subscriber has seen the terms there, and wants it
    key: str
    mark: str
    by: Actor


class DoorWord(NamedTuple):
    """The subscriber's answer, given there, to what was proposed there."""

    message: DoorInput
    request: int
    yes: bool
    by: Actor
    operator: str


@dataclass(frozen=True, slots=True)
class DoorAnswer:
    """What is answered. `replies`: the texts of the answer with their facts, as JSON has them."""

    id: int
    action: str
    state: str
    code: str = ""  # the id of the first text
    words: str = ""
    replies: tuple[Mapping[str, Any], ...] = ()
    needs: str = ""  # password, code, or a parameter
    until: int = 0  # of what waits
    replayed: bool = False


# What becomes of a request.
DONE: Final = "done"
REFUSED: Final = "refused"
NEEDS: Final = "needs_proof"
PROPOSED: Final = "proposed"  # waits for the subscriber's word, given there
WAITING: Final = "waiting_for_subscriber"  # for his own 是, by SMS
ACCEPTED: Final = "accepted"  # the BOSS does it
DECLINED: Final = "declined"
EXPIRED: Final = "expired"
LIMITED: Final = "limited"


class DoorRefusal(Exception):
    """The request is not taken up. `status` as HTTP has it; nothing of it is kept."""

    def __init__(self, status: int, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.field = status, detail, field
