"""USSD on a link: what the desk is handed, and what its screens become on the wire."""

from __future__ import annotations

import pytest
from smpplib.consts import SMPP_ESME_RMSGQFUL, SMPP_ESME_ROK
from twisted.python.failure import Failure

from gateway.channels.smpp.ussd import STEP_WITHIN
from gateway.model.address import Address
from gateway.model.message_id import moment_of
from gateway.model.messages import (
    BindOverlaps,
    OutgoingMessage,
    OutgoingScreen,
    ScreenAct,
    ShortMessage,
    UssdInput,
)
from gateway.serving.desk import Unavailable
from gateway.serving.work import Served
from smpp.pdu import DeliverSmResp, SubmitSm, SubmitSmResp
from tests.gateway.channels.smsc_peer import SmscPeer

OP, ITS = 0x0501, 0x1383
NAME = (ITS, b"\x0a\x14")


def says(smsc: SmscPeer, text: str, op: int, sequence: int = 1) -> None:
    """A centre that names dialogues by its_session_info."""
    smsc.delivers(
        text, sequence, service_type="USSD", destination_addr="139", data_coding=15,
        tlvs=((OP, bytes([op])), NAME),
    )  # fmt: skip


def screen(arrived: UssdInput, act: ScreenAct) -> OutgoingMessage:
    """What the desk answers."""
    until = int(moment_of(arrived.id) * 1000) + 10_000
    shown = OutgoingScreen(act, arrived.session, until)
    return OutgoingMessage(
        arrived.id + 1, arrived.link, arrived.port, arrived.source, "OK", screen=shown
    )


@pytest.mark.parametrize(
    ("op", "text", "act"),
    [(1, "*139#", ScreenAct.BEGIN), (18, "2", ScreenAct.ON), (129, "", ScreenAct.END)],
)
def test_a_message_of_a_dialogue(smsc: SmscPeer, op: int, text: str, act: ScreenAct) -> None:
    """With its name and its place; acknowledged when it is kept."""
    says(smsc, text, op)
    (arrived,) = smsc.desk.dialled()
    assert (arrived.act, arrived.session, arrived.unseen) == (act, "1383:0a14", False)
    assert (arrived.text, arrived.phone, str(arrived.port)) == (text, "13800138001", "0.0.139")
    assert smsc.answers() == []
    smsc.desk.all_done()
    assert smsc.answers() == [(1, SMPP_ESME_ROK)]


@pytest.mark.parametrize(
    ("act", "op"), [(ScreenAct.ON, 2), (ScreenAct.END, 17), (ScreenAct.NOTE, 3)]
)
def test_a_screen(smsc: SmscPeer, act: ScreenAct, op: int) -> None:
    """Under the name that came, and never with a receipt."""
    says(smsc, "1", 18)
    (arrived,) = smsc.desk.dialled()
    smsc.desk.done(Served((screen(arrived, act),)))
    (sent,) = smsc.submitted()
    assert sent.tlvs == ((OP, bytes([op])), NAME)
    assert (sent.service_type, sent.source_addr) == ("USSD", "139")
    assert sent.registered_delivery == 0


def test_who_answers_a_question_is_served_behind_its_being_taken(smsc: SmscPeer) -> None:
    """On a screen as in a short message: the desk knows both by the same key."""
    says(smsc, "5", 18)
    (arrived,) = smsc.desk.dialled()
    asks = screen(arrived, ScreenAct.ON)._replace(asks_for=7)
    smsc.desk.done(Served((asks,)))
    ((number, _),) = [(n, pdu) for n, _, pdu in smsc.sent() if isinstance(pdu, SubmitSm)]
    smsc.say(SubmitSmResp("1"), number)
    says(smsc, "1", 18, 2)
    assert [settled.lane for settled in smsc.settled] == [smsc.desk.jobs[-1].key]


def test_a_phone_that_has_shown_a_notice(smsc: SmscPeer) -> None:
    """Is heard, and there is nothing to do."""
    says(smsc, "", 19)
    assert smsc.desk.dialled() == []
    assert smsc.answers() == [(1, SMPP_ESME_ROK)]


def test_where_only_the_number_names_a_dialogue() -> None:
    """Whatever else the centre sends along goes nowhere."""
    smsc = SmscPeer(ussd="msisdn")
    smsc.desk.all_done()
    says(smsc, "*139#", 1)
    (arrived,) = smsc.desk.dialled()
    smsc.desk.done(Served((screen(arrived, ScreenAct.ON),)))
    (sent,) = smsc.submitted()
    assert sent.tlvs == ((OP, b"\2"),)


def test_a_link_without_ussd() -> None:
    """Has short messages only, whatever they look like."""
    smsc = SmscPeer(ussd="off")
    smsc.desk.all_done()
    says(smsc, "*139#", 1)
    (arrived,) = smsc.desk.arrived()
    assert isinstance(arrived, ShortMessage)
    assert arrived.text == "*139#"


