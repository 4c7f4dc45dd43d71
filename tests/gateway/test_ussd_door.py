"""USSD at the door: what the desk is handed, and what its screens become on the wire."""

from __future__ import annotations

import pytest
from smpplib.consts import SMPP_ESME_RMSGQFUL, SMPP_ESME_ROK
from twisted.python.failure import Failure

from gateway.batch import Served
from gateway.channels.ussd import STEP_WITHIN
from gateway.desk import Unavailable
from gateway.ids import moment_of
from gateway.mail import Act, Arrived, Outgoing, Overlaps, Screen, Turn
from smpp.pdu import DeliverSmResp, SubmitSm, SubmitSmResp
from tests.gateway.test_sms_door import House, house  # noqa: F401  # a fixture

OP, ITS = 0x0501, 0x1383
NAME = (ITS, b"\x0a\x14")


def says(house: House, text: str, op: int, sequence: int = 1) -> None:  # noqa: F811
    """A centre that names dialogues by its_session_info."""
    house.delivers(
        text, sequence, service_type="USSD", destination_addr="139", data_coding=15,
        tlvs=((OP, bytes([op])), NAME),
    )  # fmt: skip


def screen(arrived: Arrived, act: Act) -> Outgoing:
    """What the desk answers."""
    assert arrived.turn is not None
    until = int(moment_of(arrived.id) * 1000) + 10_000
    shown = Screen(act, arrived.turn.session, until)
    return Outgoing(arrived.id + 1, arrived.link, arrived.port, arrived.source, "OK", screen=shown)


@pytest.mark.parametrize(
    ("op", "text", "act"), [(1, "*139#", Act.BEGIN), (18, "2", Act.ON), (129, "", Act.END)]
)
def test_a_message_of_a_dialogue(house: House, op: int, text: str, act: Act) -> None:  # noqa: F811
    """With its name and its place; acknowledged when it is kept."""
    says(house, text, op)
    (arrived,) = house.tray.arrived()
    assert arrived.turn == Turn(act, "1383:0a14")
    assert (arrived.text, arrived.phone, arrived.port) == (text, "13800138001", "0.0.139")
    assert house.answers() == []
    house.tray.all_done()
    assert house.answers() == [(1, SMPP_ESME_ROK)]


@pytest.mark.parametrize(("act", "op"), [(Act.ON, 2), (Act.END, 17), (Act.NOTE, 3)])
def test_a_screen(house: House, act: Act, op: int) -> None:  # noqa: F811
    """Under the name that came, and never with a receipt."""
    says(house, "1", 18)
    (arrived,) = house.tray.arrived()
    house.tray.done(Served((screen(arrived, act),)))
    (sent,) = house.submitted()
    assert sent.tlvs == ((OP, bytes([op])), NAME)
    assert (sent.service_type, sent.source_addr) == ("USSD", "139")
    assert sent.registered_delivery == 0


def test_a_phone_that_has_shown_a_notice(house: House) -> None:  # noqa: F811
    """Is heard, and there is nothing to do."""
    says(house, "", 19)
    assert house.tray.arrived() == []
    assert house.answers() == [(1, SMPP_ESME_ROK)]


def test_where_only_the_number_names_a_dialogue() -> None:
    """Whatever else the centre sends along goes nowhere."""
    house = House(ussd="msisdn")  # noqa: F811
    house.tray.all_done()
    says(house, "*139#", 1)
    (arrived,) = house.tray.arrived()
    house.tray.done(Served((screen(arrived, Act.ON),)))
    (sent,) = house.submitted()
    assert sent.tlvs == ((OP, b"\2"),)


def test_a_link_without_ussd() -> None:
    """Has short messages only, whatever they look like."""
    house = House(ussd="off")  # noqa: F811
    house.tray.all_done()
    says(house, "*139#", 1)
    (arrived,) = house.tray.arrived()
    assert (arrived.turn, arrived.text) == (None, "*139#")


