"""The SMS door: a real connection on a transport in memory, and a desk that does as it is told."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib.consts import (
    SMPP_ESME_RMSGQFUL,
    SMPP_ESME_ROK,
    SMPP_ESME_RSYSERR,
    SMPP_ESME_RTHROTTLED,
)
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from gateway.batch import Served
from gateway.channels.senders import fingerprint, mobile
from gateway.channels.sms import SmsBind, SmsDoor
from gateway.channels.ussd import Steps
from gateway.counts import Counts
from gateway.desk import Desk, Job, Unavailable
from gateway.ids import REPLY_BITS, Ids, floor_at
from gateway.log import Log
from gateway.mail import (
    Arrived,
    BindBegan,
    BindEnded,
    Outgoing,
    Overlaps,
    Proven,
    Receipted,
    Settled,
)
from gateway.outbox import Outbox
from gateway.post import LINGER, Post
from gateway.settings import LinkSettings
from smpp.alphabets import Default
from smpp.connection import SmppConnection
from smpp.pdu import (
    BindKind,
    BindResp,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    Pdu,
    SubmitSm,
    SubmitSmResp,
)
from smpp.session import Credentials, Limits, Session
from smpp.statuses import Treatment
from smpp.text import Fragment
from smpp.tlv import Tlvs
from smpp.ussd_strings import pack
from smpp.writing import encode
from tests.smpp.shell import Wire, frames

NOON = 1_795_233_600.0
KEY = bytes(32)
ZHANG = "8613800138001"


class Tray(Desk):
    """A desk that the test works at."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.room = 100
        self.handed_back = lambda: None

    @property
    def full(self) -> bool:
        return len(self.jobs) >= self.room

    def put(self, jobs: Sequence[Job]) -> None:
        self.jobs += jobs

    @property
    def works(self) -> list[object]:
        return [job.work for job in self.jobs]

    def arrived(self) -> list[Arrived]:
        return [work for work in self.works if isinstance(work, Arrived)]

    def done(self, result: object = None) -> object:
        """The oldest job is done; what it was."""
        job = self.jobs.pop(0)
        job.done(result)
        self.handed_back()
        return job.work

    def all_done(self) -> None:
        """Everything is kept, and nothing is said to it."""
        while self.jobs:
            self.done(Served() if isinstance(self.jobs[0].work, Arrived) else None)


class House:
    """A door, and the SMSC's side of its binds."""

    def __init__(self, *, kind: BindKind = BindKind.TRANSCEIVER, **link: object) -> None:
        self.clock = Clock()
        self.tray = Tray()
        self.counts = Counts()
        self.settled: list[Settled] = []
        self._lines = BytesIO()
        self.outbox = Outbox(self.clock, self.wall, self.settled.append, lambda limit: None)
        self.tray.handed_back = self.outbox.pump
        self.outbox.start()
        self.outbox.loaded([], 10)
        post, ids = Post(self.clock, self.tray), Ids(0, self.wall)
        log = Log(self._lines)
        steps = Steps(self.clock, self.outbox, lambda: "系统繁忙", log)
        self.door = SmsDoor(
            self.tray, post, self.outbox, ids, self.wall, self.counts, log, KEY, steps
        )
        self._settings = LinkSettings.model_validate({"name": "smsc-a"} | link)
        self._kind = kind
        self.connect()

    def wall(self) -> float:
        return NOON + self.clock.seconds()

    def connect(self) -> None:
        """A connection, and the SMSC accepts its bind."""
        session = Session(self._kind, Credentials("hallgate", "secret"), Limits(window=4))
        user = SmsBind(self.door, self._settings, self._kind)
        self.connection = SmppConnection(session, self.clock, user)
        self.wire = Wire()
        self.connection.makeConnection(self.wire)
        (bind,) = self.sent()
        self.say(BindResp(self._kind, "SMSC"), bind[0])
        self.linger()

    def linger(self) -> None:
        """What waits for company goes."""
        self.clock.advance(LINGER)

    def say(self, pdu: Pdu, sequence: int, status: int = SMPP_ESME_ROK) -> None:
        self.connection.dataReceived(encode(pdu, sequence, status))

    def delivers(self, text: str = "YE", sequence: int = 1, **fields: object) -> None:
        pdu = {"source_addr": ZHANG, "destination_addr": "10086", "short_message": text.encode()}
        self.say(DeliverSm(**pdu | fields), sequence)  # type: ignore[arg-type]

    def sent(self) -> list[tuple[int, int, Pdu]]:
        """Sequence, status and PDU of what we wrote since the last time."""
        self.clock.advance(0)
        octets = self.wire.value()
        self.wire.clear()
        return [(f.sequence, f.command_status, f.pdu) for f in frames(octets)]

    def answers(self) -> list[tuple[int, int]]:
        """Sequence and status of our answers to messages."""
        return [
            (sequence, status)
            for sequence, status, pdu in self.sent()
            if isinstance(pdu, DeliverSmResp | DataSmResp)
        ]

    def submitted(self) -> list[SubmitSm]:
        return [pdu for _, _, pdu in self.sent() if isinstance(pdu, SubmitSm)]

    def hang_up(self) -> None:
        self.connection.connectionLost(Failure(ConnectionError("gone")))

    def log(self) -> list[dict[str, object]]:
        return [orjson.loads(line) for line in self._lines.getvalue().splitlines()]


