"""Messages of which nobody knows yet whether they are new, and a gateway that stood still."""

from __future__ import annotations

import pytest
from smpplib.consts import SMPP_ESME_RMSGQFUL, SMPP_ESME_ROK
from twisted.python.failure import Failure

from gateway.channels.smpp.standstill import OVER_AFTER, Standstill
from gateway.channels.smpp.unread_answers import AGAIN
from gateway.model.messages import BindEnded, PeerHasRead, ScreenAct, ShortMessage
from gateway.model.redelivery import LATE, Undecided
from gateway.serving.desk import Unavailable
from gateway.serving.redelivery import ASKED_AGAIN
from gateway.serving.work import Served
from smpp.pdu import DeliverSmResp, EnquireLink, EnquireLinkResp, SubmitSm
from smpp.session import SmppLimits
from tests.gateway.channels.smsc_peer import RECEIPT, SmscPeer

AWAY = Failure(Unavailable("away"))

# -- nobody knows yet ----------------------------------------------------------------------------


def test_who_waits_is_asked_about_again(smsc: SmscPeer) -> None:
    """The same message, until it is known; then it is acknowledged."""
    smsc.delivers("1", 7)
    (message,) = smsc.desk.arrived()
    for _ in range(3):
        smsc.desk.done(Undecided())
        assert smsc.desk.works == []
        smsc.clock.advance(ASKED_AGAIN)
        assert smsc.desk.works == [message]
        assert smsc.answers() == []
    smsc.desk.done(Served())
    assert smsc.answers() == [(7, SMPP_ESME_ROK)]


def test_who_has_waited_long_enough_is_to_come_again(smsc: SmscPeer) -> None:
    """It is counted, and what came after it can be proven."""
    smsc.delivers("1", 7)
    smsc.desk.done(Undecided(refuse=True))
    assert smsc.answers() == [(7, SMPP_ESME_RMSGQFUL)]
    assert smsc.counts.messages_refused["smsc-a"] == 1
    smsc.delivers("2", 8)
    (message,) = smsc.desk.arrived()
    smsc.desk.done(Served())
    assert read_upto(smsc).upto == message.id


def test_who_waits_while_the_bind_is_lost_is_left_to_the_smsc(smsc: SmscPeer) -> None:
    """It delivers it again by another."""
    smsc.delivers("1", 7)
    smsc.desk.done(Undecided())
    smsc.hang_up()
    smsc.desk.jobs.clear()
    smsc.clock.advance(ASKED_AGAIN)
    assert smsc.desk.works == []


def test_who_waits_while_the_gateway_closes_is_to_come_again(smsc: SmscPeer) -> None:
    """By another gateway, if there is one."""
    smsc.delivers("1", 7)
    smsc.desk.done(Undecided())
    smsc.channel.open = False
    smsc.clock.advance(ASKED_AGAIN)
    assert smsc.answers() == [(7, SMPP_ESME_RMSGQFUL)]


def test_a_step_that_waited_long_enough_comes_again_and_its_dialogue_goes_on(
    smsc: SmscPeer,
) -> None:
    """No last screen is shown: another gateway may have shown the next."""
    smsc.delivers("*139#", 7, service_type="USSD", destination_addr="139", tlvs=begin())
    (step,) = smsc.desk.dialled()
    assert step.act is ScreenAct.BEGIN
    smsc.desk.done(Undecided())
    smsc.clock.advance(ASKED_AGAIN)
    smsc.desk.done(Undecided(refuse=True))
    assert smsc.answers() == [(7, SMPP_ESME_RMSGQFUL)]
    smsc.clock.advance(10)
    assert [pdu for _, _, pdu in smsc.sent() if isinstance(pdu, SubmitSm)] == []


def begin() -> tuple[tuple[int, bytes], ...]:
    return ((0x0501, bytes([1])), (0x1383, b"\x00\x07"))


# -- answers that came late, or were read late ---------------------------------------------------


