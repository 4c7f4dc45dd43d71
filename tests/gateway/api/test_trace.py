"""What became of a message, over the API: masked, or in full while a look-up with a reason is
open."""

from __future__ import annotations

import time

from gateway.model.message_id import floor_at
from gateway.model.messages import InboxEntry, OutgoingMessage, SendOutcome
from gateway.model.tracing.answer_reason import packed
from gateway.store.tables import inbox, outbox
from tests.gateway.api.console import Browser, Console
from tests.gateway.messages import Mailbag

TRACE, LOOKUPS = "/api/v1/trace", "/api/v1/subscribers/lookups"
WANG = "13800138003"
COUNT = iter(range(1, 1_000))


def served(hall: Console, text: str, phone: str = WANG) -> int:
    """A message that was answered, in the journal; its id."""
    id = floor_at(time.time()) | next(COUNT) << 3
    message = Mailbag().arrived(text, phone)._replace(id=id)
    answer = OutgoingMessage(id + 1, "smsc-a", message.port, message.source, f"回复{phone}")
    took = SendOutcome(id + 1, True, int(time.time() * 1000), "smsc-a", left="1/2\t8F01")
    with hall.store.transaction() as connection:
        why = packed("guessed", ["q.balance"], ["CXTC"])
        entry = InboxEntry(message, "q.balance", "ok", text, why=why)
        hall.store.messages.keep(connection, [entry])
        hall.store.messages.put(connection, [answer])
        hall.store.messages.settle(connection, [took])
    return id


def looked_up(hall: Console, by: Browser, reason: str = "", phone: str = WANG) -> str:
    form = {"number": phone, "reason": reason}
    return str(hall.ask("POST", LOOKUPS, form, by).json["id"])


def test_a_trace_is_masked_and_in_full_for_a_reason(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    """Each look is noted, with its reason."""
    leader = logged_in["leader"]
    id = served(hall, f"YE {WANG}")
    masked = hall.ask("GET", f"{TRACE}?lookup={looked_up(hall, leader)}", by=leader)
    assert masked.json["masked"]
    assert WANG.encode() not in masked.body
    newest = hall.audit()[0].entry
    assert (newest.action, newest.subscriber) == ("subscribers.read", WANG)
    full = hall.ask("GET", f"{TRACE}?lookup={looked_up(hall, leader, 'ticket 7')}", by=leader)
    one = next(each for each in full.json["messages"] if each["id"] == str(id))
    assert (one["number"], one["could_have_been"], one["texts"]) == (WANG, ["CXTC"], ["q.balance"])
    (sent,) = one["sent"]
    assert (sent["parts"], sent["submits"], sent["smsc_ids"]) == (1, 2, ["8F01"])
    newest = hall.audit()[0].entry
    assert (newest.action, newest.reason) == ("subscribers.reveal", "ticket 7")


def test_one_message_is_found_by_its_id_and_that_of_its_answer(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    leader, auditor = logged_in["leader"], logged_in["auditor"]
    id = served(hall, "YE")
    for asked in (id, id + 1):
        told = hall.ask("GET", f"{TRACE}/{asked}", by=leader)
        assert [one["id"] for one in told.json["messages"]] == [str(id)]
        assert told.json["masked"]
    lookup = looked_up(hall, leader, "ticket 7")
    assert not hall.ask("GET", f"{TRACE}/{id}?lookup={lookup}", by=leader).json["masked"]
    assert hall.ask("GET", f"{TRACE}/{id}?lookup={lookup}", by=logged_in["agent"]).status == 404
    other = looked_up(hall, leader, "ticket 7", "13800138004")
    assert hall.ask("GET", f"{TRACE}/{id}?lookup={other}", by=leader).status == 404
    assert hall.ask("GET", f"{TRACE}/8", by=leader).status == 404
    assert hall.ask("GET", f"{TRACE}/{id}", by=auditor).status == 403


def test_rows_from_before_it_was_kept_are_shown(
    hall: Console, logged_in: dict[str, Browser]
) -> None:
    """Without what nobody noted then."""
    id = served(hall, "YE")
    with hall.store.transaction() as connection:
        connection.execute(inbox.update().where(inbox.c.id == id).values(why=""))
        connection.execute(outbox.update().where(outbox.c.id == id + 1).values(left_as=""))
    told = hall.ask("GET", f"{TRACE}/{id}", by=logged_in["leader"])
    (one,) = told.json["messages"]
    assert one["understood"].startswith("not kept")
    assert one["sent"][0]["state"] == "accepted"
