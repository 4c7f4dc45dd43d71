"""One step of a dialogue: a text in, understood and served, an answer in words out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final, Protocol

from commands.dispatch.dispatcher import Dispatcher
from commands.marketing import offers
from commands.marketing.offers import NO_OFFERS, Recommendations
from commands.model.command_register import CommandRegister
from commands.model.dialogue import NO_DIALOGUE, Dialogue
from commands.model.frozen_value import frozen_value
from commands.model.hall import Hall
from commands.model.request import Channel, Reply
from commands.model.turn import TurnContext, TurnOutcome
from commands.parser.command_syntax import LONGEST_WORD
from commands.parser.masked_text import masked
from commands.parser.parsed_message import ParsedCommand, ParsedMessage
from commands.parser.understanding import understand
from gateway.model.reply_text import ReplyText
from smpp.messages.segmentation import text_length

BARE_KNOWN: Final = 4_096
"""Spellings of codes that are remembered, at most."""


@frozen_value
class Response:
    """What came of a step. Nobody is answered where there is no `answer`."""

    outcome: TurnOutcome
    answer: ReplyText | None  # in the words of the channel
    others: tuple[ReplyText, ...] = ()  # short messages of their own: to others, or later
    heard: str = ""  # what was said, with its secrets cut out

    @property
    def letters(self) -> tuple[ReplyText, ...]:
        return self.others if self.answer is None else (self.answer, *self.others)

    @property
    def shown(self) -> str:
        return self.answer.words if self.answer else ""


class SaysReplies(Protocol):
    """gateway.wording.words.Wording, or what stands before it."""

    def say(self, replies: Sequence[Reply], channel: Channel, language: str) -> str: ...


class Responder:
    def __init__(
        self, register: CommandRegister, words: SaysReplies, offers: Recommendations = NO_OFFERS
    ) -> None:
        self._register = register
        self.offers = offers
        self.dispatcher = Dispatcher(register, offers)
        self._words = words
        self._bare: dict[str, tuple[ParsedMessage, str]] = {}

    def saying_by(self, words: Callable[[SaysReplies], SaysReplies]) -> Responder:
        """The same, with something before its words."""
        return Responder(self._register, words(self._words), self.offers)

    def understood(
        self,
        text: str,
        context: TurnContext,
        dialogue: Dialogue,
        hall: Hall,
        *,
        confirm_port: bool = False,
        port: str = "",
    ) -> tuple[ParsedMessage, str]:
        """What a short message means, and its words without secrets. `port`: the digits after the
        service number that it was sent to."""
        dialogue = dialogue.alive(context.now)
        if not port and dialogue.empty:
            return self._bare.get(text) or self._alone(text, context, hall)
        register, today = self._register, _today(context, hall)
        said = understand(
            text, dialogue, register, confirm_port=confirm_port, port=port, today=today
        )
        return said, masked(text, register, dialogue, port=port)

    def _alone(self, text: str, context: TurnContext, hall: Hall) -> tuple[ParsedMessage, str]:
        """Where no dialogue is open, a text always says the same; and most texts are a few codes
        without a parameter."""
        said = understand(text, NO_DIALOGUE, self._register, today=_today(context, hall))
        heard = masked(text, self._register)
        bare = isinstance(said, ParsedCommand) and not said.args and len(text) <= LONGEST_WORD
        if bare and len(self._bare) < BARE_KNOWN:
            self._bare[text] = said, heard
        return said, heard

    def serve(
        self, said: ParsedMessage, context: TurnContext, dialogue: Dialogue, hall: Hall
    ) -> Response:
        """What is understood already, because a menu says it."""
        outcome = self.dispatcher.serve(said, context, dialogue, hall)
        return self.response(outcome, context, hall)

    def by_sms(self, outcome: TurnOutcome, context: TurnContext, hall: Hall) -> ReplyText | None:
        """What was answered on another channel, in the words of a short message."""
        answer = _answer_of(outcome)
        if not answer:
            return None
        words = self._words.say(answer, Channel.SMS, _language(context, hall))
        return ReplyText(words, _secret(answer))

    def response(
        self, outcome: TurnOutcome, context: TurnContext, hall: Hall, heard: str = ""
    ) -> Response:
        """What came of a turn, in words."""
        answer = _answer_of(outcome)
        sms = None
        if answer:
            words = self._answer(answer, outcome.offer, context, hall)
            sms = ReplyText(words, _secret(answer))
        replies = (*outcome.replies, *outcome.later)
        others: tuple[ReplyText, ...] = ()
        if len(replies) > len(answer):
            others = tuple(self._others(replies, context.phone, hall))
        return Response(outcome, sms, others, heard)

    def later(self, replies: Sequence[Reply], phone: str, hall: Hall) -> tuple[ReplyText, ...]:
        """Messages that nothing is answered by."""
        return tuple(self._others(replies, phone, hall))

    def _others(self, replies: Sequence[Reply], phone: str, hall: Hall) -> Iterator[ReplyText]:
        """What goes to others, or later, by SMS."""
        for reply in replies:
            if reply.to or reply.at:
                to = reply.to or phone
                words = self._words.say((reply,), Channel.SMS, language_of(to, hall))
                yield ReplyText(words, reply.secret, to, reply.at, reply.port)

    def _answer(
        self, answer: Sequence[Reply], offer: Reply | None, context: TurnContext, hall: Hall
    ) -> str:
        """With the offer, if it needs no further part of a message."""
        language = _language(context, hall)
        words = self._words.say(answer, context.channel, language)
        if offer is None:
            return words
        longer = self._words.say([*answer, offer], context.channel, language)
        if text_length(longer).parts > text_length(words).parts:
            return words
        offers.record_shown(context.phone, hall, context.now, str(offer.facts["code"]))
        return longer

    def told(self, replies: Sequence[Reply], phone: str, hall: Hall) -> tuple[ReplyText, ...]:
        """Messages in answer to nothing that has just been said: to this phone, and to others."""
        mine = [reply for reply in replies if not (reply.to or reply.at)]
        words = self._words.say(mine, Channel.SMS, language_of(phone, hall))
        first = [ReplyText(words, _secret(mine))] if mine else []
        return (*first, *self._others(replies, phone, hall))

    def busy(self, channel: Channel) -> str:
        """For a request that could not be served, through no fault of the subscriber's."""
        return self.own(channel, "sys.busy")

    def late_screen(self) -> str:
        """For a step of USSD that took too long: what came of it will be told by SMS."""
        return self.own(Channel.USSD, "sys.sorry")

    def say(self, replies: Sequence[Reply], channel: Channel, language: str) -> str:
        """Replies in words, with all that stands round them."""
        return self._words.say(replies, channel, language)

    def own(
        self,
        channel: Channel,
        text: str,
        language: str = "zh",
        facts: Mapping[str, object] | None = None,
    ) -> str:
        """A text of the hall's own, which answers no command."""
        return self._words.say((Reply(text, facts or {}),), channel, language)


def _today(context: TurnContext, hall: Hall) -> date:
    return datetime.fromtimestamp(context.now, hall.catalogue.zone).date()


def _answer_of(outcome: TurnOutcome) -> list[Reply]:
    replies = (*outcome.replies, *outcome.later)
    return [reply for reply in replies if not (reply.to or reply.at)]


def _secret(replies: Sequence[Reply]) -> bool:
    return True in [reply.secret for reply in replies]


def _language(context: TurnContext, hall: Hall) -> str:
    return context.language or language_of(context.phone, hall)


def language_of(phone: str, hall: Hall) -> str:
    """The one that a subscriber has chosen."""
    account = hall.accounts.find(phone) if phone else None  # withheld
    return account.language if account else "zh"
