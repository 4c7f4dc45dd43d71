"""Delivery receipts: found in every form, and never in what a subscriber wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smpp.messages.receipts import MessageState, Receipt, message_id_forms, receipt_of
from smpp.pdu import DataSm, DeliverSm

ID, STATE, ERROR, PAYLOAD = 0x001E, 0x0427, 0x0423, 0x0424
# SMPP 3.4 appendix B
FORM = (
    "id:0123456789 sub:001 dlvrd:001 submit date:2611210930 done date:2611210931 "
    "stat:DELIVRD err:000 text:Your balance is 56.8"
)


def receipt(text: str = FORM, esm_class: int = 0x04, **fields) -> Receipt | None:
    return receipt_of(DeliverSm(esm_class=esm_class, short_message=text.encode(), **fields))


def test_the_form_of_the_specification():
    """Appendix B, marked as a receipt."""
    assert receipt() == Receipt("0123456789", MessageState.DELIVERED, "000", "Your balance is 56.8")


@pytest.mark.parametrize(
    ("text", "message_id", "state", "error"),
    [
        # lower and mixed case, "Text" capitalised
        ("id:0e999f21 sub:1 dlvrd:1 submit date:2611210930 stat:delivrd err:0 Text:hi",
         "0e999f21", "DELIVERED", "0"),
        ("ID:7 Sub:001 Dlvrd:000 Stat:UNDELIV Err:12", "7", "UNDELIVERABLE", "12"),
        # fields that are missing
        ("id:7 stat:EXPIRED", "7", "EXPIRED", ""),
        ("stat:REJECTD err:034", "", "REJECTED", "034"),
        ("id: sub:001 stat:DELIVRD err:000", "", "DELIVERED", "000"),
        ("id:7 stat:DELIVRD err: text:", "7", "DELIVERED", ""),
        # spaces, other separators, long and odd dates
        ("id: 7, sub: 001, submit date: 20261121093000, stat: FAILED, err: 5", "7",
         "UNDELIVERABLE", "5"),
        ("id=7;stat=DELIVERED;err=0", "7", "DELIVERED", "0"),
        ("id:7 submit date:21-NOV-26 09:30 done date: stat:ENROUTE err:000", "7", "ENROUTE", "000"),
        # an id that is a UUID
        ("id:6f1ed002-ab59-4f4f-8d3c-0123456789ab stat:ACCEPTD err:000",
         "6f1ed002-ab59-4f4f-8d3c-0123456789ab", "ACCEPTED", "000"),
        # a network's own word where the state should be
        ("id:7 sub:001 stat:MA:0001", "7", "UNKNOWN", "MA:0001"),
        ("id:7 stat:XYZ err:9", "7", "UNKNOWN", "9"),
        # nothing of the form at all: still a receipt, for its esm_class says so
        ("message delivered", "", "UNKNOWN", ""),
        ("", "", "UNKNOWN", ""),
        # the quoted text speaks of receipts itself
        ("id:7 stat:DELIVRD err:000 text:id:8 stat:EXPIRED err:1", "7", "DELIVERED", "000"),
    ],
)  # fmt: skip
def test_vendors_forms(text, message_id, state, error):
    """Marked by esm_class, a receipt is read as far as it goes, and is never a subscriber's."""
    found = receipt(text)
    assert found is not None
    assert (found.message_id, found.state.name, found.error) == (message_id, state, error)


def test_tlvs_come_before_the_text():
    """Where both speak the TLVs are exact; the text fills what they leave out."""
    tlvs = ((ID, b"A1\0"), (STATE, b"\x05"), (ERROR, b"\x03\x00\x0c"))
    assert receipt(tlvs=tlvs) == Receipt(
        "A1", MessageState.UNDELIVERABLE, "12", "Your balance is 56.8"
    )
    assert receipt(tlvs=((STATE, b"\x02"),)) == receipt()


@pytest.mark.parametrize("value", [b"\x00", b"\x63", b"", b"\x01\x02\x03\x04\x05"])
def test_a_state_that_is_none_leaves_the_word_to_the_text(value):
    """A vendor's own number, or nonsense, in message_state."""
    found = receipt(tlvs=((STATE, value),))
    assert found is not None
    assert found.state is MessageState.DELIVERED


