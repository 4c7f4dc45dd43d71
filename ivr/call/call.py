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
from typing import Final

from ivr.ami.messages import check_sendable
from ivr.call import agi
from ivr.call.agi import AgiResult
from ivr.call.agi_queue import CallAction, CallTask, CommandQueue, WhenAnswered
from ivr.call.call_events import (
    CallAnswered,
    CallEnded,
    CallEndReason,
    CallerId,
    CallEvent,
    CallRefused,
    CallStarted,
)
from ivr.call.call_opening import CallOpening, ends_after
from ivr.call.key_reader import KeyReader, SeenAbilities
from ivr.call.prompts import AnnouncementEnded, CongestionTask, PromptTask, QuestionEnded
from ivr.call.questions import BargeIn, Question
from ivr.call.queue_status import QueuePosition
from ivr.call.recording import RecordingEnded, RecordingRequest, RecordingTask
from ivr.call.timeouts import CallTimeouts
from ivr.call.transfer import AgentConnected, CallerReturned, TransferRequest, TransferTask

_LOOKS: Final = 3
"""At a queue, that are remembered."""
_GRACE: Final = 15.0
"""Seconds that Asterisk gets to end a call that it should have ended by itself."""


class CallBusy(Exception):
    """The call does one thing at a time; the last one is not done."""


