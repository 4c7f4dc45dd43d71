"""What the desk does with a batch: a real store, the project's own conf, and no doors."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest
from redis.exceptions import ConnectionError as RedisAway
from sqlalchemy import Connection, insert
from twisted.python.failure import Failure

from commands.model.dialogue import Dialogue
from commands.model.hall import Hall
from commands.model.turn import TurnContext
from commands.parser.parsed_message import ParsedMessage
from gateway.dialogue.responder import Responder
from gateway.model.message_id import reply_id
from gateway.model.messages import (
    DeleteExpired,
    LoadOutbox,
    ReceiptArrived,
    SendOutcome,
    SendOutcomes,
    ShortMessage,
)
from gateway.ops.log import Log
from gateway.serving.batch import tell_failed
from gateway.serving.desk import Unavailable
from gateway.serving.unit_of_work import UnitOfWork
from gateway.serving.work import DeskWork, Served
from gateway.store.sessions import RedisSessions, SessionChange, StoreSessions
from gateway.store.store import Store
from gateway.store.tables import dialogues, inbox, ledger, orders, outbox, subscriptions
from smpp.messages.segmentation import Fragment
from tests.gateway.hall import HORIZON, Office
from tests.gateway.messages import LI, ZHANG

CAMPUS = "13800138005"  # may order campus WLAN, and can pay for it


@pytest.fixture
def office(store: Store) -> Office:
    """On both kinds of store."""
    return Office(store)


@pytest.fixture
def one_office(sqlite_store: Store) -> Office:
    """Where it does not matter which."""
    return Office(sqlite_store)


# -- a message and its answer --------------------------------------------------------------------


def test_a_question_gets_its_answer_and_both_are_kept(office: Office) -> None:
    """Before anybody says that the message was taken."""
    message = office.arrived("YE", source="1.1.8613800138001")
    (answer,) = office.answers(message)
    assert "56.80" in answer.text
    assert (answer.id, answer.link) == (reply_id(message.id, 1), "smsc-a")
    assert office.journal() == [("q.balance", "ok")]
    assert office.serve(LoadOutbox(10, int(office.bag.now * 1000))) == [[answer]]


def test_an_answer_goes_back_the_way_the_question_came(office: Office) -> None:
    """From the number that was written to, to the address as the network gave it."""
    message = office.arrived("YE", source="1.1.8613800138001", port="0.9.1008601", link="smsc-b")
    (answer,) = office.answers(message)
    assert (str(answer.source), str(answer.destination)) == ("0.9.1008601", "1.1.8613800138001")
    assert answer.link == "smsc-b"


def test_a_batch_is_answered_in_its_order(office: Office) -> None:
    """One result for each, whatever it was."""
    first, second = office.arrived("YE"), office.arrived("CXTC", LI)
    results = office.serve(first, DeleteExpired(0), second)
    assert [type(result) for result in results] == [Served, int, Served]
    assert [r.answers[0].id for r in (results[0], results[2]) if isinstance(r, Served)] == [
        reply_id(first.id, 1),
        reply_id(second.id, 1),
    ]


def test_a_dialogue_goes_on_within_a_batch(office: Office) -> None:
    """Somebody types fast, or the desk was behind."""
    texts = ("MMXG", "739204", "528461", "528461", "YE")
    results = office.serve(*(office.arrived(text) for text in texts))
    assert [result for _, result in office.journal()] == ["asked", "asked", "asked", "ok", "ok"]
    assert len(results) == 5
    assert office.rows(dialogues) == []


def test_a_dialogue_goes_on_after_a_restart(office: Office) -> None:
    """It is kept with the answer that opened it."""
    office.hears("MMXG")
    office.crash()
    office.hears("739204")
    office.crash()
    assert [result for _, result in office.journal()] == ["asked", "asked"]
    assert office.rows(dialogues) != []


def test_two_subscribers_stand_in_different_places(office: Office) -> None:
    """In one batch, with the same words."""
    office.hears("MMXG", ZHANG)
    office.serve(office.arrived("739204", ZHANG), office.arrived("739204", LI))
    assert office.journal()[1:] == [("pw.change", "asked"), ("unknown", "unknown")]


def test_a_message_from_no_mobile_is_kept_and_not_answered(office: Office) -> None:
    """Two machines that answer one another never end."""
    assert office.answers(office.arrived("YE", "", source="0.0.10010")) == []
    assert office.journal() == [("foreign", "ignored")]


@pytest.mark.parametrize("text", ["", " ", "\n\t 　"])
def test_an_empty_message_is_kept_and_not_answered(one_office: Office, text: str) -> None:
    """A pocket sent it."""
    assert one_office.answers(one_office.arrived(text)) == []
    assert one_office.journal() == [("empty", "ignored")]


def test_a_number_that_is_not_ours_is_told_so(office: Office) -> None:
    """It may be another operator's."""
    assert "没有找到号码" in office.hears("YE", "13700000000")


