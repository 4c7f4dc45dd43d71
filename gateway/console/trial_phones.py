"""Phones at an edition that nobody is served by: one for each operator who has taken one up."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from threading import Lock
from typing import Final

from starlette.requests import Request

from gateway.console.phone_line import KEPT, PhoneEvent
from gateway.dialogue.voice_instruction import AfterPrompt
from gateway.serving.beside.trial_hall import TrialAnswer, TrialHall
from ivr.speech.read_aloud import SEAM, read_aloud

MOST: Final = 8  # at once: who has not used theirs for longest gives it up


class TrialPhone:
    """One number at one edition. What is done with it waits for what was done before."""

    def __init__(
        self, hall: TrialHall, draft: int, version: str, name: str, clock: Callable[[], float]
    ) -> None:
        self.number, self.draft, self.version, self.name = hall.phone, draft, version, name
        self.screen, self.waits = "", False
        self._hall, self._clock = hall, clock
        self._events: deque[PhoneEvent] = deque(maxlen=KEPT)
        self._places = count(1)
        self._lock = Lock()

    @property
    def on_call(self) -> bool:
        return self._hall.on_call

    def events(self) -> list[PhoneEvent]:
        """The oldest first."""
        return list(self._events)

    def does(self, deed: str, text: str) -> None:
        """One of DEEDS."""
        with self._lock:
            if text or deed in _WITHOUT_WORDS:
                self._keep(PhoneEvent(self._clock(), "sent", text or "…"))
            answer = DEEDS[deed](self._hall, text)
            if answer is not None:
                self._take(answer)
            elif deed == "leave":
                self.screen, self.waits = "", False

    def close(self) -> None:
        with self._lock:
            self._hall.close()

    def _take(self, answer: TrialAnswer) -> None:
        now = self._clock()
        if answer.screen is not None:
            self.screen, self.waits = answer.screen.text.replace(SEAM, ""), answer.screen.waits
        if answer.prompt is not None:
            said, language, then = answer.prompt
            sounds = [(f"{language}/{one.name}", one.text) for one in read_aloud(said, language)]
            self._keep(PhoneEvent(now, "heard", said.replace(SEAM, ""), sounds=tuple(sounds)))
            if then in _ENDS:
                self._keep(PhoneEvent(now, "told", _ENDS[then]))
        for letter in answer.texts:
            who = f"{letter.source} → {letter.to}" if letter.to else letter.source
            self._keep(PhoneEvent(now, "got", letter.text.replace(SEAM, ""), who))

    def _keep(self, event: PhoneEvent) -> None:
        self._events.append(replace(event, place=next(self._places)))


_ENDS: Final = {AfterPrompt.HANG_UP: "over", AfterPrompt.HAND_OVER: "to a person"}
_WITHOUT_WORDS: Final = ("press",)  # silence is an answer too
DEEDS: Final[dict[str, Callable[[TrialHall, str], TrialAnswer | None]]] = {
    "sms": TrialHall.text,
    "dial": TrialHall.dial,
    "type": TrialHall.type,
    "leave": lambda hall, _: hall.leave(),
    "call": TrialHall.call,
    "press": TrialHall.press,
    "ring_off": lambda hall, _: hall.ring_off(),
}


class TrialPhones:
    def __init__(self) -> None:
        self._held: OrderedDict[str, TrialPhone] = OrderedDict()
        self._lock = Lock()

    def of(self, operator: str, draft: int) -> TrialPhone | None:
        """That he has taken up for this draft."""
        with self._lock:
            found = self._held.get(operator)
            return found if found is not None and found.draft == draft else None

    def take(self, operator: str, phone: TrialPhone) -> None:
        with self._lock:
            gone = [self._held.pop(operator)] if operator in self._held else []
            self._held[operator] = phone
            if len(self._held) > MOST:
                gone.append(self._held.popitem(last=False)[1])
        for one in gone:
            one.close()


def trial_phones_of(request: Request) -> TrialPhones:
    phones = request.app.state.trial_phones
    assert isinstance(phones, TrialPhones)
    return phones
