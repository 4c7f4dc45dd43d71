"""The words of the hall: what is asked, by whom, from where, and what is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

from commands.model.frozen_value import frozen_value


class Channel(StrEnum):
    SMS = "sms"
    USSD = "ussd"
    VOICE = "voice"
    DOOR = "door"  # another interface: a hall, a bank, a partner, and who acts there


SELF_SERVICE: Final = (Channel.SMS, Channel.USSD, Channel.VOICE)
"""Where subscribers serve themselves."""


class AuthLevel(IntEnum):
    """How sure we are who is asking. Higher includes lower."""

    A0 = 0  # anyone
    A1 = 1  # the network asserts the number (本机) and it is real-named
    A2 = 2  # service password
    A3 = 3  # service password and random code


class ConfirmRule(StrEnum):
    """What must be said before anything is changed."""

    NONE = "none"
    ONCE = "once"  # C1: Y within ten minutes, or key 1
    TWICE = "twice"  # C2, 二次确认: name, price and effect are shown; only 是 orders


class Secret:
    """Six digits, a card's number, an identity card: prints as stars, and says itself only to
    `reveal`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


Argument = str | Secret
Arguments = Mapping[str, Argument]
NOTHING: Final[Arguments] = {}


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """One command as conf/commands.yaml describes it; its behaviour is the function of the same
    action."""

    action: str  # "q.balance"
    name: str  # 话费余额: how texts call it
    operation: str  # its row in the table of rights
    confirm: ConfirmRule
    channels: frozenset[Channel]
    reads_only: bool
    format: str = ""  # CXYE#号码#密码: shown when the parameters do not fit
    example: str = ""
    steps: tuple[str, ...] = ()  # parameters asked one by one when they were not sent along
    asks: Mapping[str, str] = field(default_factory=dict)  # the text id that asks for each of them
    unavailable: str = ""  # the text that says why it cannot be had yet, and what can
    kept: str = ""  # the text id that says what stays as it was, if it is not confirmed


def has_secret(facts: Iterable[object]) -> bool:
    """Asked of every message, so in the plainest way."""
    for fact in facts:  # noqa: SIM110
        if isinstance(fact, Secret):
            return True
    return False


@frozen_value
class Request:
    """Somebody asks for something. `now` is in seconds since 1970; the id is the message's one
    id."""

    id: int
    now: int
    channel: Channel
    interface: str  # 接口编号: where it came in; a request without an origin is refused
    phone: str  # the calling number, asserted by the network: eleven digits
    subject: str  # the number it is about: eleven digits, mostly the same
    spec: CommandSpec
    args: Arguments = field(default_factory=dict)
    level: AuthLevel = AuthLevel.A0  # what has been proven so far
    language: str = "zh"
    asserted: bool = True  # the network vouches for the calling number; not so on untrusted links
    listed: tuple[str, ...] = ()  # what the numbers of the list stand for that is open now

    @property
    def own(self) -> bool:
        return self.asserted and self.phone == self.subject

    @property
    def contact(self) -> str:
        """Who hears what comes of it: the phone that asks, or, where a call shows none, the number
        it is about."""
        return self.phone or self.subject


@frozen_value
class Reply:
    """An answer before it is put into words: the text's id in conf/replies and the facts it names.

    Money in facts is int fen, moments are int seconds since 1970, secrets are `Secret`."""

    text: str
    facts: Mapping[str, object] = field(default_factory=dict)
    opens: tuple[str, ...] = ()  # a numbered list: what each number stands for, as if it were sent
    several: bool = False  # of that list, several numbers may be answered at once
    to: str = ""  # a message of its own to this number, instead of part of the answer
    at: int = 0  # not before this moment
    port: str = ""  # with to= or at=: it leaves from this sub-port, where its answer comes back

    @property
    def secret(self) -> bool:
        """True if the words will carry a secret: kept encrypted, wiped once delivered."""
        return has_secret(self.facts.values())


class Refusal(Exception):
    """The request ends here, with this answer and nothing changed."""

    def __init__(self, text: str, facts: Mapping[str, object] | None = None) -> None:
        super().__init__(text)
        self.reply = Reply(text, facts or {})
