"""What Asterisk tells of a queue."""

from __future__ import annotations

import pytest

from ivr.ami.messages import AmiMessage
from ivr.call.queue_status import QueuePosition, QueueState, parse_queue_state


def said(event: str, **headers: str) -> AmiMessage:
    lines = {"Event": event, **headers}
    return AmiMessage("\r\n".join(f"{name}: {value}" for name, value in lines.items()).encode())


def member(status: str, paused: str = "0") -> AmiMessage:
    return said("QueueMember", Queue="hall", Status=status, Paused=paused)


def test_a_state_has_places_people_and_talks() -> None:
    """People are those whom a call reaches: not unknown, invalid, unavailable, or paused."""
    state = parse_queue_state(
        [
            said("QueueParams", Queue="hall", Calls="2", Holdtime="41", TalkTime="95"),
            *(member(status) for status in "0123456"),
            member("1", paused="1"),
            said("QueueEntry", Queue="hall", Position="1", Uniqueid="a.1"),
            said("QueueEntry", Queue="hall", Position="2", Uniqueid="b.2"),
        ]
    )
    assert state == QueueState({"a.1": 1, "b.2": 2}, 4, 95)


@pytest.mark.parametrize(
    ("state", "place"),
    [
        (QueueState({"a": 1}, 1, 90), QueuePosition(0, 90)),
        (QueueState({"a": 5}, 2, 90), QueuePosition(4, 225)),
        (QueueState({"a": 1}, 9, 90), QueuePosition(0, 60)),
        (QueueState({"a": 3}, 2, 0), QueuePosition(2, 0)),
        (QueueState({"a": 3}, 0, 90), QueuePosition(2, 0)),
        (QueueState({"b": 1}, 2, 90), None),
    ],
)
def test_a_wait_follows_from_talks_and_people(
    state: QueueState, place: QueuePosition | None
) -> None:
    """Never less than a minute; not at all before the first talk, or without people."""
    assert state.place("a") == place


def test_nonsense_is_nought() -> None:
    """Whatever an Asterisk may say some day."""
    assert parse_queue_state([said("QueueParams", TalkTime="-1"), said("Whatever")]) == QueueState(
        {}, 0, 0
    )
