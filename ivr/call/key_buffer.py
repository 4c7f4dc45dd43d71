"""What a caller has typed so far, of what Asterisk has noted and of what its reads have got.

Asterisk notes every key in a variable of the channel, whether anybody reads keys or not. We only
see the variable as it was when a command looked at it. Yet a key that comes while nobody reads, and
too soon behind another, is put off and noted again when its turn comes; only who reads gets each
key once, and in order. So what a read got counts, and what was noted counts for keys that nobody
read. Without StoreDTMF nothing is noted; then keys that fall between two reads are lost.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from ivr.call.questions import OURS

MOST_READ: Final = 255
"""Keys after which a read ends by itself."""

_TOO_SOON: Final = 0.08
"""Seconds behind a key in which nobody can have typed another (ITU-T Q.24: 40 ms of tone, 40 ms of
pause): what comes so soon was held up on its way, and is put off."""

_TWICE: Final = "##"
"""What ends a password, put off and noted again before anybody looked: nobody types it twice so
soon. Of other keys it is not told apart from two."""

OK, TIMED_OUT = "OK", "TIMEOUT"
"""How reads end: by a key, or in silence. ERROR and INTERRUPTED tell of no keys."""


class ReadResult(NamedTuple):
    """What a read got: how it ended, the keys before its ender, and all that is noted behind it."""

    ending: str
    keys: str = ""
    noted: str = ""

    def __repr__(self) -> str:
        # the rest is what a caller typed
        return f"ReadResult({self.ending!r})"


class KeyBuffer:
    def __init__(self) -> None:
        self.noted = True
        """Whether Asterisk notes every key."""
        self._typed = ""
        self._seen = ""  # what was noted when a command looked last, and is not dropped since
        self._before = ""  # the last two keys that were seen, dropped or not
        self._key_at: float | None = None  # when a key has ended a read
        self._put_off = ""  # a key that is to be noted again

    @property
    def typed(self) -> str:
        """Keys that belong to no answer yet."""
        return self._typed

    @property
    def known(self) -> int:
        """How many of the keys that Asterisk has noted we have seen."""
        return len(self._seen)

    def drop(self, keys: int) -> None:
        """Asterisk has forgotten the oldest so many of them; we have not."""
        self._seen = self._seen[keys:]

    def take(self, used: int) -> None:
        """So many keys belong to an answer now."""
        self._typed = self._typed[used:]

    def forget(self) -> None:
        """All that was typed belongs to nothing."""
        self._typed = ""

    def begin_anew(self) -> None:
        """Asterisk has forgotten what it noted before."""
        self._seen = self._before = ""

    def see(self, noted: str, now: float) -> None:
        """What Asterisk has noted, after a time in which nobody read keys."""
        new = self._since(noted)
        if not new:
            return
        since_key = math.inf if self._key_at is None else now - self._key_at
        twice = new == _TWICE and since_key < len(_TWICE) * _TOO_SOON
        new = new[: len(new) - twice]
        self._typed += new[new[0] == self._put_off :]
        self._put_off = new[-1] if since_key < _TOO_SOON and not twice else ""

    def read(self, reaped: ReadResult, enders: str, most: int, now: float) -> None:
        """What a read got that ends after so many keys (0: as many as it can), or by an ender.
        Nothing but the read came behind what was seen last."""
        before, new = self._before, self._since(reaped.noted)
        self._key_at = now if reaped.ending == OK else None
        put_off, self._put_off = self._put_off, ""
        ender = ""
        if reaped.ending == OK and len(reaped.keys) < (most or MOST_READ):
            ender = _ender(reaped.keys, new, before, enders)
        got = reaped.keys + ender.strip(OURS)
        if self.noted and reaped.ending == TIMED_OUT and not got:
            got = new  # the sound was over before the key had been passed on
        elif self.noted and reaped.ending not in (OK, TIMED_OUT):
            got = new
        elif put_off and got[:1] == new[:1] == put_off:
            got = got[1:]
        else:
            known = _known(got, new, before)
            if known == 1 and before[-1] != got[0]:
                self._put_off = before[-1]
            got = got[known:]
        # our own tone is told even if it came before: it ended this read
        self._typed += got + (OURS if ender == OURS else "")

    def _since(self, noted: str) -> str:
        """It only grows, unless it has begun anew; yet we may know more than it was then."""
        if not self.noted or self._seen.startswith(noted):
            return ""
        begun_anew = not noted.startswith(self._seen)
        new = noted if begun_anew else noted[len(self._seen) :]
        self._seen = noted
        self._before = (self._before + new)[-2:]
        return new


def _ender(keys: str, new: str, before: str, enders: str) -> str:
    """Which key ended a read is not told. The first key of all may have been noted a while before
    it is passed on, and others behind it; a later one is noted at that moment."""
    if not enders:
        return OURS
    among = enders + OURS
    noted = [key for key in new if key in among] or [key for key in before[-2:] if key in among]
    if not noted:
        return "#"  # it usually is
    return noted[-1] if keys else noted[0]


def _known(got: str, new: str, before: str) -> int:
    """How many keys of a read were noted before it began, and not again: one that came without its
    beginning, or was too short, is passed on a moment after it is noted; and there may be one more
    behind it."""
    if _in_order(got, new):
        return 0
    if before[-2:] == got[:2] and _in_order(got[2:], new):
        return len(got[:2])
    last = before[-2:] if len(got) == 1 else before[-1:]
    return int(bool(got) and got[0] in last and _in_order(got[1:], new))


def _in_order(some: str, among: str) -> bool:
    rest = iter(among)
    return all(key in rest for key in some)
