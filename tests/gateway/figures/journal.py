"""A journal to be counted, written straight into the store; and regions and people for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import delete, insert

from commands.model.regions import Regions
from gateway.model.figures import FigureGroups, LocalDays
from gateway.model.message_id import floor_at
from gateway.store.figures.kept import SINCE
from gateway.store.figures.roll_up import RollUp
from gateway.store.messages import ACCEPTED
from gateway.store.store import Store
from gateway.store.tables import calls, inbox, meta, outbox, receipts, subscribers, tickets, unasked
from gateway.store.unasked import LEFT
from tariffs.bilingual_name import BilingualName

DAY = date(2026, 11, 20)
GROUPS = FigureGroups(
    Regions(
        {"1380013": BilingualName("北京", "Beijing"), "139": BilingualName("上海", "Shanghai")}
    ),
    {"sms": "10", "voice": "15", "ussd": "18"},
)
PEOPLE = {13800138001: "QQT", 13900000002: "MZ", 13700000003: ""}
REGIONS = {13800138001: "北京", 13900000002: "上海", 13700000003: ""}


class Row(NamedTuple):
    """A message of the journal; `at` in seconds since the day began."""

    at: float
    phone: int
    channel: str
    action: str
    result: str
    words: str = ""


def begins(store: Store) -> int:
    return LocalDays(store.calendar.zone).begins(DAY)


def id_of(store: Store, at: float, place: int) -> int:
    return floor_at(begins(store) + at) + (place << 3)


def write(store: Store, rows: Iterable[Row], begun: int = 0) -> None:
    """`begun`: of the rows that are there already."""
    values = [
        {
            "id": id_of(store, row.at, begun + place), "bind": 1, "fingerprint": b"",
            "phone": row.phone, "port": "0.0.10086", "channel": row.channel, "action": row.action,
            "result": row.result, "text_sealed": store.seal.seal(row.words) if row.words else None,
        }
        for place, row in enumerate(rows)
    ]  # fmt: skip
    if values:
        with store.transaction() as connection:
            connection.execute(insert(inbox), values)


def people(store: Store) -> None:
    rows = [
        {"msisdn": msisdn, "brand": brand, "plan": "", "balance_fen": 0}
        for msisdn, brand in PEOPLE.items()
        if brand
    ]
    with store.transaction() as connection:
        connection.execute(insert(subscribers), rows)
    details_since(store, 0)


def details_since(store: Store, moment: int) -> None:
    """As if the store had kept how calls went, refusals and offers from then on."""
    with store.transaction() as connection:
        connection.execute(delete(meta).where(meta.c.name == SINCE))
        connection.execute(insert(meta), {"name": SINCE, "value": str(moment)})


def call(store: Store, at: float, phone: int, queue: str, waited: float, place: int = 0) -> None:
    row = {
        "id": id_of(store, at, place + 2_000), "phone": phone, "pbx": "pbx-a", "dialled": "10086",
        "lasted_ms": 60_000, "ended": "caller", "answers": 1, "queue": queue,
        "waited_ms": round(waited * 1000),
    }  # fmt: skip
    with store.transaction() as connection:
        connection.execute(insert(calls), row)


def ticket(store: Store, at: float, phone: int, kind: str, due: float, done: float = 0) -> None:
    zero = begins(store)
    row = {
        "id": id_of(store, at, 3_000), "number": f"{at}", "kind": kind, "phone": phone,
        "state": "done" if done else "open", "opened_at": zero + int(at),
        "due_at": zero + int(due), "done_at": zero + int(done) if done else 0,
    }  # fmt: skip
    with store.transaction() as connection:
        connection.execute(insert(tickets), row)


def told(
    store: Store, at: float, source: str, place: int, state: int = ACCEPTED, heard: float = 0,
    receipt: str = "delivered", parts: int = 1, phone: int = 13800138001,
) -> None:  # fmt: skip
    """A message that nobody asked for, and of its parts what the SMSC told at `heard`."""
    zero, id = begins(store), id_of(store, at, place + 4_000)
    left = {
        "id": id, "link": "smsc-a", "source": "0.0.10086", "destination": f"1.1.86{phone}",
        "secret": False, "receipt": True, "state": state, "settled_ms": (zero + int(at)) * 1000,
    }  # fmt: skip
    said = {
        "phone": phone, "meaning": source, "source": source, "due_at": zero + int(at),
        "urgent": False, "state": LEFT, "outbox_id": id,
    }  # fmt: skip
    with store.transaction() as connection:
        connection.execute(insert(outbox), left)
        connection.execute(insert(unasked), said)
        for part in range(parts if heard else 0):
            arrived = {
                "smsc": "smsc-a", "message_id": f"{id} {part}", "outbox_id": id, "state": receipt,
                "at_ms": int((zero + heard) * 1000),
            }  # fmt: skip
            connection.execute(insert(receipts), arrived)


def rolled(store: Store, at: float) -> RollUp:
    """As of so many seconds after the day began."""
    return RollUp(store, GROUPS, lambda: begins(store) + at)
