"""What is answered to one message."""

from __future__ import annotations

from typing import NamedTuple

from gateway.dialogue.menu_turn import MenuTurn
from gateway.dialogue.voice_instruction import VoiceInstruction
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
    why: str = ""  # how it was understood and answered, for the journal: an AnswerReason, packed
    number: str = ""  # the service number that was asked, if it is another than the hall's own
