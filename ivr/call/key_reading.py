"""Reading keys, in one go of Asterisk's: its Read() once for each wait that is another.

What comes next depends on keys that Asterisk knows first, so it decides: its Exec() works out
variables and conditions in our commands. Whoever asks for all of a password at once, and for the #
behind it, leaves no gap in which nobody reads; and a prompt does not begin for who has typed since
we looked. Without app_exec or func_logic the first Read() is all there is, and we decide.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from ivr.call.agi import execute_application, set_variable
from ivr.call.key_buffer import ReadResult
from ivr.call.questions import OURS

KEYS: Final = "HALL_KEYS"
"""The channel variable in which Asterisk notes every key, whether anybody reads keys or not."""
NOTES_KEYS: Final = "RX", KEYS
"""What StoreDTMF() is told to note them."""
READS: Final = "HALL_READ", "HALL_READ2", "HALL_READ3"
"""The variables in which each Read() leaves what it got."""
_BEFORE: Final = "HALL_BEFORE"
_AT: Final = "HALL_AT"
LEFT: Final = (*READS, _BEFORE, _AT)
"""The variables in which keys are left, besides KEYS."""
_BETWEEN_KEYS: Final = "TIMEOUT(digit)"
"""After so many seconds without another key a Read() ends, when the first came before its last
sound; Asterisk's own are five."""
_CLOCK: Final = "${STRFTIME(,,%s%3q)}"
"""Asterisk's time in milliseconds; empty without func_strings."""
_STATUS: Final = "READSTATUS"
_MARK: Final = "x"
"""Begins what came before, so that nothing is something."""
UNASKED: Final = "UNASKED"
"""How a reading ended that played nothing, for keys had come before it."""
_SETTLED: Final = 0.1
"""Seconds of silence after which no key is on its way from before: one without a length of its own
is passed on after 80 ms."""
_PAUSE: Final = 0.5
"""Seconds of silence after which somebody who types has come to the end, or does not know on."""


class ReadStep(NamedTuple):
    """So many keys (0: any number), each after at most so many seconds of silence."""

    most: int
    wait: float


class KeyReading(NamedTuple):
    """Plays sounds until a key comes; then each step, at most three: the next one if all keys of
    this one came, and neither silence nor an ender. `fresh`: keys that came before do not count."""

    sounds: str
    steps: tuple[ReadStep, ...]
    enders: str = ""
    fresh: bool = False

    @property
    def most(self) -> int:
        """Keys in all (0: any number)."""
        counts = [step.most for step in self.steps]
        return sum(counts) if all(counts) else 0

    @property
    def secret(self) -> bool:
        """Whether the keys may be a password: they are not left on the channel."""
        return self.most != 1

    @property
    def first(self) -> KeyReading:
        """What can be read without Exec()."""
        return self._replace(steps=self.steps[:1])

    @property
    def patience(self) -> str:
        """Seconds of silence between keys, as Asterisk is told."""
        return f"{self.steps[0].wait:g}"

    def allow(self) -> str:
        """Has a Read() wait as long between keys as before the first."""
        return set_variable(_BETWEEN_KEYS, self.patience)

    def command(self) -> str:
        """Plays and reads the first step, whatever has been typed before."""
        return execute_application("Read", *self._arguments(0))

    def commands(self, known: int | None) -> list[str]:
        """Plays and reads; but plays nothing if more keys are noted than those we know, unless
        they do not count (None): then who types may go on, though not as slowly."""
        asked = self._replace(sounds=_MANY if "&" in self.sounds else _ONE)
        first, *rest = _written(asked, known)
        return [first.replace(asked.sounds, self.sounds), *rest]

    def written(self, known: int | None) -> list[str]:
        """The same, word by word. Keys that do not count are told behind the time."""
        noted, earlier = ("", f":${{{KEYS}}}") if known is None else (f"${{{KEYS}:{known}}}", "")
        before, at = _set(_BEFORE, f"{_MARK}{noted}"), _set(_AT, f"{_CLOCK}{earlier}")
        # the time may be empty
        nothing = f'$["{before}"="{_MARK}" & "{at}"!="{_MARK}"]'
        if "&" in self.sounds and self.steps[0].most != 1:
            nothing = nothing.replace("$[", f'$["{_set(_BETWEEN_KEYS, self.patience)}"!="" & ')
        begins = _either(nothing, self._read(0), self._goes_on())
        parts = [begins, *(self._then(place) for place in range(1, len(self.steps)))]
        return [execute_application("Exec", part) for part in parts]

    def reap(self, *, forgets: bool) -> str:
        """An expression whose value `parse_read_outcome` understands; it `forgets` all keys that
        are noted or left, no key between the two."""
        return _REAPS[len(self.steps)] + (_FORGETS if forgets else "")

    def _goes_on(self) -> str:
        most = self.steps[0].most
        soon, now = self._silent(_PAUSE), self._silent(_SETTLED)
        if most > 1:
            return _either(_empty(_BEFORE, most), soon, now)
        return now if most else soon

    def _then(self, place: int) -> str:
        none = f"Set({READS[place]}=)"
        short = _empty(READS[place - 1], self.steps[place - 1].most - 1)
        return _either(_empty(_BEFORE, 1), _either(short, none, self._read(place)), none)

    def _silent(self, wait: float) -> str:
        return self._replace(sounds="", steps=(ReadStep(self.steps[0].most, wait),))._read(0)

    def _read(self, place: int) -> str:
        return f"Read({','.join(self._arguments(place))})"

    def _arguments(self, place: int) -> list[str]:
        step, sounds = self.steps[place], "" if place else self.sounds
        count = str(step.most) if step.most else ""
        options = f"t({self.enders}{OURS})"
        return [READS[place], sounds, count, options, "1", f"{step.wait:g}"]


