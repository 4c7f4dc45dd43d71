"""Hostile octets and texts against reading, cutting, joining and receipts, guided by coverage.

python tests/fuzz/fuzz_text.py -max_total_time=600
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["smpp"]):
    from smpp.messages.alphabets import DefaultAlphabet, decode_text
    from smpp.messages.receipts import message_id_forms, receipt_of
    from smpp.messages.segmentation import (
        Segment,
        fragment_of,
        join_fragments,
        message_text,
        split_text,
        text_length,
    )
    from smpp.pdu import DeliverSm

TAGS = [0x001E, 0x020C, 0x020E, 0x020F, 0x0423, 0x0424, 0x0427, 0x1383]


def arriving(segment: Segment) -> DeliverSm:
    return DeliverSm(
        esm_class=segment.esm_class,
        data_coding=segment.data_coding,
        short_message=segment.short_message,
    )


def octets_say_something(data: atheris.FuzzedDataProvider) -> None:
    """Any message is some text, at most a sound part of one, and perhaps a receipt."""
    default = data.PickValueInList(list(DefaultAlphabet))
    message = DeliverSm(
        esm_class=data.ConsumeIntInRange(0, 255),
        data_coding=data.ConsumeIntInRange(0, 255),
        tlvs=tuple(
            (data.PickValueInList(TAGS), data.ConsumeBytes(data.ConsumeIntInRange(0, 70)))
            for _ in range(data.ConsumeIntInRange(0, 4))
        ),
        short_message=data.ConsumeBytes(data.remaining_bytes()),
    )
    assert len(message_text(message, default)) <= len(message.payload)
    decode_text(message.payload, message.data_coding, default)
    if fragment := fragment_of(message):
        assert 1 <= fragment.number <= fragment.total <= 255
        join_fragments([fragment], default)
    if receipt := receipt_of(message, default):
        assert len(receipt.message_id) <= 64
        assert message_id_forms(receipt.message_id)


def texts_come_back(data: atheris.FuzzedDataProvider) -> None:
    """What we cut, a handset joins to the same text, in no more units than it has room for."""
    default = data.PickValueInList(list(DefaultAlphabet))
    wide = data.ConsumeBool()
    reference = data.ConsumeIntInRange(0, 70_000)
    text = data.ConsumeUnicodeNoSurrogates(1500) * data.ConsumeIntInRange(1, 5)
    length = text_length(text, default, wide=wide)
    segments = split_text(text, reference, wide, default)
    assert length.parts == len(segments)
    assert all(len(segment.short_message) <= 160 for segment in segments)
    if len(segments) == 1:
        assert message_text(arriving(segments[0]), default) == text
        return
    fragments = [fragment_of(arriving(segment)) for segment in segments]
    assert (
        join_fragments([fragment for fragment in reversed(fragments) if fragment], default) == text
    )


def one_input(octets: bytes) -> None:
    data = atheris.FuzzedDataProvider(octets)
    if data.ConsumeBool():
        octets_say_something(data)
    else:
        texts_come_back(data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
