"""Answers as rows of the outbox: by which link, from which number, to whom, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.dialogue.menu_turn import MenuTurn
from gateway.dialogue.routed_turn import RoutedTurn
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.address import Address
from gateway.model.doors import DoorInput
from gateway.model.message_id import moment_of, reply_id
from gateway.model.messages import (
    CallInput,
    OutgoingMessage,
    OutgoingScreen,
    ScreenAct,
    ShortMessage,
    SmppInput,
    SubscriberInput,
    UssdInput,
    UssdNotice,
)
from gateway.model.reply_route import ReplyRoute
from gateway.model.reply_text import ReplyText
from gateway.model.session_state import ANY_LINE, NOWHERE
from gateway.model.unasked import UnaskedMessage, is_notice
from menus.model.steps import EndDialogue, ShowScreen
from smpp.messages.segmentation import Alphabet, text_length
from tariffs.bilingual_name import in_language

SCREEN_WITHIN_MS: Final = 10_000  # a network waits little longer for the answer to a key
PUSHED_WITHIN_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class ReplyAddresses:
    """How answers leave, as the configuration in force says."""

    book: HallSnapshot

    # -- how an answer reaches whoever it is for --------------------------------------------------

    def to_sender(self, message: ShortMessage) -> ReplyRoute:
        """From the number that was written to; to who wrote, at the address that the network
        gave."""
        return ReplyRoute(message.link, message.port, message.source)

    def to_number(self, message: DoorInput) -> ReplyRoute:
        """To the phone that another interface asks about."""
        book = self.book
        phone = Address.international(message.phone)
        return ReplyRoute(book.letters_link, Address.service(book.number), phone)

    def to_phone(self, message: UssdInput, number: str = "") -> ReplyRoute:
        """Short messages that a USSD dialogue leads to leave by a link to an SMSC. `number`: that
        was asked, if it is another than the hall's own."""
        book = self.book
        link = book.sms_link or message.link
        return ReplyRoute(link, Address.service(number or book.number), message.source)

    def to_caller(self, call: CallInput, number: str = "") -> ReplyRoute:
        book = self.book
        caller = Address.international(call.phone) if call.phone else None
        return ReplyRoute(book.letters_link, Address.service(number or book.number), caller)

    def interface_of(self, message: SubscriberInput | DoorInput) -> str:
        """接口编号: where it came in."""
        own = self.book.register.interfaces
        return message.interface if isinstance(message, DoorInput) else own[message.channel]

    # -- answers ---------------------------------------------------------------------------------

    def letters(
        self,
        message: SubscriberInput | DoorInput,
        route: ReplyRoute,
        turn: RoutedTurn,
        asks_for: int,
        first: int = 1,
    ) -> Iterator[OutgoingMessage]:
        """The short messages of a turn. The first of them answers, and asks for a confirm if one is
        wanted. Who withholds their number gets none."""
        number = turn.number or self.book.number
        for count, letter in enumerate(turn.letters, first):
            if letter.to and letter.to != message.phone:
                destination = Address.international(letter.to)
            elif route.destination is not None:
                destination = route.destination
            else:
                continue
            yield OutgoingMessage(
                reply_id(message.id, count),
                route.link,
                route.source.at(number + letter.port) if letter.port else route.source,
                destination,
                letter.words,
                letter.secret,
                turn.changed or letter.secret,
                letter.at * 1000,
                asks_for=asks_for,
            )
            asks_for = 0

    def shown(
        self, message: UssdInput, route: ReplyRoute, turn: RoutedTurn
    ) -> Iterator[OutgoingMessage]:
        """The screen that answers, if one does, and short messages besides."""
        asks_for, first = turn.asks_for, 1
        if turn.screen is not None:
            yield self._screen(message, route, turn.screen, asks_for)
            asks_for, first = 0, 2
        yield from self.letters(message, route, turn, asks_for, first)

    def sorry(self, message: SmppInput) -> OutgoingMessage:
        """For a message that could not be served."""
        words = self.book.conversation.busy(message.channel)
        match message:
            case ShortMessage():
                return OutgoingMessage(
                    reply_id(message.id, 1), message.link, message.port, message.source, words
                )
            case UssdInput():
                turn = MenuTurn(EndDialogue(words), NOWHERE, "")
                return self._screen(message, self.to_phone(message), turn, 0)

    def notice(self, notice: UssdNotice) -> OutgoingMessage:
        """Shown on a phone that has not dialled; said by SMS if it cannot be."""
        until_ms = int(moment_of(notice.id) * 1000) + PUSHED_WITHIN_MS
        book, link = self.book, self.book.sms_link or notice.link
        number = Address.service(book.number)
        screen = OutgoingScreen(ScreenAct.NOTE, ANY_LINE, until_ms, link, number)
        return OutgoingMessage(
            notice.id,
            notice.link,
            Address.service(book.ussd_number),
            Address.international(notice.phone),
            notice.text,
            screen=screen,
            instead=notice.text + in_language(book.signature, _language_of(notice.text)),
        )

    def told(self, id: int, letters: tuple[ReplyText, ...]) -> tuple[OutgoingMessage, ...]:
        """Short messages that answer nothing, under the ids that follow this one."""
        book = self.book
        return tuple(
            OutgoingMessage(
                reply_id(id, count),
                book.letters_link,
                Address.service(book.number + letter.port),
                Address.international(letter.to),
                letter.words,
                after_ms=letter.at * 1000,
            )
            for count, letter in enumerate(letters, 1)
        )

    def unasked(self, id: int, message: UnaskedMessage) -> OutgoingMessage:
        """A short message that nobody asked for. Whether a notice arrived is wanted to be known."""
        return OutgoingMessage(
            id,
            self.book.letters_link,
            Address.service(self.book.number),
            Address.international(message.phone),
            message.text,
            receipt=is_notice(message.source),
        )

    def again(self, message: SmppInput, said: list[OutgoingMessage]) -> tuple[OutgoingMessage, ...]:
        """What was said to a message that comes again."""
        return tuple(
            each._replace(id=reply_id(message.id, n), screen=_anew(message, each.screen))
            for n, each in enumerate(said, 1)
        )

    def _screen(
        self, message: UssdInput, route: ReplyRoute, turn: MenuTurn, asks_for: int
    ) -> OutgoingMessage:
        """In the dialogue that it belongs to, as long as somebody looks at it."""
        act = ScreenAct.ON if isinstance(turn.step, ShowScreen) else ScreenAct.END
        otherwise = route.link if turn.late else ""
        until_ms = _seen_until_ms(message)
        return OutgoingMessage(
            reply_id(message.id, 1),
            message.link,
            message.port,
            message.source,
            turn.step.text,
            turn.secret,
            screen=OutgoingScreen(act, message.session, until_ms, otherwise, route.source),
            instead=turn.late.words if turn.late else "",
            asks_for=asks_for,
        )


def _language_of(text: str) -> str:
    """Of a text that people have written: its signature must not make it take more room."""
    return "en" if text_length(text).alphabet is Alphabet.GSM7 else "zh"


def _seen_until_ms(message: UssdInput) -> int:
    """How long somebody looks for the answer, or what we begin may wait for a gateway."""
    within = SCREEN_WITHIN_MS if message.bind else PUSHED_WITHIN_MS
    return int(moment_of(message.id) * 1000) + within


def _anew(message: SmppInput, screen: OutgoingScreen | None) -> OutgoingScreen | None:
    """Shown again to who looks again."""
    if screen is None or not isinstance(message, UssdInput):
        return screen
    return screen._replace(until_ms=_seen_until_ms(message), session=message.session)
