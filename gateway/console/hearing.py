"""What was said on a call, as a sound: only what was said to the phone of who asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from gateway.api.problems import Problem
from gateway.console.phone_line import PhoneEvent
from gateway.tts.browser_sounds import BrowserSounds
from gateway.tts.sound_folder import SLOW, Prompt
from ivr.speech.sound import Sound

_UNKNOWN: Final = "["  # with which a text begins that says only what a sound is called


def sound_of(request: Request, events: Sequence[PhoneEvent], place: int) -> Response:
    """Of one sentence. Raises Problem."""
    sounds = request.app.state.sounds
    assert isinstance(sounds, BrowserSounds)
    event = next((one for one in events if one.place == place and one.what == "heard"), None)
    prompts = [_prompt(sounds, *one) for one in event.sounds] if event else []
    wave = sounds.wave([one for one in prompts if one is not None])
    if not wave:
        raise Problem(404, "there is no sound of this")
    return Response(wave, media_type="audio/wav")


def _prompt(sounds: BrowserSounds, path: str, text: str) -> Prompt | None:
    """`path`: as the exchange was told it, or as the folder calls it."""
    name = sounds.named(path) if path.startswith("/") else path
    plain = name.removeprefix(SLOW)
    language, _, rest = plain.partition("/")
    if language not in ("zh", "en") or not rest:
        return None
    sound = Sound(rest, "" if text.startswith(_UNKNOWN) else text)
    return Prompt(language, sound, slow=plain != name)
