"""A subscriber with a phone: texts go through parser, dispatcher and wording, without a wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count

from commands.dispatch.dispatcher import Dispatcher
from commands.model.command_register import CommandRegister
from commands.model.dialogue import NO_DIALOGUE, Dialogue
from commands.model.request import Channel
from commands.model.turn import TurnContext, TurnOutcome
from commands.parser.understanding import understand
from tests.commands.fakes import NOW, HallWorld, own_conf

_ids = count(1000)


@dataclass
class Phone:
    world: HallWorld
    number: str
    language: str = ""  # empty: the subscriber's own
    now: int = NOW
    channel: Channel = Channel.SMS
    dialogue: Dialogue = NO_DIALOGUE
    interface: str = "10"
    operator: str = ""
    asserted: bool = True
    register: CommandRegister = field(default_factory=lambda: own_conf().register)
    last: TurnOutcome | None = None
    reached: bool = True  # the network takes what is sent to it

    def sends(self, text: str, *, confirm_port: bool = False, port: str = "") -> str:
        """The words that come back."""
        here = self.dialogue.alive(self.now)
        said = understand(
            text, here, self.register, confirm_port=confirm_port, port=port, today=self.today
        )
        visit = TurnContext(
            next(_ids), self.now, self.channel, self.interface, self.number,
            self.asserted, self.operator,
        )  # fmt: skip
        self.last = Dispatcher(self.register).serve(said, visit, here, self.world.hall())
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


def result(phone: Phone) -> str:
    assert phone.last is not None
    return phone.last.result


def story(phone: Phone, *lines: tuple[str, str]) -> None:
    """What is sent, and the first text that comes back."""
    for text, answer in lines:
        phone.sends(text)
        assert (text, phone.texts[:1]) == (text, [answer] if answer else [])