def read_upto(smsc: SmscPeer) -> PeerHasRead:
    """The SMSC answers our probe: what the desk is told of what it has read."""
    smsc.clock.advance(1.0)
    (probe,) = [number for number, _, pdu in smsc.sent() if isinstance(pdu, EnquireLink)]
    smsc.say(EnquireLinkResp(), probe)
    smsc.linger()
    (told,) = [work for work in smsc.desk.works if isinstance(work, PeerHasRead)]
    return told


@pytest.mark.parametrize(("seconds", "late"), [(LATE - 0.5, False), (LATE + 0.1, True)])
def test_an_answer_that_leaves_late_is_told_as_late(
    smsc: SmscPeer, seconds: float, late: bool
) -> None:
    """With the word that it was read: the SMSC may have delivered it again before."""
    smsc.delivers("1", 7)
    (message,) = smsc.desk.arrived()
    smsc.clock.advance(seconds)
    smsc.desk.done(Served())
    assert [one.id for one in read_upto(smsc).late] == ([message.id] if late else [])


@pytest.mark.parametrize(("seconds", "late"), [(LATE - 0.5, False), (LATE + 0.5, True)])
def test_an_answer_that_is_read_late_is_told_as_late(
    smsc: SmscPeer, seconds: float, late: bool
) -> None:
    """The bind, or the SMSC, stood still for so long: it may have given up waiting."""
    smsc.delivers("1", 7)
    (message,) = smsc.desk.arrived()
    smsc.desk.done(Served())
    smsc.clock.advance(1.0)
    (probe,) = [number for number, _, pdu in smsc.sent() if isinstance(pdu, EnquireLink)]
    smsc.clock.advance(seconds - 1.0)
    smsc.say(EnquireLinkResp(), probe)
    smsc.linger()
    (told,) = [work for work in smsc.desk.works if isinstance(work, PeerHasRead)]
    assert [one.id for one in told.late] == ([message.id] if late else [])


def test_what_was_read_after_a_long_time_is_late_though_the_smsc_kept_talking(
    smsc: SmscPeer,
) -> None:
    """It reads slowly, and its own time goes by from when it wrote and not from when we read."""
    smsc.delivers("1", 7)
    (message,) = smsc.desk.arrived()
    smsc.desk.done(Served())
    smsc.clock.advance(1.0)
    (probe,) = [number for number, _, pdu in smsc.sent() if isinstance(pdu, EnquireLink)]
    for sequence in range(1, 7):
        smsc.say(EnquireLink(), sequence)
        smsc.clock.advance(1.0)
    smsc.say(EnquireLinkResp(), probe)
    smsc.linger()
    (told,) = [work for work in smsc.desk.works if isinstance(work, PeerHasRead)]
    assert [one.id for one in told.late] == [message.id]


def test_by_the_same_bind_it_is_known_though_the_store_does_not_know_yet(smsc: SmscPeer) -> None:
    """The store is away: that the first was late could not be noted, and what came again meanwhile
    was refused, before it comes once more. When it is noted the store tells by itself."""
    smsc.delivers("1", 7)
    smsc.clock.advance(LATE + 0.1)
    smsc.desk.done(Served())
    told = read_upto(smsc)
    assert told.late
    smsc.desk.done(AWAY)
    for sequence in (8, 9):
        smsc.delivers("1", sequence)
        noted, came = smsc.desk.works
        assert isinstance(noted, PeerHasRead)
        assert noted.late == told.late
        assert isinstance(came, ShortMessage)
        assert came.like_is_unanswered
        smsc.desk.done(AWAY if sequence == 8 else None)
        smsc.desk.done(AWAY)
    smsc.delivers("1", 10)
    (came,) = smsc.desk.written()
    assert not came.like_is_unanswered


def test_what_was_late_and_is_not_noted_was_not_read_when_the_bind_ends(smsc: SmscPeer) -> None:
    """Others go by the bind's note: they would take what comes again for new."""
    smsc.delivers("1", 7)
    (message,) = smsc.desk.arrived()
    smsc.clock.advance(LATE + 0.1)
    smsc.desk.done(Served())
    read_upto(smsc)
    smsc.hang_up()
    (ended,) = [work for work in smsc.desk.works if isinstance(work, BindEnded)]
    assert ended.upto < message.id


