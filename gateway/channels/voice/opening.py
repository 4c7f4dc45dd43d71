"""The voice channel, from its settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from zoneinfo import ZoneInfo

from twisted.python.failure import Failure

from commands.model.request import Channel
from gateway.channels.voice.asterisk_files import FilesSeen, looking
from gateway.channels.voice.asterisk_links import AsteriskLinks
from gateway.channels.voice.call_backs import LOOK_EVERY, CallBacks
from gateway.channels.voice.nuisance import NuisanceLimit
from gateway.channels.voice.recordings import Recordings
from gateway.channels.voice.sound_doubts import SoundDoubts
from gateway.channels.voice.voice_channel import VoiceChannel
from gateway.channels.voice.voice_services import VoiceServices
from gateway.config.settings import Settings
from gateway.delivery.outbox import Outbox
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.hall_reactor import IHallReactor, in_thread, repeat
from gateway.model.message_id import MessageIds
from gateway.ops.file_access import MachineUser
from gateway.ops.log import Log
from gateway.ops.metrics import Metrics
from gateway.serving.call_turns import CallTurns
from gateway.serving.work import HallDesk
from gateway.store.store import Store
from gateway.tts.announcer import Announcer
from gateway.tts.sound_folder import Prompt, SoundFolder
from gateway.tts.voices import ReleaseVoice, voice_of_calls


async def open_voice(
    settings: Settings,
    reactor: IHallReactor,
    desk: HallDesk,
    turns: CallTurns,
    outbox: Outbox,
    ids: MessageIds,
    counts: Metrics,
    log: Log,
    hall: Callable[[], HallSnapshot],
    needed: Callable[[HallSnapshot], Sequence[Prompt]],
    listener: Callable[[int], MachineUser | None],
    parts: AsyncExitStack,
) -> VoiceChannel:
    """What it opens is closed by `parts`. `needed`: the sounds of a hall; `listener`: who listens
    at a port of this machine."""

    def said(text: str, tongue: str) -> str:
        return hall().conversation.own(Channel.VOICE, text, tongue)

    folder = await in_thread(reactor, SoundFolder, settings.ivr.sounds)
    voice = voice_of_calls() if settings.ivr.make_missing else None
    doubts = SoundDoubts(log)
    services = VoiceServices(
        desk, turns, outbox, ids, reactor, Announcer(folder, voice, reactor, log), counts, log,
        said, open_recordings(settings), doubts, NuisanceLimit(settings.limits.idle_calls),
        settings.ivr.cdr,
    )  # fmt: skip
    channel = VoiceChannel(services)
    parts.callback(channel.stop)
    plays = any(not each.simulated for each in settings.ivr.asterisk)
    if plays and not (voice and voice.says_all):
        missing = partial(_missing, hall(), needed, folder, voice)
        _count_missing(reactor, missing, doubts, log)

    def seen(files: FilesSeen) -> None:
        doubts.found(files.unreadable)
        services.unwritable = files.unwritable

    parts.callback(looking(reactor, settings.ivr, listener, seen, log).stop)
    return channel


def open_recordings(settings: Settings) -> Recordings:
    ivr = settings.ivr
    return Recordings(ivr.recordings, ivr.recording_silence, ivr.recording_seconds)


def _count_missing(
    reactor: IHallReactor, missing: Callable[[], int], doubts: SoundDoubts, log: Log
) -> None:
    """While callers are served already: those of an earlier run must not wait for it."""

    def counted(missing: int) -> None:
        doubts.missing = missing

    def failed(failure: Failure) -> None:
        log.event("files of calls not looked at", error=failure.value)

    in_thread(reactor, missing).addCallbacks(counted, failed)


def _missing(
    hall: HallSnapshot,
    needed: Callable[[HallSnapshot], Sequence[Prompt]],
    folder: SoundFolder,
    voice: ReleaseVoice | None,
) -> int:
    """How many sounds are not there, and will not be made."""
    made = voice.can_say if voice else lambda text, language: False
    return sum(not (folder.known(p) or made(p.text, p.language)) for p in needed(hall))


def calling_back(
    settings: Settings,
    reactor: IHallReactor,
    wall: Callable[[], float],
    store: Store,
    first: Callable[[], bool],
    exchanges: AsteriskLinks,
    log: Log,
) -> Callable[[], None]:
    """What ends it."""
    rules = settings.ivr.call_backs
    if not (rules.dial and settings.ivr.asterisk):
        return lambda: None
    zone = ZoneInfo(settings.service.timezone)
    backs = CallBacks(rules, reactor, wall, store, zone, first, exchanges.dial, log)
    exchanges.dialled = backs.told
    return repeat(reactor, LOOK_EVERY, backs.look).stop
