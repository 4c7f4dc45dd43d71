"""Our actions on their way: numbered, tied to their answers by ActionID, each settled once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf

from ivr.ami.messages import AmiMessage


@dataclass(slots=True)
class PendingAction:
    """An action of ours, and what has come of its list if it asked for one."""

    key: object
    deadline: float
    answer: AmiMessage | None = None
    items: list[AmiMessage] = field(default_factory=list)

    def done(self) -> tuple[AmiMessage, tuple[AmiMessage, ...]]:
        assert self.answer is not None
        return self.answer, tuple(self.items)


class PendingActions:
    """All wait equally long, so the oldest is due first; a list waits anew after each item."""

    def __init__(self, patience: float, most_items: int) -> None:
        self._patience = patience
        self._most_items = most_items
        self._number = 0
        self._waiting: dict[str, PendingAction] = {}
        self._lists = 0  # of them, whose items are on their way

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def deadline(self) -> float:
        """When the oldest is due."""
        return next((waiting.deadline for waiting in self._waiting.values()), inf)

    def next_id(self) -> str:
        self._number += 1
        return str(self._number)

    def add(self, action_id: str, key: object, now: float) -> None:
        self._waiting[action_id] = PendingAction(key, now + self._patience)

    def answered(self, message: AmiMessage, now: float) -> PendingAction | None:
        """The action that is settled by this response, if one is."""
        action_id = message.get("ActionID")
        waiting = self._waiting.get(action_id)
        if waiting is None or waiting.answer is not None:
            return None
        waiting.answer = message
        if message.get("EventList").lower() == "start":
            self._lists += 1
            self._wait_on(action_id, now)
            return None
        return self._waiting.pop(action_id)

    def knows(self, message: AmiMessage) -> bool:
        """Whether an action waits for this, or for more like this."""
        return message.get("ActionID") in self._waiting

    def listing(self, message: AmiMessage) -> bool:
        """Whether this event belongs to a list that is on its way."""
        if not self._lists:
            return False
        waiting = self._waiting.get(message.get("ActionID"))
        return waiting is not None and waiting.answer is not None

    def listed(self, message: AmiMessage, now: float) -> PendingAction | None:
        """Keeps an item of a list; the action, if this was the end of the list."""
        action_id = message.get("ActionID")
        waiting = self._waiting[action_id]
        if message.get("EventList"):  # Complete, or Cancelled
            self._lists -= 1
            return self._waiting.pop(action_id)
        if len(waiting.items) < self._most_items:
            waiting.items.append(message)
        self._wait_on(action_id, now)
        return None

    def _wait_on(self, action_id: str, now: float) -> None:
        waiting = self._waiting.pop(action_id)
        waiting.deadline = now + self._patience
        self._waiting[action_id] = waiting

    def expire(self, now: float) -> Iterator[PendingAction]:
        """Takes out those that are due."""
        while self._waiting:
            action_id, oldest = next(iter(self._waiting.items()))
            if oldest.deadline > now:
                return
            self._lists -= oldest.answer is not None
            yield self._waiting.pop(action_id)

    def rest(self) -> tuple[object, ...]:
        """Takes out all; their keys, oldest first."""
        keys = tuple(waiting.key for waiting in self._waiting.values())
        self._waiting.clear()
        self._lists = 0
        return keys
