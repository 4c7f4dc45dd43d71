"""接口编号: where a request comes in, and what may be done from there, when, and by whom.

A request without an origin is refused. Subscribers who serve themselves share one interface number
per channel; halls, agents and partners have their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from commands.model.daily_hours import ALWAYS, DailyHours
from tariffs.bilingual_name import BilingualName

EVERYTHING = "all"


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


InterfaceRegistry = Mapping[str, Interface]
