"""One visit at the counter: who is there, where they stand, and how an answer is put together."""

from __future__ import annotations

from dataclasses import dataclass, replace

from commands.dialogue import Choice, Dialogue, Step
from commands.ports import Hall
from commands.register import Register
from commands.values import value
from commands.vocabulary import Arguments, Channel, Level, Reply, Request, Spec


@value
class Visit:
    """Somebody at the door: which message, when, by which channel and interface, from which
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


@value
class Outcome:
    """What is said, and where the subscriber stands now. No replies: silence."""

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


@dataclass(slots=True)
class Counter:
    """What one step works on. `dialogue` is replaced as the step goes on."""

    register: Register
    visit: Visit
    dialogue: Dialogue
    hall: Hall
    proved: str = ""

    def said(self, action: str, result: str, *replies: Reply) -> Outcome:
        return Outcome(replies, self.dialogue, action, result, proved=self.proved)

    def request(self, spec: Spec, subject: str, args: Arguments, level: Level) -> Request:
        visit, choice = self.visit, self.dialogue.choice
        return Request(
            visit.id, visit.now, visit.channel, visit.interface, visit.phone, subject, spec,
            self.register.named(args) if args else args,
            level, asserted=visit.asserted, listed=choice.items if choice else (),
        )  # fmt: skip

    def wait_for(self, step: Step | None) -> None:
        if step is not self.dialogue.step:
            lapsed = self.dialogue.lapsed if step is None else None
            self.dialogue = replace(self.dialogue, step=step, lapsed=lapsed)

    def offer(self, items: tuple[str, ...], *, several: bool = False) -> None:
        """Open a numbered list; none closes the one that is open."""
        until = self.visit.now + self.hall.settings.list
        choice = Choice(items, until, several) if items else None
        self.dialogue = replace(self.dialogue, choice=choice)
