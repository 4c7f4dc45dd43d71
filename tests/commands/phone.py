"""A subscriber with a phone: texts go through understanding, clerk and wording, without a wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count

from commands.clerk import Clerk
from commands.counter import Outcome, Visit
from commands.dialogue import NO_DIALOGUE, Dialogue
from commands.register import Register
from commands.text import understand
from commands.vocabulary import Channel
from tests.commands.fakes import NOW, World, own_conf

_ids = count(1000)


@dataclass
class Phone:
    world: World
    number: str
    language: str = ""  # empty: the subscriber's own
    now: int = NOW
    channel: Channel = Channel.SMS
    dialogue: Dialogue = NO_DIALOGUE
    interface: str = "10"
    operator: str = ""
    asserted: bool = True
    register: Register = field(default_factory=lambda: own_conf().register)
    last: Outcome | None = None
    reached: bool = True  # the network takes what is sent to it

    def sends(self, text: str, *, confirm_port: bool = False, port: str = "") -> str:
        """The words that come back."""
        here = self.dialogue.alive(self.now)
        said = understand(
            text, here, self.register, confirm_port=confirm_port, port=port, today=self.today
        )
        visit = Visit(
            next(_ids), self.now, self.channel, self.interface, self.number,
            self.asserted, self.operator,
        )  # fmt: skip
        self.last = Clerk(self.register).serve(said, visit, here, self.world.hall())
        self.dialogue = self.last.dialogue
        words = own_conf().words.say(self.last.replies, self.channel, self._speaks())
        if self.last.proposed and self.reached:
            self.world.orders.shown(self.last.proposed, words, self.now)
        return words

    def _speaks(self) -> str:
        account = self.world.accounts.find(self.number)
        return self.language or (account.language if account else "zh")

    @property
    def today(self) -> date:
        return datetime.fromtimestamp(self.now, self.world.catalogue.zone).date()

    @property
    def texts(self) -> list[str]:
        """The ids of the last answer's texts."""
        return [reply.text for reply in self.last.replies] if self.last else []