_ONE, _MANY = "\1", "\1&\1"
"""In the place of sounds: none is called so."""


@lru_cache(2048)
def _written(asked: KeyReading, known: int | None) -> tuple[str, ...]:
    """There are a few questions, and many sounds."""
    return tuple(asked.written(known))


def _reap(steps: int) -> str:
    got = "".join(f"${{{read}}}" for read in READS[:steps])
    return f"${{{_STATUS}}}:{got}:${{{KEYS}}}:{_CLOCK}:${{{_BEFORE}}}:${{{_AT}}}"


_REAPS: Final = tuple(map(_reap, range(len(READS) + 1)))


def opening_application(seconds: float) -> str:
    """For Exec(): the same as `beginning_expression`, and every key is noted from then on."""
    done = f'$["{beginning_expression(seconds)}"!=""]'
    return f"ExecIf({done}?StoreDTMF({','.join(NOTES_KEYS)}))"


def beginning_expression(seconds: float) -> str:
    """An expression that has Asterisk end the call after so many seconds, and forget what it may
    have noted before; its value is empty where it cannot."""
    return _set("TIMEOUT(absolute)", f"{seconds:g}") + _set(KEYS, "")


def forgetting_expression(known: int) -> str:
    """An expression that drops the oldest so many of the noted keys, and all that reads have left;
    no key is lost that came since."""
    return _set(KEYS, f"${{{KEYS}:{known}}}") + _EMPTIES


def _set(variable: str, value: str) -> str:
    return f"${{SET({variable}={value})}}"


def _empty(variable: str, place: int) -> str:
    """Whether a variable has nothing at a place, counted from 0."""
    return f'$["${{{variable}:{place}:1}}"=""]'


def _either(condition: str, yes: str, no: str) -> str:
    return f"ExecIf({condition}?{yes}:{no})"


_EMPTIES: Final = "".join(_set(variable, "") for variable in LEFT)
_FORGETS: Final = _set(KEYS, "") + _EMPTIES


class NotedKeys(NamedTuple):
    """Keys, and when they were all that was noted."""

    keys: str
    at: float

    def __repr__(self) -> str:
        return f"NotedKeys(at={self.at})"


def noted_keys_expression() -> str:
    """An expression whose value `parse_noted_keys` understands."""
    return f"${{{KEYS}}}:{_CLOCK}"


def parse_noted_keys(value: str, now: float) -> NotedKeys:
    """All that is noted; as of now, if Asterisk does not tell the time."""
    keys, _, at = value.partition(":")
    return NotedKeys(keys, _seconds(at, now))


class ReadOutcome(NamedTuple):
    """What a reading got, when it ended, and the keys that had been noted before it began: those
    that we did not know, or all if they do not count; None: Asterisk does not decide."""

    got: ReadResult
    at: float
    before: NotedKeys | None


def parse_read_outcome(value: str, now: float) -> ReadOutcome:
    """What the expression has come to; as of now, if Asterisk does not tell the time."""
    ending, keys, noted, at, before, began, earlier = (*value.split(":"), *[""] * 7)[:7]
    told = NotedKeys(before.removeprefix(_MARK) + earlier, _seconds(began, now)) if before else None
    return ReadOutcome(ReadResult(ending, keys, noted), _seconds(at, now), told)


def _seconds(milliseconds: str, now: float) -> float:
    return int(milliseconds) / 1000 if milliseconds.isdecimal() else now
