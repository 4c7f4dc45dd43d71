"""What happens in one call, as it is kept: keys without secrets, screens, waits, who took it."""

from __future__ import annotations

from typing import Final

from gateway.channels.voice.agent_queue import QueueWait
from gateway.model.call_record import CallRecord
from ivr.call.call import Call

_MOST: Final = 100  # of each; a call that goes on longer is told from its beginning
_HIDDEN: Final = "*"


class CallJournal:
    def __init__(self) -> None:
        self._keys: list[str] = []
        self._screens: list[str] = []
        self.agent = ""  # who talked to him last, as the queue calls them
        self._talk_began: float | None = None
        self._talked = 0.0
        self._last_action = ""

    def typed(self, keys: str, ender: str, most: int) -> None:
        """Where a question takes more than one key, what was typed may be a secret."""
        if most != 1:
            keys = _HIDDEN * len(keys)
        if (keys or ender) and len(self._keys) < _MOST:
            self._keys.append(keys + ender)

    def shown(self, screen: str, action: str) -> None:
        self._last_action = action or self._last_action
        if screen and self._screens[-1:] != [screen] and len(self._screens) < _MOST:
            self._screens.append(screen)

    def talks(self, agent: str, now: float) -> None:
        self.agent, self._talk_began = agent, now

    def talked(self, now: float) -> None:
        if self._talk_began is not None:
            self._talked += now - self._talk_began
            self._talk_began = None

    @property
    def keys(self) -> str:
        return " ".join(self._keys)

    @property
    def screens(self) -> str:
        return " ".join(self._screens)

    def outcome(self, queue: str, answers: int) -> str:
        """What the caller got: a person, a call back, an answer; or in vain, how he waited."""
        if self.agent:
            return "person"
        if self._last_action == "hu.callback":
            return "call back"
        if answers:
            return "answered"
        return queue or "nothing"

    def record(
        self, lasted: float, ended: str, answers: int, waiting: QueueWait, now: float
    ) -> CallRecord:
        """Of a call that is over."""
        self.talked(now)
        return CallRecord(
            lasted, ended, answers, waiting.outcome, waiting.waited, self.keys, self.screens,
            self.agent, self._talked, self.outcome(waiting.outcome, answers),
        )  # fmt: skip

    def note_on(self, call: Call, queue: str, answers: int) -> None:
        """In the exchange's own call detail records."""
        if call.ended:
            return
        fields = {
            "CDR(hall_keys)": self.keys,
            "CDR(hall_screens)": self.screens,
            "CDR(hall_agent)": self.agent,
            "CDR(hall_outcome)": self.outcome(queue, answers),
        }
        for name, value in fields.items():
            call.set(name, value)