@pytest.mark.parametrize(
    "message",
    [
        DeliverSm(tlvs=((ID, b"7\0"), (STATE, b"\x02"))),
        DeliverSm(tlvs=((ID, b"7"), (STATE, b"\x02"))),
        DataSm(esm_class=0x04, tlvs=((ID, b"7\0"), (STATE, b"\x02"))),
        DeliverSm(esm_class=0x04, tlvs=((PAYLOAD, b"id:7 stat:DELIVRD"),)),
        DeliverSm(
            esm_class=0x04, data_coding=8, short_message="id:7 stat:DELIVRD".encode("utf-16-be")
        ),
        DeliverSm(esm_class=0x44, short_message=b"\x03\x24\x01\x0did:7 stat:DELIVRD"),
        DeliverSm(esm_class=0x07, short_message=b"id:7 stat:DELIVRD"),
    ],
)
def test_receipts_in_other_clothes(message):
    """TLVs without esm_class, data_sm, message_payload, UCS-2, a header, a messaging mode."""
    found = receipt_of(message)
    assert found is not None
    assert (found.message_id, found.state) == ("7", MessageState.DELIVERED)


def test_an_intermediate_notification_says_so():
    """esm_class 0x20: on its way still."""
    found = receipt("id:7 stat:ENROUTE", esm_class=0x20)
    assert found is not None
    assert found.intermediate
    assert not found.state.final


def test_the_whole_form_counts_without_any_mark():
    """A vendor that forgets esm_class."""
    assert receipt(esm_class=0) == receipt()
    assert receipt(FORM.upper(), esm_class=0) is not None


@pytest.mark.parametrize(
    "text",
    [
        "YE",
        "id:7 stat:DELIVRD",
        "id:7 sub:001 dlvrd:001 stat:DELIVRD err:000",
        "why is it stat:UNDELIV?",
        "I got this: " + FORM,
        FORM.replace("DELIVRD", "GREAT"),
        FORM.replace("2611210930", "today"),
        "my id: 110101199003078515, date: 20261121, stat: ok",
        "查询 id:7 stat:DELIVRD",
    ],
)
def test_what_a_subscriber_writes_is_no_receipt(text):
    """Without a mark, nothing but the whole form is taken for one."""
    assert receipt(text, esm_class=0) is None


@pytest.mark.parametrize("esm_class", [0x08, 0x10, 0x18])
def test_a_handsets_acknowledgement_is_no_receipt(esm_class):
    """Delivery and user acknowledgements are the subscriber's messages."""
    assert receipt(FORM, esm_class=esm_class) is None


@given(st.text())
def test_ordinary_texts_are_never_receipts(text):
    """Whatever people type."""
    assert receipt_of(DeliverSm(data_coding=8, short_message=text.encode("utf-16-be"))) is None


@given(st.binary(max_size=2000), st.integers(0, 255), st.integers(0, 255))
def test_hostile_receipts_are_read_as_something(octets, esm_class, coding):
    """Nothing raises, and ids stay short."""
    message = DeliverSm(
        esm_class=esm_class, data_coding=coding, tlvs=((PAYLOAD, octets), (ID, octets))
    )
    found = receipt_of(message)
    assert found is None or len(found.message_id) <= 64


@pytest.mark.parametrize("state", MessageState)
def test_final_and_ok(state):
    """One state is success; two are not the end."""
    assert state.ok == (state.name == "DELIVERED")
    assert state.final == (state.name not in ("ENROUTE", "ACCEPTED"))


# ---- ids ----


@pytest.mark.parametrize(
    ("submitted", "receipted"),
    [
        ("0e999f21", "E999F21"),
        ("0e999f21", "244948769"),
        ("244948769", "0E999F21"),
        ("244948769", "0244948769"),
        ("0x2A", "42"),
        ("2a", "0000000042"),
        ("0", "000"),
        ("6f1ed002-ab59", "6F1ED002-AB59"),
        (" 42", "42 "),
    ],
)
def test_the_same_id_in_another_dress_is_found(submitted, receipted):
    """Whichever side wrote it how: keep the first form of one, look for those of the other."""
    assert message_id_forms(submitted)[0] in message_id_forms(receipted)
    assert message_id_forms(receipted)[0] in message_id_forms(submitted)


@given(st.integers(0, 2**64))
def test_hexadecimal_and_decimal_of_one_number_meet(number):
    """Both ways, with zeros or without."""
    for one, other in ((f"{number:x}", f"{number:010d}"), (f"{number:016X}", str(number))):
        assert message_id_forms(one)[0] in message_id_forms(other)
        assert message_id_forms(other)[0] in message_id_forms(one)


@given(st.text(max_size=70))
def test_every_id_has_a_form(message_id):
    """Ids are text: anything is one."""
    assert all(isinstance(form, str) for form in message_id_forms(message_id))
    assert message_id_forms(message_id)


@pytest.mark.parametrize(("one", "other"), [("42", "43"), ("A-1", "A-2"), ("0e999f21", "e999f22")])
def test_different_ids_stay_different(one, other):
    """The forms do not blur neighbours."""
    assert not set(message_id_forms(one)) & set(message_id_forms(other))
