"""What a caller hears, one cue after the other: a text to sounds, sounds to the call."""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import maybeDeferred
from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure

from gateway.calls.cue import Cue, Then
from gateway.calls.recordings import Recordings
from gateway.prompts.announcer import Announcer, Spoken
from ivr.call import Call
from ivr.keys import Barge, Question

_NO_KEY = 0.3  # seconds after which it is plain that no key interrupts what comes before a tone


class Telling:
    """`failed` is told once for each cue that cannot be said."""

    def __init__(
        self,
        call: Call,
        announcer: Announcer,
        clock: IReactorTime,
        recordings: Recordings,
        failed: Callable[[Failure], None],
    ) -> None:
        self._call = call
        self._announcer = announcer
        self._clock = clock
        self._recordings = recordings
        self._failed = failed
        self.cue: Cue | None = None  # the last one
        self._ready: Spoken | None = None  # its sounds, while something else is being said
        self._saying: Cue | None = None  # may be the one before

    def tell(self, cue: Cue) -> None:
        """At once, or when what is being said is over. It takes the place of whatever waits."""
        self.cue, self._ready = cue, None
        speaking = maybeDeferred(self._announcer.speak, cue.text, cue.language, private=cue.private)
        speaking.addCallback(self._spoken, cue).addErrback(self._failed)

    def said(self) -> Cue | None:
        """Something has been said to its end. The cue, if it was that and not what came before."""
        if self._ready is None or self.cue is None:
            return self.cue if self._saying is self.cue else None
        spoken, self._ready = self._ready, None
        self._say(spoken, self.cue)
        return None

    def _spoken(self, spoken: Spoken, cue: Cue) -> None:
        if self._call.ended or cue is not self.cue:
            return
        if self._call.free:
            self._say(spoken, cue)
        else:
            self._ready = spoken

    def _say(self, spoken: Spoken, cue: Cue) -> None:
        now, self._saying = self._clock.seconds(), cue
        if cue.then is Then.RECORD:
            self._call.ask(Question(spoken.paths, wait=_NO_KEY, fresh=True), now)
            return
        if cue.then is not Then.ASK:
            # last words are heard, whatever else was typed
            self._call.say(spoken.paths, now, Barge.NO_BUFFER)
            return
        keys = cue.keys
        sounds = spoken.paths
        if cue.play:
            sounds = (self._recordings.path(cue.play), *sounds)
        question = Question(
            sounds, keys.most, keys.enders, keys.barge, keys.wait, keys.between, keys.tail,
            cue.fresh,
        )  # fmt: skip
        self._call.ask(question, now)
