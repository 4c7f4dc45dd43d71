"""One step of a dialogue: a text in, understood and served, an answer in words out."""

from __future__ import annotations

from dataclasses import dataclass

from commands.clerk import Clerk
from commands.counter import Outcome, Visit
from commands.dialogue import Dialogue
from commands.ports import Hall
from commands.register import Register
from commands.text import masked, understand
from commands.vocabulary import Channel, Reply
from gateway.wording import Words


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said, and what was heard with its secrets cut out."""

    outcome: Outcome
    words: str  # empty: silence
    heard: str
    secret: bool  # the words carry a secret


class Conversation:
    def __init__(self, register: Register, words: Words) -> None:
        self._register = register
        self._clerk = Clerk(register)
        self._words = words

    def step(
        self, text: str, visit: Visit, dialogue: Dialogue, hall: Hall, *, confirm_port: bool = False
    ) -> Spoken:
        dialogue = dialogue.alive(visit.now)
        said = understand(text, dialogue, self._register, confirm_port=confirm_port)
        outcome = self._clerk.serve(said, visit, dialogue, hall)
        words = ""
        if outcome.replies:
            account = hall.accounts.find(visit.phone)
            language = account.language if account else "zh"
            words = self._words.say(outcome.replies, visit.channel, language)
        secret = any(reply.secret for reply in outcome.replies)
        return Spoken(outcome, words, masked(text, self._register, dialogue), secret)

    def busy(self, channel: Channel) -> str:
        """For a request that could not be served, through no fault of the subscriber's."""
        return self._words.say((Reply("sys.busy"),), channel, "zh")
