"""Hostile messages in USSD dialogues, guided by coverage.

python tests/fuzz/fuzz_ussd.py -max_total_time=600
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["smpp"]):
    from smpp.messages.alphabets import DefaultAlphabet
    from smpp.messages.gsm7_packing import pack_septets, unpack_septets
    from smpp.pdu import DeliverSm, SubmitSm
    from smpp.pdu_decoding import decode_pdu
    from smpp.pdu_encoding import encode_pdu
    from smpp.ussd.dialogue_messages import (
        DIALECTS,
        SessionCarrier,
        UssdLinkMode,
        UssdMessageKind,
        UssdReplyKind,
        read_ussd_message,
        same_dialogue,
        screen_message,
    )

TAGS = [0x0204, 0x0424, 0x0501, 0x1383, 0x1501]
HALL, PHONE = (0, 1, "139"), (1, 1, "8613800138001")


def one_input(octets: bytes) -> None:
    """Whatever a centre says is heard, and every dialogue that it names can be answered."""
    data = atheris.FuzzedDataProvider(octets)
    way = UssdLinkMode(
        "*139#",
        data.PickValueInList(list(SessionCarrier)),
        data.PickValueInList(list(DIALECTS.values())),
        data.PickValueInList(list(DefaultAlphabet)),
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
    turn, session, text = read_ussd_message(message, way)
    assert turn is not UssdMessageKind.BEGIN or text.startswith("*")
    assert same_dialogue(session, session)
    septets = unpack_septets(message.payload)
    assert unpack_septets(pack_septets(septets)).startswith(septets.rstrip(b"\r"))
    for say in UssdReplyKind:
        screen = screen_message(said, say, session, way, HALL, PHONE)
        assert decode_pdu(encode_pdu(screen, 1)).pdu == SubmitSm(*screen)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
