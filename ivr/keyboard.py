"""What a caller has typed so far, and how much of it belongs to answers already.

Asterisk notes every key in a variable of the channel, whether anybody reads keys or not. We only
ever see the variable as it was when a command looked at it. Without StoreDTMF there is no such
variable; then we have what reads tell, and keys that fall between two reads are lost.
"""

from __future__ import annotations

from typing import Final

MOST_NOTED: Final = 300
"""Keys after which Asterisk is to begin anew: it notes no more than 511."""
_MOST_READ: Final = 255


class Keyboard:
    def __init__(self) -> None:
        self.noted = True
        """Whether Asterisk notes every key."""
        self._before = ""  # what Asterisk noted before it began anew
        self._raw = ""
        self._used = 0  # of both

    @property
    def typed(self) -> str:
        """Keys that belong to no answer yet."""
        return (self._before + self._raw)[self._used :]

    @property
    def full(self) -> bool:
        """Whether Asterisk should begin anew."""
        return self.noted and len(self._raw) > MOST_NOTED

    def take(self, used: int) -> None:
        """So many keys belong to an answer now."""
        self._used += used

    def forget(self) -> None:
        """All that was typed belongs to nothing."""
        self._used = len(self._before) + len(self._raw)

    def wiped(self) -> None:
        """Asterisk is told to forget it as well."""
        self._before, self._raw, self._used = "", "", 0

    def see(self, noted: str) -> None:
        """What Asterisk has noted: it only grows, unless it has begun anew."""
        if not self.noted:
            return
        if not noted.startswith(self._raw):
            self._before, self._used = self.typed, 0
        self._raw = noted

    def read(self, keys: str, ended: bool, most: int) -> None:
        """What one read got; `ended` if a key ended it."""
        if self.noted:
            return
        # which key is not told; # is the one that usually does
        ender = "#" if ended and len(keys) < (most or _MOST_READ) else ""
        self._raw += keys + ender
