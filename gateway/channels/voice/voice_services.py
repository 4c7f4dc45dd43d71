"""What all calls share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IReactorTime

from gateway.channels.voice.nuisance import NuisanceLimit
from gateway.channels.voice.recordings import Recordings
from gateway.channels.voice.sound_doubts import SoundDoubts
from gateway.delivery.outbox import Outbox
from gateway.model.message_id import MessageIds
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.serving.call_turns import CallTurns
from gateway.serving.work import HallDesk
from gateway.tts.announcer import Announcer, SpokenText

AGENTS_SPEAK: Final = "zh"


@dataclass(slots=True)
class VoiceServices:
    """`words` says one of the hall's own texts in a language."""

    desk: HallDesk
    turns: CallTurns
    outbox: Outbox
    ids: MessageIds
    clock: IReactorTime
    announcer: Announcer
    counts: Metrics
    log: Log
    words: Callable[[str, str], str]
    recordings: Recordings
    doubts: SoundDoubts
    nuisance: NuisanceLimit
    cdr: bool = False
    """Whether the exchange's call detail records have fields for ours."""
    open: bool = True
    """False while draining: what is typed is left to the next run."""
    unrecorded: str = ""
    """Why nothing can be recorded, as a caller has found."""
    unwritable: str = ""
    """The same, as a look at the folder has."""


def told_agents(services: VoiceServices, text: str) -> Deferred[SpokenText]:
    """As sounds, in the language of who works here; none of an empty text."""
    return services.announcer.speak(text, AGENTS_SPEAK) if text else succeed(SpokenText(()))
