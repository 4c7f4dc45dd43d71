"""What was typed, of what Asterisk notes and of what its reads get."""

from __future__ import annotations

from itertools import accumulate, cycle, pairwise
from typing import NamedTuple

from hypothesis import assume, given
from hypothesis import strategies as st

from ivr.call.key_buffer import OK, KeyBuffer, ReadResult
from tests.ivr.call.key_timing import Key, Line


class Turn(NamedTuple):
    """Some milliseconds in which nobody reads; then one read."""

    idle: int
    sound: int
    most: int
    enders: str
    wait: int


def typed(line: Line, turns: list[Turn]) -> str:
    """What the keyboard makes of it, when all is over."""
    keyboard = KeyBuffer()
    for turn in turns:
        line.idle(turn.idle)
        keyboard.see(line.noted, line.now / 1000)
        reaped = line.read(turn.sound, turn.most, turn.enders, turn.wait)
        keyboard.read(reaped, turn.enders, turn.most, line.now / 1000)
    while not line.quiet:
        line.idle(1)
    keyboard.see(line.noted, line.now / 1000)
    return keyboard.typed


turns = st.builds(
    Turn,
    idle=st.integers(0, 150),
    sound=st.sampled_from([0, 30, 200, 1000]),
    most=st.integers(1, 7),
    enders=st.sampled_from(["", "#", "#*"]),
    wait=st.sampled_from([1, 100, 300, 1500]),
)
keys = st.sampled_from("0123456789*#")


@st.composite
def by_hand(draw: st.DrawFn) -> list[Key]:
    """As people type, be it fast: a pause is a little longer than the key before it. The same key
    twice is not told apart from one noted twice, if its beginning was not heard."""
    lengths = draw(st.lists(st.integers(40, 200), max_size=12))
    pauses = [50 + max(80, length) for length in [0, *lengths]]
    ends = accumulate(
        length + pause + draw(st.integers(0, 200))
        for length, pause in zip(lengths, pauses, strict=False)
    )
    pressed = [
        Key(end, draw(keys), length, draw(st.booleans()))
        for end, length in zip(ends, lengths, strict=True)
    ]
    assume(all(a.told and b.told for a, b in pairwise(pressed) if a.key == b.key))
    return pressed


@st.composite
def in_bursts(draw: st.DrawFn) -> list[Key]:
    """As packets arrive when nobody has had time for them."""
    gaps = draw(st.lists(st.sampled_from([0, 1, 5, 20, 44, 60, 200]), max_size=12))
    pressed = draw(st.permutations("0123456789*#"))
    return [
        Key(end, key, draw(st.integers(0, 120)), draw(st.booleans()))
        for end, key in zip(accumulate(gaps), pressed, strict=False)
    ]


@given(by_hand(), st.lists(turns, min_size=1, max_size=8))
def test_keys_typed_by_hand_count_once_at_any_moment(pressed, turns):
    """In reads, between them, and from one into the other."""
    assert typed(Line(pressed), turns) == "".join(key.key for key in pressed)


@given(in_bursts(), st.lists(turns, min_size=1, max_size=6))
def test_keys_in_bursts_count_once_where_somebody_reads_again_soon(pressed, turns):
    """However near to each other, and noted twice. Only the same key twice is not told apart."""
    line = Line(pressed)
    keyboard = KeyBuffer()
    asked = cycle(turns)
    while not line.quiet:
        turn = next(asked)
        line.idle(turn.idle % 40)
        keyboard.see(line.noted, line.now / 1000)
        reaped = line.read(turn.sound, turn.most, turn.enders, max(300, turn.wait))
        keyboard.read(reaped, turn.enders, turn.most, line.now / 1000)
    assert keyboard.typed == "".join(key.key for key in pressed)


def test_an_ender_that_is_noted_twice_before_anybody_looks_counts_once():
    """As a real Asterisk did with 739204# in one burst of packets."""
    keyboard = KeyBuffer()
    keyboard.see("73", 10.72)
    keyboard.read(ReadResult(OK, "739204", "7339204"), "#*", 6, 10.818)
    keyboard.begin_anew()
    keyboard.see("##", 10.865)
    keyboard.read(ReadResult(OK, "", "##"), "#*", 1, 10.963)
    assert keyboard.typed == "739204#"


def test_a_key_that_is_typed_twice_counts_twice():
    """However soon."""
    keyboard = KeyBuffer()
    keyboard.read(ReadResult(OK, "2", "2"), "", 1, 10.0)
    keyboard.see("211", 10.05)
    assert keyboard.typed == "211"


def test_what_a_read_got_is_not_printed():
    """It is a password often enough."""
    assert "739204" not in repr(ReadResult(OK, "739204", "739204#"))