@pytest.mark.parametrize(("op", "text"), [(1, "*139#"), (18, "1")])
def test_a_step_that_takes_too_long_is_over_in_time(
    smsc: SmscPeer,
    op: int,
    text: str,
) -> None:
    """Before the network gives up, and before it delivers again, there is a last screen. What the
    desk answers at last is told by SMS, and never shown."""
    says(smsc, text, op)
    (arrived,) = smsc.desk.dialled()
    smsc.clock.advance(STEP_WITHIN - 0.1)
    assert smsc.sent() == []
    smsc.clock.advance(0.1)
    sent = smsc.sent()
    assert [(n, status) for n, status, pdu in sent if isinstance(pdu, DeliverSmResp)] == [
        (1, SMPP_ESME_ROK)
    ]
    ((number, last),) = [(n, pdu) for n, _, pdu in sent if isinstance(pdu, SubmitSm)]
    assert last.tlvs == ((OP, bytes([17])), NAME)
    smsc.say(SubmitSmResp("1"), number)
    smsc.clock.advance(5)
    answer = screen(arrived, ScreenAct.END)
    assert answer.screen is not None
    told = answer.screen._replace(otherwise="smsc-a", source=Address.service("10086"))
    smsc.desk.done(Served((answer._replace(screen=told, instead="done"),)))
    (letter,) = smsc.submitted()
    assert (letter.service_type, letter.short_message) == ("", b"done")
    assert smsc.answers() == []


def test_a_question_that_comes_too_late_is_not_asked(smsc: SmscPeer) -> None:
    """There is nobody to answer it, and nothing in it to be told."""
    says(smsc, "*139#", 1)
    (arrived,) = smsc.desk.dialled()
    smsc.clock.advance(STEP_WITHIN)
    smsc.sent()
    smsc.desk.done(Served((screen(arrived, ScreenAct.ON),)))
    assert smsc.sent() == []


def test_a_step_whose_store_is_away_is_over_at_once(smsc: SmscPeer) -> None:
    """Delivered again, its key would come to a dialogue that is over."""
    says(smsc, "1", 18)
    smsc.desk.done(Failure(Unavailable("store")))
    sent = smsc.sent()
    assert [status for _, status, pdu in sent if isinstance(pdu, DeliverSmResp)] == [SMPP_ESME_ROK]
    assert [pdu.tlvs[0] for _, _, pdu in sent if isinstance(pdu, SubmitSm)] == [(OP, bytes([17]))]
    smsc.clock.advance(STEP_WITHIN)
    assert smsc.submitted() == []


def test_a_step_for_which_the_desk_has_no_room_is_over_at_once(smsc: SmscPeer) -> None:
    """A short message comes again; a screen is there at once or not at all."""
    smsc.desk.room = 0
    says(smsc, "*139#", 1)
    smsc.delivers("YE", 2)
    sent = smsc.sent()
    answers = [(n, status) for n, status, pdu in sent if isinstance(pdu, DeliverSmResp)]
    assert answers == [(1, SMPP_ESME_ROK), (2, SMPP_ESME_RMSGQFUL)]
    assert [pdu.tlvs[0] for _, _, pdu in sent if isinstance(pdu, SubmitSm)] == [(OP, bytes([17]))]
    assert smsc.desk.dialled() == []


def test_a_step_in_time_leaves_no_timer(smsc: SmscPeer) -> None:
    """Nothing more is said, however long it is ago."""
    before = smsc.clock.getDelayedCalls()
    says(smsc, "*139#", 1)
    smsc.desk.done(Served())
    assert smsc.clock.getDelayedCalls() == before


def test_what_is_typed_before_the_screen_has_left(smsc: SmscPeer) -> None:
    """While the step before it is at the desk, and while its screen waits for its link; dialling is
    never too early."""
    says(smsc, "*139#", 1)
    says(smsc, "5", 18, 2)
    first, second = smsc.desk.dialled()
    assert second.unseen
    smsc.desk.all_done()
    smsc.outbox.take([screen(first, ScreenAct.ON)])
    says(smsc, "5", 18, 3)
    says(smsc, "*139#", 1, 4)
    assert [arrived.unseen for arrived in smsc.desk.dialled()] == [True, False]
    smsc.desk.all_done()
    smsc.outbox.pump()
    says(smsc, "5", 18, 5)
    (read,) = smsc.desk.dialled()
    assert not read.unseen


def test_a_dialogue_and_short_messages_do_not_overlap(smsc: SmscPeer) -> None:
    """Each has its own order; leaving waits for nobody. Two keys at once do overlap."""
    smsc.delivers("YE", 1)
    says(smsc, "*139#", 1, 2)
    says(smsc, "", 129, 3)
    smsc.linger()
    assert [work for work in smsc.desk.works if isinstance(work, BindOverlaps)] == []
    says(smsc, "1", 18, 4)
    smsc.linger()
    assert [work for work in smsc.desk.works if isinstance(work, BindOverlaps)] != []
