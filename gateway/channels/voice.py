"""The voice door: calls of an Asterisk to the desk, what is to be said and asked back.

    call comes ─▶ Arrived ─▶ desk ─▶ Cue ─▶ sounds ─▶ say, ask ─▶ keys ─▶ Arrived …

One call does one thing at a time: it waits for the desk, or for Asterisk.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.python.failure import Failure

from commands.vocabulary import Channel
from gateway.batch import Served
from gateway.calls.back import Back
from gateway.calls.cue import Cue, Then, typed_text
from gateway.calls.handover import variables
from gateway.calls.patience import Waiting, slice_of
from gateway.calls.recordings import Recordings
from gateway.calls.telling import Telling
from gateway.channels.senders import mobile
from gateway.counts import Counts
from gateway.desk import Desk, Job
from gateway.ids import Ids
from gateway.log import Log, masked, place_of
from gateway.mail import Act, Arrived, Turn
from gateway.outbox import Outbox
from gateway.post import Post
from gateway.prompts.announcer import Announcer
from ivr.asking import Heard, Said
from ivr.call import Call
from ivr.call_events import Answered, CallEvent, Ended, Started
from ivr.keys import Typed
from ivr.recording import Recorded
from ivr.switchboard import Told
from ivr.transfer import Connected, Returned, Transfer
from menus.fields import UNRECORDED

QUEUE: Final = "hall"
"""The queue of conf/asterisk/queues.conf."""
POP: Final = "HallCall"
"""The UserEvent by which an agent's screen learns who comes."""
_TRIES: Final = 4
"""Times that the desk is asked once more when it cannot serve."""
_PAUSE: Final = 1.0  # seconds before that
_HOLD_ON: Final = 5.0
"""Seconds of waiting for the desk after which a caller hears that we are at it."""
_TOO_LONG: Final = 30.0
"""Seconds after which nobody waits for the desk any more."""
_LAST_WORDS: Final = 30.0  # seconds that an apology may take, whatever goes wrong with it
_INSTEAD: Final = frozenset({"*", "0"})
"""Keys by which somebody who shall speak goes back, or to a person."""


class VoiceDoor:
    """What all calls share. `words` says one of the hall's own texts in a language."""

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
        words: Callable[[str, str], str],
        recordings: Recordings,
    ) -> None:
        self.desk = desk
        self.post = post
        self.outbox = outbox
        self.ids = ids
        self.clock = clock
        self.announcer = announcer
        self.counts = counts
        self.log = log
        self.words = words
        self.recordings = recordings
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

    def forget(self, exchange: str) -> None:
        """Calls of an Asterisk that another gateway serves from now on."""
        for call, ours in list(self._calls.items()):
            if ours.exchange == exchange:
                ours.leave()
                del self._calls[call]

    def stop(self) -> None:
        """Leaves no timer behind; the calls stay with Asterisk."""
        for call in self._calls.values():
            call.stop()


