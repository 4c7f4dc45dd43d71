"""A subscriber with a phone: texts go through understanding, clerk and wording, without a wire."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from commands.clerk import Clerk
from commands.counter import Outcome, Visit
from commands.dialogue import NO_DIALOGUE, Dialogue
from commands.text import understand
from commands.vocabulary import Channel
from tests.commands.fakes import NOW, World, own_conf

_ids = count(1000)


@dataclass
class Phone:
    world: World
    number: str
    language: str = "zh"
    now: int = NOW
    channel: Channel = Channel.SMS
    dialogue: Dialogue = NO_DIALOGUE
    last: Outcome | None = None

    def sends(self, text: str, *, confirm_port: bool = False) -> str:
        """The words that come back."""
        own = own_conf()
        here = self.dialogue.alive(self.now)
        said = understand(text, here, own.register, confirm_port=confirm_port)
        visit = Visit(next(_ids), self.now, self.channel, "10", self.number)
        self.last = Clerk(own.register).serve(said, visit, here, self.world.hall())
        self.dialogue = self.last.dialogue
        return own.words.say(self.last.replies, self.channel, self.language)

    @property
    def texts(self) -> list[str]:
        """The ids of the last answer's texts."""
        return [reply.text for reply in self.last.replies] if self.last else []
