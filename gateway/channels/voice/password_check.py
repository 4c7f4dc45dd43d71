"""A caller whose password an agent has checked in the middle of their talk.

    talk ─ Redirect of both ─▶ hallgate-check: the password ─▶ hallgate-checked ─▶ the same talk

The agent is told whether it was right, and of which number; never what was typed.
"""

from __future__ import annotations

from typing import Final

from twisted.python.failure import Failure

from commands.model.request import AuthLevel
from gateway.channels.voice.voice_services import AGENTS_SPEAK, VoiceServices, told_agents
from gateway.tts.announcer import SpokenText
from ivr.call.call import Call

_CHECK: Final = "hallgate-check"
"""The context of conf/asterisk/extensions.conf into which an agent sends him; the entry of
conf/menus has its name."""
_CHECKED: Final = "hallgate-checked"
"""Where he goes on: to the extension right, or wrong."""


def is_check(call: Call) -> bool:
    """Whether somebody waits for this caller to come back."""
    return call.caller.context == _CHECK


class PasswordCheck:
    """Of one call."""

    def __init__(self, services: VoiceServices, call: Call) -> None:
        self._services = services
        self._call = call

    def over(self, proved: str) -> None:
        """He goes back to the agent, whatever happens. `proved`: the number whose password was
        right, if it was."""
        how = "right" if proved else "wrong"
        words = self._services.words(f"hu.checked.{how}", AGENTS_SPEAK)
        saying = told_agents(self._services, words)
        saying.addBoth(self._go_back, how, proved)

    def _go_back(self, spoken: SpokenText | Failure, how: str, proved: str) -> None:
        if isinstance(spoken, Failure):
            self._services.log.event("sounds not made", error=spoken.value, sounds=1)
            spoken = SpokenText(())
        if proved:
            self._call.set("HALL_TARGET", proved)
            self._call.set("HALL_LEVEL", AuthLevel.A2.name)
        self._call.set("HALL_TOLD", "&".join(spoken.paths))
        self._call.leave(_CHECKED, how, "1", self._services.clock.seconds())
