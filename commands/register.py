"""The register of commands: codes, parameters, rights and limits, as conf/commands.yaml has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from commands.ports import Settings
from commands.vocabulary import NOTHING, Arguments, Channel, Level, Spec


class Kind(StrEnum):
    """What a parameter may look like."""

    PASSWORD = "password"  # six digits
    MSISDN = "msisdn"  # eleven digits, with or without 86
    MONTH = "month"  # YYYYMM
    DIGIT = "digit"
    TEXT = "text"  # the rest of the message

    @property
    def secret(self) -> bool:
        return self is Kind.PASSWORD


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str  # its key in a request's arguments
    kind: Kind


Form = tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """What a subscriber may write, and what it stands for."""

    word: str
    spec: Spec
    forms: tuple[Form, ...]
    fixed: Mapping[str, str] = field(default_factory=dict)  # KTEDU40 stands for service EDU40


@dataclass(frozen=True, slots=True)
class Register:
    specs: Mapping[str, Spec]  # by action
    codes: Mapping[str, Code]  # by word, in upper case
    rights: Mapping[tuple[str, Channel], Level]
    interfaces: Mapping[Channel, str]  # 接口编号 of self service
    settings: Settings

    def spec(self, action: str, args: Arguments = NOTHING) -> Spec:
        """With the order's parameters: under the name of what was ordered."""
        raise NotImplementedError

    def code_of(self, spec: Spec) -> str:
        """The code to send for it."""
        raise NotImplementedError

    def level(self, operation: str, channel: Channel) -> Level:
        """R9. The number is taken as one's own and real-named; authority raises it where it is not."""
        return self.rights[operation, channel]