def answer(arrived: Arrived) -> Outgoing:
    return Outgoing(arrived.id + 1, arrived.link, arrived.port, arrived.source, "余额56.80元")


def outgoing(text: str = "ok", *, number: int = 1, to: str = ZHANG) -> Outgoing:
    """A message of noon."""
    id = floor_at(NOON) + (number << REPLY_BITS)
    return Outgoing(id, "smsc-a", "0.9.10086", f"1.1.{to}", text)


@pytest.fixture
def house() -> House:
    """Bound; what the desk was told of it is done."""
    house = House()
    house.tray.all_done()
    return house


# -- acknowledged means safe ---------------------------------------------------------------------


def test_a_message_is_acknowledged_when_the_desk_has_kept_it(house: House) -> None:
    """And not a moment before."""
    house.delivers("YE", 7)
    house.clock.advance(5)
    assert house.answers() == []
    house.tray.done(Served())
    assert house.answers() == [(7, SMPP_ESME_ROK)]


def test_the_answer_leaves_after_the_acknowledgement(house: House) -> None:
    """By the outbox, to the address that asked, from the number that was asked."""
    house.delivers("YE", 7, source_addr_ton=1, source_addr_npi=1, dest_addr_npi=9)
    (arrived,) = house.tray.arrived()
    house.tray.done(Served((answer(arrived),)))
    (first, second) = house.sent()
    assert isinstance(first[2], DeliverSmResp)
    reply = second[2]
    assert isinstance(reply, SubmitSm)
    assert (reply.source_addr, reply.source_addr_npi) == ("10086", 9)
    assert (reply.dest_addr_ton, reply.dest_addr_npi, reply.destination_addr) == (1, 1, ZHANG)
    assert reply.short_message.decode("utf-16-be") == "余额56.80元"


def test_how_long_an_answer_took_is_counted(house: House) -> None:
    """From the message's arrival to the answer's way out; silence is no answer."""
    house.delivers("YE", 1)
    house.delivers("YE", 2)
    first, _ = house.tray.arrived()
    house.clock.advance(0.25)
    house.tray.done(Served((answer(first),)))
    house.tray.done(Served())
    assert list(house.counts.recent) == [pytest.approx(0.25, abs=0.001)]


def test_what_the_desk_could_not_keep_is_to_come_again(house: House) -> None:
    """The SMSC has it still; nothing was lost."""
    house.delivers("YE", 7)
    house.tray.done(Failure(Unavailable("the store is away")))
    assert house.answers() == [(7, SMPP_ESME_RMSGQFUL)]
    assert house.counts.messages_refused["smsc-a"] == 1


