"""One step of a dialogue: a text in, understood and served, an answer in words out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from commands import offers
from commands.clerk import Clerk
from commands.counter import Outcome, Visit
from commands.dialogue import NO_DIALOGUE, Asked, Dialogue, Understood
from commands.offers import NO_OFFERS, Offers
from commands.parsing import LONGEST_WORD
from commands.ports import Hall
from commands.register import Register
from commands.text import masked, understand
from commands.values import value
from commands.vocabulary import Channel, Reply
from gateway.wording import Words
from smpp.text import measure

BARE_KNOWN: Final = 4_096
"""Spellings of codes that are remembered, at most."""


class Letter(NamedTuple):
    """A message of its own."""

    words: str
    secret: bool  # they carry one
    to: str = ""  # empty: whoever asked
    at: int = 0  # seconds since 1970: not before
    port: str = ""  # the sub-port it leaves from; empty: the number that was written to


@value
class Spoken:
    """What came of a step. Nobody is answered where there is no `answer`."""

    outcome: Outcome
    answer: Letter | None  # in the words of the channel
    others: tuple[Letter, ...] = ()  # short messages of their own: to others, or later
    heard: str = ""  # what was said, with its secrets cut out

    @property
    def letters(self) -> tuple[Letter, ...]:
        return self.others if self.answer is None else (self.answer, *self.others)

    @property
    def shown(self) -> str:
        return self.answer.words if self.answer else ""


class Conversation:
    def __init__(self, register: Register, words: Words, offers: Offers = NO_OFFERS) -> None:
        self._register = register
        self._clerk = Clerk(register, offers)
        self._words = words
        self._bare: dict[str, tuple[Understood, str]] = {}

    def step(
        self,
        text: str,
        visit: Visit,
        dialogue: Dialogue,
        hall: Hall,
        *,
        confirm_port: bool = False,
        port: str = "",
    ) -> Spoken:
        """`port`: the digits after the service number that the text was sent to."""
        dialogue = dialogue.alive(visit.now)
        if not port and dialogue.empty:
            said, heard = self._bare.get(text) or self._understood(text, visit, hall)
        else:
            register = self._register
            today = _today(visit, hall)
            said = understand(
                text, dialogue, register, confirm_port=confirm_port, port=port, today=today
            )
            heard = masked(text, register, dialogue, port=port)
        outcome = self._clerk.serve(said, visit, dialogue, hall)
        return self._spoken(outcome, visit, hall, heard)

    def _understood(self, text: str, visit: Visit, hall: Hall) -> tuple[Understood, str]:
        """Where no dialogue is open, a text always says the same; and most texts are a few codes
        without a parameter."""
        said = understand(text, NO_DIALOGUE, self._register, today=_today(visit, hall))
        heard = masked(text, self._register)
        bare = isinstance(said, Asked) and not said.args and len(text) <= LONGEST_WORD
        if bare and len(self._bare) < BARE_KNOWN:
            self._bare[text] = said, heard
        return said, heard

    def serve(self, said: Understood, visit: Visit, dialogue: Dialogue, hall: Hall) -> Spoken:
        """What is understood already, because a menu says it."""
        outcome = self._clerk.serve(said, visit, dialogue.alive(visit.now), hall)
        return self._spoken(outcome, visit, hall)

    def by_sms(self, outcome: Outcome, visit: Visit, hall: Hall) -> Letter | None:
        """What was answered on another channel, in the words of a short message."""
        answer = _answer_of(outcome)
        if not answer:
            return None
        words = self._words.say(answer, Channel.SMS, _language(visit, hall))
        return Letter(words, _secret(answer))

    def _spoken(self, outcome: Outcome, visit: Visit, hall: Hall, heard: str = "") -> Spoken:
        answer = _answer_of(outcome)
        letter = None
        if answer:
            words = self._answer(answer, outcome.offer, visit, hall)
            letter = Letter(words, _secret(answer))
        replies = (*outcome.replies, *outcome.later)
        others: tuple[Letter, ...] = ()
        if len(replies) > len(answer):
            others = tuple(self._others(replies, visit.phone, hall))
        return Spoken(outcome, letter, others, heard)

    def later(self, replies: Sequence[Reply], phone: str, hall: Hall) -> tuple[Letter, ...]:
        """Messages that nothing is answered by."""
        return tuple(self._others(replies, phone, hall))

    def _others(self, replies: Sequence[Reply], phone: str, hall: Hall) -> Iterator[Letter]:
        """What goes to others, or later, by SMS."""
        for reply in replies:
            if reply.to or reply.at:
                to = reply.to or phone
                words = self._words.say((reply,), Channel.SMS, language_of(to, hall))
                yield Letter(words, reply.secret, to, reply.at, reply.port)

    def _answer(
        self, answer: Sequence[Reply], offer: Reply | None, visit: Visit, hall: Hall
    ) -> str:
        """With the offer, if it needs no further part of a message."""
        language = _language(visit, hall)
        words = self._words.say(answer, visit.channel, language)
        if offer is None:
            return words
        longer = self._words.say([*answer, offer], visit.channel, language)
        if measure(longer).parts > measure(words).parts:
            return words
        offers.shown(visit.phone, hall, visit.now, str(offer.facts["code"]))
        return longer

    def told(self, replies: Sequence[Reply], phone: str, hall: Hall) -> tuple[Letter, ...]:
        """Messages in answer to nothing that has just been said: to this phone, and to others."""
        mine = [reply for reply in replies if not (reply.to or reply.at)]
        words = self._words.say(mine, Channel.SMS, language_of(phone, hall))
        first = [Letter(words, _secret(mine))] if mine else []
        return (*first, *self._others(replies, phone, hall))

    def busy(self, channel: Channel) -> str:
        """For a request that could not be served, through no fault of the subscriber's."""
        return self.own(channel, "sys.busy")

    def late_screen(self) -> str:
        """For a step of USSD that took too long: what came of it will be told by SMS."""
        return self.own(Channel.USSD, "sys.sorry")

    def own(
        self,
        channel: Channel,
        text: str,
        language: str = "zh",
        facts: Mapping[str, object] | None = None,
    ) -> str:
        """A text of the hall's own, which answers no command."""
        return self._words.say((Reply(text, facts or {}),), channel, language)


def _today(visit: Visit, hall: Hall) -> date:
    return datetime.fromtimestamp(visit.now, hall.catalogue.zone).date()


def _answer_of(outcome: Outcome) -> list[Reply]:
    replies = (*outcome.replies, *outcome.later)
    return [reply for reply in replies if not (reply.to or reply.at)]


def _secret(replies: Sequence[Reply]) -> bool:
    return True in [reply.secret for reply in replies]


def _language(visit: Visit, hall: Hall) -> str:
    return visit.language or language_of(visit.phone, hall)


def language_of(phone: str, hall: Hall) -> str:
    """The one that a subscriber has chosen."""
    account = hall.accounts.find(phone) if phone else None  # withheld
    return account.language if account else "zh"
