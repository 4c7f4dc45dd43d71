"""Forgetting in time: what is old goes, what is young stays, in small steps."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Table, func, insert, select, update

from commands.model.orders import PlacedOrder
from commands.model.request import Channel
from gateway.model.message_id import floor_at, reply_id
from gateway.model.messages import (
    BindBegan,
    BindEnded,
    InboxEntry,
    OutgoingMessage,
    ReceiptArrived,
    SendOutcome,
)
from gateway.model.smsc_groups import SmscGroups
from gateway.store.message_parts import SqlParts
from gateway.store.receipts import SqlReceipts
from gateway.store.retention import DAY, STEP, Retention, tidy
from gateway.store.store import Store
from gateway.store.tables import (
    binds,
    dialogues,
    fragments,
    inbox,
    ledger,
    meta,
    orders,
    outbox,
    receipts,
    strikes,
)
from smpp.messages.segmentation import Fragment
from tests.gateway.messages import NOON, Mailbag

NOW = int(NOON)
KEEP = Retention(metadata=400 * DAY, content=30 * DAY, parts=600, receipts=7 * DAY)


def clean(store: Store, keep: Retention = KEEP, now: int = NOW) -> int:
    """All steps until nothing is left to do; how many."""
    steps = 0
    while True:
        with store.transaction() as connection:
            if not tidy(connection, now, keep):
                return steps
        steps += 1


def exchange(store: Store, age: float, *, settled: bool = True) -> int:
    """A message and its answer from that many seconds ago; the message's id."""
    bag = Mailbag()
    bag.now = NOON - age
    message = bag.arrived()
    answer = reply_id(message.id, 1)
    with store.transaction() as connection:
        store.messages.keep(connection, [InboxEntry(message, "q.balance", "ok", "YE")])
        words = OutgoingMessage(answer, "smsc-a", message.port, message.source, "您的余额")
        store.messages.put(connection, [words])
        if settled:
            at_ms = int((NOON - age) * 1000)
            store.messages.settle(connection, [SendOutcome(answer, True, at_ms, "smsc-a")])
    return message.id


def ids(store: Store, table: Table, *, with_words: bool = False) -> list[int]:
    query = select(table.c.id).order_by(table.c.id)
    if with_words:
        query = query.where(table.c.text_sealed.is_not(None))
    with store.transaction() as connection:
        return list(connection.execute(query).scalars())


def count(store: Store, table: Table) -> int:
    with store.transaction() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar() or 0


def test_a_new_store_is_tidy(store: Store) -> None:
    """There is nothing to do, and doing it again changes nothing."""
    assert clean(store) == 0


def test_words_go_first_and_the_rest_later(store: Store) -> None:
    """A month of words, thirteen months of who, when and what."""
    ancient, old, young = (exchange(store, days * DAY) for days in (401, 31, 29))
    clean(store)
    assert ancient < old < young
    assert ids(store, inbox) == [old, young]
    assert ids(store, outbox) == [old + 1, young + 1]
    assert ids(store, inbox, with_words=True) == [young]
    assert ids(store, outbox, with_words=True) == [young + 1]


def test_what_becomes_old_later_goes_then(store: Store) -> None:
    """Also what came after the last cleaning."""
    first = exchange(store, 29 * DAY)
    clean(store)
    second = exchange(store, 1 * DAY)
    clean(store, now=NOW + 2 * DAY)
    assert ids(store, inbox, with_words=True) == [second]
    assert ids(store, inbox) == [first, second]


@pytest.mark.parametrize("content", [0, 3_600, 30 * DAY])
def test_an_answer_that_waits_keeps_its_words(store: Store, content: int) -> None:
    """However long its link is down, and however short words are kept: it was promised."""
    waiting = exchange(store, 40 * DAY, settled=False)
    done = exchange(store, 35 * DAY)
    clean(store, replace(KEEP, content=content))
    assert ids(store, outbox, with_words=True) == [waiting + 1]
    assert ids(store, inbox, with_words=True) == []
    with store.transaction() as connection:
        (message,) = store.messages.waiting(connection, (0,), 10, NOW * 1000)
    assert message.text == "您的余额"
    with store.transaction() as connection:
        store.messages.settle(connection, [SendOutcome(waiting + 1, True, NOW * 1000, "smsc-a")])
    clean(store, replace(KEEP, content=content), now=NOW + 1)
    assert ids(store, outbox, with_words=True) == []
    assert done + 1 in ids(store, outbox)