def test_a_full_desk_takes_nothing(house: House) -> None:
    """Until there is room again; the SMSC is asked to come back, at once."""
    house.tray.room = 2
    for sequence in (1, 2, 3):
        house.delivers("YE", sequence)
    assert house.answers() == [(3, SMPP_ESME_RMSGQFUL)]
    assert len(house.tray.jobs) == 2
    house.tray.done(Served())
    house.delivers("YE", 4)
    assert len(house.tray.jobs) == 2
    assert house.counts.messages_refused["smsc-a"] == 1


def test_a_house_that_closes_takes_nothing_new(house: House) -> None:
    """And finishes what it has taken."""
    house.delivers("YE", 1)
    house.door.open = False
    house.delivers("YE", 2)
    house.tray.done(Served())
    assert house.answers() == [(2, SMPP_ESME_RMSGQFUL), (1, SMPP_ESME_ROK)]


def test_data_sm_is_served_like_deliver_sm(house: House) -> None:
    """And answered as what it was."""
    house.say(DataSm(source_addr=ZHANG, destination_addr="10086", tlvs=((0x0424, b"YE"),)), 9)
    (arrived,) = house.tray.arrived()
    assert (arrived.text, arrived.phone) == ("YE", "13800138001")
    house.tray.done(Served())
    ((sequence, status, pdu),) = house.sent()
    assert (sequence, status, type(pdu)) == (9, SMPP_ESME_ROK, DataSmResp)


def test_a_message_whose_link_is_lost_is_kept_all_the_same(house: House) -> None:
    """Its answer goes out when there is a way again."""
    house.delivers("YE", 7)
    (arrived,) = house.tray.arrived()
    house.hang_up()
    house.tray.done(Served((answer(arrived),)))
    assert house.outbox.waiting == 1
    house.connect()
    assert len(house.submitted()) == 1


# -- what comes in -------------------------------------------------------------------------------


def test_a_message_is_told_from_all_others(house: House) -> None:
    """With a rising id, its bind, its link, and what they say of themselves."""
    house.delivers("YE", 1)
    house.delivers("CXTC", 2)
    first, second = house.tray.arrived()
    assert first.id < second.id
    assert first.bind == second.bind < first.id
    assert (first.link, first.source, first.port) == ("smsc-a", f"0.0.{ZHANG}", "0.0.10086")
    assert first.fingerprint != second.fingerprint


def test_messages_of_one_subscriber_have_one_key(house: House) -> None:
    """In whatever form the number comes; strangers have their own."""
    for sequence, source in enumerate((ZHANG, "13800138001", "+8613800138002", "10010"), 1):
        house.delivers("YE", sequence, source_addr=source)
    keys = [job.key for job in house.tray.jobs if isinstance(job.work, Arrived)]
    assert keys == ["13800138001", "13800138001", "13800138002", "0.0.10010"]


def test_a_part_of_a_long_message_is_handed_on_as_one(house: House) -> None:
    """The desk joins it; its text is not looked at here."""
    header = bytes((5, 0, 3, 77, 2, 1))
    text = "话费".encode("utf-16-be")
    house.delivers("", 1, esm_class=0x40, data_coding=8, short_message=header + text)
    (arrived,) = house.tray.arrived()
    assert arrived.text == ""
    assert arrived.fragment == Fragment(77, 2, 1, text, 8)


def test_what_a_link_means_by_its_default_alphabet(house: House) -> None:
    """Latin-1 for some, GSM-7 for most; and whether its numbers can be believed."""
    house.delivers("\x00a", 1)
    latin = House(alphabet="latin1", trusted=False)
    latin.delivers("\x00a", 1)
    (ours,), (theirs,) = house.tray.arrived(), latin.tray.arrived()
    assert (ours.text, ours.default, ours.asserted) == ("@a", Default.GSM7, True)
    assert (theirs.text, theirs.default, theirs.asserted) == ("\x00a", Default.LATIN1, False)


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("13800138001", "13800138001"),
        ("8613800138001", "13800138001"),
        ("+8613800138001", "13800138001"),
        ("008613800138001", "13800138001"),
        ("19912345678", "19912345678"),
        ("10086", ""),
        ("1380013800", ""),
        ("861380013800", ""),
        ("138001380011", ""),
        ("85291234567", ""),
        ("+85291234567", ""),
        (" +86 138 0013 8001", "13800138001"),
        ("0086-138-0013-8001", "13800138001"),
        ("138 0013 800", ""),
        ("+1 380 013 8001", ""),
        ("   ", ""),
        ("", ""),
        ("86", ""),
        ("1380013800a", ""),
        ("CMCC", ""),
        ("28613800138001", ""),
        ("+13800138001", ""),  # somebody in America
        ("0013800138001", ""),
        ("++8613800138001", ""),
    ],
)
def test_the_forms_of_a_mobile_number(address: str, number: str) -> None:
    """Eleven digits, with the country before them or not; everything else is no subscriber."""
    assert mobile(address) == number


