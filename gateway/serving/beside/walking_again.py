"""A message of the journal served again on an edition of today, with today's data, and undone: what
it would be answered now.

What it went on with, a list, a question, a menu, is walked before it. Secrets are not kept, so
nobody can say them again: of what has one only the reading is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from commands.model.dialogue import NO_DIALOGUE
from commands.model.request import Channel, Reply
from commands.model.turn import TurnOutcome
from commands.parser.masking import HIDDEN
from commands.parser.parsed_message import MalformedCommand, ParsedCommand
from commands.parser.understanding import understand
from gateway.dialogue.answer_reasons import why_said
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.noted_wording import noted
from gateway.dialogue.routed_turn import RoutedTurn
from gateway.dialogue.router import Router
from gateway.dialogue.snapshot import HallSnapshot
from gateway.editions.served_editions import ReplySource, ServedEdition
from gateway.model.address import Address
from gateway.model.message_id import MessageIds, moment_of
from gateway.model.messages import CallInput, ScreenAct, ShortMessage, SubscriberInput, UssdInput
from gateway.model.tracing import answer_reason
from gateway.model.tracing.message_trace import TracedMessage
from gateway.security.random_digits import SystemRandomDigits
from gateway.serving.beside.counter import COPY
from gateway.serving.beside.dialogue_steps import Steps
from gateway.serving.beside.rehearsal import RehearsalParts, undone
from gateway.serving.door_facts import Data, as_data
from gateway.serving.rate_limit import BatchQuota, HourlyQuota
from gateway.serving.unit_context import BatchTally, hall_of
from gateway.store.connection import Connection
from gateway.store.store import Store
from ivr.speech.read_aloud import SEAM

_AGAIN: Final = "again"  # the link, the dialogue and the call that such messages come by
_STARS: Final = re.compile(r"\*+")
_UNTYPED: Final = {"***": "000000", "****": "0000"}  # what a secret and a number are hidden as


class CommandRule(NamedTuple):
    """What the table of rights says of a command there. `level`: A0 to A3; empty: not offered."""

    operation: str
    interface: str
    level: str
    confirm: str
    steps: tuple[str, ...] = ()
    unavailable: str = ""


@dataclass(frozen=True, slots=True)
class SaidReply:
    """A text that answered, the data it was filled with, and where it is written."""

    name: str
    facts: Mapping[str, Data]
    source: ReplySource | None


@dataclass(frozen=True, slots=True)
class WalkedMessage:
    """`message`: as the journal would have it, with nothing sent. `words`: what would be said, and
    None for what carries a secret."""

    message: TracedMessage
    words: tuple[str | None, ...] = ()
    said: tuple[SaidReply, ...] = ()
    rule: CommandRule | None = None


@dataclass(slots=True)
class _Noted:
    """What the last message was answered with."""

    replies: dict[str, Mapping[str, object]]
    language: str = "zh"
    channel: Channel = Channel.SMS

    def note(self, replies: Sequence[Reply], channel: Channel, language: str) -> None:
        self.replies |= {reply.text: reply.facts for reply in replies}
        self.channel, self.language = channel, language


def walk_again(
    store: Store, edition: ServedEdition, steps: Steps, now: float, *, boss: bool
) -> list[WalkedMessage]:
    """Each step, the message itself last. They lie as far apart as they did, and the last is said
    now. Nothing of it is kept. Raises StoreFailure."""
    if steps.reading_only:
        return [_read(edition, steps.messages[-1], now)]
    walk = _Walk(edition, now, boss=boss)
    with undone(store) as connection:
        return list(walk.steps(store, connection, steps))


class _Walk:
    def __init__(self, edition: ServedEdition, now: float, *, boss: bool) -> None:
        self._edition, self._now = edition, now
        self._noted = _Noted({})
        self._book = noted(edition.snapshot.at(now), self._noted.note)
        self._parts = RehearsalParts(SystemRandomDigits(), (lambda: None) if boss else None)

    def steps(self, store: Store, connection: Connection, steps: Steps) -> Iterator[WalkedMessage]:
        ports, tally, book = store.ports(connection), BatchTally(), self._book
        if phone := steps.messages[-1].phone:
            ports.accounts.load({phone})
        hall = hall_of(self._parts, book, ports, BatchQuota(HourlyQuota(0)), tally)
        router = Router(EditionsInForce(book), hall, store.seal)
        for one, message in zip(steps.messages, _said_again(steps, self._now), strict=True):
            self._noted.replies.clear()
            tally.offers.clear()
            turn = _routed(router, message)
            ports.errands.placed_now()
            if turn.asks_for:  # who answers it has read it
                words = next((each for each in _words(turn) if each), "")
                ports.orders.shown(turn.asks_for, words, int(moment_of(message.id)))
            yield self._walked(one, turn, tuple(tally.offers))

    def _walked(
        self, one: TracedMessage, turn: RoutedTurn, offers: tuple[tuple[str, str], ...]
    ) -> WalkedMessage:
        message = replace(
            one, action=turn.action, result=turn.result, why=answer_reason.unpacked(turn.why),
            refused=turn.refused, offers=offers, sent=(), order=None, errand=None, call=None,
            turned_away=False, same_as=0, late_ms=0,
        )  # fmt: skip
        said = self._noted
        replies = tuple(
            SaidReply(
                name,
                {fact: as_data(value) for fact, value in facts.items()},
                self._edition.source(name, said.channel, said.language),
            )
            for name, facts in said.replies.items()
        )
        rule = _rule(self._book, turn.action, Channel(one.channel))
        return WalkedMessage(message, tuple(_words(turn)), replies, rule)


def _routed(router: Router, message: SubscriberInput) -> RoutedTurn:
    match message:
        case ShortMessage():
            return router.short_message(message)
        case UssdInput():
            return router.ussd(message)
        case CallInput():
            return router.call(message)


def _words(turn: RoutedTurn) -> Iterator[str | None]:
    """The first answers; without what only makes it easier to read aloud."""
    if turn.screen is not None:
        yield None if turn.screen.secret else turn.screen.step.text
    if turn.cue is not None:
        yield None if turn.cue.private else turn.cue.text.replace(SEAM, "")
    for letter in turn.letters:
        yield None if letter.secret else letter.words


def _said_again(steps: Steps, now: float) -> Iterator[SubscriberInput]:
    last = steps.messages[-1].id
    moments = iter([now - _between(one.id, last) for one in steps.messages])
    ids = MessageIds(COPY, lambda: next(moments))
    for one, act in zip(steps.messages, steps.acts, strict=True):
        id, port = ids.next(), Address.service(one.port)
        phone = Address.international(one.phone) if one.phone else Address(0, 0, "")
        match Channel(one.channel):
            case Channel.USSD:
                yield UssdInput(
                    id, 0, _AGAIN, id.to_bytes(8, "big"), one.phone, phone, port, act, _AGAIN,
                    one.words,
                )  # fmt: skip
            case Channel.VOICE:
                keys = "" if act is ScreenAct.BEGIN else one.words
                yield CallInput(id, _AGAIN, _AGAIN, act, one.phone, port, keys)
            case _:
                yield ShortMessage(
                    id, 0, _AGAIN, id.to_bytes(8, "big"), one.phone, phone, port, one.words
                )


def _between(earlier: int, later: int) -> float:
    return moment_of(later) - moment_of(earlier)


# -- only read -----------------------------------------------------------------------------------


def _read(edition: ServedEdition, one: TracedMessage, now: float) -> WalkedMessage:
    """How a text with a secret would be understood, had something else stood in its place."""
    book = edition.snapshot.at(now)
    text = _STARS.sub(lambda found: _UNTYPED.get(found[0], HIDDEN), one.words)
    said = understand(text, NO_DIALOGUE, book.register, port=one.port.removeprefix(book.number))
    action = said.spec.action if isinstance(said, ParsedCommand | MalformedCommand) else "unknown"
    outcome = TurnOutcome((), NO_DIALOGUE, action, "")
    message = replace(
        one, action=action, result="", why=answer_reason.unpacked(why_said(said, outcome)),
        refused=(), offers=(), sent=(), order=None, errand=None,
    )  # fmt: skip
    return WalkedMessage(message, rule=_rule(book, action, Channel(one.channel)))


def _rule(book: HallSnapshot, action: str, channel: Channel) -> CommandRule | None:
    register = book.register
    spec = register.specs.get(action)
    if spec is None or channel not in register.interfaces:
        return None
    interface = register.interfaces[channel]
    offered = register.offers(spec, channel, interface)
    level = register.level(spec.operation, register.column(channel, interface)) if offered else None
    return CommandRule(
        spec.operation, interface, level.name if level is not None else "", spec.confirm.value,
        spec.steps, spec.unavailable,
    )  # fmt: skip
