"""Putting sample subscribers and cards into a store, as new, however often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, Table, delete, insert, select

from gateway.config.sample.people import Persona, SampleCard
from gateway.security.encryption import Seal
from gateway.store.ports.passwords import password_mark
from gateway.store.reminders.marks import forget_marks, newest_mark
from gateway.store.sample.history import PAST, put_past
from gateway.store.sample.lists import of_persona, rest_of
from gateway.store.store import Store
from gateway.store.tables import (
    cards,
    codes,
    dialogues,
    ledger,
    list_entries,
    password_tries,
    preferences,
    reminders,
    subscribers,
    subscriptions,
    usage,
)

CHUNK = 5_000  # rows at a time: another process that writes is not kept waiting for long
Item = TypeVar("Item")


def has_subscribers(store: Store) -> bool:
    with store.transaction() as connection:
        return connection.execute(select(subscribers.c.msisdn).limit(1)).first() is not None


def put_personas(store: Store, personas: Iterable[Persona], now: int) -> int:
    """How many. What the store had of these numbers is forgotten."""
    month = store.calendar.month(now)
    count = 0
    for chunk in _chunks(personas):
        with store.transaction() as connection:
            numbers = [int(persona.account.msisdn) for persona in chunk]
            newest = newest_mark(connection)
            _forget(connection, numbers)
            connection.execute(insert(subscribers), [_row(store.seal, p, now) for p in chunk])
            _put(connection, subscriptions, (row for p in chunk for row in _subscriptions(p)))
            _put(connection, usage, (row for p in chunk for row in _usage(p, month)))
            _put(connection, list_entries, (row for p in chunk for row in of_persona(p, now)))
            put_past(connection, store, chunk, now)
            for some in _chunks(numbers, 500):
                forget_marks(connection, some, newest)
        count += len(chunk)
    return count


def put_cards(store: Store, deck: Iterable[SampleCard]) -> int:
    count = 0
    for chunk in _chunks(deck):
        rows = [
            {
                "secret_mark": store.seal.mark("card", card.secret.reveal()),
                "serial": card.serial,
                "face_fen": card.face_fen,
                "state": card.state,
            }
            for card in chunk
        ]
        with store.transaction() as connection:
            marks = [row["secret_mark"] for row in rows]
            for some in _chunks(marks, 500):
                connection.execute(delete(cards).where(cards.c.secret_mark.in_(some)))
            connection.execute(insert(cards), rows)
        count += len(chunk)
    return count


def _forget(connection: Connection, msisdns: list[int]) -> None:
    tables = (
        subscribers, subscriptions, usage, password_tries, ledger, codes, preferences, list_entries,
        reminders,
    )  # fmt: skip
    for some in _chunks(msisdns, 500):
        for table in (*tables, *PAST):
            connection.execute(delete(table).where(table.c.msisdn.in_(some)))
        keys = [f"{channel}:{msisdn}" for msisdn in some for channel in ("sms", "ussd")]
        connection.execute(delete(dialogues).where(dialogues.c.who.in_(keys)))


def _put(connection: Connection, table: Table, rows: Iterable[dict[str, object]]) -> None:
    if some := list(rows):
        connection.execute(insert(table), some)


def _row(seal: Seal, persona: Persona, now: int) -> dict[str, object]:
    account, certificate = persona.account, persona.certificate.reveal()
    return {
        "msisdn": int(account.msisdn),
        "brand": account.brand,
        "plan": account.plan,
        "prepaid": account.prepaid,
        "real_named": account.real_named,
        "state": account.state.value,
        "balance_fen": account.balance_fen,
        "used_fen": account.used_fen,
        "past_due_fen": account.past_due_fen,
        "star": account.star,
        "points": account.points,
        "classes": ",".join(sorted(rest_of(account.classes))),
        "language": account.language,
        "plan_until": account.plan_until,
        "next_plan": account.next_plan,
        "next_plan_at": account.next_plan_at,
        "name_sealed": seal.seal(persona.name) if persona.name else None,
        "certificate_sealed": seal.seal(certificate) if certificate else None,
        "password_mark": password_mark(seal, account.msisdn, persona.password),
        "password_weak": persona.weak,
        "password_initial": persona.initial,
        "password_at": now,
    }


def _subscriptions(persona: Persona) -> Iterator[dict[str, object]]:
    for held in persona.subscriptions:
        yield {
            "msisdn": int(persona.account.msisdn),
            "service": held.service,
            "since_at": held.since,
            "until_at": held.until,
        }


def _usage(persona: Persona, month: int) -> Iterator[dict[str, object]]:
    for used in persona.usage:
        yield {
            "msisdn": int(persona.account.msisdn),
            "month": month,
            "item": used.item,
            "used": used.used,
        }


def _chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    each = iter(items)
    while chunk := list(islice(each, size)):
        yield chunk