@given(st.text(max_size=25))
def test_any_address_is_a_mobile_number_or_none(address: str) -> None:
    """Never anything in between."""
    number = mobile(address)
    assert number == "" or (len(number) == 11 and number.isascii() and number.isdigit())


def said(source: str, port: str, esm_class: int, coding: int, text: bytes, tlvs: Tlvs) -> DeliverSm:
    return DeliverSm(
        source_addr=source,
        destination_addr=port,
        esm_class=esm_class,
        data_coding=coding,
        short_message=text,
        tlvs=tlvs,
    )


messages = st.tuples(
    st.sampled_from(["13800138001", "13800138002"]),
    st.sampled_from(["10086", "1008601"]),
    st.sampled_from([0, 0x40]),
    st.sampled_from([0, 8]),
    st.binary(max_size=2),
    st.sampled_from([(), ((0x0424, b"YE"),), ((1, b""), (0x0424, b"YE"))]),
).map(lambda fields: said(*fields))


@given(messages, messages)
def test_only_the_same_message_has_the_same_fingerprint(one: DeliverSm, other: DeliverSm) -> None:
    """Sender, receiver, kind and octets."""
    assert (fingerprint(one, KEY) == fingerprint(other, KEY)) == (one == other)


def test_a_fingerprint_needs_the_halls_key() -> None:
    """It is kept, and a message may be a password: six digits are soon tried."""
    typed = DeliverSm(source_addr=ZHANG, destination_addr="10086", short_message=b"739204")
    assert fingerprint(typed, KEY) != fingerprint(typed, b"k" * 32)


def test_what_comes_again_has_the_fingerprint_it_had(house: House) -> None:
    """On another bind, under another number, with its TLVs in another order."""
    tlvs = ((0x0204, b"\0\1"), (0x0424, b"YE"))
    house.delivers("", 1, tlvs=tlvs)
    house.hang_up()
    house.connect()
    house.delivers("", 99, tlvs=tlvs[::-1])
    first, second = house.tray.arrived()
    assert first.fingerprint == second.fingerprint
    assert first.bind != second.bind


# -- receipts ------------------------------------------------------------------------------------

RECEIPT = (
    "id:c449ab9744f47b6af1879e49e75e4f40 sub:001 dlvrd:001 submit date:2611211200"
    " done date:2611211201 stat:DELIVRD err:000 text:YE"
)


def test_a_receipt_is_no_message(house: House) -> None:
    """It goes to the desk as what it is, is acknowledged, and gets no answer."""
    house.delivers(RECEIPT, 5, esm_class=4)
    (receipt,) = house.tray.works
    assert isinstance(receipt, Receipted)
    assert (receipt.link, receipt.state, receipt.phone) == ("smsc-a", "delivered", "13800138001")
    assert receipt.message_ids[0] == "C449AB9744F47B6AF1879E49E75E4F40"
    house.tray.done(None)
    assert house.answers() == [(5, SMPP_ESME_ROK)]
    assert house.counts.messages_in["smsc-a"] == 0
    assert house.counts.receipts["smsc-a", "delivered"] == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"esm_class": 4},
        {"esm_class": 4, "short_message": b""},
        {"tlvs": ((0x001E, b"a1\0"), (0x0427, b"\2")), "short_message": b"YE"},
        {"esm_class": 0x20},
    ],
    ids=["marked", "empty", "by its TLVs", "intermediate"],
)
def test_whatever_marks_a_receipt_it_is_never_answered(
    house: House, fields: dict[str, object]
) -> None:
    """Else hall and SMSC would talk to one another."""
    house.delivers(RECEIPT, 5, **fields)
    assert house.tray.arrived() == []
    assert len(house.tray.jobs) == 1


