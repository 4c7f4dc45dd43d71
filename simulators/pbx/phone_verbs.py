"""What a simulated exchange does for phones in terminals: calls, keys, and what is heard.

→ {"do": "call", "number": "13800138001", "to": "10086"}
← {"event": "heard", "number": "13800138001", "text": "话费账单请按1。",
   "sounds": [["/var/sounds/zh/p/7a", "话费账单请按1。"]]}
→ {"do": "press", "number": "13800138001", "text": "1"}
→ {"do": "speak", "number": "13800138001", "text": "上个月多收了三十元"}
← {"event": "over", "number": "13800138001"}
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from simulators.pbx.channel import HeardSound, PbxChannel
from simulators.pbx.pbx import Pbx
from simulators.pbx.sound_texts import SoundTexts
from simulators.phone.control_port import PhoneRequest, PhoneVerb, TellPhone

_RATE: Final = 8000  # samples, which are octets, of a second of A-law
_PER_CHARACTER, _LEAST = 0.15, 0.15  # seconds of speech where no sound is
_ENDS: Final = ("。", ".")
_LONG: Final = 60  # characters after which a line is told, sentence or not


class CallListeners:
    """Who hears what on which call. Sentences are told whole: words alone are hard to read."""

    def __init__(self) -> None:
        self.texts = SoundTexts()
        self._calls: dict[PbxChannel, tuple[str, TellPhone]] = {}
        self._lines: dict[PbxChannel, str] = {}
        self._sounds: dict[PbxChannel, list[tuple[str, str]]] = {}

    def seconds(self, sound: str) -> float:
        """How long a sound is, or would be if somebody spoke it."""
        file = Path(f"{sound}.alaw")
        if file.is_file():
            return file.stat().st_size / _RATE
        return max(_LEAST, _PER_CHARACTER * len(self.texts.of(sound)))

    def add(self, channel: PbxChannel, number: str, say: TellPhone) -> None:
        self._calls[channel] = number, say

    def heard(self, channel: PbxChannel, heard: HeardSound) -> None:
        text = heard.words or self.texts.of(heard.sound)
        self._sounds.setdefault(channel, []).append((heard.sound, text))
        before = self._lines.get(channel, "")
        gap = " " if before[-1:].isascii() and text[:1].isascii() and before and text else ""
        line = f"{before}{gap}{text}"
        if text.endswith(_ENDS) or not text or len(line) > _LONG or heard.interrupted:
            self.tell(channel, line)
        else:
            self._lines[channel] = line

    def tell(self, channel: PbxChannel, line: str = "") -> None:
        """Now, whole or not."""
        line = line or self._lines.get(channel, "")
        self._lines.pop(channel, None)
        sounds = self._sounds.pop(channel, [])
        if line and channel in self._calls:
            number, say = self._calls[channel]
            say({"event": "heard", "number": number, "text": line, "sounds": sounds})

    def over(self, channel: PbxChannel) -> None:
        self.tell(channel)
        if channel in self._calls:
            number, say = self._calls.pop(channel)
            say({"event": "over", "number": number})


def call_verbs(pbx: Pbx, listeners: CallListeners) -> dict[str, PhoneVerb]:
    """One call at a time for each number."""
    placed: dict[str, PbxChannel] = {}

    def call(asked: PhoneRequest, say: TellPhone) -> Callable[[], None]:
        number = str(asked["number"])
        if (before := placed.get(number)) is not None:
            before.hang_up()
        channel = placed[number] = pbx.call(str(asked["to"]), number)
        listeners.add(channel, number, say)
        return channel.hang_up  # whoever leaves the terminal hangs up

    def current(asked: PhoneRequest, say: TellPhone) -> PbxChannel | None:
        channel = placed.get(str(asked["number"]))
        if channel is None or channel.ended:
            say({"event": "error", "text": "there is no call: call 10086 first"})
            return None
        return channel

    def press(asked: PhoneRequest, say: TellPhone) -> None:
        if (channel := current(asked, say)) is not None:
            listeners.tell(channel)
            pbx.press(channel, str(asked["text"]))

    def speak(asked: PhoneRequest, say: TellPhone) -> None:
        if (channel := current(asked, say)) is not None:
            words = str(asked["text"])
            pbx.speak(channel, words, max(_LEAST, _PER_CHARACTER * len(words)))

    def ring_off(asked: PhoneRequest, say: TellPhone) -> None:
        if (channel := current(asked, say)) is not None:
            channel.hang_up()

    return {"call": call, "press": press, "speak": speak, "ring_off": ring_off}