def test_a_step_is_small(sqlite_store: Store) -> None:
    """Nobody waits for the cleaning; the steps together do all of it."""
    rows = [
        {
            "id": floor_at(NOW - 31 * DAY) + (n << 3),
            "bind": 1,
            "fingerprint": b"",
            "phone": 1,
            "port": "",
            "action": "",
            "result": "",
            "text_sealed": b"x",
        }
        for n in range(2 * STEP + 1)
    ]
    with sqlite_store.transaction() as connection:
        connection.execute(insert(inbox), rows)
        assert tidy(connection, NOW, KEEP) == STEP
    assert len(ids(sqlite_store, inbox, with_words=True)) == STEP + 1
    assert clean(sqlite_store) == 2
    assert ids(sqlite_store, inbox, with_words=True) == []
    later = NOW + 400 * DAY
    assert clean(sqlite_store, now=later) == 3
    assert ids(sqlite_store, inbox) == []


def test_how_far_it_came_is_remembered(store: Store) -> None:
    """Rows that are wiped already are not read again after a restart."""
    old = exchange(store, 31 * DAY)
    clean(store)
    with store.transaction() as connection:
        marks = dict(tuple(row) for row in connection.execute(select(meta.c.name, meta.c.value)))
        connection.execute(update(inbox).values(text_sealed=b"put back"))
    assert marks["wiped inbox"] == str(old)
    assert clean(store) == 0
    assert ids(store, inbox, with_words=True) == [old]


def test_parts_whose_rest_never_came_go_soon(store: Store) -> None:
    """Ten minutes are long for a handset."""
    bag = Mailbag()
    with store.transaction() as connection:
        parts = SqlParts(connection, store.seal, KEEP.parts, SmscGroups())
        for age, reference in ((601, 1), (599, 2)):
            bag.now = NOON - age
            part = Fragment(reference, 2, 1, b"half", 0)
            parts.keep(bag.arrived(phone=f"1380013800{reference}", fragment=part), part)
    clean(store)
    with store.transaction() as connection:
        assert connection.execute(select(fragments.c.reference)).scalars().all() == [2]


def test_receipts_and_dialogues_go_when_they_are_over(store: Store) -> None:
    """A receipt after a week, a dialogue at its end."""
    with store.transaction() as connection:
        noted = SqlReceipts(connection, SmscGroups())
        for message_id, days in (("OLD", 8), ("NEW", 6)):
            at_ms = (NOW - days * DAY) * 1000
            noted.note(ReceiptArrived(1, "smsc-a", (message_id,), "delivered", at_ms, ""))
        rows = [
            {"who": f"sms:{n}", "state": b"", "until_at": NOW + ends}
            for n, ends in enumerate((-1, 0, 1))
        ]
        connection.execute(insert(dialogues), rows)
    clean(store)
    with store.transaction() as connection:
        assert connection.execute(select(receipts.c.message_id)).scalars().all() == ["NEW"]
        left = connection.execute(select(dialogues.c.who).order_by(dialogues.c.who)).scalars()
        assert left.all() == ["sms:1", "sms:2"]


def test_consent_is_kept_as_long_as_the_rest_and_money_for_ever(store: Store) -> None:
    """Orders are proof for thirteen months; the ledger is the books."""
    with store.transaction() as connection:
        ports = store.ports(connection)
        for days in (401, 399):
            id = floor_at(NOW - days * DAY) + 8
            order = PlacedOrder(id, "sv.order", "1", "1", {}, Channel.SMS, "10", 1, 0, 0)
            ports.orders.propose(order)
            row = {"msisdn": 1, "kind": "fee", "fen": -1, "reason": "X", "booked_at": 0}
            connection.execute(insert(ledger), row | {"order_id": id})
    clean(store)
    assert len(ids(store, orders)) == 1
    assert count(store, ledger) == 2


def test_binds_that_ended_long_ago_go_and_those_that_are_up_stay(store: Store) -> None:
    """Though they began before."""
    began = floor_at(NOW - 500 * DAY)
    with store.transaction() as connection:
        for bind in (began, began + 8, began + 16):
            store.messages.began(connection, BindBegan(bind, "smsc-a"))
        for bind, days in ((began, 401), (began + 8, 399)):
            ended = BindEnded(bind, bind, (NOW - days * DAY) * 1000)
            store.messages.ended(connection, ended)
    clean(store)
    assert ids(store, binds) == [began + 8, began + 16]


def test_strikes_are_forgotten_when_no_rule_looks_back_so_far(store: Store) -> None:
    """Thirty days."""
    with store.transaction() as connection:
        for age in (29 * DAY, 31 * DAY):
            store.ports(connection).strikes.add("card", "13800138001", NOW - age)
    clean(store)
    with store.transaction() as connection:
        kept = connection.execute(select(strikes.c.struck_at)).scalars().all()
    assert kept == [NOW - 29 * DAY]
