"""The keys of one call: read, looked up in the notes, and kept until they belong to an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ivr.call.agi import (
    AgiResult,
    evaluate_expression,
    execute_application,
    set_variable,
)
from ivr.call.agi_queue import CommandQueue, WhenDone
from ivr.call.key_buffer import KeyBuffer
from ivr.call.key_reading import (
    KEYS,
    LEFT,
    NOTES_KEYS,
    UNASKED,
    KeyReading,
    ReadOutcome,
    beginning_expression,
    forgetting_expression,
    noted_keys_expression,
    opening_application,
    parse_noted_keys,
    parse_read_outcome,
)
from ivr.call.questions import OURS

WhenReadEnded = Callable[[str, float], None]
_FEW: Final = 3
"""Keys that are no password. More of them are not left on the channel, where anybody who may look
at it would find them."""


class SeenAbilities:
    """What an Asterisk has been seen to do, by calls of one login."""

    def __init__(self) -> None:
        self.opens_at_once = False
        """Whether it does all that comes before the first word by one command."""


class KeyReader:
    """`press`: seconds after which our tone is told again, if it did not end what it should."""

    def __init__(self, commands: CommandQueue, press: float, abilities: SeenAbilities) -> None:
        self._commands = commands
        self._abilities = abilities
        self._begins = False  # Asterisk, in one expression: it has been seen
        self._press_again = press
        self._buffer = KeyBuffer()
        self._decides = True  # Asterisk, what to read
        self._decided = False  # it has
        self._forgetting = 0  # times that it is to forget what it noted, and has not told
        self._dropping = 0  # keys that it is to drop from its notes, and has not told
        self._reaping = 0  # times that it is to tell its notes and forget them
        self._unsure = False  # whether it has dropped any: it could not tell
        self._reading = ""  # the id of the read on its way
        self._cut_again: float | None = None

    # ---- what was typed ------------------------------------------------------------------------

    @property
    def typed(self) -> str:
        """Keys that came and belong to no answer yet."""
        return self._buffer.typed

    def take(self, used: int) -> None:
        """So many of the keys belong to an answer now."""
        self._buffer.take(used)

    def forget(self) -> None:
        """The keys are thrown away."""
        self._buffer.forget()

    # ---- what Asterisk notes -------------------------------------------------------------------

    def begin(self, seconds: float, unable: WhenDone) -> None:
        """Has Asterisk end the call after so many seconds, and forget what it noted before; or
        `unable` is told that only the latter is on its way."""

        def begun(result: AgiResult, now: float) -> None:
            self._begins = bool(result.text)
            if not self._begins:
                unable(now)
                self._begin_anew()

        self._commands.run(evaluate_expression(beginning_expression(seconds)), begun)

    def note(self, then: WhenDone) -> None:
        """Has Asterisk note every key from now on; `then`: it does, or it cannot."""

        def kept(result: AgiResult, now: float) -> None:
            self._buffer.noted = result.number == 0
            then(now)

        self._commands.run(execute_application("StoreDTMF", *NOTES_KEYS), kept)

    @property
    def opens_at_once(self) -> bool:
        """Whether it is worth trying: earlier calls have seen each part of it done."""
        return self._abilities.opens_at_once

    def open_at_once(self, seconds: float, then: WhenDone, unable: WhenDone) -> None:
        """`begin` and `note` in one command; `unable`: nothing was done."""

        def opened(result: AgiResult, now: float) -> None:
            if result.number == 0:
                then(now)
            else:
                self._abilities.opens_at_once = False
                unable(now)

        self._commands.run(execute_application("Exec", opening_application(seconds)), opened)

    def look(self, then: WhenDone) -> None:
        """Learns what has been typed so far, when all before it is done."""

        def learn(result: AgiResult, now: float) -> None:
            self._buffer.see(*parse_noted_keys(result.text, now))
            self._unsure = False
            self._tidy()

        self._commands.learn(evaluate_expression(noted_keys_expression()), learn, then)

    def wipe(self) -> None:
        """Has Asterisk forget what it noted, before others see it, and us as well."""
        self._begin_anew(self._buffer.forget)
        self._empty()

    def leave(self) -> None:
        """What is typed from now on Asterisk notes no more."""
        self.wipe()
        self._commands.run(execute_application("StoreDTMF", "remove"))

    def _tidy(self, *, secret: bool = False) -> None:
        """Has Asterisk forget the keys that we know, if they may be a password."""
        known = self._known
        if self._forgetting or self._reaping or not (secret or known > _FEW):
            return
        if not self._decides:
            # queued together, so that no key falls between them
            self.look(lambda now: None)
            self._begin_anew()
            self._empty()
            return
        self._dropping += known

        def dropped(result: AgiResult, now: float) -> None:
            self._dropping -= known
            self._buffer.drop(known)

        self._commands.learn(evaluate_expression(forgetting_expression(known)), dropped)

    @property
    def _known(self) -> int:
        """How many noted keys we shall have seen when a command is run that we queue now."""
        return self._buffer.known - self._dropping

    def _empty(self) -> None:
        for variable in LEFT:
            self._commands.run(set_variable(variable, ""))

    def _begin_anew(self, also: Callable[[], None] = lambda: None) -> None:
        """Has Asterisk forget what it noted; until it has, nobody can say how much is known."""
        self._forgetting += self._commands.connected

        def begun(result: AgiResult, now: float) -> None:
            self._forgetting -= 1
            self._buffer.begin_anew()
            also()

        self._commands.learn(set_variable(KEYS, ""), begun)

    # ---- reads ---------------------------------------------------------------------------------

    def read(self, reading: KeyReading, looked: WhenDone, then: WhenReadEnded) -> None:
        """Plays until a key comes, then reads. `then` gets how it ended, when `typed` knows: that
        is UNASKED if keys had come of which nobody knew. Where they cannot keep it from playing
        `looked` is told as soon as `typed` knows them."""
        lost = self._forgetting or self._reaping or self._unsure
        known = None if reading.fresh or lost else self._known
        if not self._decides or (lost and not reading.fresh):
            self.look(looked)
        if self._decides:
            self._read_steps(reading, known, looked, then)
        else:
            self._read_first(reading.first, then)

    def _read_first(self, reading: KeyReading, then: WhenReadEnded) -> None:
        """One step, on an Asterisk that does not decide."""
        if "&" in reading.sounds and reading.most != 1:
            self._commands.run(reading.allow())
        self._reading = self._commands.run(reading.command())
        ending = ""

        def learn(result: AgiResult, now: float) -> None:
            nonlocal ending
            got, at, _ = parse_read_outcome(result.text, now)
            ending = got.ending
            self._buffer.read(got, reading.enders, reading.most, at)
            self._tidy(secret=reading.secret)

        expression = evaluate_expression(reading.reap(forgets=False))
        self._commands.learn(expression, learn, lambda now: then(ending, now))

    def _read_steps(
        self, reading: KeyReading, known: int | None, looked: WhenDone, then: WhenReadEnded
    ) -> None:
        """All steps at once; or again, step by step, if that shows that Asterisk cannot decide."""
        for command in reading.commands(known):
            self._reading = self._commands.run(command)
        ending = ""
        forgets = reading.secret and self._decided
        self._reaping += forgets and self._commands.connected

        def learn(result: AgiResult, now: float) -> None:
            nonlocal ending
            self._reaping -= forgets
            ending = self._learn(reading, known, parse_read_outcome(result.text, now))
            if self._decides and forgets:
                self._buffer.drop(self._buffer.known)
            elif self._decides:
                self._tidy(secret=reading.secret)

        def ended(now: float) -> None:
            if self._decides:
                then(ending, now)
            else:
                self.read(reading, looked, then)

        expression = evaluate_expression(reading.reap(forgets=forgets))
        self._commands.learn(expression, learn, ended)

    def _learn(self, reading: KeyReading, known: int | None, outcome: ReadOutcome) -> str:
        """How all steps ended; empty if none was run."""
        got, at, before = outcome
        if before is None:
            self._decides = False
            return ""
        self._decided = True
        self._abilities.opens_at_once |= self._begins and self._buffer.noted
        ending, most = got.ending, reading.most
        if known is None:
            self._buffer.see(before.keys, before.at)
            self._unsure = False
            if reading.fresh:
                self._buffer.forget()
        elif before.keys:
            self._buffer.see(got.noted[: known + len(before.keys)], before.at)
            ending, most = UNASKED, reading.steps[0].most
        self._buffer.read(got, reading.enders, most, at)
        return ending

    def done(self, command_id: str) -> None:
        """A command is done, whichever it was."""
        if command_id == self._reading:
            self._reading = ""
            self._cut_again = None

    # ---- our own tone --------------------------------------------------------------------------

    def cut(self, now: float) -> None:
        """Ends the read that is on its way."""
        if self._reading:
            self.press()
            self._cut_again = now + self._press_again

    def press(self) -> None:
        """Our tone, which ends whatever plays or reads."""
        tone = self._commands.action("PlayDTMF", {"Digit": OURS, "Receive": "true"})
        self._commands.orders.append(tone)

    def tick(self, now: float) -> bool:
        """Time has passed; whether the tone is told again."""
        if self._cut_again is None or now < self._cut_again:
            return False
        self.cut(now)
        return True

    def cut_off(self) -> None:
        """Nobody hears us for a while."""
        self._reading = ""
        self._unsure = self._unsure or self._dropping > 0 or self._reaping > 0
        self._forgetting = self._dropping = self._reaping = 0
        self._cut_again = None
