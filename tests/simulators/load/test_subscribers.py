"""What subscribers of USSD send, and in which order."""

from __future__ import annotations

from simulators.load import UssdSubscribers, packed_pdus
from smpp.pdu import DeliverSm
from smpp.pdu_decoding import decode_pdu
from smpp.ussd.dialogue_messages import UssdLinkMode, UssdMessage, read_ussd_message

BEGIN, CONTINUE = "BEGIN", "CONTINUE"


def sent(people: UssdSubscribers, index: int) -> tuple[DeliverSm, UssdMessage]:
    """As the other side reads it, whose codec is its own."""
    pdu = decode_pdu(
        packed_pdus.pack_pdu(packed_pdus.DELIVER_SM, 0, 1, people.next_body(index))
    ).pdu
    assert isinstance(pdu, DeliverSm)
    return pdu, read_ussd_message(pdu, UssdLinkMode())


def test_a_subscriber_dials_presses_every_key_and_dials_anew():
    """In a session of another name: the last key has ended the first one."""
    people = UssdSubscribers(13900000001, 3, ("5", "0"))

    read = [sent(people, 1)[1] for _ in range(5)]

    assert [(each.turn.name, each.text) for each in read] == [
        (BEGIN, "*139#"), (CONTINUE, "5"), (CONTINUE, "0"), (BEGIN, "*139#"), (CONTINUE, "5"),
    ]  # fmt: skip
    names = [each.session for each in read]
    assert names[0] == names[1] == names[2]
    assert names[2][:-2] != names[3][:-2]  # the lowest octet counts messages, and says the end
    assert names[3] == names[4]


def test_everybody_walks_alone():
    """Whoever comes first: each begins by dialling, from a number of their own."""
    people = UssdSubscribers(13900000001, 3, ("0",))

    read = [sent(people, index) for index in (2, 0, 2, 1)]

    assert [pdu.source_addr for pdu, _ in read] == [f"1390000000{n}" for n in (3, 1, 3, 2)]
    assert {pdu.destination_addr for pdu, _ in read} == {"139"}
    assert [each.turn.name for _, each in read] == [BEGIN, BEGIN, CONTINUE, BEGIN]


def test_an_address_is_known_in_each_of_its_spellings():
    """And nobody else's."""
    people = UssdSubscribers(13900000001, 3, ("0",))

    assert [people.index_of(each) for each in (b"13900000001", b"8613900000003")] == [0, 2]
    assert people.index_of(b"+8613900000002") == 1
    assert people.index_of(b"10086x") == -1
