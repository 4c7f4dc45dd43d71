"""The voice door: calls of an Asterisk to the desk, what is to be said and asked back.

    call comes ─▶ Arrived ─▶ desk ─▶ Cue ─▶ sounds ─▶ say, ask ─▶ keys ─▶ Arrived …

One call does one thing at a time: it waits for the desk, or for Asterisk.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.python.failure import Failure

from commands.vocabulary import Channel
from gateway.batch import Served
from gateway.calls.cue import Cue, Then, typed_text
from gateway.calls.handover import variables
from gateway.channels.sms import mobile
from gateway.counts import Counts
from gateway.desk import Desk, Job
from gateway.ids import Ids
from gateway.log import Log, masked
from gateway.mail import Act, Arrived, Turn
from gateway.outbox import Outbox
from gateway.post import Post
from gateway.prompts.announcer import Announcer, Spoken
from ivr.asking import Heard, Said
from ivr.call import Call
from ivr.call_events import Answered, CallEvent, Ended, Started
from ivr.keys import Barge, Question
from ivr.switchboard import Told
from ivr.transfer import Returned, Transfer

QUEUE: Final = "hall"
"""The queue of conf/asterisk/queues.conf."""
WAIT: Final = 120
"""Seconds after which who waits for a person is asked whether to go on waiting."""
POP: Final = "HallCall"
"""The UserEvent by which an agent's screen learns who comes."""
_TRIES: Final = 4
"""Times that the desk is asked once more when it cannot serve."""
_PAUSE: Final = 1.0  # seconds before that
_REMEMBERED: Final = 3  # actions that a person is told of


class VoiceDoor:
    """What all calls share. `sorry` says that nothing can be done now."""

    def __init__(
        self,
        desk: Desk,
        post: Post,
        outbox: Outbox,
        ids: Ids,
        clock: IReactorTime,
        announcer: Announcer,
        counts: Counts,
        log: Log,
        sorry: Callable[[], str],
    ) -> None:
        self.desk = desk
        self.post = post
        self.outbox = outbox
        self.ids = ids
        self.clock = clock
        self.announcer = announcer
        self.counts = counts
        self.log = log
        self.sorry = sorry
        self.open = True  # false while draining: what is typed is left to the next run
        self._calls: dict[Call, VoiceCall] = {}

    @property
    def calls(self) -> int:
        return len(self._calls)

    def told(self, exchange: str, told: list[Told]) -> None:
        """What happened on calls of an Asterisk."""
        for call, event in told:
            if isinstance(event, Started):
                self._calls[call] = VoiceCall(self, exchange, call)
            if (ours := self._calls.get(call)) is not None:
                ours.happened(event)
            if isinstance(event, Ended):
                self._calls.pop(call, None)

    def stop(self) -> None:
        """Leaves no timer behind; the calls stay with Asterisk."""
        for call in self._calls.values():
            call.stop()


class VoiceCall:
    """One call, from its start, or from ours, to its end."""

    def __init__(self, door: VoiceDoor, exchange: str, call: Call) -> None:
        self._door = door
        self._call = call
        self._exchange = exchange
        self._session = f"{exchange}/{call.caller.uniqueid}"
        self._phone = mobile(call.caller.number)
        self._cue: Cue | None = None
        self._failures = 0
        self._actions: deque[str] = deque(maxlen=_REMEMBERED)
        self._began = door.clock.seconds()
        self._id = 0  # of its first turn: its name in the log
        self._again: IDelayedCall | None = None

    # -- what Asterisk tells ---------------------------------------------------------------------

    def happened(self, event: CallEvent) -> None:
        match event:
            case Started(resumed):
                self._turn(Act.AGAIN if resumed else Act.BEGIN)
                self._tell("call resumed" if resumed else "call", to=self._call.caller.dialled)
            case Heard(typed):
                self._turn(Act.ON, typed_text(typed.keys, typed.ender))
            case Said():
                self._said()
            case Returned(status):
                self._tell("back from the queue", status=status)
                self._turn(Act.BACK, status)
            case Ended(end):
                self.stop()
                seconds = round(self._door.clock.seconds() - self._began, 1)
                self._tell("call over", how=end.value, seconds=seconds)
                self._turn(Act.END)
            case Answered():
                pass

    def stop(self) -> None:
        if self._again is not None and self._again.active():
            self._again.cancel()

    def _said(self) -> None:
        cue = self._cue
        if cue is None or self._call.ended:
            return
        if cue.then is Then.HAND_OVER and cue.handover is not None:
            context = variables(cue.handover, list(self._actions))
            self._call.transfer(Transfer(QUEUE, context, wait=WAIT, pop=POP), self._now)
        elif cue.then is Then.HANG_UP:
            self._call.hang_up(self._now)

    # -- to the desk and back --------------------------------------------------------------------

    def _turn(self, act: Act, text: str = "") -> None:
        door = self._door
        if not door.open:
            return
        if door.desk.full and act is not Act.END:
            self._later()
            return
        arrived = self._arrived(act, text)
        self._id = self._id or arrived.id
        door.post.now([Job(arrived, self._session, self._served)])

    def _arrived(self, act: Act, text: str) -> Arrived:
        id, dialled = self._door.ids.next(), self._call.caller.dialled
        return Arrived(
            id,
            0,
            self._exchange,
            id.to_bytes(8, "big"),
            self._phone,
            f"1.1.86{self._phone}" if self._phone else "",
            f"0.1.{dialled}",
            text,
            asserted=bool(self._phone),
            turn=Turn(act, self._session, Channel.VOICE),
        )

    def _served(self, result: object) -> None:
        if isinstance(result, Served) and result.answers:
            self._door.outbox.add(result.answers)
        if self._call.ended:
            return
        if isinstance(result, Served) and result.cue is not None:
            self._failures = 0
            if result.cue.action:
                self._actions.append(result.cue.action)
            self._speak(result.cue)
        elif isinstance(result, Failure):
            self._later()

    def _later(self) -> None:
        """The desk cannot serve now. What was typed may have been done all the same: so the caller
        hears where he stands, as soon as somebody knows."""
        self._failures += 1
        if self._failures > _TRIES:
            self._speak(Cue(self._door.sorry(), "zh", Then.HANG_UP))
            return
        self._again = self._door.clock.callLater(_PAUSE, self._turn, Act.AGAIN)

    # -- what the caller hears -------------------------------------------------------------------

    def _speak(self, cue: Cue) -> None:
        self._cue = cue
        speaking = self._door.announcer.speak(cue.text, cue.language, private=cue.private)
        speaking.addCallback(self._say, cue)

    def _say(self, spoken: Spoken, cue: Cue) -> None:
        if self._call.ended or not self._call.free or cue is not self._cue:
            return
        if cue.then is Then.ASK:
            keys = cue.keys
            self._call.ask(
                Question(
                    spoken.paths, keys.most, keys.enders, Barge.YES, keys.wait, keys.tail, cue.fresh
                ),
                self._now,
            )
        else:
            # last words are heard, whatever else was typed
            self._call.say(spoken.paths, self._now, Barge.NO_BUFFER)

    @property
    def _now(self) -> float:
        return self._door.clock.seconds()

    def _tell(self, event: str, **facts: object) -> None:
        facts = {"pbx": self._exchange, "phone": masked(self._phone)} | facts
        self._door.log.event(event, id=self._id, call=self._call.caller.uniqueid, **facts)