def test_a_number_the_link_does_not_vouch_for_must_prove_itself(office: Office) -> None:
    """Anybody could have written it into the message."""
    (answer,) = office.answers(office.arrived("YE", asserted=False))
    assert "56.80" not in answer.text
    assert "服务密码" in answer.text


def test_the_port_for_confirms_takes_a_y_for_a_yes(office: Office) -> None:
    """Elsewhere only the word itself orders."""
    for port, result in (("0.0.10086", "declined"), ("0.0.1008601", "ok")):
        office.hears("KTEDU40", CAMPUS)
        office.answers(office.arrived("Y", CAMPUS, port=port))
        assert office.journal()[-1] == ("sv.order", result)


def test_the_words_of_a_confirm_are_kept_as_consent(office: Office) -> None:
    """Those that were shown, to the letter."""
    shown = office.hears("KTEDU40", CAMPUS)
    (order,) = office.rows(orders)
    sealed = order["shown_sealed"]
    assert isinstance(sealed, bytes)
    assert office.store.seal.open(sealed) == shown


# -- long messages -------------------------------------------------------------------------------


def parts(text: str, reference: int = 7) -> list[Fragment]:
    octets = text.encode("utf-16-be")
    return [
        Fragment(reference, 2, number, piece, 8)
        for number, piece in enumerate((octets[: len(octets) // 2], octets[len(octets) // 2 :]), 1)
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_long_message_is_answered_with_its_last_part(
    office: Office, order: tuple[int, int]
) -> None:
    """The others are acknowledged and kept."""
    two = [office.arrived(fragment=part) for part in parts("话费余额")]
    first, last = (office.again(two[place]) for place in order)
    assert office.answers(first) == []
    (answer,) = office.answers(last)
    assert "56.80" in answer.text
    assert answer.id == reply_id(last.id, 1)
    assert office.journal() == [("part", "kept"), ("q.balance", "ok")]


def test_two_senders_with_one_reference_do_not_mix(office: Office) -> None:
    """In one batch."""
    mine, theirs = parts("话费余额"), parts("当前套餐")
    coming = [(mine[0], ZHANG), (theirs[1], LI), (theirs[0], LI), (mine[1], ZHANG)]
    office.serve(*(office.arrived(phone=phone, fragment=part) for part, phone in coming))
    assert [action for action, _ in office.journal()] == ["part", "part", "q.plan", "q.balance"]


# -- sent again ----------------------------------------------------------------------------------


def test_who_asks_twice_is_answered_twice(office: Office) -> None:
    """On a link that is up, a repeated text is the subscriber's own."""
    for _ in range(2):
        assert "56.80" in office.hears("YE")
    assert office.journal() == [("q.balance", "ok")] * 2


def test_a_message_that_is_sent_again_gets_the_answer_it_got(office: Office) -> None:
    """Though the balance is another by now."""
    message = office.arrived("YE")
    (answer,) = office.answers(message)
    office.deliver()
    office.lose()
    with office.store.transaction() as connection:
        office.store.ports(connection).accounts.charge(ZHANG, 1_000, "X", 1, int(office.bag.now))
    again = office.again(message)
    assert office.answers(again) == [answer._replace(id=reply_id(again.id, 1))]
    assert office.rows(inbox)[-1]["same_as"] == message.id
    assert "46.80" in office.hears("YE")


def test_of_two_that_it_may_be_the_newer_answer_is_said_again(office: Office) -> None:
    """Nobody reads an older balance after a newer one. What he says next is new: other words stood
    between the two, and would come again first."""
    office.hears("YE")
    office.hears("CXTC")
    with office.store.transaction() as connection:
        office.store.ports(connection).accounts.charge(ZHANG, 1_000, "X", 1, int(office.bag.now))
    office.hears("YE")
    office.deliver()
    office.lose()
    assert "46.80" in office.hears("YE")
    assert office.journal()[-1] == ("again", "repeated")
    office.hears("YE")
    assert office.journal()[-1] == ("q.balance", "ok")


def test_what_we_have_asked_for_is_not_answered_twice(office: Office) -> None:
    """The store had kept it and said that it had not: the SMSC was told to bring it later, and took
    the answer meanwhile. Whether it has read our second answer to it, nobody knows."""
    message = office.arrived("YE")
    (answer,) = office.answers(message)
    office.deliver()
    office.counter._doubtful.append(message)
    office.hears("CXTC", "13900000002")
    assert office.answers(office.again(message)) == []
    assert office.journal()[-1] == ("again", "repeated")
    office.lose()
    (said_again,) = office.answers(office.again(message))
    assert said_again.text == answer.text


def test_an_answer_that_is_still_on_its_way_is_not_said_again(office: Office) -> None:
    """The subscriber reads it once."""
    message = office.arrived("YE")
    office.answers(message)
    office.lose()
    assert office.answers(office.again(message)) == []
    assert len(office.deliver()) == 1


def test_an_order_takes_effect_once_however_often_its_yes_is_sent(office: Office) -> None:
    """One subscription, one fee; the same answer each time."""
    office.hears("KTEDU40", CAMPUS)
    yes = office.arrived("是", CAMPUS)
    done = office.answers(yes)[0]
    office.deliver()
    for _ in range(3):
        office.lose()
        yes = office.again(yes)
        assert [answer.text for answer in office.answers(yes)] == [done.text]
        office.deliver()
    assert len(office.rows(ledger)) == 1
    opened = [row for row in office.rows(subscriptions) if row["order_id"]]
    assert [row["service"] for row in opened] == ["EDU40"]


def test_a_password_is_drawn_once_and_said_once(office: Office) -> None:
    """What was taken is wiped: it is not said again, and never another one."""
    office.hears("2010")
    yes = office.arrived("Y")
    (said,) = office.answers(yes)
    office.deliver()
    office.lose()
    assert office.answers(office.again(yes)) == []
    password = next(word for word in said.text.split("为")[1].split(",") if word.isdigit())
    assert "56.80" in office.hears(f"CXYE#{ZHANG}#{password}", LI)


def test_a_part_that_is_sent_again_spoils_nothing(office: Office) -> None:
    """The message is joined once."""
    first, last = (office.arrived(fragment=part) for part in parts("话费余额"))
    office.answers(first)
    office.lose()
    assert office.answers(office.again(first)) == []
    last = office.again(last)
    (answer,) = office.answers(last)
    office.deliver()
    office.lose()
    assert [each.text for each in office.answers(office.again(last))] == [answer.text]
    assert [action for action, _ in office.journal()] == ["part", "again", "q.balance", "again"]


def test_what_the_peer_has_read_is_not_expected_again(office: Office) -> None:
    """The second was proven before the link was lost, the third was not."""
    messages = [office.arrived(text) for text in ("YE", "CXTC", "CXYL")]
    office.serve(*messages)
    office.prove(messages[1].id)
    office.lose(upto=messages[1].id)
    for text, result in (("CXYL", "repeated"), ("CXTC", "ok"), ("CXYL", "ok")):
        office.hears(text)
        assert office.journal()[-1][1] == result


def test_after_an_hour_it_is_a_new_question(office: Office) -> None:
    """Nobody wants yesterday's balance."""
    office.hears("YE")
    office.lose()
    office.bag.now += HORIZON + 1
    office.hears("YE")
    assert office.journal()[-1] == ("q.balance", "ok")


# -- the house falls down ------------------------------------------------------------------------


def test_after_a_crash_what_was_not_read_is_expected_again(office: Office) -> None:
    """The answer is in the store, and so is how far the peer had read."""
    read, unread = office.arrived("CXTC"), office.arrived("YE")
    office.serve(read, unread)
    office.prove(read.id)
    said = {answer.id: answer.text for answer in office.deliver()}
    office.crash()
    again = [answer.text for answer in office.answers(office.again(unread))]
    assert again == [said[reply_id(unread.id, 1)]]
    office.hears("CXTC")
    assert office.journal()[-1] == ("q.plan", "ok")


def test_a_second_crash_before_it_came_again_changes_nothing(office: Office) -> None:
    """Nor does a third."""
    message = office.arrived("YE")
    office.answers(message)
    for _ in range(3):
        office.crash()
    office.answers(office.again(message))
    assert office.journal()[-1] == ("again", "repeated")


def test_what_came_again_and_was_read_is_not_expected_a_third_time(office: Office) -> None:
    """After a restart of our own free will, an hour has not gone by."""
    message = office.arrived("YE")
    office.answers(message)
    office.lose()
    again = office.again(message)
    office.answers(again)
    office.prove(again.id)
    office.crash()
    office.hears("YE")
    assert office.journal()[-1] == ("q.balance", "ok")


def test_who_wrote_something_new_before_the_crash_is_not_expected_again(office: Office) -> None:
    """Subscribers write the same words every day: Y is an answer to many questions."""
    office.hears("2010")
    office.hears("Y")
    office.lose()
    assert office.hears("YE") != ""
    office.prove(office.bag.id())
    office.crash()
    office.hears("2010")
    assert "新服务密码" in office.hears("Y")


def test_ids_given_after_a_crash_are_above_those_before(office: Office) -> None:
    """The store tells how far they went."""
    (answer,) = office.answers(office.arrived())
    assert office.store.newest_id() == answer.id


# -- what goes wrong -----------------------------------------------------------------------------


class Poisonous(Responder):
    """Understands everything but one text."""

    def understood(
        self,
        text: str,
        visit: TurnContext,
        dialogue: Dialogue,
        hall: Hall,
        *,
        confirm_port: bool = False,
        port: str = "",
    ) -> tuple[ParsedMessage, str]:
        if text.startswith("毒"):
            raise ValueError(f"a command stumbled over {text}")
        return super().understood(text, visit, dialogue, hall, confirm_port=confirm_port, port=port)


def poison(office: Office) -> None:
    poisonous = copy(office.counter.book.conversation)
    poisonous.__class__ = Poisonous
    office.counter.book = replace(office.counter.book, conversation=poisonous)


def test_a_message_that_nobody_can_serve_gets_an_apology(office: Office) -> None:
    """It is kept, so that it does not come back for ever; and the mistake is logged."""
    poison(office)
    assert "系统正忙" in office.hears("毒 739204")
    assert office.journal() == [("failed", "failed")]
    (line,) = [line for line in office.log() if line["event"] == "failed"]
    assert "ValueError in understood, test_batch.py" in str(line["error"])
    assert "739204" not in office.log_text()


def test_a_batch_with_poison_in_it_keeps_nothing(office: Office) -> None:
    """The desk serves its messages one by one then, and each is kept once."""
    poison(office)
    batch = [office.arrived("YE"), office.arrived("毒", LI), office.arrived("CXTC", CAMPUS)]
    with pytest.raises(ValueError, match="毒"):
        office.serve(*batch)
    assert office.rows(inbox) == office.rows(outbox) == []
    for message in batch:
        office.answers(message)
    assert [result for _, result in office.journal()] == ["ok", "failed", "ok"]


def test_poison_takes_nothing_from_what_may_come_again(office: Office) -> None:
    """Served alone, the repeated message is still known as one."""
    message = office.arrived("YE")
    office.answers(message)
    office.lose()
    poison(office)
    again = office.again(message)
    with pytest.raises(ValueError, match="毒"):
        office.serve(again, office.arrived("毒", LI))
    office.answers(again)
    assert office.journal()[-1] == ("again", "repeated")


def test_poison_counts_no_question_twice(sqlite_store: Store) -> None:
    """Whoever stands beside it in the batch has asked once."""
    office = Office(sqlite_store, queries_per_hour=1)
    poison(office)
    question = office.arrived("YE")
    with pytest.raises(ValueError, match="毒"):
        office.serve(question, office.arrived("毒", LI))
    (answer,) = office.answers(question)
    assert "56.80" in answer.text


def test_what_a_batch_ran_into_is_told(office: Office) -> None:
    """Even if each of its jobs can be served alone; what cannot be is told besides. What there was
    of words is not."""
    log, kept = office.counter.log, Served()
    with pytest.raises(ValueError, match="毒") as raised:
        int("毒 739204")
    at = raised.value
    tell_failed(log, at, [kept, None])
    tell_failed(log, at, [kept, Failure(KeyError("739204")), Failure(Unavailable("store"))])
    told = [(line["event"], str(line["error"]).split()[0]) for line in office.log()]
    batch = ("batch failed", "ValueError")
    assert told == [batch, batch, ("work failed", "KeyError")]
    assert [line["alone"] for line in office.log() if "alone" in line] == [0, 2]
    assert "test_what_a_batch_ran_into_is_told, test_batch.py:" in str(office.log()[0]["frames"])
    assert "739204" not in office.log_text()


def test_a_message_that_the_store_will_not_take_hurts_only_itself(office: Office) -> None:
    """It is not that the store is away: trying again would never end."""
    office.hears("KTEDU40", CAMPUS)
    (order,) = office.rows(orders)
    row = {"msisdn": 1, "kind": "fee", "fen": 0, "reason": "EDU40", "booked_at": 0}
    with office.store.transaction() as connection:
        connection.execute(insert(ledger), row | {"order_id": order["id"]})
    yes, question = office.arrived("是", CAMPUS), office.arrived("YE")
    with pytest.raises(Exception, match=r"(?i)unique"):
        office.serve(yes, question)
    assert "系统正忙" in office.answers(yes)[0].text
    assert "56.80" in office.answers(question)[0].text


class BrokenSessions(StoreSessions):
    """Redis is away when a dialogue is to be written."""

    def save(self, connection: Connection, changed: Mapping[str, SessionChange], now: int) -> None:
        raise RedisAway("no route to host")


def test_when_sessions_cannot_be_kept_nothing_is(sqlite_store: Store) -> None:
    """The whole batch is to come again, and nothing of it has happened."""
    office = Office(sqlite_store, sessions=BrokenSessions())
    with pytest.raises(Unavailable, match="ConnectionError"):
        office.serve(office.arrived("KTEDU40", CAMPUS), office.arrived("YE"))
    assert office.rows(inbox) == office.rows(outbox) == office.rows(orders) == []


class CutOff(RedisSessions):
    """Everything is lost right after the dialogues were written, as often as is said."""

    cuts = 0

    def save(self, connection: Connection, changed: Mapping[str, SessionChange], now: int) -> None:
        super().save(connection, changed, now)
        if self.cuts:
            self.cuts -= 1
            raise RedisAway("connection reset")


def test_a_dialogue_in_redis_goes_back_to_where_the_store_stands(
    sqlite_store: Store, redis_url: str
) -> None:
    """Two steps of it were in the batch that came to nothing; both come again."""
    sessions = CutOff(redis_url)
    office = Office(sqlite_store, sessions=sessions)
    office.hears("MMXG")
    steps = [office.arrived(text) for text in ("739204", "528461")]
    sessions.cuts = 2
    for _ in range(2):
        with pytest.raises(Unavailable):
            office.serve(*(office.again(step) for step in steps))
    office.serve(*(office.again(step) for step in steps))
    office.hears("528461")
    assert [result for _, result in office.journal()] == ["asked", "asked", "asked", "ok"]
    sessions.close()


def test_when_the_store_is_away_the_batch_is_to_come_again(sqlite_store: Store) -> None:
    """Another program holds it, the disk is full, a server restarts."""
    office, path = Office(sqlite_store), sqlite_store.engine.url.database
    assert path is not None
    message = office.arrived()
    sqlite_store.close()
    hidden = Path(path).rename(f"{path}.away")
    Path(path).mkdir()
    with pytest.raises(Unavailable):
        office.serve(message)
    Path(path).rmdir()
    hidden.rename(path)
    assert len(office.answers(message)) == 1


def test_each_kind_of_work_is_done() -> None:
    """Else a channel could bring what nobody does."""
    assert UnitOfWork.DOES.keys() == set(get_args(DeskWork))


# -- what became of ours -------------------------------------------------------------------------


def test_what_was_settled_and_receipted_is_logged_with_the_messages_id(office: Office) -> None:
    """From the first PDU to the receipt it is one id."""
    office.hears("KTEDU40", CAMPUS)
    answer = office.answers(office.arrived("是", CAMPUS))[0]
    assert answer.receipt
    office.serve(SendOutcomes((SendOutcome(answer.id, True, 5, "smsc-a", ("a1",)),)))
    office.serve(ReceiptArrived(1, "smsc-a", ("A1",), "delivered", 6, CAMPUS))
    office.serve(ReceiptArrived(1, "smsc-a", ("A2",), "delivered", 7, LI))
    told = [(line["event"], line["id"]) for line in office.log() if line["event"] != "served"]
    assert told[-3:] == [("sent", answer.id), ("receipt", answer.id), ("receipt", 0)]


def test_only_what_matters_asks_for_a_receipt(office: Office) -> None:
    """What took effect, and secrets; a balance can be asked for again."""
    (balance,) = office.answers(office.arrived("YE"))
    office.hears("2010")
    (password,) = office.answers(office.arrived("Y"))
    assert (balance.receipt, balance.secret) == (False, False)
    assert (password.receipt, password.secret) == (True, True)


def test_every_message_is_a_line_without_number_or_words(office: Office) -> None:
    """Who reads the log learns what was done, not to whom or in which words."""
    for text in ("YE", "MMXG#739204#528461#528461", f"CXYE#{LI}#123456", "我的话费还剩多少"):
        office.hears(text)
    lines = [line for line in office.log() if line["event"] == "served"]
    assert [(line["phone"], line["action"]) for line in lines] == [
        ("138****8001", "q.balance"),
        ("138****8001", "pw.change"),
        ("138****8001", "q.balance"),
        ("138****8001", "q.balance"),
    ]
    text = office.log_text()
    for secret in (ZHANG, LI, "739204", "528461", "123456", "话费"):
        assert secret not in text


def test_what_was_served_is_counted(office: Office) -> None:
    """By what was asked and how it ended; batches too."""
    before = office.counts.batches
    office.serve(office.arrived("YE"), office.arrived("YE", LI), office.arrived("???"))
    assert office.counts.served["sms", "q.balance", "ok"] == 2
    assert office.counts.batches == before + 1
    assert office.counts.batch_times.seconds > 0


def test_the_lines_can_be_left_out(one_office: Office) -> None:
    """Where the journal is enough."""
    one_office.counter.message_lines = False
    one_office.hears("YE")
    assert one_office.log() == []


def test_a_batch_of_nothing_but_notes_is_served(office: Office) -> None:
    """No subscriber is read for it."""
    message: ShortMessage = office.arrived()
    office.answers(message)
    unsent = SendOutcome(reply_id(message.id, 1), False, 5, "smsc-a", (), "no such number")
    office.serve(SendOutcomes((unsent,)))
    (row,) = office.rows(outbox)
    assert (row["state"], row["reason"]) == (2, "no such number")


# -- hostile texts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "YE\x00",
        "\x00是\x00",
        "\ufffd",  # what half a surrogate pair is read as
        "😀" * 70,
        "{{ 7 * 7 }}",
        "'; DROP TABLE orders; --",
        "%s %(x)s %%",
        "是" * 1000,
        "\u202e\u2066\ufeff",
        "9" * 5000,
    ],
    ids=ascii,
)
def test_no_text_is_more_than_a_text(office: Office, text: str) -> None:
    """While a confirm waits too, whose answer is kept as consent: it is answered, and the store
    takes it."""
    for _ in range(2):
        (served,) = office.serve(office.arrived(text, CAMPUS))
        assert isinstance(served, Served)
        office.hears("KTEDU40", CAMPUS)
    results = {result for _, result in office.journal()}
    assert "failed" not in results
    assert all("49" not in answer.text for answer in office.deliver())
    assert office.hears("YE", CAMPUS) != ""


def test_what_is_kept_is_kept_though_nobody_can_be_told(one_office: Office) -> None:
    """The log's reader is gone, or its disk is full: the message is answered, and not served
    twice."""
    disk = Disk()
    one_office.counter.log = Log(disk)
    disk.full = True
    for _ in range(2):
        (answer,) = one_office.answers(one_office.arrived("YE"))
        assert "56.80" in answer.text
    disk.full = False
    one_office.hears("YE")
    assert one_office.journal() == [("q.balance", "ok")] * 3
    lost, *_ = disk.getvalue().splitlines()
    assert b'"event":"log lines lost","count":2' in lost


class Disk(BytesIO):
    """That may be full."""

    full = False

    def write(self, octets: bytes) -> int:  # type: ignore[override]
        if self.full:
            raise OSError(28, "No space left on device")
        return super().write(octets)