def test_a_receipt_waits_its_turn_like_a_message(house: House) -> None:
    """A full desk takes none, and what could not be kept is to come again."""
    house.delivers(RECEIPT, 5, esm_class=4)
    house.tray.done(Failure(Unavailable("away")))
    house.tray.room = 0
    house.delivers(RECEIPT, 6, esm_class=4)
    assert house.answers() == [(5, SMPP_ESME_RMSGQFUL), (6, SMPP_ESME_RMSGQFUL)]


def test_receipts_that_the_link_asks_for_are_expected() -> None:
    """Of every message, if of all; of none, whatever matters to us."""
    for receipts, important, expected in (("all", False, ("a1",)), ("none", True, ())):
        house = House(receipts=receipts)
        house.outbox.add([outgoing()._replace(receipt=important)])
        ((sequence, _, _),) = house.sent()
        house.say(SubmitSmResp("a1"), sequence)
        assert [settled.message_ids for settled in house.settled] == [expected]


# -- addresses as SMSCs write them ---------------------------------------------------------------


@pytest.mark.parametrize("nobody", ["", " "])
def test_what_was_written_to_nobody_was_written_to_us(house: House, nobody: str) -> None:
    """Some SMSCs leave our number out; the answer must come from somewhere."""
    house.delivers("YE", destination_addr=nobody, dest_addr_ton=5)
    assert [arrived.port for arrived in house.tray.arrived()] == ["0.1.10086"]


@pytest.mark.parametrize(("ton", "npi"), [(0, 0), (1, 1), (2, 8), (5, 0), (7, 255)])
def test_the_sender_is_answered_as_the_network_named_them(house: House, ton: int, npi: int) -> None:
    """Whatever type of number it claims."""
    house.delivers("YE", source_addr_ton=ton, source_addr_npi=npi, source_addr="+8613800138001")
    (arrived,) = house.tray.arrived()
    assert (arrived.phone, arrived.source) == ("13800138001", f"{ton}.{npi}.+8613800138001")


# -- alphabets of a link -------------------------------------------------------------------------


def test_a_link_says_what_its_data_codings_are() -> None:
    """GBK where another has Latin-1, and GSM-7 as it came over the air."""
    house = House(encodings={0: "gsm7-packed", 3: "gbk"})
    house.delivers(short_message="余额".encode("gbk"), data_coding=3, sequence=1)
    house.delivers(short_message=pack(b"KTLL30"), sequence=2)
    house.delivers(RECEIPT, esm_class=4, sequence=3)
    house.delivers(short_message=b"*139#", service_type="USSD", sequence=4)
    first, second, dialled = house.tray.arrived()
    assert (first.text, second.text, dialled.text) == ("余额", "KTLL30", "*139#")
    assert [type(work) for work in house.tray.works].count(Receipted) == 1


# -- what trails a message -----------------------------------------------------------------------


def test_octets_behind_a_message_are_told_once(house: House) -> None:
    """A habit of the SMSC: counted each time, and no line for each."""
    pdu = DeliverSm(source_addr=ZHANG, destination_addr="10086", short_message=b"YE")
    for sequence in range(1, 9):
        octets = encode(pdu, sequence) + b"\0"
        house.connection.dataReceived(len(octets).to_bytes(4, "big") + octets[4:])
    assert [arrived.text for arrived in house.tray.arrived()] == ["YE"] * 8
    assert house.counts.left_out["smsc-a"] == 8
    (line,) = [line for line in house.log() if "octets" in line]
    assert (line["link"], line["octets"]) == ("smsc-a", 1)


# -- what the SMSC has read ----------------------------------------------------------------------


def test_a_bind_is_noted_from_its_beginning(house: House) -> None:
    """Under the id that its messages carry."""
    fresh = House()
    assert fresh.tray.works == [BindBegan(fresh.tray.works[0].bind, "smsc-a")]  # type: ignore[attr-defined]
    fresh.delivers()
    assert fresh.tray.arrived()[0].bind == fresh.tray.works[0].bind  # type: ignore[attr-defined]
    assert house.tray.works == []


