"""Whether keys answer a question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.call.key_reading import KeyReading, ReadStep
from ivr.call.questions import (
    OURS,
    AnswerMatch,
    Question,
    TypedKeys,
    late_answer,
    match_answer,
    phone_keys,
)

DIGIT = Question()
PASSWORD = Question(most=6, enders="#*", tail=1.0)
NUMBER = Question(most=0, enders="#")

keys = st.text("0123456789*#" + OURS, max_size=14)
questions = st.builds(
    Question,
    most=st.integers(0, 7),
    enders=st.sampled_from(["", "#", "#*"]),
    tail=st.sampled_from([0.0, 1.0]),
)


@pytest.mark.parametrize(
    ("raw", "question", "expected"),
    [
        ("", DIGIT, None),
        ("2", DIGIT, AnswerMatch(TypedKeys("2"), 1)),
        ("*1", DIGIT, AnswerMatch(TypedKeys("*"), 1)),
        ("73920", PASSWORD, None),
        ("739204#", PASSWORD, AnswerMatch(TypedKeys("739204", "#"), 7)),
        ("739204", PASSWORD, AnswerMatch(TypedKeys("739204"), 6, open=True)),
        ("7392041", PASSWORD, AnswerMatch(TypedKeys("739204"), 6)),
        ("73#1", PASSWORD, AnswerMatch(TypedKeys("73", "#"), 3)),
        ("*", PASSWORD, AnswerMatch(TypedKeys("", "*"), 1)),
        ("D7D39204D#", PASSWORD, AnswerMatch(TypedKeys("739204", "#"), 10)),
        ("13800138001", NUMBER, None),
        ("13800138001#", NUMBER, AnswerMatch(TypedKeys("13800138001", "#"), 12)),
        ("#", NUMBER, AnswerMatch(TypedKeys("", "#"), 1)),
    ],
)
def test_answers(raw, question, expected):
    """By number of keys, by an ender, or not yet."""
    assert match_answer(raw, question) == expected


@given(keys, questions)
def test_an_answer_holds_the_first_keys_and_no_others(raw, question):
    """What is used up is the answer's keys, its ender, and tones of our own."""
    found = match_answer(raw, question)
    if found is None:
        assert question.most == 0 or len(phone_keys(raw)) < question.most
        assert not set(question.enders) & set(raw)
    else:
        assert phone_keys(raw[: found.used]) == found.typed.keys + found.typed.ender
        assert not set(question.enders) & set(found.typed.keys)


@given(keys, keys, questions)
def test_more_keys_do_not_change_an_answer(raw, more, question):
    """Typing ahead is typing."""
    found = match_answer(raw, question)
    if found and not found.open:
        assert match_answer(raw + more, question) == found


@given(keys)
def test_silence_takes_what_there_is(raw):
    """Half a number is told as what it is."""
    found = late_answer(raw)
    assert found == AnswerMatch(TypedKeys(phone_keys(raw), late=True), len(raw))
    assert found.typed.silent == (not phone_keys(raw))


def test_keys_are_not_printed():
    """They are passwords often enough."""
    assert "739204" not in repr(TypedKeys("739204", "#"))


steps = st.lists(
    st.builds(ReadStep, st.integers(0, 7), st.sampled_from([0.001, 1.5, 6.0])),
    min_size=1,
    max_size=3,
).map(tuple)


@given(
    st.lists(st.from_regex(r"[a-z/0-9]{1,12}", fullmatch=True), max_size=4),
    steps,
    st.sampled_from(["", "#", "#*"]),
    st.none() | st.integers(0, 9),
)
def test_what_is_remembered_of_a_question_is_what_would_be_written(sounds, steps, enders, known):
    """Whatever is played."""
    reading = KeyReading("&".join(sounds), steps, enders, fresh=known is None)
    assert reading.commands(known) == reading.written(known)
