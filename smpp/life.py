"""The states of a session, which may follow which, and how long each may last.

        connected                connected, awaiting an outbind
FRESH ───────────────┐  FRESH ───────────────▶ LISTENING ─┐ outbind
                     ▼                                    │
                  BINDING ◀───────────────────────────────┘
                     │ bind_resp ok
                     ▼            unbind()
                   BOUND ─────────────────▶ UNBINDING
                     │                          │ unbind_resp, or too long
   lost, peer's unbind, refusal, silence        │
any ─────────────────┴───────────▶ ENDED ◀──────┘
"""

from __future__ import annotations

from enum import Enum, auto


class State(Enum):
    FRESH = auto()
    LISTENING = auto()
    BINDING = auto()
    BOUND = auto()
    UNBINDING = auto()
    ENDED = auto()


_TRANSITIONS = {
    State.FRESH: {State.LISTENING, State.BINDING, State.UNBINDING, State.ENDED},
    State.LISTENING: {State.BINDING, State.UNBINDING, State.ENDED},
    State.BINDING: {State.BOUND, State.UNBINDING, State.ENDED},
    State.BOUND: {State.UNBINDING, State.ENDED},
    State.UNBINDING: {State.ENDED},
    State.ENDED: set(),
}
# Where we wait for one thing only, and what it means when that does not come.
_WAITING = {
    State.LISTENING: "no outbind came in time",
    State.BINDING: "the bind was not answered in time",
    State.UNBINDING: "unbound without an answer",
}


class Life:
    """Where a session stands, and until when if it waits for one thing only."""

    def __init__(self) -> None:
        self.state = State.FRESH
        self.until: float | None = None

    def enter(self, state: State, until: float = 0.0) -> None:
        assert state in _TRANSITIONS[self.state], f"{self.state} to {state}"
        self.state = state
        self.until = until if state in _WAITING else None

    @property
    def in_vain(self) -> str:
        """What to say when the wait is over and nothing came."""
        return _WAITING[self.state]