def ask(house: House) -> int:
    """The probe that follows our answers a second later; its sequence."""
    house.clock.advance(1.0)
    (sequence,) = [number for number, _, pdu in house.sent() if isinstance(pdu, EnquireLink)]
    return sequence


def proven(house: House) -> list[int]:
    """How far, as the desk is told."""
    house.linger()
    return [work.upto for work in house.tray.works if isinstance(work, Proven)]


def test_what_the_smsc_has_read_is_proven(house: House) -> None:
    """By its answer to something that we wrote after our own; not by its silence."""
    for sequence in (1, 2):
        house.delivers("YE", sequence)
    first, second = house.tray.arrived()
    house.tray.all_done()
    probe = ask(house)
    house.delivers("CXTC", 3)
    third = house.tray.arrived()[-1]
    assert proven(house) == []
    house.say(EnquireLinkResp(), probe)
    assert proven(house) == [third.id - 1]
    assert first.id < second.id < third.id


def test_what_is_still_at_the_desk_holds_the_proof_back(house: House) -> None:
    """The older message has no answer yet, so nothing after it counts."""
    house.delivers("YE", 1)
    house.delivers("CXTC", 2, source_addr="8613800138002")
    slow, quick = house.tray.jobs
    quick.done(Served())
    house.tray.jobs.clear()
    house.say(EnquireLinkResp(), ask(house))
    (upto,) = proven(house)
    assert isinstance(slow.work, Arrived)
    assert upto < slow.work.id


def test_one_note_at_a_time_and_then_the_newest(house: House) -> None:
    """A busy link does not write a row for each message."""
    told = []
    for sequence in (1, 2, 3):
        house.delivers("YE", sequence)
        while house.tray.arrived():
            job = next(job for job in house.tray.jobs if isinstance(job.work, Arrived))
            house.tray.jobs.remove(job)
            job.done(Served())
        house.say(EnquireLinkResp(), ask(house))
        told.append(proven(house))
    assert [len(notes) for notes in told] == [1, 1, 1]
    house.tray.all_done()
    assert len(proven(house)) == 1


def test_what_could_not_be_noted_is_noted_later(house: House) -> None:
    """With the next thing that is read."""
    house.delivers("YE", 1)
    house.tray.all_done()
    house.say(EnquireLinkResp(), ask(house))
    house.linger()
    house.tray.done(Failure(Unavailable("away")))
    house.delivers("YE", 2)
    house.tray.all_done()
    house.say(EnquireLinkResp(), ask(house))
    assert len(proven(house)) == 1


def test_the_end_of_a_bind_tells_how_far_it_was_proven(house: House) -> None:
    """Alone at the desk, so that nothing that comes again can be served before it."""
    house.delivers("YE", 1)
    read = house.tray.arrived()[0]
    house.tray.all_done()
    house.say(EnquireLinkResp(), ask(house))
    house.delivers("CXTC", 2)
    unread = house.tray.arrived()[0]
    house.clock.advance(2.0)
    house.hang_up()
    job = house.tray.jobs[-1]
    assert job.alone
    ended = job.work
    assert isinstance(ended, BindEnded)
    assert (ended.bind, ended.at_ms) == (read.bind, int(house.wall() * 1000))
    assert read.id <= ended.upto < unread.id


def test_a_bind_without_messages_is_proven_from_its_beginning(house: House) -> None:
    """There is nothing that could come again."""
    house.hang_up()
    (ended,) = house.tray.works
    assert isinstance(ended, BindEnded)
    assert ended.upto == ended.bind


def test_what_was_refused_is_not_expected_as_a_repetition(house: House) -> None:
    """It was not kept: it comes again as new, and holds no proof back."""
    house.delivers("YE", 1)
    refused = house.tray.arrived()[0]
    house.tray.done(Failure(Unavailable("away")))
    house.hang_up()
    ended = house.tray.works[-1]
    assert isinstance(ended, BindEnded)
    assert ended.upto >= refused.id