def test_a_late_answer_was_read_when_it_was_seen_and_not_when_it_is_noted(smsc: SmscPeer) -> None:
    """The desk is busy: the note waits, and then fails, and is made once more."""
    smsc.delivers("1", 7)
    (message,) = smsc.desk.arrived()
    smsc.clock.advance(LATE + 0.1)
    smsc.desk.done(Served())
    told = read_upto(smsc).late
    assert [one.id for one in told] == [message.id]
    smsc.clock.advance(5.0)
    smsc.desk.done(AWAY)
    smsc.clock.advance(AGAIN)
    (again,) = smsc.desk.works
    assert isinstance(again, PeerHasRead)
    assert again.late == told


# -- a gateway that stood still ------------------------------------------------------------------


class Stopped(SmscPeer):
    """Its process can be stopped: its reactor's clock and its heartbeat stand still then."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.channel.standstill = Standstill(lambda: self.now, self.channel.log)

    def lives(self, seconds: float) -> None:
        """With a look every half second."""
        assert self.channel.standstill is not None
        for _ in range(int(seconds / 0.5)):
            self.now += 0.5
            self.channel.standstill.look()


@pytest.mark.parametrize("looks_first", [True, False])
def test_what_waited_while_the_gateway_stood_still_is_to_come_again(looks_first: bool) -> None:
    """Whether its timers or its sockets are served first; it is not looked at. What comes a moment
    later is served."""
    smsc = Stopped()
    smsc.lives(5)
    smsc.now += 20
    if looks_first and smsc.channel.standstill is not None:
        smsc.channel.standstill.look()
    smsc.desk.jobs.clear()
    smsc.delivers("1", 7)
    smsc.delivers("*139#", 8, service_type="USSD", destination_addr="139", tlvs=begin())
    assert smsc.answers() == [(7, SMPP_ESME_RMSGQFUL), (8, SMPP_ESME_RMSGQFUL)]
    assert smsc.desk.works == []
    smsc.now += OVER_AFTER
    smsc.delivers("2", 9)
    assert [message.text for message in smsc.desk.written()] == ["2"]
    (told,) = [line for line in smsc.log() if line["event"] == "stood still"]
    assert told["seconds"] == 20


def test_a_short_pause_is_none() -> None:
    """A collection, a busy machine: no SMSC has lost its patience."""
    smsc = Stopped()
    smsc.lives(5)
    smsc.now += LATE - 0.1
    smsc.desk.jobs.clear()
    smsc.delivers("1", 7)
    assert len(smsc.desk.works) == 1


# -- a link that stood still ---------------------------------------------------------------------


class OnALink(SmscPeer):
    """Whose octets may wait on the way."""

    limits = SmppLimits(window=4, beat=2.0)


def test_what_waited_on_a_link_that_stood_still_is_to_come_again() -> None:
    """The SMSC may have delivered it by another meanwhile: it is not looked at, be it a message, a
    key or a receipt. What comes behind the answer to our next question is served."""
    smsc = OnALink()
    smsc.clock.advance(2.0)
    (asked,) = [sequence for sequence, _, pdu in smsc.sent() if isinstance(pdu, EnquireLink)]
    smsc.clock.advance(9.0)
    smsc.desk.jobs.clear()
    smsc.delivers("1", 7)
    smsc.delivers("*139#", 8, service_type="USSD", destination_addr="139", tlvs=begin())
    smsc.delivers(RECEIPT, 9, esm_class=4)
    smsc.say(EnquireLinkResp(), asked)
    sent = smsc.sent()
    answers = [(number, status) for number, status, pdu in sent if isinstance(pdu, DeliverSmResp)]
    assert answers == [(number, SMPP_ESME_RMSGQFUL) for number in (7, 8, 9)]
    assert smsc.desk.works == []
    (asked,) = [sequence for sequence, _, pdu in sent if isinstance(pdu, EnquireLink)]
    smsc.say(EnquireLinkResp(), asked)
    smsc.delivers("2", 10)
    assert [message.text for message in smsc.desk.written()] == ["2"]
    (told,) = [line for line in smsc.log() if line["event"] == "link stood still"]
    assert (told["link"], told["seconds"]) == ("smsc-a", 11.0)
