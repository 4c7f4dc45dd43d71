"""Acknowledged means safe: when an SMSC is told that a message was taken."""

from __future__ import annotations

import pytest
from smpplib.consts import (
    SMPP_ESME_RMSGQFUL,
    SMPP_ESME_ROK,
)
from twisted.python.failure import Failure

from gateway.serving.desk import Unavailable
from gateway.serving.work import Served
from smpp.pdu import (
    DataSm,
    DataSmResp,
    DeliverSmResp,
    SubmitSm,
)
from tests.gateway.channels.smsc_peer import ZHANG, SmscPeer, answer


def test_a_message_is_acknowledged_when_the_desk_has_kept_it(smsc: SmscPeer) -> None:
    """And not a moment before."""
    smsc.delivers("YE", 7)
    smsc.clock.advance(5)
    assert smsc.answers() == []
    smsc.desk.done(Served())
    assert smsc.answers() == [(7, SMPP_ESME_ROK)]


def test_the_answer_leaves_after_the_acknowledgement(smsc: SmscPeer) -> None:
    """By the outbox, to the address that asked, from the number that was asked."""
    smsc.delivers("YE", 7, source_addr_ton=1, source_addr_npi=1, dest_addr_npi=9)
    (arrived,) = smsc.desk.arrived()
    smsc.desk.done(Served((answer(arrived),)))
    (first, second) = smsc.sent()
    assert isinstance(first[2], DeliverSmResp)
    reply = second[2]
    assert isinstance(reply, SubmitSm)
    assert (reply.source_addr, reply.source_addr_npi) == ("10086", 9)
    assert (reply.dest_addr_ton, reply.dest_addr_npi, reply.destination_addr) == (1, 1, ZHANG)
    assert reply.short_message.decode("utf-16-be") == "余额56.80元"


def test_how_long_an_answer_took_is_counted(smsc: SmscPeer) -> None:
    """From the message's arrival to the answer's way out; silence is no answer."""
    smsc.delivers("YE", 1)
    smsc.delivers("YE", 2)
    first, _ = smsc.desk.arrived()
    smsc.clock.advance(0.25)
    smsc.desk.done(Served((answer(first),)))
    smsc.desk.done(Served())
    told = smsc.counts.answer_times.family("took", "").samples
    assert next(sample.value for sample in told if sample.name == "took_count") == 1
    assert smsc.counts.answer_times.seconds == pytest.approx(0.25, abs=0.001)


def test_what_the_desk_could_not_keep_is_to_come_again(smsc: SmscPeer) -> None:
    """The SMSC has it still; nothing was lost."""
    smsc.delivers("YE", 7)
    smsc.desk.done(Failure(Unavailable("the store is away")))
    assert smsc.answers() == [(7, SMPP_ESME_RMSGQFUL)]
    assert smsc.counts.messages_refused["smsc-a"] == 1


def test_a_full_desk_takes_nothing(smsc: SmscPeer) -> None:
    """Until there is room again; the SMSC is asked to come back, at once."""
    smsc.desk.room = 2
    for sequence in (1, 2, 3):
        smsc.delivers("YE", sequence)
    assert smsc.answers() == [(3, SMPP_ESME_RMSGQFUL)]
    assert len(smsc.desk.jobs) == 2
    smsc.desk.done(Served())
    smsc.delivers("YE", 4)
    assert len(smsc.desk.jobs) == 2
    assert smsc.counts.messages_refused["smsc-a"] == 1


def test_a_house_that_closes_takes_nothing_new(smsc: SmscPeer) -> None:
    """And finishes what it has taken."""
    smsc.delivers("YE", 1)
    smsc.channel.open = False
    smsc.delivers("YE", 2)
    smsc.desk.done(Served())
    assert smsc.answers() == [(2, SMPP_ESME_RMSGQFUL), (1, SMPP_ESME_ROK)]


def test_data_sm_is_served_like_deliver_sm(smsc: SmscPeer) -> None:
    """And answered as what it was."""
    smsc.say(DataSm(source_addr=ZHANG, destination_addr="10086", tlvs=((0x0424, b"YE"),)), 9)
    (arrived,) = smsc.desk.arrived()
    assert (arrived.text, arrived.phone) == ("YE", "13800138001")
    smsc.desk.done(Served())
    ((sequence, status, pdu),) = smsc.sent()
    assert (sequence, status, type(pdu)) == (9, SMPP_ESME_ROK, DataSmResp)


def test_a_message_whose_link_is_lost_is_kept_all_the_same(smsc: SmscPeer) -> None:
    """Its answer goes out when there is a way again."""
    smsc.delivers("YE", 7)
    (arrived,) = smsc.desk.arrived()
    smsc.hang_up()
    smsc.desk.done(Served((answer(arrived),)))
    assert smsc.outbox.waiting == 1
    smsc.connect()
    assert len(smsc.submitted()) == 1


def test_a_message_whose_like_is_unanswered_is_told_from_others(smsc: SmscPeer) -> None:
    """By the same bind; other words are not alike, and nothing is behind the answer."""
    for sequence, text in enumerate("1211", 1):
        smsc.delivers(text, sequence)
    assert [each.like_is_unanswered for each in smsc.desk.arrived()] == [False, False, True, True]
    smsc.desk.all_done()
    smsc.delivers("1", 5)
    assert [each.like_is_unanswered for each in smsc.desk.arrived()] == [False]
