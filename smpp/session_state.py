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


class SmppSessionState(Enum):
    FRESH = auto()
    LISTENING = auto()
    BINDING = auto()
    BOUND = auto()
    UNBINDING = auto()
    ENDED = auto()


_TRANSITIONS = {
    SmppSessionState.FRESH: {
        SmppSessionState.LISTENING,
        SmppSessionState.BINDING,
        SmppSessionState.UNBINDING,
        SmppSessionState.ENDED,
    },
    SmppSessionState.LISTENING: {
        SmppSessionState.BINDING,
        SmppSessionState.UNBINDING,
        SmppSessionState.ENDED,
    },
    SmppSessionState.BINDING: {
        SmppSessionState.BOUND,
        SmppSessionState.UNBINDING,
        SmppSessionState.ENDED,
    },
    SmppSessionState.BOUND: {SmppSessionState.UNBINDING, SmppSessionState.ENDED},
    SmppSessionState.UNBINDING: {SmppSessionState.ENDED},
    SmppSessionState.ENDED: set(),
}
# Where we wait for one thing only, and what it means when that does not come.
_WAITING = {
    SmppSessionState.LISTENING: "no outbind came in time",
    SmppSessionState.BINDING: "the bind was not answered in time",
    SmppSessionState.UNBINDING: "unbound without an answer",
}


class SessionLifecycle:
    """Where a session stands, and until when if it waits for one thing only."""

    def __init__(self) -> None:
        self.state = SmppSessionState.FRESH
        self.until: float | None = None

    def enter(self, state: SmppSessionState, until: float = 0.0) -> None:
        assert state in _TRANSITIONS[self.state], f"{self.state} to {state}"
        self.state = state
        self.until = until if state in _WAITING else None

    @property
    def in_vain(self) -> str:
        """What to say when the wait is over and nothing came."""
        return _WAITING[self.state]