@pytest.mark.parametrize(("op", "text"), [(1, "*139#"), (18, "1")])
def test_a_step_that_takes_too_long_is_over_in_time(
    house: House,  # noqa: F811
    op: int,
    text: str,
) -> None:
    """Before the network gives up, and before it delivers again, there is a last screen. What the
    desk answers at last is told by SMS, and never shown."""
    says(house, text, op)
    (arrived,) = house.tray.arrived()
    house.clock.advance(STEP_WITHIN - 0.1)
    assert house.sent() == []
    house.clock.advance(0.1)
    sent = house.sent()
    assert [(n, status) for n, status, pdu in sent if isinstance(pdu, DeliverSmResp)] == [
        (1, SMPP_ESME_ROK)
    ]
    ((number, last),) = [(n, pdu) for n, _, pdu in sent if isinstance(pdu, SubmitSm)]
    assert last.tlvs == ((OP, bytes([17])), NAME)
    house.say(SubmitSmResp("1"), number)
    house.clock.advance(5)
    answer = screen(arrived, Act.END)
    assert answer.screen is not None
    told = answer.screen._replace(otherwise="smsc-a", source="0.1.10086")
    house.tray.done(Served((answer._replace(screen=told, instead="done"),)))
    (letter,) = house.submitted()
    assert (letter.service_type, letter.short_message) == ("", b"done")
    assert house.answers() == []


def test_a_question_that_comes_too_late_is_not_asked(house: House) -> None:  # noqa: F811
    """There is nobody to answer it, and nothing in it to be told."""
    says(house, "*139#", 1)
    (arrived,) = house.tray.arrived()
    house.clock.advance(STEP_WITHIN)
    house.sent()
    house.tray.done(Served((screen(arrived, Act.ON),)))
    assert house.sent() == []


def test_a_step_whose_store_is_away_is_over_at_once(house: House) -> None:  # noqa: F811
    """Delivered again, its key would come to a dialogue that is over."""
    says(house, "1", 18)
    house.tray.done(Failure(Unavailable("store")))
    sent = house.sent()
    assert [status for _, status, pdu in sent if isinstance(pdu, DeliverSmResp)] == [SMPP_ESME_ROK]
    assert [pdu.tlvs[0] for _, _, pdu in sent if isinstance(pdu, SubmitSm)] == [(OP, bytes([17]))]
    house.clock.advance(STEP_WITHIN)
    assert house.submitted() == []


def test_a_step_for_which_the_desk_has_no_room_is_over_at_once(house: House) -> None:  # noqa: F811
    """A short message comes again; a screen is there at once or not at all."""
    house.tray.room = 0
    says(house, "*139#", 1)
    house.delivers("YE", 2)
    sent = house.sent()
    answers = [(n, status) for n, status, pdu in sent if isinstance(pdu, DeliverSmResp)]
    assert answers == [(1, SMPP_ESME_ROK), (2, SMPP_ESME_RMSGQFUL)]
    assert [pdu.tlvs[0] for _, _, pdu in sent if isinstance(pdu, SubmitSm)] == [(OP, bytes([17]))]
    assert house.tray.arrived() == []


def test_a_step_in_time_leaves_no_timer(house: House) -> None:  # noqa: F811
    """Nothing more is said, however long it is ago."""
    before = house.clock.getDelayedCalls()
    says(house, "*139#", 1)
    house.tray.done(Served())
    assert house.clock.getDelayedCalls() == before


def test_what_is_typed_before_the_screen_has_left(house: House) -> None:  # noqa: F811
    """While the step before it is at the desk, and while its screen waits for its link; dialling is
    never too early."""
    says(house, "*139#", 1)
    says(house, "5", 18, 2)
    first, second = house.tray.arrived()
    assert second.turn is not None
    assert second.turn.unseen
    house.tray.all_done()
    house.outbox.take([screen(first, Act.ON)])
    says(house, "5", 18, 3)
    says(house, "*139#", 1, 4)
    assert [a.turn and a.turn.unseen for a in house.tray.arrived()] == [True, False]
    house.tray.all_done()
    house.outbox.pump()
    says(house, "5", 18, 5)
    (read,) = house.tray.arrived()
    assert read.turn is not None
    assert not read.turn.unseen


def test_a_dialogue_and_short_messages_do_not_overlap(house: House) -> None:  # noqa: F811
    """Each has its own order; leaving waits for nobody. Two keys at once do overlap."""
    house.delivers("YE", 1)
    says(house, "*139#", 1, 2)
    says(house, "", 129, 3)
    house.linger()
    assert [work for work in house.tray.works if isinstance(work, Overlaps)] == []
    says(house, "1", 18, 4)
    house.linger()
    assert [work for work in house.tray.works if isinstance(work, Overlaps)] != []
