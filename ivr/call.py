"""One call by AsyncAGI: what Asterisk tells of it in, commands to Asterisk and events out. No I/O.

          begin               say, ask, record, transfer          done
NEW ────────────────▶ IDLE ───────────────────────────▶ BUSY ───────────▶ IDLE
IDLE, BUSY ── cut_off ──▶ the same, but nothing is sent ── resume ──▶ BUSY begins again
any ── hang_up, leave, a wait too long ──▶ ENDING ── over, or too long ──▶ ENDED

Nothing that happens after ENDED, or that answers what nobody waits for any more, does anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

from ivr import agi, reads
from ivr.agi import Result
from ivr.asking import Conversing, Heard, Said
from ivr.call_events import Answered, Caller, CallEvent, End, Ended, Order, Started
from ivr.hand import ReadEnded, Then
from ivr.keyboard import Keyboard
from ivr.keys import OURS, Barge, Question
from ivr.messages import guard
from ivr.queues import Place
from ivr.reads import KEYS, LEFT, UNASKED, Reading
from ivr.recording import Recorded, Recorder, Recording
from ivr.terms import Patience
from ivr.transfer import Connected, Returned, Transfer, Transferring

_LOOKS: Final = 3
"""At a queue, that are remembered."""
_GRACE: Final = 15.0
"""Seconds that Asterisk gets to end a call that it should have ended by itself."""


class Busy(Exception):
    """The call does one thing at a time; the last one is not done."""


_Answer = Callable[[Result, float], None]


class _Errand(Protocol):
    def begin(self, now: float) -> None: ...


class Call:
    """`touched` is called whenever there is something to fetch from `events` and `orders`. `tag`
    makes its commands' ids like no other's; they begin with it."""

    def __init__(
        self, caller: Caller, tag: str, patience: Patience, touched: Callable[[Call], None]
    ) -> None:
        self.caller = caller
        self.events: list[CallEvent] = []
        self.orders: list[Order] = []
        self.tag = tag
        self._patience = patience
        self._touched = touched
        self._commands = 0
        self._waiting: dict[str, tuple[_Errand | None, _Answer]] = {}
        self._errand: _Errand | None = None
        self._due: float | None = None  # of the errand, or of the end
        self._until = 0.0  # of the call
        self._reading = ""  # the id of the read on its way
        self._cut_again: float | None = None
        self._connected = True
        self._leaving: tuple[End, tuple[Order, ...]] | None = None
        self.ended = False
        self._opened = False
        self._keyboard = Keyboard()
        self._decides = True  # Asterisk, what to read
        self._forgetting = 0  # times that it is to forget what it noted, and has not told
        self._places: deque[Place] = deque(maxlen=_LOOKS)

    # ---- what the user wants -------------------------------------------------------------------

    @property
    def free(self) -> bool:
        """Whether it can be told to say, ask, record or transfer."""
        return not (self._errand or self._leaving or self.ended)

    @property
    def away(self) -> str:
        """The queue into which it was put; empty if it is not there."""
        return self._errand.queue if isinstance(self._errand, Transferring) else ""

    @property
    def place(self) -> Place | None:
        """In the queue, as far as that is known: the worst of what was seen lately, for those
        before him leave it for moments too."""
        return max(self._places, default=None)

    def seen_at(self, place: Place | None) -> None:
        """The queue has been looked at."""
        if place is not None:
            self._places.append(place)

    @property
    def pending(self) -> int:
        """Answers of Asterisk that are waited for."""
        return len(self._waiting)

    def say(self, prompts: tuple[str, ...], now: float, barge: Barge = Barge.YES) -> None:
        """Plays sounds; Said follows. Raises Busy, or Unsendable for an impossible name."""
        self._start(Conversing(self, Question(prompts, barge=barge), False, self._patience), now)

    def ask(self, question: Question, now: float) -> None:
        """Plays sounds and waits for keys; Heard follows. Raises as `say`."""
        self._start(Conversing(self, question, True, self._patience), now)

    def record(self, recording: Recording, now: float) -> None:
        """Lets the caller speak after a tone; Recorded follows. Raises as `say`."""
        agi.sounds([recording.path])
        guard("AGI", "Command", recording.command)
        self._start(Recorder(self, recording, self._patience), now)

    def transfer(self, transfer: Transfer, now: float) -> None:
        """Puts the caller into a queue; Returned follows if he comes back. Raises as `say`."""
        for name, value in transfer.variables.items():
            guard("AGI", "Command", agi.set_variable(name, value))
        guard("AGI", "Command", agi.execute("Queue", transfer.queue, transfer.options))
        if transfer.pop:
            guard("AGI", "Command", transfer.event())
        self._start(self._transferring(transfer), now)

    def set(self, name: str, value: str) -> None:
        """Sets a channel variable, or a function such as CHANNEL(language). Raises Unsendable."""
        guard("AGI", "Command", agi.set_variable(name, value))
        self.run(agi.set_variable(name, value))
        self._touched(self)

    def leave(self, context: str, extension: str, priority: str, now: float) -> None:
        """Sends the call on in the dialplan. Raises Unsendable."""
        where = {"CONTEXT": context, "EXTENSION": extension, "PRIORITY": priority}
        commands = [f"SET {name} {agi.quoted(value)}" for name, value in where.items()]
        for command in commands:
            guard("AGI", "Command", command)
        self._go(End.LEFT, [self._agi(command) for command in [*commands, "ASYNCAGI BREAK"]], now)

    def hang_up(self, now: float) -> None:
        """Ends the call, whatever it does; Ended follows. 16 is a normal clearing (ITU-T Q.850)."""
        headers = {"Channel": self.caller.channel, "Cause": "16"}
        self._go(End.HUNG_UP, [Order("Hangup", headers, self._next_id())], now)

    def _start(self, errand: _Errand, now: float) -> None:
        if self._leaving or self.ended:
            return  # told already, or soon: who was thinking may not know it yet
        if self._errand:
            raise Busy
        self._errand = errand
        if self._connected:
            self._begin_errand(errand, now)
        self._touched(self)

    def _go(self, end: End, orders: list[Order], now: float) -> None:
        """Nothing but the end is waited for now."""
        if self._leaving or self.ended:
            return
        self._leaving = end, tuple(orders)
        self._stop_errand()
        if self._connected:
            self._due = now + self._patience.answer
            self.cut(now)
            self.orders += orders
        self._touched(self)

    # ---- what Asterisk tells -------------------------------------------------------------------

    def begin(self, now: float) -> None:
        """It has come into AsyncAGI."""
        self._started(resumed=False)
        self._open(now)
        self._touched(self)

    def adopt(self, now: float) -> None:
        """It was in AsyncAGI before us: what it does is ended, what was typed is forgotten."""
        self._started(resumed=True)
        self._press()
        self._open(now)
        self.look(lambda now: self.forget())
        self._touched(self)

    def rejoin(self, queue: str, now: float) -> None:
        """It was put through to a person before us: it is left there until it is back."""
        self._opened = True
        self.events.append(Started(resumed=True, talking=True))
        self.limit(self._patience.talk, now)
        self._start(self._transferring(Transfer(queue), queued=True), now)

    def connected_to_person(self) -> None:
        """Somebody in the queue has answered."""
        if self.away:
            self._places.clear()
            self.events.append(Connected())
            self._touched(self)

    def result(self, command_id: str, encoded: str, now: float) -> None:
        """A command is done."""
        if command_id == self._reading:
            self._reading = ""
            self._cut_again = None
        owner, then = self._waiting.pop(command_id, (None, None))
        # an errand that is over wants no answers
        if then is not None and owner in (None, self._errand):
            then(agi.result(encoded), now)
            self._touched(self)

    def refused(self) -> None:
        """A command could not be queued: there is no such call any more."""
        self.left()

    def over(self, end: End) -> None:
        """The call is gone. The one place where it ends."""
        if self.ended:
            return
        self.ended = True
        self._stop_errand()
        self._waiting.clear()
        self.orders.clear()
        self.events.append(Ended(end))
        self._touched(self)

    def left(self) -> None:
        """It is in AsyncAGI no more: sent on, hung up, or ended by Asterisk."""
        self.over(self._leaving[0] if self._leaving else End.HUNG_UP)

    def cut_off(self) -> None:
        """Nobody hears us for a while; what was on its way may be done and never told."""
        self._connected = False
        self._waiting.clear()
        self.orders.clear()
        self._reading = ""
        self._forgetting = 0
        self._cut_again = self._due = None

    def resume(self, now: float) -> None:
        """We are heard again: what it did last begins again."""
        if self._connected or self.ended:
            return
        self._connected = True
        if self._leaving:
            self.orders += self._leaving[1]
            self._due = now + self._patience.answer
        else:
            if not self._opened:
                self._open(now)
            if self._errand:
                # the tone would be heard by whom the caller talks to
                if not isinstance(self._errand, Transferring):
                    self._press()
                self._begin_errand(self._errand, now)
        self._touched(self)

    @property
    def connected(self) -> bool:
        return self._connected

    # ---- time ----------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Time has passed; to be told at least every second."""
        if self.ended:
            return
        if now >= self._until:
            self.over(End.STUCK)
        elif self._due is not None and now >= self._due:
            if self._leaving:
                self.over(End.STUCK)
            else:
                self.hang_up(now)
        elif self._cut_again is not None and now >= self._cut_again:
            self.cut(now)
            self._touched(self)

    # ---- what errands do -----------------------------------------------------------------------

    @property
    def typed(self) -> str:
        return self._keyboard.typed

    def take(self, used: int) -> None:
        self._keyboard.take(used)

    def forget(self) -> None:
        self._keyboard.forget()

    def run(self, command: str, then: _Answer | None = None) -> None:
        self._queue(command, then, self._errand)

    def look(self, then: Then) -> None:
        def learn(result: Result, now: float) -> None:
            self._keyboard.see(*reads.looked(result.text, now))

        self._learn(agi.evaluate(reads.look()), learn, then)

    def read(self, reading: Reading, looked: Then, then: ReadEnded) -> None:
        known = None if reading.fresh or self._forgetting else self._keyboard.known
        decides, ending = self._decides, ""
        if known is None or not decides:
            self.look(looked)
        reading = reading if decides else reading.first
        for command in reading.commands(known) if decides else [reading.command()]:
            self.run(command)
        self._reading = self.orders[-1].command_id if self.orders else ""

        def learn(result: Result, now: float) -> None:
            nonlocal ending
            got, at, before = reads.reaped(result.text, now)
            if decides and before is None:
                self._decides = False  # nothing was run
                return
            ending, most = got.ending, reading.most
            if decides and before is not None and before.keys:
                self._keyboard.see(got.noted[: (known or 0) + len(before.keys)], before.at)
                ending, most = UNASKED, reading.steps[0].most
            self._keyboard.read(got, reading.enders, most, at)

        def ended(now: float) -> None:
            if decides and not self._decides:
                self.read(reading, looked, then)
            else:
                then(ending, now)

        self._learn(agi.evaluate(reading.reap()), learn, ended)

    def cut(self, now: float) -> None:
        if self._reading:
            self._press()
            self._cut_again = now + self._patience.press

    def allow(self, seconds: float, now: float) -> None:
        self._due = now + seconds

    def wipe_keys(self) -> None:
        self._begin_anew(self._keyboard.forget)
        for variable in LEFT:
            self.run(agi.set_variable(variable, ""))

    def limit(self, seconds: float, now: float) -> None:
        self._until = max(self._until, now + seconds + _GRACE)
        self.run(agi.set_variable("TIMEOUT(absolute)", f"{seconds:g}"))

    def done(self, event: object) -> None:
        assert isinstance(event, Said | Heard | Recorded | Returned)
        self._stop_errand()
        self.events.append(event)

    # ---- within --------------------------------------------------------------------------------

    def _queue(self, command: str, then: _Answer | None, owner: _Errand | None) -> None:
        """`owner`: whose errand must not be over when the answer comes."""
        if not self._connected or self.ended:
            return
        order = self._agi(command)
        if then is not None:
            self._waiting[order.command_id] = owner, then
        self.orders.append(order)

    def _learn(self, command: str, learn: _Answer, then: Then | None = None) -> None:
        """What was typed is learnt in order, also behind an errand that is over; `then` is not
        told then."""
        owner = self._errand

        def learnt(result: Result, now: float) -> None:
            learn(result, now)
            if then is not None and owner in (None, self._errand):
                then(now)

        self._queue(command, learnt, None)

    def _open(self, now: float) -> None:
        """What comes before the first word."""

        def kept(result: Result, now: float) -> None:
            self._opened = True
            self._keyboard.noted = result.number == 0

        if not self.caller.up:
            self.run("ANSWER", self._answered)
        self.limit(self._patience.call, now)
        self.run(agi.execute("StoreDTMF", "RX", KEYS), kept)

    def _started(self, *, resumed: bool) -> None:
        self.events.append(Started(resumed=resumed))
        if self.caller.up:
            self.events.append(Answered())

    def _answered(self, result: Result, now: float) -> None:
        if result.number == 0:
            self.events.append(Answered())

    def _transferring(self, transfer: Transfer, *, queued: bool = False) -> Transferring:
        self._places.clear()
        return Transferring(
            self, transfer, self._patience, extension=self.caller.dialled, queued=queued
        )

    def _begin_errand(self, errand: _Errand, now: float) -> None:
        if self._keyboard.full:
            # queued together, so that no key falls between them
            self.look(lambda now: None)
            self._begin_anew()
        errand.begin(now)

    def _begin_anew(self, also: Callable[[], None] = lambda: None) -> None:
        """Has Asterisk forget what it noted; until it has, nobody can say how much is known."""
        self._forgetting += self._connected

        def begun(result: Result, now: float) -> None:
            self._forgetting -= 1
            self._keyboard.begin_anew()
            also()

        self._learn(agi.set_variable(KEYS, ""), begun)

    def _stop_errand(self) -> None:
        """Its answers, should they come, are nobody's."""
        self._errand = self._due = None

    def _press(self) -> None:
        headers = {"Channel": self.caller.channel, "Digit": OURS, "Receive": "true"}
        self.orders.append(Order("PlayDTMF", headers, self._next_id()))

    def _agi(self, command: str) -> Order:
        command_id = self._next_id()
        headers = {"Channel": self.caller.channel, "Command": command, "CommandID": command_id}
        return Order("AGI", headers, command_id)

    def _next_id(self) -> str:
        self._commands += 1
        return f"{self.tag}-{self._commands}"
