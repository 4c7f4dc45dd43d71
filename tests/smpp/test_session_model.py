"""A session against a model of an SMSC that does what it likes, as slowly as it likes.

The SMSC reads our bytes when it pleases, answers in any order, wrongly, twice or never, and its
own bytes reach us in any pieces. Whatever happens, our books must balance.
"""

from __future__ import annotations

import random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from smpplib import consts

from smpp.pdu import (
    BindKind,
    BindResp,
    DataSm,
    DataSmResp,
    DecodedPdu,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    Pdu,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
)
from smpp.pdu_encoding import encode_pdu
from smpp.session import BindCredentials, SmppLimits, SmppSession, SmppSessionState
from smpp.session_events import (
    AnswersSeen,
    MessageReceived,
    SmppSessionEnded,
    SmppSessionEvent,
    SubmitAnswered,
    SubmitTimedOut,
)
from tests.smpp.connection_in_memory import frames

LIMITS = SmppLimits(window=4, max_pdu=300)
statuses = st.sampled_from([0, 0, consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RSYSERR])


class AnySmsc(RuleBasedStateMachine):
    """What both sides did, in books that the invariants compare."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.session = SmppSession(BindKind.TRANSCEIVER, BindCredentials("h", "s"), LIMITS)
        self.on_the_way = b""  # from the SMSC to us
        self.unread = b""  # from us to the SMSC
        self.requests: list[DecodedPdu] = []  # ours, read by the SMSC, not answered yet
        self.submitted: list[object] = []
        self.settled: list[object] = []
        self.said: list[int] = []  # messages that reached us whole, by their texts
        self.delivered: list[int] = []
        self.unanswered: list[MessageReceived] = []
        self.tokens: list[object] = []  # of our answers, in the order given
        self.answers_read = 0  # by the SMSC
        self.seen: list[object] = []
        self.ended: list[SmppSessionEnded] = []
        self.number = 0

    @initialize()
    def bound(self) -> None:
        self.session.connected(self.now)
        (asked,) = frames(self.session.output())
        self._happened(
            self.session.receive(encode_pdu(BindResp(BindKind.TRANSCEIVER), asked.sequence), 0.0)
        )

    # ---- the SMSC ----

    def _say(self, pdu: Pdu, sequence: int, status: int = 0) -> None:
        self.on_the_way += encode_pdu(pdu, sequence, status)

    @rule(kind=st.sampled_from([DeliverSm, DataSm]), sequence=st.integers(1, 9))
    def delivers(self, kind: type[DeliverSm] | type[DataSm], sequence: int) -> None:
        self.number += 1
        self._say(kind(source_addr="138", tlvs=((0x0424, str(self.number).encode()),)), sequence)
        self.said.append(self.number)

    @rule()
    def reads(self) -> None:
        read, self.unread = frames(self.unread), b""
        for frame in read:
            if isinstance(frame.pdu, SubmitSm | EnquireLink | Unbind):
                self.requests.append(frame)
            elif isinstance(frame.pdu, DeliverSmResp | DataSmResp) and not frame.command_status:
                self.answers_read += 1

    @precondition(lambda self: self.requests)
    @rule(status=statuses, chance=st.randoms(use_true_random=False), nack=st.booleans())
    def answers_one(self, status: int, chance: random.Random, nack: bool) -> None:
        asked = self.requests.pop(chance.randrange(len(self.requests)))
        if nack:
            self._say(GenericNack(), asked.sequence, consts.SMPP_ESME_RINVCMDID)
        elif isinstance(asked.pdu, SubmitSm):
            self._say(SubmitSmResp("id"), asked.sequence, status)
        elif isinstance(asked.pdu, EnquireLink):
            self._say(EnquireLinkResp(), asked.sequence)
        else:
            self._say(UnbindResp(), asked.sequence)

    @precondition(lambda self: self.requests)
    @rule()
    def answers_nothing(self) -> None:
        self.requests.pop(0)

    @rule(
        pdu=st.sampled_from(
            [EnquireLink(), EnquireLinkResp(), DeliverSmResp(), SubmitSm(), BindResp(
                BindKind.RECEIVER)]
        ),
        sequence=st.integers(0, 60),
    )  # fmt: skip
    def says_something_strange(self, pdu: Pdu, sequence: int) -> None:
        # an unasked enquire_link_resp could name a true request: then it is an answer
        if not (isinstance(pdu, EnquireLinkResp) and sequence in self._enquiries()):
            self._say(pdu, sequence)

    @rule(command_id=st.sampled_from([0xDEAD, 0x8000DEAD, 5, 0x103, 0x0B]), body=st.binary())
    def says_something_broken(self, command_id: int, body: bytes) -> None:
        body = b"\xff" + body[:100].replace(b"\0", b"x")  # no NUL: no request can be read
        length = (16 + len(body)).to_bytes(4, "big")
        self.on_the_way += length + command_id.to_bytes(4, "big") + b"\0\0\0\0\0\0\0\x07" + body

    def _enquiries(self) -> list[int]:
        asked = [*self.requests, *frames(self.unread)]
        return [frame.sequence for frame in asked if isinstance(frame.pdu, EnquireLink)]

    # ---- the network and the time ----

    @rule(octets=st.integers(1, 400))
    def some_octets_arrive(self, octets: int) -> None:
        segment, self.on_the_way = self.on_the_way[:octets], self.on_the_way[octets:]
        if segment:
            self._happened(self.session.receive(segment, self.now))

    @rule(seconds=st.sampled_from([0.0, 0.5, 1.0, 9.0, 31.0, 61.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self._happened(self.session.tick(self.now))

    # ---- us ----

    @precondition(lambda self: self.session.free)
    @rule()
    def we_submit(self) -> None:
        self.number += 1
        self.session.submit(SubmitSm(destination_addr="138"), self.number, self.now)
        self.submitted.append(self.number)
        self._send()

    @precondition(lambda self: self.unanswered)
    @rule(chance=st.randoms(use_true_random=False))
    def we_answer(self, chance: random.Random) -> None:
        delivered = self.unanswered.pop(chance.randrange(len(self.unanswered)))
        token = delivered.pdu.payload
        if self.session.answer(delivered.sequence, 0, token):
            self.tokens.append(token)
        self._send()

    @precondition(lambda self: self.number > 20)
    @rule()
    def we_unbind(self) -> None:
        self.session.unbind(self.now)
        self._send()

    def _send(self) -> None:
        self.unread += self.session.output()

    def _happened(self, events: list[SmppSessionEvent]) -> None:
        for event in events:
            match event:
                case MessageReceived(_, pdu):
                    self.delivered.append(int(pdu.payload))
                    self.unanswered.append(event)
                case SubmitAnswered(key, _, _) | SubmitTimedOut(key):
                    self.settled.append(key)
                case AnswersSeen(tokens):
                    self.seen += tokens
                case SmppSessionEnded():
                    self.ended.append(event)
                    self.settled += event.keys
                case _:
                    pass
        self._send()

    # ---- the books ----

    @invariant()
    def the_window_holds(self) -> None:
        in_flight = set(self.submitted) - set(self.settled)
        assert len(in_flight) <= LIMITS.window
        if self.session.state is SmppSessionState.BOUND:
            assert self.session.free == LIMITS.window - len(in_flight)

    @invariant()
    def no_message_settles_twice(self) -> None:
        assert len(self.settled) == len(set(self.settled))
        assert set(self.settled) <= set(self.submitted)

    @invariant()
    def messages_come_whole_and_in_order(self) -> None:
        assert self.delivered == [n for n in self.said if n in set(self.delivered)]

    @invariant()
    def only_answers_that_were_read_are_told_as_seen(self) -> None:
        assert self.seen == self.tokens[: len(self.seen)]
        assert len(self.seen) <= self.answers_read

    @invariant()
    def nothing_grows(self) -> None:
        assert self.session.held < LIMITS.max_pdu
        assert self.session.unsent == 0

    @invariant()
    def every_state_but_the_end_has_a_deadline_ahead(self) -> None:
        self._happened(self.session.tick(self.now))
        deadline = self.session.deadline()
        if self.session.over():
            assert deadline is None
            assert len(self.ended) == 1
        elif self.session.state is not SmppSessionState.FRESH:
            assert deadline is not None
            assert deadline > self.now

    def teardown(self) -> None:
        self._happened(self.session.lost("the test is over", self.now))
        (ended,) = self.ended
        assert sorted(map(repr, self.settled)) == sorted(map(repr, self.submitted))
        assert [*self.seen, *ended.unseen] == self.tokens


TestAnySmsc = AnySmsc.TestCase
TestAnySmsc.settings = settings(stateful_step_count=60)
