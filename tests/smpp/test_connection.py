"""The Twisted shell round a session, on a clock and a transport in memory."""

from __future__ import annotations

import pytest

from smpp.events import Bound, Delivered
from smpp.pdu import (
    BindKind,
    BindResp,
    DeliverSm,
    DeliverSmResp,
    SubmitSm,
)
from tests.smpp.shell import Listener, Shell, frames

MO = DeliverSm(source_addr="8613800138001", destination_addr="10086", short_message=b"YE")
MT = SubmitSm(source_addr="10086", destination_addr="8613800138001", short_message=b"56.80")


@pytest.fixture
def shells():
    """Makes connections; at the end of the test none of them has a timer left."""
    made: list[Shell] = []

    def make(*args, **kwargs) -> Shell:
        made.append(Shell(*args, **kwargs))
        return made[-1]

    yield make
    for shell in made:
        if not shell.connection.session.over() or shell.wire.disconnecting:
            shell.hang_up()
        assert shell.clock.getDelayedCalls() == []


def test_it_binds_as_soon_as_it_is_connected(shells):
    """The bind leaves at once, without Nagle's delay, and the user hears of its success."""
    shell = shells()
    assert shell.wire.no_delay
    (bind,) = shell.sent()
    assert bind.pdu.kind is BindKind.TRANSCEIVER
    shell.say(BindResp(BindKind.TRANSCEIVER, "SMSC"), bind.sequence)
    assert shell.user.calls == [[Bound("SMSC", None)]]


def test_a_turns_events_come_in_one_call(shells):
    """However many PDUs a segment holds, the user is called once."""
    shell = shells().bound()
    shell.user.calls.clear()
    shell.connection.dataReceived(
        b"".join(shell_module_encode(MO, number) for number in range(1, 6))
    )
    assert [len(call) for call in shell.user.calls] == [5]


def shell_module_encode(pdu, sequence):
    from smpp.writing import encode  # noqa: PLC0415

    return encode(pdu, sequence)


def test_answers_and_messages_of_one_turn_leave_in_one_write(shells):
    """The desk answers a batch from outside a turn: one write when the reactor turns."""
    shell = shells().bound()
    for number in range(1, 6):
        shell.say(MO, number)
    for number in range(1, 6):
        shell.connection.answer(number, 0)
        shell.connection.submit(MT, number)
    assert shell.wire.writes == []
    shell.turn()
    (written,) = shell.wire.writes
    kinds = [type(frame.pdu) for frame in frames(written)]
    assert kinds == [DeliverSmResp, SubmitSm] * 5


def test_answers_given_at_once_leave_at_the_end_of_the_call(shells):
    """A user that answers within `events` costs one write and no further turn."""

    class Answering(Listener):
        def events(self, connection, events):
            super().events(connection, events)
            for event in events:
                if isinstance(event, Delivered):
                    connection.answer(event.sequence, 0)

    shell = shells(user=Answering()).bound()
    octets = b"".join(shell_module_encode(MO, number) for number in range(1, 4))
    shell.connection.dataReceived(octets)
    assert [len(frames(written)) for written in shell.wire.writes] == [3]
