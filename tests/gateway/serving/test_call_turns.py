"""Turns of calls that are heard before they are kept: what is promised of them, on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from twisted.python.failure import Failure

from gateway.dialogue.voice_instruction import AfterPrompt
from gateway.model.messages import ScreenAct
from gateway.model.session_state import packed, unpacked
from gateway.serving.call_turns import KEPT_WITHIN, OFTEN, TRIED_AGAIN
from gateway.serving.work import HeardTurn, Served
from gateway.store.sessions import RedisSessions
from gateway.store.store import Store
from gateway.store.tables import inbox, password_tries, subscriptions
from tests.gateway.messages import ZHANG
from tests.gateway.serving.call_reception import STEP, Caller, Reception

PASSWORD = "739204"


@pytest.fixture
def reception(store: Store) -> Reception:
    """On both kinds of store."""
    return Reception(store)


@pytest.fixture
def redis_reception(sqlite_store: Store, redis_url: str) -> Iterator[Reception]:
    """Where dialogues are kept in Redis."""
    sessions = RedisSessions(redis_url)
    yield Reception(sqlite_store, sessions)
    sessions.close()


@pytest.fixture
def one_reception(sqlite_store: Store) -> Reception:
    """Where it does not matter which."""
    return Reception(sqlite_store)


def at_price(caller: Caller) -> None:
    """As far as the price of a package, by password."""
    caller.calls()
    caller.presses("1")
    assert "密码" in caller.presses("4") + caller.presses("1") + caller.presses("2")
    assert "确认请按1" in caller.presses(PASSWORD)


# -- heard at once, kept a moment later ----------------------------------------------------------


def test_a_menu_is_heard_before_it_is_kept(reception: Reception) -> None:
    """And kept soon, in order, without anybody asking."""
    caller = reception.caller()
    assert "普通话请按1" in caller.calls()
    reception.desk.held = True  # nothing below waits for a transaction
    assert "专席服务请按0" in caller.presses("1")
    assert "输入有误" in caller.presses("77")
    assert reception.journal() == []
    reception.desk.go_on()
    reception.passes(KEPT_WITHIN + STEP)
    assert reception.journal() == [("menu", "shown")] * 3
    assert reception.places() == 1
    assert reception.desk.served == [["ReadCaller"], ["HeardTurn"] * 3]


def test_a_call_that_only_listens_leaves_no_place(reception: Reception) -> None:
    caller = reception.caller()
    caller.calls()
    caller.presses("1")
    caller.hangs_up()
    reception.passes(KEPT_WITHIN + STEP)
    assert reception.journal() == [("menu", "shown"), ("menu", "shown"), ("menu", "gone")]
    assert reception.places() == 0


def test_what_one_caller_asks_takes_along_what_others_heard(reception: Reception) -> None:
    """One transaction for all."""
    others = [reception.caller("13800138002"), reception.caller("")]
    for other in others:
        other.calls()
    caller = reception.caller(ZHANG)
    caller.calls()
    caller.presses("1")
    caller.presses("1")
    caller.presses("1")
    assert "余额" in caller.heard[-1]
    answered = [works for works in reception.desk.served if "CallInput" in works]
    assert answered == [["HeardTurn"] * 5 + ["CallInput"]]


def test_callers_who_ask_one_behind_the_other_share_a_transaction(
    one_reception: Reception,
) -> None:
    """The first is served at once, and nobody waits longer than for this turn to end."""
    one_reception.often = OFTEN
    one_reception.start()
    phones = ("13800138001", "13800138002", "13800138003")
    callers = [one_reception.caller(phone) for phone in phones]
    for caller in callers:
        caller.calls()
    assert [bool(caller.heard) for caller in callers] == [True, False, False]
    one_reception.clock.advance(0)
    assert all(caller.heard for caller in callers)
    assert one_reception.desk.served == [["ReadCaller"], ["HeardTurn", "ReadCaller", "ReadCaller"]]


def test_who_asks_when_nobody_has_for_a_while_is_served_at_once(one_reception: Reception) -> None:
    one_reception.often = OFTEN
    one_reception.start()
    for phone in ("13800138001", "13800138002"):
        caller = one_reception.caller(phone)
        caller.calls()
        assert caller.heard
        one_reception.passes(OFTEN + STEP)


def test_who_hangs_up_while_his_question_waits_is_over_behind_it(one_reception: Reception) -> None:
    """What belongs to one call is kept in its order."""
    one_reception.often = OFTEN
    one_reception.start()
    caller = one_reception.caller()
    caller.calls()
    caller.presses("1")
    caller.presses("1")
    caller.presses("1")
    caller.hangs_up()
    one_reception.passes(KEPT_WITHIN + STEP)
    works = [work for batch in one_reception.desk.served for work in batch]
    assert works == ["ReadCaller", "HeardTurn", "HeardTurn", "HeardTurn", "CallInput", "CallInput"]
    assert one_reception.places() == 0


def test_counts_and_the_log_have_it_as_well(one_reception: Reception) -> None:
    caller = one_reception.caller()
    caller.calls()
    one_reception.passes(KEPT_WITHIN + STEP)
    assert 'requests_total{action="menu",channel="voice",result="shown"} 1.0' in (
        one_reception.office.counts.text().decode()
    )
    (served,) = [line for line in one_reception.office.log() if line["event"] == "served"]
    assert (served["action"], served["phone"]) == ("menu", "138****8001")
    assert one_reception.office.counter.usage.take()


# -- what has an effect is kept before it is heard -----------------------------------------------


def test_an_order_is_heard_when_it_is_kept(reception: Reception) -> None:
    """Not before its transaction; and that has all that came before it on the call."""
    caller = reception.caller()
    at_price(caller)
    before = len(reception.office.rows(subscriptions))
    reception.desk.held = True
    assert caller.presses("1") == ""
    assert len(reception.office.rows(subscriptions)) == before
    reception.desk.go_on()
    assert "已开通" in caller.heard[-1]
    assert len(reception.office.rows(subscriptions)) == before + 1


def test_a_wrong_password_is_counted_before_it_is_told(reception: Reception) -> None:
    """Who hangs up before the words has used a try all the same."""
    caller = reception.caller()
    caller.calls()
    caller.presses("1")
    for key in "412":
        caller.presses(key)
    reception.desk.held = True
    assert caller.presses("111112") == ""
    reception.desk.go_on()
    assert "服务密码不正确" in caller.heard[-1]
    assert reception.office.rows(password_tries)


def test_a_command_that_answers_is_served_by_the_desk(reception: Reception) -> None:
    """A balance is read when it is told, not when the call began."""
    caller = reception.caller()
    caller.calls()
    caller.presses("1")
    caller.presses("1")
    reception.desk.held = True
    assert caller.presses("1") == ""
    reception.desk.go_on()
    assert "您的余额" in caller.heard[-1]


# -- killed, or away -----------------------------------------------------------------------------


def test_killed_between_hearing_and_keeping_a_call_goes_on_a_screen_earlier(
    reception: Reception,
) -> None:
    caller = reception.caller()
    welcome = caller.calls()
    reception.passes(KEPT_WITHIN + STEP)
    main = caller.presses("1")
    assert main != welcome
    reception.start()  # the key was not kept
    again = reception.caller(ours=False, session=caller.session)
    again.does(ScreenAct.AGAIN)
    assert again.heard == [welcome]
    assert again.presses("1") == main


def test_killed_after_it_was_kept_a_call_goes_on_where_it_was(reception: Reception) -> None:
    caller = reception.caller()
    caller.calls()
    main = caller.presses("1")
    reception.passes(KEPT_WITHIN + STEP)
    reception.start()
    again = reception.caller(ours=False, session=caller.session)
    again.does(ScreenAct.AGAIN)
    assert again.heard == [main]


def test_what_cannot_be_kept_is_brought_again_until_it_is(reception: Reception) -> None:
    """Once; and until then callers are answered by the desk, which tells them that it cannot."""
    caller = reception.caller()
    caller.calls()
    caller.presses("1")
    reception.away = True
    reception.passes(KEPT_WITHIN + 3 * TRIED_AGAIN)
    assert reception.journal() == []
    assert caller.presses("2") == ""
    assert isinstance(caller.results[-1], Failure)
    reception.away = False
    reception.passes(2 * TRIED_AGAIN)
    assert reception.journal() == [("menu", "shown")] * 2
    assert reception.places() == 1
    caller.does(ScreenAct.AGAIN)
    assert caller.heard[-1] == caller.heard[1], "where he stood before the key that came to nothing"


def test_what_was_kept_and_not_said_is_not_kept_twice(reception: Reception) -> None:
    """The store died while it committed; and by then the caller stands elsewhere."""
    caller = reception.caller()
    caller.calls()
    reception.desk.unsaid = True
    reception.passes(KEPT_WITHIN + STEP)
    assert len(reception.journal()) == 1
    reception.desk.unsaid = False
    main = caller.presses("1")
    reception.passes(2 * TRIED_AGAIN)
    assert [action for action, _ in reception.journal()] == ["menu"] * 2
    again = reception.caller(ours=False, session=caller.session)
    again.does(ScreenAct.AGAIN)
    assert again.heard == [main]


def test_a_late_turn_moves_nobody_who_has_gone_on(reception: Reception) -> None:
    """It was not kept, what followed was: the journal has both, the caller stands where he is."""
    caller = reception.caller()
    caller.calls()
    reception.passes(KEPT_WITHIN + STEP)
    works: list[HeardTurn] = []
    reception.desk.held = True
    main = caller.presses("1")
    reception.passes(KEPT_WITHIN + STEP)
    (job,) = reception.desk.batches.pop()
    works.append(cast(HeardTurn, job.work))
    reception.desk.held = False
    later = caller.presses("4")
    reception.passes(KEPT_WITHIN + STEP)
    reception.office.serve(works[0]._replace(again=True))
    assert len(reception.journal()) == 3
    again = reception.caller(ours=False, session=caller.session)
    again.does(ScreenAct.AGAIN)
    assert again.heard == [later] != [main]


def test_where_a_caller_stands_is_the_same_when_it_is_read(one_reception: Reception) -> None:
    """By that it is told whether he has gone on."""
    caller = one_reception.caller()
    stands = []
    for does in (caller.calls, lambda: caller.presses("1"), lambda: caller.presses("4")):
        does()
        stands.append(caller._turns._stands)
    for each in stands:
        assert each is not None
        assert unpacked(packed(each)) == each


@pytest.mark.service
def test_a_place_in_redis_counts_when_the_store_knows_the_turn(redis_reception: Reception) -> None:
    """Written before the commit that never came, it is as if it had not been."""
    caller = redis_reception.caller()
    welcome = caller.calls()
    redis_reception.passes(KEPT_WITHIN + STEP)
    main = caller.presses("1")
    redis_reception.away = True
    redis_reception.passes(KEPT_WITHIN + STEP)
    redis_reception.away = False
    redis_reception.start()
    again = redis_reception.caller(ours=False, session=caller.session)
    again.does(ScreenAct.AGAIN)
    assert again.heard == [welcome]
    assert again.presses("1") == main
    redis_reception.passes(KEPT_WITHIN + STEP)
    last = redis_reception.caller(ours=False, session=caller.session)
    last.does(ScreenAct.AGAIN)
    assert last.heard == [main]


# -- what is at hand -----------------------------------------------------------------------------


def test_a_number_is_read_once_for_a_walk_and_anew_after_an_effect(reception: Reception) -> None:
    caller = reception.caller()
    caller.calls()
    caller.presses("1")
    caller.presses("4")
    reads = [works for works in reception.desk.served if works == ["ReadCaller"]]
    assert len(reads) == 1


def test_a_person_is_asked_for_at_the_desk(reception: Reception) -> None:
    """Where he stands must be kept before somebody takes the call over."""
    caller = reception.caller()
    caller.calls()
    caller.presses("1")
    reception.desk.held = True
    assert caller.presses("0") == ""
    reception.desk.go_on()
    result = cast(Served, caller.results[-1])
    assert result.cue is not None
    assert result.cue.then is AfterPrompt.HAND_OVER
    assert [row["phone"] for row in reception.office.rows(inbox)] == [int(ZHANG)] * 3


def test_who_hangs_up_before_the_first_word_has_heard_nothing(reception: Reception) -> None:
    caller = reception.caller()
    reception.desk.held = True
    assert caller.calls() == ""
    caller.hangs_up()
    reception.desk.go_on()
    reception.passes(KEPT_WITHIN + STEP)
    assert caller.heard == []
    assert reception.journal() == [("menu", "gone")]
