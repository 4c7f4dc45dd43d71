"""接口编号: where a request comes in, and what may be done from there, when, and by whom.

A request without an origin is refused. Subscribers who serve themselves share one interface number
per channel; halls, agents and partners have their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from commands.model.daily_hours import ALWAYS, DailyHours
from tariffs.bilingual_name import BilingualName

EVERYTHING: Final = "all"
SELF_SERVICE: Final = "self_service"
DOOR_KINDS: Final[Mapping[str, BilingualName]] = {
    "hall": BilingualName("营业厅", "hall"),
    "agent": BilingualName("代办点", "agent"),
    "bank": BilingualName("银行", "bank"),
    "web": BilingualName("网站", "web site"),
    "app": BilingualName("APP", "app"),
    "group": BilingualName("集团", "group customer"),
    "call_centre": BilingualName("呼叫中心", "call centre"),
    "partner": BilingualName("合作伙伴", "partner"),
}
"""Kinds of interfaces that knock at the door; each is a column of the table of rights."""
STAFFED: Final = frozenset({"hall", "agent", "call_centre"})
"""Where people act: then a request names one of them."""


@dataclass(frozen=True, slots=True)
class Interface:
    """One row of the registry. `operations` None: all; `operators` None: nobody need name
    themselves."""

    number: str
    kind: str
    name: BilingualName
    region: str = ""
    hours: DailyHours = ALWAYS
    operations: frozenset[str] | None = None
    operators: frozenset[str] | None = None
    group: str = ""  # the group customer whose platform it is


InterfaceRegistry = Mapping[str, Interface]


class DoorProof(StrEnum):
    """How a subscriber who stands at another interface proves that he wants it."""

    GIVEN = "given"  # by what he typed there: his password, a code, both
    CODE = "code"  # not yet: send him a random code to type there
    PHONE = "phone"  # by his own 是, from his phone