def test_a_connection_that_was_never_bound_has_no_end() -> None:
    """Nobody knows it."""
    house = House()
    session = Session(BindKind.TRANSCEIVER, Credentials("hallgate", "wrong"), Limits())
    user = SmsBind(house.door, LinkSettings(name="smsc-b"), BindKind.TRANSCEIVER)
    connection = SmppConnection(session, house.clock, user)
    connection.makeConnection(Wire())
    house.tray.all_done()
    connection.dataReceived(encode(BindResp(BindKind.TRANSCEIVER, ""), 1, 0x0E))
    connection.connectionLost(Failure(ConnectionError("gone")))
    assert house.tray.works == []
    assert [line["reason"] for line in house.log()] == ["wrong password"]


# -- peers that do not wait ----------------------------------------------------------------------


def overlaps(house: House) -> int:
    house.linger()
    return len([work for work in house.tray.works if isinstance(work, Overlaps)])


def test_a_peer_that_does_not_wait_for_answers_is_noticed_once(house: House) -> None:
    """A subscriber's next message comes before the last was answered."""
    house.delivers("YE", 1)
    house.delivers("CXTC", 2)
    house.delivers("CXYL", 3)
    assert overlaps(house) == 1


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
    house: House, first: dict[str, object], second: dict[str, object]
) -> None:
    """Any peer delivers those side by side."""
    house.delivers("YE", 1, **first)
    house.delivers("CXTC", 2, **second)
    assert overlaps(house) == 0
    house.tray.all_done()
    house.delivers("CXYL", 3, **second)
    assert overlaps(house) == 0


# -- what goes out -------------------------------------------------------------------------------


def leaves(text: str, **link: object) -> list[SubmitSm]:
    """How a text is sent on such a link."""
    house = House(**link)  # type: ignore[arg-type]
    house.outbox.add([outgoing(text)])
    return house.submitted()


def test_a_short_text_is_one_message() -> None:
    """In the alphabet that says it."""
    (latin,) = leaves("balance: 56.80")
    assert (latin.data_coding, latin.esm_class, latin.short_message) == (0, 0, b"balance: 56.80")
    (chinese,) = leaves("余额")
    assert (chinese.data_coding, chinese.short_message) == (8, "余额".encode("utf-16-be"))


@pytest.mark.parametrize(("way", "header"), [("udh8", b"\5\0\3"), ("udh16", b"\6\x08\4")])
def test_a_long_text_is_sent_in_parts(way: str, header: bytes) -> None:
    """As the link wants them numbered, and with the same reference each time."""
    text = "余额" * 60
    first, again = leaves(text, long_messages=way), leaves(text, long_messages=way)
    assert len(first) == 2
    assert all(pdu.esm_class == 0x40 and pdu.short_message.startswith(header) for pdu in first)
    assert first == again


def test_a_long_text_as_a_payload_is_one_message() -> None:
    """The SMSC does the cutting."""
    (pdu,) = leaves("余额" * 60, long_messages="payload")
    assert pdu.tlvs == ((0x0424, ("余额" * 60).encode("utf-16-be")),)
    (short,) = leaves("余额", long_messages="payload")
    assert short.tlvs == ()


@pytest.mark.parametrize(
    ("receipts", "important", "asked"),
    [("important", True, 1), ("important", False, 0), ("all", False, 1), ("none", True, 0)],
)
def test_receipts_are_asked_for_as_the_link_wants(
    receipts: str, important: bool, asked: int
) -> None:
    """For what matters, for all, for none."""
    house = House(receipts=receipts)
    house.outbox.add([outgoing()._replace(receipt=important)])
    assert [pdu.registered_delivery for pdu in house.submitted()] == [asked]


def test_what_the_smsc_says_to_a_message_is_counted_and_settles_it(house: House) -> None:
    """With its own id for it, where receipts are expected."""
    words = outgoing()._replace(receipt=True)
    house.outbox.add([words])
    ((sequence, _, _),) = house.sent()
    house.say(SubmitSmResp("a1"), sequence)
    assert [(s.id, s.accepted, s.message_ids) for s in house.settled] == [(words.id, True, ("a1",))]
    assert house.counts.messages_out["smsc-a", "accepted"] == 1


