"""What an SMSC has read of our answers, and peers that do not wait for them."""

from __future__ import annotations

import pytest
from twisted.python.failure import Failure

from gateway.channels.smpp.sms import BoundLink
from gateway.config.settings import LinkSettings
from gateway.model.messages import (
    BindBegan,
    BindEnded,
    BindOverlaps,
    PeerHasRead,
    ShortMessage,
)
from gateway.model.redelivery import LATE
from gateway.serving.desk import Unavailable
from gateway.serving.work import Served
from smpp.connection import SmppConnection
from smpp.pdu import (
    BindKind,
    BindResp,
    EnquireLink,
    EnquireLinkResp,
)
from smpp.pdu_encoding import encode_pdu
from smpp.session import BindCredentials, SmppLimits, SmppSession
from tests.gateway.channels.smsc_peer import SmscPeer
from tests.smpp.connection_in_memory import Wire

# -- what the SMSC has read -----------------------------------------------------------------------


def test_a_bind_is_noted_from_its_beginning(smsc: SmscPeer) -> None:
    """Under the id that its messages carry."""
    fresh = SmscPeer()
    assert fresh.desk.works == [BindBegan(fresh.desk.works[0].bind, "smsc-a", "127.0.0.1:2775")]  # type: ignore[attr-defined]
    fresh.delivers()
    assert fresh.desk.arrived()[0].bind == fresh.desk.works[0].bind  # type: ignore[attr-defined]
    assert smsc.desk.works == []


def ask(smsc: SmscPeer) -> int:
    """The probe that follows our answers a second later; its sequence."""
    smsc.clock.advance(1.0)
    (sequence,) = [number for number, _, pdu in smsc.sent() if isinstance(pdu, EnquireLink)]
    return sequence


def proven(smsc: SmscPeer) -> list[int]:
    """How far, as the desk is told."""
    smsc.linger()
    return [work.upto for work in smsc.desk.works if isinstance(work, PeerHasRead)]


def test_what_the_smsc_has_read_is_proven(smsc: SmscPeer) -> None:
    """By its answer to something that we wrote after our own; not by its silence."""
    for sequence in (1, 2):
        smsc.delivers("YE", sequence)
    first, second = smsc.desk.arrived()
    smsc.desk.all_done()
    probe = ask(smsc)
    smsc.delivers("CXTC", 3)
    third = smsc.desk.arrived()[-1]
    assert proven(smsc) == []
    smsc.say(EnquireLinkResp(), probe)
    assert proven(smsc) == [third.id - 1]
    assert first.id < second.id < third.id


def test_what_is_still_at_the_desk_holds_the_proof_back(smsc: SmscPeer) -> None:
    """The older message has no answer yet, so nothing after it counts."""
    smsc.delivers("YE", 1)
    smsc.delivers("CXTC", 2, source_addr="8613800138002")
    slow, quick = smsc.desk.jobs
    quick.done(Served())
    smsc.desk.jobs.clear()
    smsc.say(EnquireLinkResp(), ask(smsc))
    (upto,) = proven(smsc)
    assert isinstance(slow.work, ShortMessage)
    assert upto < slow.work.id


def test_one_note_at_a_time_and_then_the_newest(smsc: SmscPeer) -> None:
    """A busy link does not write a row for each message."""
    told = []
    for sequence in (1, 2, 3):
        smsc.delivers("YE", sequence)
        while smsc.desk.arrived():
            job = next(job for job in smsc.desk.jobs if isinstance(job.work, ShortMessage))
            smsc.desk.jobs.remove(job)
            job.done(Served())
        smsc.say(EnquireLinkResp(), ask(smsc))
        told.append(proven(smsc))
    assert [len(notes) for notes in told] == [1, 1, 1]
    smsc.desk.all_done()
    assert len(proven(smsc)) == 1


def test_what_could_not_be_noted_is_noted_later(smsc: SmscPeer) -> None:
    """With the next thing that is read."""
    smsc.delivers("YE", 1)
    smsc.desk.all_done()
    smsc.say(EnquireLinkResp(), ask(smsc))
    smsc.linger()
    smsc.desk.done(Failure(Unavailable("away")))
    smsc.delivers("YE", 2)
    smsc.desk.all_done()
    smsc.say(EnquireLinkResp(), ask(smsc))
    assert len(proven(smsc)) == 1


