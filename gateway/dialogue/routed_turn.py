"""What is answered to one message, and whose dialogue it belongs to."""

from __future__ import annotations

from typing import NamedTuple

from gateway.dialogue.menu_turn import MenuTurn
from gateway.dialogue.voice_instruction import VoiceInstruction
from gateway.model.messages import Arrival
from gateway.model.reply_text import ReplyText


class RoutedTurn(NamedTuple):
    """What is answered to one message. The first of the letters answers it, unless a screen
    does."""

    action: str
    result: str
    heard: str
    letters: tuple[ReplyText, ...] = ()
    changed: bool = False
    screen: MenuTurn | None = None
    refused: tuple[str, ...] = ()  # the texts that refused it
    cue: VoiceInstruction | None = None  # what a call is to do now
    asks_for: int = 0  # the order whose confirm the answer asks for


def key_of(message: Arrival) -> str:
    """Whose dialogue a message belongs to: a subscriber's, or a call's."""
    if message.turn and message.on_call:
        return f"voice:{message.turn.session}"
    return f"ussd:{message.phone}" if message.turn else f"sms:{message.phone}"


def digits(address: str) -> str:
    """10086 of 0.1.10086."""
    return address.rpartition(".")[2]