def test_a_link_may_mean_something_else_by_a_status() -> None:
    """An SMSC that says system error when it wants us to slow down."""
    plain, own = House(), House(statuses={"ESME_RSYSERR": "throttle"})
    for house in (plain, own):
        house.outbox.add([outgoing()])
        ((sequence, _, _),) = house.sent()
        house.say(SubmitSmResp(""), sequence, SMPP_ESME_RSYSERR)
    assert plain.counts.messages_out["smsc-a", Treatment.LATER.value] == 1
    assert own.counts.messages_out["smsc-a", Treatment.THROTTLE.value] == 1
    assert SMPP_ESME_RTHROTTLED != SMPP_ESME_RSYSERR


def test_an_smsc_that_does_not_answer_gets_the_message_again(house: House) -> None:
    """Seconds after its time was up: it may have been taken or not."""
    words = Outgoing(
        int((NOON - 1_735_689_600) * 1000) << 21, "smsc-a", "0.0.10086", f"1.1.{ZHANG}", "ok"
    )
    house.outbox.add([words])
    assert len(house.submitted()) == 1
    again: list[SubmitSm] = []
    for _ in range(60 + 31):
        house.clock.advance(1.0)
        for sequence, _, pdu in house.sent():
            if isinstance(pdu, EnquireLink):
                house.say(EnquireLinkResp(), sequence)
            elif isinstance(pdu, SubmitSm):
                again.append(pdu)
    assert len(again) == 1
    assert house.settled == []
    assert (house.counts.unanswered["smsc-a"], house.counts.repeated["smsc-a"]) == (1, 1)


def test_a_late_answer_settles_what_it_answers(house: House) -> None:
    """On the same bind; nothing is sent twice, and the link stays."""
    words = outgoing()._replace(receipt=True)
    house.outbox.add([words])
    ((sequence, _, _),) = house.sent()
    for _ in range(3):
        house.clock.advance(21.0)
        house.say(EnquireLink(), 7)
    assert house.settled == []
    house.say(SubmitSmResp("a1"), sequence)
    assert [(s.id, s.accepted, s.message_ids) for s in house.settled] == [(words.id, True, ("a1",))]
    house.clock.advance(60.0)
    assert house.submitted() == []
    assert house.counts.answered_late["smsc-a"] == 1


def test_no_more_than_the_window_is_unanswered(house: House) -> None:
    """The rest follows as answers come."""
    house.outbox.add(outgoing(number=n, to=f"861390000000{n}") for n in range(1, 8))
    numbers = [sequence for sequence, _, _ in house.sent()]
    assert len(numbers) == 4
    house.say(SubmitSmResp("a"), numbers[0])
    assert len(house.submitted()) == 1


@pytest.mark.parametrize(
    ("kind", "sends"), [(BindKind.TRANSMITTER, True), (BindKind.RECEIVER, False)]
)
def test_only_a_bind_that_sends_is_a_way_out(kind: BindKind, sends: bool) -> None:
    """Receivers only bring."""
    house = House(kind=kind)
    assert house.door.can_send() is sends
    house.outbox.add([outgoing()])
    assert len(house.submitted()) == sends
    house.hang_up()
    assert not house.door.can_send()


def test_what_was_unanswered_when_the_link_was_lost_goes_by_the_next(house: House) -> None:
    """At least once."""
    house.outbox.add([outgoing()])
    house.submitted()
    house.hang_up()
    house.connect()
    assert [pdu.short_message for pdu in house.submitted()] == [b"ok"]


# -- a rude peer ---------------------------------------------------------------------------------


def test_a_peers_faults_are_told_ever_less_often(house: House) -> None:
    """It can make thousands a second, and a log is for people."""
    for sequence in range(100):
        house.say(SubmitSmResp("none of ours"), sequence + 1_000)
    counts = [line["count"] for line in house.log() if line["event"] == "protocol fault"]
    assert counts == [1, 2, 4, 8, 16, 32, 64]