class Call:
    """`touched` is called whenever there is something to fetch from `events` and `orders`. `tag`
    makes its commands' ids like no other's; they begin with it."""

    def __init__(
        self, caller: CallerId, tag: str, timeouts: CallTimeouts, abilities: SeenAbilities,
        touched: Callable[[Call], None],
    ) -> None:  # fmt: skip
        self.caller = caller
        self.events: list[CallEvent] = []
        self.ended = False
        self._timeouts = timeouts
        self._touched = touched
        self._commands = CommandQueue(caller.channel, tag)
        self.keys = KeyReader(self._commands, timeouts.press, abilities)
        self._due: float | None = None  # of the task, or of the end
        self._until = 0.0  # of the call
        self._leaving: tuple[CallEndReason, tuple[CallAction, ...]] | None = None
        self._opening = CallOpening(self._commands, self.keys, timeouts.call)
        self._places: deque[QueuePosition] = deque(maxlen=_LOOKS)

    # ---- what the user wants -------------------------------------------------------------------

    @property
    def orders(self) -> list[CallAction]:
        """What is to be sent."""
        return self._commands.orders

    def take_orders(self) -> tuple[list[CallAction], CallAction | None]:
        """What is to be sent now, and what brings Asterisk to look for it."""
        return self._commands.take(wakes=not self.away)

    @property
    def free(self) -> bool:
        """Whether it can be told to say, ask, record or transfer."""
        return not (self._commands.task or self._leaving or self.ended)

    @property
    def away(self) -> str:
        """The queue into which it was put; empty if it is not there."""
        task = self._commands.task
        return task.queue if isinstance(task, TransferTask) else ""

    @property
    def place(self) -> QueuePosition | None:
        """In the queue, as far as that is known: the worst of what was seen lately, for those
        before him leave it for moments too."""
        return max(self._places, default=None)

    def seen_at(self, place: QueuePosition | None) -> None:
        """The queue has been looked at."""
        if place is not None:
            self._places.append(place)

    @property
    def pending(self) -> int:
        """Answers of Asterisk that are waited for."""
        return self._commands.pending

    def say(self, prompts: tuple[str, ...], now: float, barge: BargeIn = BargeIn.YES) -> None:
        """Plays sounds; AnnouncementEnded follows. Raises CallBusy, or Unsendable for an impossible
        name."""
        self._start(PromptTask(self, Question(prompts, barge=barge), False, self._timeouts), now)

    def prove(self, prompts: tuple[str, ...], now: float) -> None:
        """Plays sounds to their end; AnnouncementEnded says whether it could. Raises as `say`."""
        question = Question(prompts, barge=BargeIn.NO_BUFFER)
        self._start(PromptTask(self, question, False, self._timeouts, checked=True), now)

    def congestion(self, now: float) -> None:
        """A tone that needs no sound: all is busy; AnnouncementEnded follows."""
        self._start(CongestionTask(self, self._timeouts), now)

    def ask(self, question: Question, now: float) -> None:
        """Plays sounds and waits for keys; QuestionEnded follows. Raises as `say`."""
        self._start(PromptTask(self, question, True, self._timeouts), now)

    def record(self, recording: RecordingRequest, now: float) -> None:
        """Lets the caller speak after a tone; RecordingEnded follows. Raises as `say`."""
        agi.sound_lists([recording.path])
        check_sendable("AGI", "Command", recording.command)
        self._start(RecordingTask(self, recording, self._timeouts), now)

    def transfer(self, transfer: TransferRequest, now: float) -> None:
        """Puts the caller into a queue; CallerReturned follows if he comes back. Raises as
        `say`."""
        for name, value in transfer.variables.items():
            check_sendable("AGI", "Command", agi.set_variable(name, value))
        check_sendable(
            "AGI", "Command", agi.execute_application("Queue", transfer.queue, transfer.options)
        )
        if transfer.pop:
            check_sendable("AGI", "Command", transfer.event())
        self._start(self._transferring(transfer), now)

    def set(self, name: str, value: str) -> None:
        """Sets a channel variable, or a function such as CDR(keys), whatever is being done. Raises
        Unsendable."""
        check_sendable("Setvar", "Value", value)
        if self.connected and not self.ended:
            self.orders.append(self._commands.action("Setvar", {"Variable": name, "Value": value}))
            self._touched(self)

    def leave(self, context: str, extension: str, priority: str, now: float) -> None:
        """Sends the call on in the dialplan; no keys are left on it. Raises Unsendable."""
        where = {"CONTEXT": context, "EXTENSION": extension, "PRIORITY": priority}
        commands = [f"SET {name} {agi.quote_argument(value)}" for name, value in where.items()]
        for command in commands:
            check_sendable("AGI", "Command", command)
        self.keys.leave()
        orders = [self._commands.agi(command) for command in [*commands, "ASYNCAGI BREAK"]]
        self._go(CallEndReason.LEFT, orders, now)

    def hang_up(self, now: float) -> None:
        """Ends the call, whatever it does; CallEnded follows. 16 is a normal clearing (ITU-T
        Q.850)."""
        self._go(CallEndReason.HUNG_UP, [self._commands.action("Hangup", {"Cause": "16"})], now)

    def _start(self, task: CallTask, now: float) -> None:
        if self._leaving or self.ended:
            return  # told already, or soon: who was thinking may not know it yet
        if self._commands.task:
            raise CallBusy
        self._commands.task = task
        if self.connected:
            task.begin(now)
        self._touched(self)

    def _go(self, end: CallEndReason, orders: list[CallAction], now: float) -> None:
        """Nothing but the end is waited for now."""
        if self._leaving or self.ended:
            return
        self._leaving = end, tuple(orders)
        self._stop_task()
        if self.connected:
            self._due = now + self._timeouts.answer
            self.keys.cut(now)
            self.orders.extend(orders)
        self._touched(self)

    # ---- what Asterisk tells -------------------------------------------------------------------

    def begin(self, now: float) -> None:
        """It has come into AsyncAGI. What comes before the first word does not hurry, unless the
        caller still hears it ring: Asterisk is woken once for both."""
        self._started(resumed=False)
        self._open(now, anew=True)
        if self.caller.up:
            self._commands.unhurried()
        self._touched(self)

    def adopt(self, now: float) -> None:
        """It was in AsyncAGI before us: what it does is ended, what was typed is forgotten."""
        self._started(resumed=True)
        self.keys.press()
        self._open(now, anew=False)
        self.keys.look(lambda now: self.keys.forget())
        self._touched(self)

    def rejoin(self, queue: str, now: float) -> None:
        """It was put through to a person before us: it is left there until it is back."""
        self._opening.leave_out()
        self.events.append(CallStarted(resumed=True, talking=True))
        self.limit(self._timeouts.talk, now)
        self._start(self._transferring(TransferRequest(queue), queued=True), now)

    def connected_to_person(self, name: str) -> None:
        """Somebody in the queue has answered."""
        if self.away:
            self._places.clear()
            self.events.append(AgentConnected(name))
            self._touched(self)

    def result(self, command_id: str, encoded: str, now: float) -> None:
        """A command is done."""
        self.keys.done(command_id)
        if self._commands.result(command_id, encoded, now):
            self._touched(self)

    def refused(self, action: str, said: str) -> None:
        """Asterisk will not do it, though the channel is there. Without AGI there is no call."""
        if self.ended:
            return
        self.events.append(CallRefused(action, said))
        if action == "AGI":
            self.over(CallEndReason.REFUSED)
            self.orders.append(self._commands.action("Hangup", {"Cause": "16"}))
        self._touched(self)

    def unable(self, application: str, now: float) -> None:
        """Asterisk has no such application, and without it there is no call."""
        self.events.append(CallRefused(application, "no such application"))
        self.hang_up(now)

    def over(self, end: CallEndReason) -> None:
        """The call is gone. The one place where it ends."""
        if self.ended:
            return
        self.ended = True
        self._stop_task()
        self._commands.close()
        self.events.append(CallEnded(end))
        self._touched(self)

    def left(self) -> None:
        """It is in AsyncAGI no more: sent on, hung up, or ended by Asterisk."""
        self.over(self._leaving[0] if self._leaving else CallEndReason.HUNG_UP)

    def cut_off(self) -> None:
        """Nobody hears us for a while; what was on its way may be done and never told."""
        self._commands.cut_off()
        self.keys.cut_off()
        self._due = None

    def resume(self, now: float) -> None:
        """We are heard again: what it did last begins again."""
        if self.connected or self.ended:
            return
        self._commands.connected = True
        if self._leaving:
            self.orders.extend(self._leaving[1])
            self._due = now + self._timeouts.answer
        else:
            if not self._opening.done:
                self._open(now, anew=False)
            if (task := self._commands.task) is not None:
                # the tone would be heard by whom the caller talks to
                if not isinstance(task, TransferTask):
                    self.keys.press()
                task.begin(now)
        self._touched(self)

    @property
    def connected(self) -> bool:
        return self._commands.connected

    # ---- time ----------------------------------------------------------------------------------

    def tick(self, now: float) -> None:
        """Time has passed; to be told at least every second."""
        if self.ended:
            return
        if now >= self._until:
            self.over(CallEndReason.STUCK)
        elif self._due is not None and now >= self._due:
            if self._leaving:
                self.over(CallEndReason.STUCK)
            else:
                self.hang_up(now)
        elif self.keys.tick(now):
            self._touched(self)

    # ---- what tasks do -------------------------------------------------------------------------

    def run(self, command: str, then: WhenAnswered | None = None) -> None:
        self._commands.run(command, then)

    def allow(self, seconds: float, now: float) -> None:
        self._due = now + seconds

    def limit(self, seconds: float, now: float) -> None:
        self._bound(seconds, now)
        self.run(ends_after(seconds))

    def _bound(self, seconds: float, now: float) -> None:
        self._until = max(self._until, now + seconds + _GRACE)

    def done(self, event: object) -> None:
        assert isinstance(
            event, AnnouncementEnded | QuestionEnded | RecordingEnded | CallerReturned
        )
        self._stop_task()
        self.events.append(event)

    # ---- within --------------------------------------------------------------------------------

    def _open(self, now: float, *, anew: bool) -> None:
        """What comes before the first word; `anew`: the caller has typed nothing to us yet."""
        if not self.caller.up:
            self.run("ANSWER", self._answered)
        self._bound(self._timeouts.call, now)
        self._opening.begin(anew=anew)

    def _started(self, *, resumed: bool) -> None:
        self.events.append(CallStarted(resumed=resumed))
        if self.caller.up:
            self.events.append(CallAnswered())

    def _answered(self, result: AgiResult, now: float) -> None:
        if result.number == 0:
            self.events.append(CallAnswered())

    def _transferring(self, transfer: TransferRequest, *, queued: bool = False) -> TransferTask:
        self._places.clear()
        return TransferTask(
            self, transfer, self._timeouts, extension=self.caller.dialled, queued=queued
        )

    def _stop_task(self) -> None:
        """Its answers, should they come, are nobody's."""
        self._commands.task = self._due = None
