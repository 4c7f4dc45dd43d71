"""Tickets that a BOSS has got, and what its people say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

JsonObject = dict[str, Any]


class BossRefusal(Exception):
    """The BOSS will not do this."""


@dataclass(slots=True)
class BossTickets:
    by_number: dict[str, JsonObject] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)  # of what was taken: our name for it
    refuses: dict[str, str] = field(default_factory=dict)  # kinds that are not taken, and why
    answers: list[JsonObject] = field(default_factory=list)

    def take(self, key: str, ticket: JsonObject) -> str:
        """Once under a key; our name for it. Raises BossRefusal."""
        if key in self.keys:
            return self.keys[key]
        if ticket["kind"] in self.refuses:
            raise BossRefusal(self.refuses[ticket["kind"]])
        name = f"GD{len(self.keys) + 1:06}"
        self.keys[key] = name
        self.by_number[ticket["ticket"]] = ticket
        return name

    def answer(self, number: str, said: Mapping[str, Any]) -> int:
        """Its number among the answers."""
        seq = len(self.answers) + 1
        kept = {name: said[name] for name in ("state", "result", "at", "until") if name in said}
        self.answers.append({"seq": seq, "ticket": number, **kept})
        return seq

    def answers_after(self, seq: int) -> list[JsonObject]:
        return [one for one in self.answers if one["seq"] > seq]
