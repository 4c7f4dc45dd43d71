"""Hostile messages in USSD dialogues, guided by coverage.

python tests/fuzz/fuzz_ussd.py -max_total_time=600
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["smpp"]):
    from smpp.alphabets import Default
    from smpp.pdu import DeliverSm, SubmitSm
    from smpp.reading import decode
    from smpp.ussd import DIALECTS, Carrier, Say, Turn, Way, answer, heard, same_dialogue
    from smpp.ussd_strings import pack, unpack
    from smpp.writing import encode

TAGS = [0x0204, 0x0424, 0x0501, 0x1383, 0x1501]
HALL, PHONE = (0, 1, "139"), (1, 1, "8613800138001")


def one_input(octets: bytes) -> None:
    """Whatever a centre says is heard, and every dialogue that it names can be answered."""
    data = atheris.FuzzedDataProvider(octets)
    way = Way(
        "*139#",
        data.PickValueInList(list(Carrier)),
        data.PickValueInList(list(DIALECTS.values())),
        data.PickValueInList(list(Default)),
    )
    said = data.ConsumeUnicodeNoSurrogates(200)
    message = DeliverSm(
        service_type="USSD",
        data_coding=data.ConsumeIntInRange(0, 255),
        tlvs=tuple(
            (data.PickValueInList(TAGS), data.ConsumeBytes(data.ConsumeIntInRange(0, 70)))
            for _ in range(data.ConsumeIntInRange(0, 4))
        ),
        short_message=data.ConsumeBytes(data.remaining_bytes()),
    )
    turn, session, text = heard(message, way)
    assert turn is not Turn.BEGIN or text.startswith("*")
    assert same_dialogue(session, session)
    septets = unpack(message.payload)
    assert unpack(pack(septets)).startswith(septets.rstrip(b"\r"))
    for say in Say:
        screen = answer(said, say, session, way, HALL, PHONE)
        assert decode(encode(screen, 1)).pdu == SubmitSm(*screen)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
