"""How a caller came back from the queue for people, as a call tells the desk."""

from __future__ import annotations

from typing import Final, NamedTuple

TALKED: Final = "CONTINUE"
_NOBODY: Final = frozenset({"JOINEMPTY", "LEAVEEMPTY", "JOINUNAVAIL", "LEAVEUNAVAIL", "FULL"})


class QueueReturn(NamedTuple):
    """`status` is the queue's, empty if the caller left it by `key`. `ahead` are those before him,
    -1 if nobody knows; `seconds` he may have to wait, 0 if nobody can tell."""

    status: str
    key: str = ""
    ahead: int = -1
    seconds: int = 0

    @property
    def talked(self) -> bool:
        return self.status == TALKED

    @property
    def nobody(self) -> bool:
        """There is nobody to wait for."""
        return self.status in _NOBODY

    @property
    def minutes(self) -> int:
        return -(-self.seconds // 60)
