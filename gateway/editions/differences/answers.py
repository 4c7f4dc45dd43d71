"""What is said otherwise: each text with example facts, as it reads or sounds on each channel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from commands.model.request import SELF_SERVICE
from commands.reply_facts.all_replies import EXAMPLES
from gateway.dialogue.responder import Responder
from gateway.editions.differences.conf_change import ConfChange
from gateway.wording.words import UNSAYABLE
from menus.model.wording import LANGUAGES

_GONE: Final = "(cannot be said)"


def answer_changes(old: Responder, new: Responder) -> Iterator[ConfChange]:
    """Channels that say the same are told together."""
    for name in EXAMPLES:
        for language in LANGUAGES:
            told: dict[tuple[str, str], list[str]] = {}
            for channel in SELF_SERVICE:
                was, now = (answered(one, name, channel.value, language) for one in (old, new))
                if was != now:
                    told.setdefault((was, now), []).append(channel.value)
            for (was, now), channels in told.items():
                what = f"{name} ({language}; {', '.join(channels)})"
                yield ConfChange("answers", what, was, now, language=language)


def answered(responder: Responder, name: str, channel: str, language: str) -> str:
    """A text with its example facts."""
    way = next(each for each in SELF_SERVICE if each.value == channel)
    try:
        return responder.own(way, name, language, EXAMPLES[name])
    except UNSAYABLE:
        return _GONE
