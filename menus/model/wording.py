"""What a screen says: one text for each channel and language, with {facts} to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

LANGUAGES: Final = ("zh", "en")
RESULT: Final = "result"  # {result}: what the last command answered

FACT: Final = re.compile(r"\{([a-z_]+|(?:price|name):[A-Z][A-Z0-9]*)\}")
"""The name of a fact in braces; or what the tariff says of a code: {price:LL10}, {name:LL10}."""


class MenuChannel(StrEnum):
    SMS = "sms"
    USSD = "ussd"
    VOICE = "voice"


EVERYWHERE: Final = frozenset(MenuChannel)


@dataclass(frozen=True, slots=True)
class ScreenWording:
    """Texts by channel and language. What is not there is missing; "" says nothing."""

    forms: Mapping[tuple[MenuChannel, str], str] = field(default_factory=dict)
    # looked for once: every step of a walk asks
    _facts: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = (name for text in self.forms.values() for name in named(text))
        object.__setattr__(self, "_facts", frozenset(found))

    def get(self, channel: MenuChannel, language: str) -> str | None:
        return self.forms.get((channel, language))

    def say(self, channel: MenuChannel, language: str, facts: Mapping[str, str]) -> str:
        """The text with its facts. A fact that nobody knows is left out: a subscriber never sees
        braces."""
        text = self.form(channel, language)
        return filled(text, facts) if "{" in text else text

    def form(self, channel: MenuChannel, language: str) -> str:
        """The text with its braces; in Chinese where the language has none."""
        text = self.forms.get((channel, language))
        return self.forms.get((channel, LANGUAGES[0]), "") if text is None else text

    def facts(self) -> frozenset[str]:
        """The facts that any of the texts names."""
        return self._facts

    def references(self) -> frozenset[str]:
        """Those of its facts that stand in the tariff: price:LL10."""
        return frozenset(name for name in self._facts if ":" in name)

    def __bool__(self) -> bool:
        return bool(self.forms)


SILENT: Final = ScreenWording()


def filled(text: str, facts: Mapping[str, str]) -> str:
    return FACT.sub(lambda found: facts.get(found[1], ""), text)


def named(text: str) -> Iterator[str]:
    """The names in braces, in order."""
    return (found[1] for found in FACT.finditer(text))
