"""The journal of messages, on both kinds of store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import Connection, select

from gateway.model.address import Address
from gateway.model.message_id import reply_id
from gateway.model.messages import (
    BindBegan,
    BindEnded,
    InboxEntry,
    OutgoingMessage,
    PeerHasRead,
    SendOutcome,
)
from gateway.store.messages import Messages
from gateway.store.store import Store
from gateway.store.tables import binds, inbox, outbox
from tests.gateway.messages import NOON, ZHANG, Mailbag

Result = TypeVar("Result")
MS = int(NOON * 1000)


@pytest.fixture
def bag() -> Mailbag:
    return Mailbag()


def do(store: Store, step: Callable[[Messages, Connection], Result]) -> Result:
    """One step in a transaction of its own."""
    with store.transaction() as connection:
        return step(store.messages, connection)


def keep(store: Store, *entries: InboxEntry) -> None:
    do(store, lambda messages, connection: messages.keep(connection, entries))


def put(store: Store, *messages: OutgoingMessage) -> None:
    do(store, lambda kept, connection: kept.put(connection, messages))


def settle(store: Store, *settled: SendOutcome) -> None:
    do(store, lambda messages, connection: messages.settle(connection, settled))


def waiting(store: Store, limit: int = 100, now_ms: int = MS) -> list[OutgoingMessage]:
    return do(store, lambda messages, connection: messages.waiting(connection, (0,), limit, now_ms))


def answer(
    id: int, text: str = "您的余额", *, secret: bool = False, after_ms: int = 0
) -> OutgoingMessage:
    return OutgoingMessage(
        id, "smsc-a", Address(0, 0, "10086"), Address(1, 1, ZHANG), text, secret, True, after_ms
    )


def taken(id: int, *, accepted: bool = True) -> SendOutcome:
    return SendOutcome(id, accepted, MS + 5, "smsc-a", (), "" if accepted else "no such number")


# -- in ------------------------------------------------------------------------------------------


def test_a_message_is_kept_with_what_became_of_it(store: Store, bag: Mailbag) -> None:
    """Its words are sealed; who, where to, what and how it ended can be searched."""
    message = bag.arrived("MMXG#739204#528461", bind=7)
    keep(store, InboxEntry(message, "pw.change", "ok", "MMXG#***#***"))
    with store.transaction() as connection:
        (row,) = connection.execute(select(inbox)).all()
    assert (row.id, row.bind, row.fingerprint) == (message.id, 7, message.fingerprint)
    assert (row.phone, row.port) == (int(ZHANG), "0.0.10086")
    assert (row.action, row.result, row.same_as) == ("pw.change", "ok", 0)
    assert store.seal.open(row.text_sealed) == "MMXG#***#***"


def test_a_message_of_no_subscriber_and_without_words_is_kept_too(
    store: Store, bag: Mailbag
) -> None:
    """It was acknowledged, so there is a trace of it."""
    keep(store, InboxEntry(bag.arrived("", phone="", source="0.0.10010"), "foreign", "ignored"))
    with store.transaction() as connection:
        (row,) = connection.execute(select(inbox)).all()
    assert (row.phone, row.text_sealed) == (0, None)


def test_keeping_nothing_is_no_statement(store: Store) -> None:
    """A batch of settled ones has no messages."""
    keep(store)
    put(store)
    settle(store)
    assert waiting(store) == []


# -- out -----------------------------------------------------------------------------------------


def test_what_waits_is_handed_out_as_it_was_put(store: Store, bag: Mailbag) -> None:
    """Oldest first, however it was put, and only so many."""
    messages = [answer(bag.id(), f"第{n}条", secret=n == 1) for n in range(4)]
    put(store, *reversed(messages))
    assert waiting(store) == messages
    assert waiting(store, limit=2) == messages[:2]


def test_what_is_settled_waits_no_longer(store: Store, bag: Mailbag) -> None:
    """Taken or given up: with its moment and its reason."""
    first, second, third = [answer(bag.id()) for _ in range(3)]
    put(store, first, second, third)
    settle(store, taken(second.id, accepted=False), taken(first.id))
    assert waiting(store) == [third]
    columns = (outbox.c.id, outbox.c.state, outbox.c.settled_ms, outbox.c.reason)
    with store.transaction() as connection:
        rows = connection.execute(select(*columns).order_by(outbox.c.id)).all()
    assert [tuple(row) for row in rows] == [
        (first.id, 1, MS + 5, ""),
        (second.id, 2, MS + 5, "no such number"),
        (third.id, 0, 0, ""),
    ]


@pytest.mark.parametrize("accepted", [True, False])
def test_a_secret_is_wiped_once_it_is_settled(store: Store, bag: Mailbag, accepted: bool) -> None:
    """Other words stay for a while, for a peer that sends its message again."""
    secret, plain = answer(bag.id(), "新密码739204", secret=True), answer(bag.id())
    put(store, secret, plain)
    settle(store, taken(secret.id, accepted=accepted), taken(plain.id))
    with store.transaction() as connection:
        sealed = dict(
            tuple(row) for row in connection.execute(select(outbox.c.id, outbox.c.text_sealed))
        )
    assert sealed[secret.id] is None
    assert store.seal.open(sealed[plain.id]) == plain.text


def test_a_message_for_later_waits_until_it_is_due(store: Store, bag: Mailbag) -> None:
    """To the millisecond; what is due now does not wait behind it."""
    late, now = answer(bag.id(), after_ms=MS + 1_000), answer(bag.id())
    put(store, late, now)
    assert waiting(store, now_ms=MS + 999) == [now]
    assert waiting(store, limit=1, now_ms=MS + 999) == [now]
    assert waiting(store, now_ms=MS + 1_000) == [late, now]


def test_the_replies_to_a_message_are_those_that_were_taken(store: Store, bag: Mailbag) -> None:
    """Not those of its neighbours, not what still waits or failed, not what was a secret."""
    before, message, after = bag.id(), bag.id(), bag.id()
    said = [answer(reply_id(message, n), f"第{n}条", secret=n == 5) for n in range(1, 6)]
    put(store, answer(reply_id(before, 7)), *said, answer(reply_id(after, 1)))
    done = [taken(reply_id(before, 7)), taken(reply_id(after, 1))]
    settle(store, *done, *(taken(each.id, accepted=each is not said[2]) for each in said[1:]))
    found = do(store, lambda messages, connection: messages.replies(connection, message))
    assert [each.text for each in found] == ["第2条", "第4条"]


def test_another_key_reads_nothing(store: Store, bag: Mailbag) -> None:
    """Neither words nor the parts of long messages are of use to who steals the file."""
    put(store, answer(bag.id(), "您的余额为56.80元"))
    with store.transaction() as connection:
        (sealed,) = connection.execute(select(outbox.c.text_sealed)).scalars()
    assert "余额".encode() not in sealed
    assert b"56.80" not in sealed


# -- how far the peer has read us ----------------------------------------------------------------


def bind_rows(store: Store) -> list[tuple[object, ...]]:
    query = select(binds.c.id, binds.c.link, binds.c.proven_upto, binds.c.ended_ms)
    with store.transaction() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(binds.c.id))]


def test_a_bind_is_noted_from_its_beginning_to_its_end(store: Store) -> None:
    """And how far its peer has read in between."""
    with store.transaction() as connection:
        store.messages.began(connection, BindBegan(100, "smsc-a"))
        store.messages.began(connection, BindBegan(200, "smsc-b"))
        store.messages.proven(connection, PeerHasRead(100, 140))
        store.messages.ended(connection, BindEnded(100, 160, MS))
    assert bind_rows(store) == [(100, "smsc-a", 160, MS), (200, "smsc-b", 200, 0)]


def test_a_new_store_has_given_no_ids(store: Store, bag: Mailbag) -> None:
    """Then the newest of messages, answers and binds counts."""
    assert store.newest_id() == 0
    message = bag.arrived()
    keep(store, InboxEntry(message, "q", "ok"))
    assert store.newest_id() == message.id
    put(store, answer(reply_id(message.id, 2)))
    assert store.newest_id() == message.id + 2
    bind = bag.id()
    do(store, lambda messages, connection: messages.began(connection, BindBegan(bind, "a")))
    assert store.newest_id() == bind
