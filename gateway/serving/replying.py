"""Answers as rows of the outbox: by which link, from which number, to whom, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.dialogue.menu_turn import MenuTurn
from gateway.dialogue.routed_turn import RoutedTurn, digits
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.message_id import moment_of, reply_id
from gateway.model.messages import (
    Arrival,
    CloseTicket,
    OutgoingMessage,
    OutgoingScreen,
    ScreenAct,
    UssdNotice,
    international,
)
from gateway.model.reply_text import ReplyText
from gateway.model.session_state import ANY_LINE, NOWHERE
from gateway.store.errands import ReplyRoute
from menus.model.steps import EndDialogue, ShowScreen
from smpp.messages.segmentation import Alphabet, text_length
from tariffs.bilingual_name import in_language

SCREEN_WITHIN_MS: Final = 10_000  # a network waits little longer for the answer to a key
PUSHED_WITHIN_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class ReplyAddresses:
    """How answers leave, as the configuration in force says."""

    book: HallSnapshot

    def answers(self, message: Arrival, turn: RoutedTurn) -> Iterator[OutgoingMessage]:
        """The first of them answers, and asks for a confirm if one is wanted."""
        asks_for, first = turn.asks_for, 1
        if turn.screen is not None:
            yield self._screen(message, turn.screen, asks_for)
            asks_for, first = 0, 2
        for count, letter in enumerate(turn.letters, first):
            if not (letter.to or message.phone):
                continue  # who withholds their number gets no short messages
            yield self._short_message(message, letter, count, turn.changed, asks_for)
            asks_for = 0

    def sorry(self, message: Arrival) -> OutgoingMessage:
        """For a message that could not be served."""
        words = self.book.conversation.busy(message.channel)
        if message.turn is None:
            return self._short_message(message, ReplyText(words, False), 1, False, 0)
        return self._screen(message, MenuTurn(EndDialogue(words), NOWHERE, ""), 0)

    def notice(self, notice: UssdNotice) -> OutgoingMessage:
        """Shown on a phone that has not dialled; said by SMS if it cannot be."""
        until_ms = int(moment_of(notice.id) * 1000) + PUSHED_WITHIN_MS
        book, link = self.book, self.book.sms_link or notice.link
        screen = OutgoingScreen(ScreenAct.NOTE, ANY_LINE, until_ms, link, f"0.1.{book.number}")
        return OutgoingMessage(
            notice.id,
            notice.link,
            f"0.1.{book.ussd_number}",
            international(notice.phone),
            notice.text,
            screen=screen,
            instead=notice.text + in_language(book.signature, _language_of(notice.text)),
        )

    def told(
        self, work: CloseTicket, letters: tuple[ReplyText, ...]
    ) -> tuple[OutgoingMessage, ...]:
        """Short messages that answer nothing."""
        book = self.book
        return tuple(
            OutgoingMessage(
                reply_id(work.id, count),
                book.letters_link,
                f"0.1.{book.number}{letter.port}",
                international(letter.to),
                letter.words,
                after_ms=letter.at * 1000,
            )
            for count, letter in enumerate(letters, 1)
        )

    def later(self, message: Arrival) -> ReplyRoute:
        """How a result that comes later reaches who asked."""
        return ReplyRoute(self._sms_link(message), self._source(message, ""), message.source)

    def again(self, message: Arrival, said: list[OutgoingMessage]) -> tuple[OutgoingMessage, ...]:
        """What was said to a message that comes again."""
        return tuple(
            each._replace(id=reply_id(message.id, n), screen=_anew(message, each.screen))
            for n, each in enumerate(said, 1)
        )

    def _screen(self, message: Arrival, turn: MenuTurn, asks_for: int) -> OutgoingMessage:
        """In the dialogue that it belongs to, as long as somebody looks at it."""
        assert message.turn is not None
        act = ScreenAct.ON if isinstance(turn.step, ShowScreen) else ScreenAct.END
        otherwise = self._sms_link(message) if turn.late else ""
        return OutgoingMessage(
            reply_id(message.id, 1),
            message.link,
            message.port,
            message.source,
            turn.step.text,
            turn.secret,
            screen=OutgoingScreen(
                act,
                message.turn.session,
                _seen_until_ms(message),
                otherwise,
                f"0.1.{self.book.number}",
            ),
            instead=turn.late.words if turn.late else "",
            asks_for=asks_for,
        )

    def _short_message(
        self, message: Arrival, letter: ReplyText, count: int, changed: bool, asks_for: int
    ) -> OutgoingMessage:
        """From the number that was written to; to who wrote, at the address that the network
        gave."""
        to_another = letter.to and letter.to != message.phone
        return OutgoingMessage(
            reply_id(message.id, count),
            self._sms_link(message),
            self._source(message, letter.port),
            international(letter.to) if to_another else message.source,
            letter.words,
            letter.secret,
            changed or letter.secret,
            letter.at * 1000,
            asks_for=asks_for,
        )

    def _sms_link(self, message: Arrival) -> str:
        """A short message that answers a USSD dialogue leaves by a link to an SMSC."""
        if message.turn is None:
            return message.link
        return self.book.letters_link if message.on_call else self.book.sms_link or message.link

    def _source(self, message: Arrival, port: str) -> str:
        """The number that was written to, or the sub-port where the answer is expected."""
        if message.turn is not None:
            return f"0.1.{self.book.number}{port}"
        if not port:
            return message.port
        kind = message.port.removesuffix(digits(message.port))  # its TON and NPI
        return f"{kind}{self.book.number}{port}"


def _language_of(text: str) -> str:
    """Of a text that people have written: its signature must not make it take more room."""
    return "en" if text_length(text).alphabet is Alphabet.GSM7 else "zh"


def _seen_until_ms(message: Arrival) -> int:
    """How long somebody looks for the answer, or what we begin may wait for a gateway."""
    within = SCREEN_WITHIN_MS if message.bind else PUSHED_WITHIN_MS
    return int(moment_of(message.id) * 1000) + within


def _anew(message: Arrival, screen: OutgoingScreen | None) -> OutgoingScreen | None:
    """Shown again to who looks again."""
    if screen is None or message.turn is None:
        return screen
    return screen._replace(until_ms=_seen_until_ms(message), session=message.turn.session)
