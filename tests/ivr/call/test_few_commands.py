"""Each command costs a turn of Asterisk and of ours: what earlier calls have seen it do at once is
not told in parts, and what a read leaves is told and forgotten in one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.call.prompts import QuestionEnded
from ivr.call.questions import Question, TypedKeys
from tests.ivr.call.begun_call import MENU, PASSWORD, begun

NOTED = "HALL_KEYS"


@pytest.fixture
def exchange(pairs):
    return pairs()


def commands(pair) -> int:
    """How many AGI commands Asterisk has been given on this connection."""
    asked: list[str] = pair.pbx.managers[0].asked
    return asked.count("AGI")


def answers(pair, call, channel, keys="2", question=MENU):
    """Asks, and lets the caller type; how many commands that took."""
    before = commands(pair)
    call.ask(question, pair.now)
    pair.wait(0.1)
    pair.press(channel, keys)
    pair.wait(2)
    return commands(pair) - before


def test_a_later_call_begins_with_one_command(exchange):
    """And lasts as long, and loses no key before its first word."""
    call, channel = begun(exchange)
    assert commands(exchange) == 2
    answers(exchange, call, channel)
    before = commands(exchange)
    call, channel = begun(exchange)
    assert commands(exchange) == before + 1
    assert channel.variables["TIMEOUT(absolute)"] == "900"
    exchange.press(channel, "7")
    exchange.wait(0.1)
    call.ask(MENU, exchange.now)
    exchange.wait(0.2)
    assert QuestionEnded(TypedKeys("7")) in exchange.told(call)


@pytest.mark.parametrize("lack", ["exec", "storedtmf", "func_logic"])
def test_what_no_call_has_seen_done_is_told_in_parts(pairs, lack):
    pair = pairs(lacks=frozenset({lack}))
    for _ in range(2):
        before = commands(pair)
        call, channel = begun(pair)
        assert commands(pair) >= before + 2
        assert channel.variables["TIMEOUT(absolute)"] == "900"
        answers(pair, call, channel)
        assert pair.told(call) == [QuestionEnded(TypedKeys("2"))]


def test_an_asterisk_that_has_lost_a_module_is_told_in_parts_again(exchange):
    """The call that finds it out is served, and its time is limited."""
    answers(exchange, *begun(exchange))
    exchange.pbx.lacks |= {"exec"}
    call, channel = begun(exchange)
    assert channel.variables["TIMEOUT(absolute)"] == "900"
    assert channel.noting == NOTED
    answers(exchange, call, channel)
    assert exchange.told(call) == [QuestionEnded(TypedKeys("2"))]
    before = commands(exchange)
    begun(exchange)
    assert commands(exchange) == before + 2


def test_what_was_seen_is_seen_anew_after_a_login(exchange):
    """It may be another Asterisk, or a newer one."""
    answers(exchange, *begun(exchange))
    exchange.cut()
    exchange.connect()
    begun(exchange)
    assert commands(exchange) == 2


def test_a_password_is_told_and_forgotten_by_the_same_command(exchange):
    """Its steps, and one command that looks: no other in between, and none behind."""
    call, channel = begun(exchange)
    answers(exchange, call, channel)
    exchange.told(call)
    assert answers(exchange, call, channel, "739204#", PASSWORD) == 3
    assert exchange.told(call) == [QuestionEnded(TypedKeys("739204", "#"))]
    assert not [name for name, value in channel.variables.items() if "7392" in value]


def test_keys_typed_while_a_password_is_forgotten_count(exchange):
    """Those behind its # belong to the next question."""
    call, channel = begun(exchange)
    answers(exchange, call, channel)
    answers(exchange, call, channel, "739204#5", PASSWORD)
    call.ask(MENU, exchange.now)
    exchange.wait(0.5)
    typed = [event.typed for event in exchange.told(call)]
    assert typed == [TypedKeys("2"), TypedKeys("739204", "#"), TypedKeys("5")]


def test_what_was_typed_before_a_fresh_question_costs_no_look(exchange):
    """It does not count, and is not left on the channel."""
    call, channel = begun(exchange)
    answers(exchange, call, channel)
    exchange.told(call)
    exchange.press(channel, "1")
    exchange.wait(0.1)
    assert answers(exchange, call, channel, "739204#", replace(PASSWORD, fresh=True)) == 3
    assert exchange.told(call) == [QuestionEnded(TypedKeys("739204", "#"))]
    assert not [name for name, value in channel.variables.items() if "7392" in value]
    call.ask(Question(("again",)), exchange.now)
    exchange.wait(3)
    assert exchange.told(call) == []
