"""Short messages that arrive: told apart, whoever sent them and in whatever alphabet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.channels.smpp.fingerprint import fingerprint
from gateway.model.address import Address
from gateway.model.messages import (
    ReceiptArrived,
    ShortMessage,
)
from smpp.messages.alphabets import DefaultAlphabet
from smpp.messages.gsm7_packing import pack_septets
from smpp.messages.segmentation import Fragment
from smpp.pdu import (
    DeliverSm,
)
from smpp.pdu_encoding import encode_pdu
from smpp.tlv import Tlvs
from tests.gateway.channels.smsc_peer import (
    KEY,
    RECEIPT,
    ZHANG,
    SmscPeer,
)

# -- what comes in --------------------------------------------------------------------------------


def test_a_message_is_told_from_all_others(smsc: SmscPeer) -> None:
    """With a rising id, its bind, its link, and what they say of themselves."""
    smsc.delivers("YE", 1)
    smsc.delivers("CXTC", 2)
    first, second = smsc.desk.arrived()
    assert first.id < second.id
    assert first.bind == second.bind < first.id
    assert (first.link, first.source) == ("smsc-a", Address(0, 0, ZHANG))
    assert first.port == Address(0, 0, "10086")
    assert first.fingerprint != second.fingerprint


def test_messages_of_one_subscriber_have_one_key(smsc: SmscPeer) -> None:
    """In whatever form the number comes; strangers have their own."""
    for sequence, source in enumerate((ZHANG, "13800138001", "+8613800138002", "10010"), 1):
        smsc.delivers("YE", sequence, source_addr=source)
    keys = [job.key for job in smsc.desk.jobs if isinstance(job.work, ShortMessage)]
    assert keys == ["13800138001", "13800138001", "13800138002", "0.0.10010"]


def test_a_part_of_a_long_message_is_handed_on_as_one(smsc: SmscPeer) -> None:
    """The desk joins it; its text is not looked at here."""
    header = bytes((5, 0, 3, 77, 2, 1))
    text = "话费".encode("utf-16-be")
    smsc.delivers("", 1, esm_class=0x40, data_coding=8, short_message=header + text)
    (arrived,) = smsc.desk.written()
    assert arrived.text == ""
    assert arrived.fragment == Fragment(77, 2, 1, text, 8)


def test_what_a_link_means_by_its_default_alphabet(smsc: SmscPeer) -> None:
    """Latin-1 for some, GSM-7 for most; and whether its numbers can be believed."""
    smsc.delivers("\x00a", 1)
    latin = SmscPeer(alphabet="latin1", trusted=False)
    latin.delivers("\x00a", 1)
    (ours,), (theirs,) = smsc.desk.written(), latin.desk.written()
    assert (ours.text, ours.default, ours.asserted) == ("@a", DefaultAlphabet.GSM7, True)
    assert (theirs.text, theirs.default, theirs.asserted) == (
        "\x00a",
        DefaultAlphabet.LATIN1,
        False,
    )


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


def test_what_comes_again_has_the_fingerprint_it_had(smsc: SmscPeer) -> None:
    """On another bind, under another number, with its TLVs in another order."""
    tlvs = ((0x0204, b"\0\1"), (0x0424, b"YE"))
    smsc.delivers("", 1, tlvs=tlvs)
    smsc.hang_up()
    smsc.connect()
    smsc.delivers("", 99, tlvs=tlvs[::-1])
    first, second = smsc.desk.arrived()
    assert first.fingerprint == second.fingerprint
    assert first.bind != second.bind


# -- addresses as SMSCs write them ----------------------------------------------------------------


@pytest.mark.parametrize("nobody", ["", " "])
def test_what_was_written_to_nobody_was_written_to_us(smsc: SmscPeer, nobody: str) -> None:
    """Some SMSCs leave our number out; the answer must come from somewhere."""
    smsc.delivers("YE", destination_addr=nobody, dest_addr_ton=5)
    assert [arrived.port for arrived in smsc.desk.arrived()] == [Address.service("10086")]


@pytest.mark.parametrize(("ton", "npi"), [(0, 0), (1, 1), (2, 8), (5, 0), (7, 255)])
def test_the_sender_is_answered_as_the_network_named_them(
    smsc: SmscPeer, ton: int, npi: int
) -> None:
    """Whatever type of number it claims."""
    smsc.delivers("YE", source_addr_ton=ton, source_addr_npi=npi, source_addr="+8613800138001")
    (arrived,) = smsc.desk.arrived()
    assert (arrived.phone, arrived.source) == ("13800138001", (ton, npi, "+8613800138001"))


# -- alphabets of a link --------------------------------------------------------------------------


def test_a_link_says_what_its_data_codings_are() -> None:
    """GBK where another has Latin-1, and GSM-7 as it came over the air."""
    smsc = SmscPeer(encodings={0: "gsm7-packed", 3: "gbk"})
    smsc.delivers(short_message="余额".encode("gbk"), data_coding=3, sequence=1)
    smsc.delivers(short_message=pack_septets(b"KTLL30"), sequence=2)
    smsc.delivers(RECEIPT, esm_class=4, sequence=3)
    smsc.delivers(short_message=b"*139#", service_type="USSD", sequence=4)
    first, second, dialled = smsc.desk.arrived()
    assert (first.text, second.text, dialled.text) == ("余额", "KTLL30", "*139#")
    assert [type(work) for work in smsc.desk.works].count(ReceiptArrived) == 1


# -- what trails a message ------------------------------------------------------------------------


def test_octets_behind_a_message_are_told_once(smsc: SmscPeer) -> None:
    """A habit of the SMSC: counted each time, and no line for each."""
    pdu = DeliverSm(source_addr=ZHANG, destination_addr="10086", short_message=b"YE")
    for sequence in range(1, 9):
        octets = encode_pdu(pdu, sequence) + b"\0"
        smsc.connection.dataReceived(len(octets).to_bytes(4, "big") + octets[4:])
    assert [arrived.text for arrived in smsc.desk.arrived()] == ["YE"] * 8
    assert smsc.counts.left_out["smsc-a"] == 8
    (line,) = [line for line in smsc.log() if "octets" in line]
    assert (line["link"], line["octets"]) == ("smsc-a", 1)
