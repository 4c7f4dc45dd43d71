"""Cutting bytes into PDUs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smpp.framing import PduFramer, SmppFramingLost

bodies = st.lists(st.binary(max_size=80), max_size=12)


def framed(body: bytes) -> bytes:
    return (16 + len(body)).to_bytes(4, "big") + b"\0" * 12 + body


def segments(data: st.DataObject, stream: bytes) -> list[bytes]:
    """The stream cut at random places, empty segments among them."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=20)))
    return [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]


@given(bodies, st.data())
def test_any_segmentation_gives_the_same_pdus(bodies, data):
    """However the network cuts or merges them."""
    stream = b"".join(map(framed, bodies))
    framer = PduFramer(1000)
    found = [pdu for segment in segments(data, stream) for pdu in framer.cut(segment)]
    assert found == list(map(framed, bodies))
    assert framer.held == 0


def test_octet_by_octet():
    """The slowest network there is."""
    framer = PduFramer(1000)
    stream = framed(b"one") + framed(b"two")
    found = [pdu for octet in stream for pdu in framer.cut(bytes([octet]))]
    assert found == [framed(b"one"), framed(b"two")]


@pytest.mark.parametrize("length", [0, 15, 101, 1213486160, 0xFFFFFFFF])
def test_a_length_that_cannot_be_is_refused_on_sight(length):
    """Four octets are enough to see it ("HTTP" is 1213486160); no body is waited for."""
    framer = PduFramer(100)
    with pytest.raises(SmppFramingLost, match=str(length)):
        list(framer.cut(length.to_bytes(4, "big")))


def test_pdus_before_the_loss_still_count():
    """What came whole before the nonsense is taken."""
    cut = PduFramer(100).cut(framed(b"one") + b"HTTP/1.1 400 Bad Request")
    assert next(cut) == framed(b"one")
    with pytest.raises(SmppFramingLost):
        next(cut)


@given(st.lists(st.binary(max_size=300), max_size=30))
def test_what_is_held_is_bounded(stream):
    """Never more than one PDU short of its end, whatever comes."""
    framer = PduFramer(200)
    try:
        for segment in stream:
            list(framer.cut(segment))
            assert framer.held < 200
    except SmppFramingLost:
        pass