class VoiceCall:
    """One call, from its start, or from ours, to its end. It is never silent for long: who waits
    for the desk is told so, and what goes wrong ends with an apology."""

    def __init__(self, door: VoiceDoor, exchange: str, call: Call) -> None:
        self._door = door
        self._call = call
        self.exchange = exchange
        self._session = f"{exchange}/{call.caller.uniqueid}"
        self._phone = mobile(call.caller.number)
        self._telling = Telling(call, door.announcer, door.clock, door.recordings, self._broken)
        self._language = "zh"  # of what was said last
        self._failures = 0
        self._turns = 0
        self._asked = False  # something was, that may have been done
        self._sorry = False  # the last words are on their way
        self._began = door.clock.seconds()
        self._id = 0  # of its first turn: its name in the log
        self._timers: list[IDelayedCall] = []
        self._waiting = Waiting(exchange, door.clock, door.counts)
        self._recording = ""  # the name of what is spoken now

    # -- what Asterisk tells ---------------------------------------------------------------------

    def happened(self, event: CallEvent) -> None:
        """Whatever goes wrong with it concerns this call only."""
        try:
            self._happened(event)
        except Exception:
            self._broken(Failure())

    def _happened(self, event: CallEvent) -> None:
        match event:
            case Started(resumed, talking):
                self._asked = resumed
                if not talking:  # else nobody shall disturb him
                    self._turn(Act.AGAIN if resumed else Act.BEGIN)
                facts = {"to": self._call.caller.dialled} | ({"talking": True} if talking else {})
                self._tell("call resumed" if resumed else "call", **facts)
            case Heard(typed):
                self._heard(typed)
            case Recorded():
                self._recorded(event)
            case Said():
                self._said()
            case Connected():
                self._waiting.answered()
            case Returned(status, key):
                self._back(status, key)
            case Ended(end):
                self.stop()
                self._waiting.ends("hung_up")
                seconds = round(self._door.clock.seconds() - self._began, 1)
                self._tell("call over", how=end.value, seconds=seconds)
                self._turn(Act.END)
            case Answered():
                pass

    def stop(self) -> None:
        """Nothing is waited for any more."""
        for timer in self._timers:
            if timer.active():
                timer.cancel()
        self._timers.clear()

    def leave(self) -> None:
        """It is somebody else's; what the desk still answers is for nobody here."""
        self.stop()
        self._turns += 1

    def _said(self) -> None:
        cue = self._telling.said()
        if cue is None or self._call.ended:
            return
        if cue.then is Then.HAND_OVER and cue.handover is not None:
            context, wait = variables(cue.handover), slice_of(cue.handover.waits)
            pop = "" if cue.handover.waits else POP  # once
            self._waiting.begins()
            self._call.transfer(Transfer(QUEUE, context, wait=wait, pop=pop), self._now)
        elif cue.then is Then.HANG_UP:
            self._call.hang_up(self._now)

    def _back(self, status: str, key: str) -> None:
        """From the queue."""
        place = self._call.place
        back = Back(status, key, place.ahead, place.seconds) if place else Back(status, key)
        self._tell("back from the queue", status=status or "by key")
        if back.talked:
            self._waiting.answered()
        elif back.nobody or key:
            self._waiting.ends("nobody_there" if back.nobody else "left_by_key")
        self._turn(Act.BACK, back.text())

    # -- what the caller types and says ----------------------------------------------------------

    def _heard(self, typed: Typed) -> None:
        cue = self._telling.cue
        if cue is not None and cue.then is Then.RECORD and typed.keys not in _INSTEAD:
            self._recording = f"r{self._door.ids.next()}"
            self._call.record(self._door.recordings.of(self._recording), self._now)
        else:
            self._turn(Act.ON, typed_text(typed.keys, typed.ender))

    def _recorded(self, recorded: Recorded) -> None:
        if recorded.failed:
            self._tell("recording failed", folder=str(self._door.recordings.folder))
        if recorded.key in _INSTEAD:
            self._turn(Act.ON, recorded.key)
        elif recorded.failed:
            self._turn(Act.ON, UNRECORDED)
        else:
            self._turn(Act.ON, self._recording if recorded.kept else "")

    # -- to the desk and back --------------------------------------------------------------------

    def _turn(self, act: Act, text: str = "") -> None:
        door = self._door
        if not door.open:
            return
        self._asked = self._asked or bool(text)
        if act is not Act.END:
            self._wait()
            if door.desk.full:
                self._later()
                return
        arrived = self._arrived(act, text)
        self._id = self._id or arrived.id
        self._turns += 1
        job = Job(arrived, self._session, partial(self._answered, self._turns))
        # nobody waits for what is done behind a caller who is gone
        (door.post.soon if act is Act.END else door.post.together)(job)

    def _arrived(self, act: Act, text: str) -> Arrived:
        id, dialled = self._door.ids.next(), self._call.caller.dialled
        return Arrived(
            id,
            0,
            self.exchange,
            id.to_bytes(8, "big"),
            self._phone,
            f"1.1.86{self._phone}" if self._phone else "",
            f"0.1.{dialled}",
            text,
            asserted=bool(self._phone),
            turn=Turn(act, self._session, Channel.VOICE),
        )

    def _answered(self, turn: int, result: object) -> None:
        if isinstance(result, Served) and result.answers:
            self._door.outbox.add(result.answers)
        if self._call.ended or self._sorry or turn != self._turns:
            return
        try:
            self._served(result)
        except Exception:
            self._broken(Failure())

    def _served(self, result: object) -> None:
        if not isinstance(result, Served) or result.cue is None:
            self._later()
            return
        self._failures = 0
        self.stop()
        cue = result.cue
        self._language = cue.language
        self._telling.tell(cue)

    # -- when it takes long, or goes wrong -------------------------------------------------------

    def _wait(self) -> None:
        """Until a cue comes."""
        if not self._timers:
            self._timers = [self._after(_HOLD_ON, self._hold_on), self._after(_TOO_LONG, self._end)]

    def _hold_on(self) -> None:
        words = self._door.words("sys.wait", self._language)
        self._telling.tell(Cue(words, self._language, Then.WAIT))

    def _later(self) -> None:
        """The desk cannot serve now. What was typed may have been done all the same: so the caller
        hears where he stands, as soon as somebody knows."""
        self._failures += 1
        if self._failures > _TRIES:
            self._end()
        else:
            self._timers.append(self._after(_PAUSE, partial(self._turn, Act.AGAIN)))

    def _broken(self, failure: Failure) -> None:
        """It is our own mistake."""
        if not self._sorry and failure.value is not None:
            self._door.counts.call_failed(self.exchange)
            self._tell("call failed", error=place_of(failure.value))
        self._end()

    def _end(self) -> None:
        """In order: an apology, and good-bye. If even that goes wrong, good-bye."""
        self.stop()
        if self._sorry or self._call.ended:
            self._call.hang_up(self._now)
            return
        self._sorry = True
        self._timers = [self._after(_LAST_WORDS, self._end)]
        words = self._door.words("sys.sorry" if self._asked else "sys.sorry.idle", self._language)
        self._telling.tell(Cue(words, self._language, Then.HANG_UP))

    def _after(self, seconds: float, then: Callable[[], None]) -> IDelayedCall:
        def due() -> None:
            if not self._door.open:
                return  # the next gateway goes on with the call
            try:
                then()
            except Exception:
                self._broken(Failure())

        return self._door.clock.callLater(seconds, due)

    @property
    def _now(self) -> float:
        return self._door.clock.seconds()

    def _tell(self, event: str, **facts: object) -> None:
        facts = {"pbx": self.exchange, "phone": masked(self._phone)} | facts
        self._door.log.event(event, id=self._id, call=self._call.caller.uniqueid, **facts)
