"""One turn of a subscriber: who asks, where the dialogue is, how an answer is put together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commands.model.command_register import CommandRegister
from commands.model.dialogue import AwaitedInput, Dialogue, NumberedList
from commands.model.frozen_value import frozen_value
from commands.model.hall import Hall
from commands.model.interfaces import DoorProof
from commands.model.request import Arguments, AuthLevel, Channel, CommandSpec, Reply, Request


@frozen_value
class TurnContext:
    """Where a message comes from: which one, when, by which channel and interface, from which
    phone."""

    id: int
    now: int
    channel: Channel
    interface: str
    phone: str
    asserted: bool = True  # the network vouches for the number
    operator: str = ""  # 工号: who acts, where the interface is staffed
    proved: str = ""  # the number whose password was right before, in this dialogue or call
    language: str = ""  # that the dialogue goes on in; empty: the subscriber's own
    proof: DoorProof = DoorProof.GIVEN  # at another interface: how the subscriber agrees


@frozen_value
class TurnOutcome:
    """What is answered, and the dialogue after it. No replies: silence."""

    replies: tuple[Reply, ...]
    dialogue: Dialogue
    action: str  # for the journal and the counters: what it was about
    result: str  # ok, asked, refused, declined, unknown …
    proposed: int = 0  # the order whose confirm text is being shown: the text is kept as consent
    changed: bool = False  # something took effect
    service: str = ""  # the code of the service that was ordered
    later: tuple[Reply, ...] = ()  # messages of their own that the answer brings about
    offer: Reply | None = None  # may stand beside the answer, if there is room
    proved: str = ""  # the number whose password was right

    @property
    def refusal(self) -> tuple[str, ...]:
        """The text that refused it, if one did."""
        return tuple(reply.text for reply in self.replies[:1] if self.result == "refused")


@dataclass(slots=True)
class TurnState:
    """What one step works on. `dialogue` is replaced as the step goes on."""

    register: CommandRegister
    context: TurnContext
    dialogue: Dialogue
    hall: Hall
    proved: str = ""

    def outcome(self, action: str, result: str, *replies: Reply) -> TurnOutcome:
        return TurnOutcome(replies, self.dialogue, action, result, proved=self.proved)

    def request(
        self, spec: CommandSpec, subject: str, args: Arguments, level: AuthLevel
    ) -> Request:
        sent, choice = self.context, self.dialogue.choice
        return Request(
            sent.id, sent.now, sent.channel, sent.interface, sent.phone, subject, spec,
            self.register.named(args) if args else args,
            level, asserted=sent.asserted, listed=choice.items if choice else (),
        )  # fmt: skip

    def wait_for(self, step: AwaitedInput | None) -> None:
        """A question closes the list that was there before: a 1 would be taken for its number."""
        if step is not self.dialogue.step:
            lapsed = self.dialogue.lapsed if step is None else None
            choice = self.dialogue.choice if step is None else None
            self.dialogue = replace(self.dialogue, choice=choice, step=step, lapsed=lapsed)

    def offer(self, items: tuple[str, ...], *, several: bool = False) -> None:
        """Open a numbered list; none closes the one that is open."""
        until = self.context.now + self.hall.settings.list
        choice = NumberedList(items, until, several) if items else None
        self.dialogue = replace(self.dialogue, choice=choice)