def test_the_end_of_a_bind_tells_how_far_it_was_proven(smsc: SmscPeer) -> None:
    """Alone at the desk, so that nothing that comes again can be served before it."""
    smsc.delivers("YE", 1)
    read = smsc.desk.arrived()[0]
    smsc.desk.all_done()
    smsc.say(EnquireLinkResp(), ask(smsc))
    smsc.delivers("CXTC", 2)
    unread = smsc.desk.arrived()[0]
    smsc.clock.advance(2.0)
    smsc.hang_up()
    job = smsc.desk.jobs[-1]
    assert job.alone
    ended = job.work
    assert isinstance(ended, BindEnded)
    assert (ended.bind, ended.at_ms) == (read.bind, int(smsc.wall() * 1000))
    assert read.id <= ended.upto < unread.id


def test_a_bind_without_messages_is_proven_from_its_beginning(smsc: SmscPeer) -> None:
    """There is nothing that could come again."""
    smsc.hang_up()
    (ended,) = smsc.desk.works
    assert isinstance(ended, BindEnded)
    assert ended.upto == ended.bind


def test_what_was_refused_is_not_expected_as_a_repetition(smsc: SmscPeer) -> None:
    """It was not kept: it comes again as new, and holds no proof back."""
    smsc.delivers("YE", 1)
    refused = smsc.desk.arrived()[0]
    smsc.desk.done(Failure(Unavailable("away")))
    smsc.hang_up()
    ended = smsc.desk.works[-1]
    assert isinstance(ended, BindEnded)
    assert ended.upto >= refused.id


def test_a_connection_that_was_never_bound_has_no_end() -> None:
    """Nobody knows it."""
    smsc = SmscPeer()
    session = SmppSession(BindKind.TRANSCEIVER, BindCredentials("hallgate", "wrong"), SmppLimits())
    user = BoundLink(smsc.channel, LinkSettings(name="smsc-b"), BindKind.TRANSCEIVER)
    connection = SmppConnection(session, smsc.clock, user)
    connection.makeConnection(Wire())
    smsc.desk.all_done()
    connection.dataReceived(encode_pdu(BindResp(BindKind.TRANSCEIVER, ""), 1, 0x0E))
    connection.connectionLost(Failure(ConnectionError("gone")))
    assert smsc.desk.works == []
    assert [line["reason"] for line in smsc.log()] == ["wrong password"]


# -- peers that do not wait -----------------------------------------------------------------------


def overlaps(smsc: SmscPeer) -> int:
    smsc.linger()
    return len([work for work in smsc.desk.works if isinstance(work, BindOverlaps)])


def test_a_peer_that_does_not_wait_for_answers_is_noticed_once(smsc: SmscPeer) -> None:
    """A subscriber's next message comes before the last was answered."""
    smsc.delivers("YE", 1)
    smsc.delivers("CXTC", 2)
    smsc.delivers("CXYL", 3)
    assert overlaps(smsc) == 1


def test_a_peer_that_waited_long_may_have_been_answered_elsewhere(smsc: SmscPeer) -> None:
    """We were busy: it delivered the first again by another bind, and then comes the next."""
    smsc.delivers("YE", 1)
    smsc.clock.advance(LATE)
    smsc.delivers("CXTC", 2)
    assert overlaps(smsc) == 0
    smsc.delivers("CXYL", 3)
    assert overlaps(smsc) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"source_addr": "8613800138002"}),
        ({"source_addr": "10010"}, {"source_addr": "10011"}),
        ({"source_addr": "10010"}, {"source_addr": "10010", "short_message": b"other"}),
        ({}, {"short_message": b"YE"}),
    ],
    ids=["two subscribers", "two strangers", "one stranger", "the same again"],
)
def test_others_and_repetitions_prove_nothing(
    smsc: SmscPeer, first: dict[str, object], second: dict[str, object]
) -> None:
    """Any peer delivers those side by side."""
    smsc.delivers("YE", 1, **first)
    smsc.delivers("CXTC", 2, **second)
    assert overlaps(smsc) == 0
    smsc.desk.all_done()
    smsc.delivers("CXYL", 3, **second)
    assert overlaps(smsc) == 0
