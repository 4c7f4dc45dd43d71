"""What would be answered, tried on a store of which nothing is kept: a sample subscriber's, made
for the occasion, or the hall's own, rolled back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from commands.model.dialogue import NO_DIALOGUE
from commands.model.hall import RandomSource
from commands.model.request import Channel
from commands.model.turn import TurnContext
from gateway.config.checked_yaml import BadFile, Finding
from gateway.config.sample import people as sample_people
from gateway.config.sample.people import Persona
from gateway.config.settings import Settings
from gateway.config.time_zone import OperatorCalendar
from gateway.dialogue.editions_in_force import EditionsInForce
from gateway.dialogue.router import Router
from gateway.dialogue.snapshot import HallSnapshot
from gateway.model.address import Address
from gateway.model.message_id import floor_at
from gateway.model.messages import ShortMessage
from gateway.security.encryption import Seal
from gateway.security.random_digits import SystemRandomDigits
from gateway.serving.beside.rehearsed_answer import RehearsedAnswer
from gateway.serving.rate_limit import BatchQuota, HourlyQuota
from gateway.serving.replying import ReplyAddresses
from gateway.serving.unit_context import BatchTally, hall_of
from gateway.store.connection import Connection
from gateway.store.opening import prepared_store
from gateway.store.sample.people import put_personas
from gateway.store.store import Store
from ivr.speech.read_aloud import SEAM

_LINK: Final = "preview"


class _RolledBack(Exception):
    """Nothing of it is kept."""


@contextmanager
def undone(store: Store) -> Iterator[Connection]:
    """A transaction of which nothing is kept."""
    with suppress(_RolledBack), store.transaction() as connection:
        yield connection
        raise _RolledBack


@dataclass(frozen=True, slots=True)
class RehearsalParts:
    """gateway.serving.unit_context.LastingParts."""

    chance: RandomSource
    placed: Callable[[], None] | None


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One subscriber, at one moment."""

    store: Store
    book: HallSnapshot
    phone: str
    now: int
    told: str
    _lasting: RehearsalParts

    def answers(
        self, text: str, channel: Channel, language: str, to: str = ""
    ) -> list[RehearsedAnswer]:
        """What is answered to a text, in its words for a channel. `to`: the number that a short
        message is sent to."""
        with undone(self.store) as connection:
            return self._tried(connection, text, channel, language, to)

    def _tried(
        self, connection: Connection, text: str, channel: Channel, language: str, to: str
    ) -> list[RehearsedAnswer]:
        ports = self.store.ports(connection)
        ports.accounts.load({self.phone})
        if (account := ports.accounts.find(self.phone)) and account.language != language:
            ports.accounts.set_language(self.phone, language)
        book, id = self.book, floor_at(self.now)
        quota = BatchQuota(HourlyQuota(0))
        hall = hall_of(self._lasting, book, ports, quota, BatchTally())
        number = Address.service(to or book.number)
        phone = Address.international(self.phone)
        fingerprint = id.to_bytes(8, "big")
        message = ShortMessage(id, 1, _LINK, fingerprint, self.phone, phone, number, text)
        if channel is Channel.SMS:
            turn = Router(EditionsInForce(book), hall, self.store.seal).short_message(message)
            replies = ReplyAddresses(book)
            sent = replies.letters(message, replies.to_sender(message), turn, turn.asks_for)
            return [
                RehearsedAnswer(
                    one.text,
                    "" if one.destination == phone else one.destination.digits,
                    one.source.digits if one.source != number else "",
                )
                for one in sent
            ]
        interface = book.register.interfaces[channel]
        context = TurnContext(id, self.now, channel, interface, self.phone, True, language=language)
        said, _ = book.conversation.understood(text, context, NO_DIALOGUE, hall)
        response = book.conversation.serve(said, context, NO_DIALOGUE, hall)
        return [RehearsedAnswer(one.words.replace(SEAM, ""), one.to) for one in response.letters]


@contextmanager
def rehearsal(
    settings: Settings, snapshot: HallSnapshot, number: str | None, now: int
) -> Iterator[Rehearsal]:
    """For a sample subscriber, or one of the store. Raises BadFile, StoreProblem."""
    book = snapshot.at(now)
    placed: Callable[[], None] | None = (lambda: None) if settings.boss else None
    lasting = RehearsalParts(SystemRandomDigits(), placed)
    persona = _persona(settings, snapshot, number)
    if persona is not None:
        with _sample_store(settings, persona, now) as store:
            account = persona.account
            told = f"{account.msisdn}, {account.brand} {account.plan}"
            yield Rehearsal(store, book, account.msisdn, now, told, lasting)
        return
    phone = number or ""
    with prepared_store(settings) as store:
        with store.reading() as connection:
            accounts = store.ports(connection).accounts
            accounts.load({phone})
            account_there = accounts.find(phone)
        if account_there is None:
            what, fix = f"nobody has the number {phone}", "Take one of the store, or a sample one"
            raise BadFile([Finding(settings.store.url.partition(":")[0], 0, what, fix)])
        told = f"{phone}, {account_there.brand} {account_there.plan}"
        yield Rehearsal(store, book, phone, now, told, lasting)


def _persona(settings: Settings, snapshot: HallSnapshot, number: str | None) -> Persona | None:
    """The sample subscriber of the number; without one the first that there is."""
    path = settings.conf / "sample" / "personas.yaml"
    known = sample_people.load(path, snapshot.catalogue).personas if path.exists() else ()
    return next((one for one in known if number in (None, one.account.msisdn)), None)


@contextmanager
def _sample_store(settings: Settings, persona: Persona, now: int) -> Iterator[Store]:
    with TemporaryDirectory(prefix="hallgate-preview-") as folder:
        calendar = OperatorCalendar(settings.service.timezone)
        store = Store(
            f"sqlite:///{Path(folder) / 'hall.db'}", Seal(secrets.token_bytes(32)), calendar
        )
        try:
            store.prepare()
            put_personas(store, [persona], now)
            yield store
        finally:
            store.close()
