"""The calls of all Asterisks: what happened on one goes to the call it is about."""

from __future__ import annotations

from gateway.channels.voice.calls import VoiceCall
from gateway.channels.voice.voice_services import VoiceServices
from ivr.call.call import Call
from ivr.call.call_events import CallEnded, CallStarted
from ivr.switchboard import CallUpdate


class VoiceChannel:
    def __init__(self, services: VoiceServices) -> None:
        self.services = services
        self._calls: dict[Call, VoiceCall] = {}

    @property
    def calls(self) -> int:
        return len(self._calls)

    def told(self, exchange: str, told: list[CallUpdate]) -> None:
        """What happened on calls of an Asterisk."""
        for call, event in told:
            if isinstance(event, CallStarted):
                self._calls[call] = VoiceCall(self.services, exchange, call, ours=not event.resumed)
            if (ours := self._calls.get(call)) is not None:
                ours.happened(event)
            if isinstance(event, CallEnded):
                self._calls.pop(call, None)

    def reasons(self) -> list[str]:
        """Why callers may hear nothing, or not be able to leave their words."""
        unrecorded = self.services.unrecorded or self.services.unwritable
        return [*self.services.doubts.reasons(), *([unrecorded] if unrecorded else [])]

    def forget(self, exchange: str) -> None:
        """Calls of an Asterisk that another gateway serves from now on."""
        self.services.turns.leave_now()
        for call, ours in list(self._calls.items()):
            if ours.exchange == exchange:
                ours.leave()
                del self._calls[call]

    def close(self) -> None:
        """What is typed from now on is left to the next run."""
        self.services.open = False

    def stop(self) -> None:
        """Leaves no timer behind; the calls stay with Asterisk."""
        self.services.turns.stop()
        for call in self._calls.values():
            call.stop()
