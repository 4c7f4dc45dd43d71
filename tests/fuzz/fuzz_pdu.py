"""Hostile bytes against the PDU reader and the session, guided by coverage.

    python tests/fuzz/fuzz_pdu.py -max_total_time=600

No exception may leave them, and nothing may grow past its bound. An input is either a stream as it
is, or a list of PDUs whose headers are made right, so that the fuzzer gets at the bodies.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["smpp"]):
    from smpp.messages.receipts import receipt_of
    from smpp.messages.segmentation import fragment_of, join_fragments, message_text
    from smpp.pdu import BindKind, BindResp, MalformedPdu, Outbind, SubmitSm
    from smpp.pdu_decoding import decode_pdu
    from smpp.pdu_encoding import encode_pdu
    from smpp.session import BindCredentials, SmppLimits, SmppSession
    from smpp.session_events import (
        AnswersSeen,
        MessageReceived,
        SmppSessionEnded,
        SmppSessionEvent,
        SubmitAnswered,
        SubmitTimedOut,
    )

LIMITS = SmppLimits(window=3, max_pdu=4096)
COMMANDS = [0, 1, 2, 3, 4, 5, 6, 9, 0x0B, 0x15, 0x21, 0x102, 0x103, 0xDEAD]


class Peer:
    """A session and the books that must balance at its end."""

    def __init__(self, kind: BindKind, bound: bool, outbind: bool) -> None:
        self.session = SmppSession(kind, BindCredentials("hallgate", "secret"), LIMITS)
        self.now = 0.0
        self.submitted: list[object] = []
        self.settled: list[object] = []
        self.tokens: list[object] = []
        self.seen: list[object] = []
        self.session.connected(self.now, Outbind("s", "p") if outbind else None)
        if bound:
            self._happened(self.session.receive(encode_pdu(BindResp(kind), 1), self.now))

    def hear(self, segment: bytes) -> None:
        self.now += 0.25
        self._happened(self.session.receive(segment, self.now))
        self._happened(self.session.tick(self.now))
        assert self.session.held < LIMITS.max_pdu
        while self.session.free:
            self.submitted.append(len(self.submitted))
            self.session.submit(SubmitSm(destination_addr="138"), self.submitted[-1], self.now)
        assert self.session.unsent <= 200 * (len(segment) // 16 + 8)
        self.session.output()

    def end(self) -> None:
        events = self.session.lost("over", self.now)
        self._happened(events)
        assert sorted(map(str, self.settled)) == sorted(map(str, self.submitted))
        assert self.seen == self.tokens

    def _happened(self, events: list[SmppSessionEvent]) -> None:
        for event in events:
            match event:
                case MessageReceived(sequence, pdu):
                    self._read(event)
                    token = (sequence, len(self.tokens))
                    if len(pdu.payload) % 2 and self.session.answer(sequence, 0, token):
                        self.tokens.append(token)
                case SubmitAnswered(key, _, _) | SubmitTimedOut(key):
                    self.settled.append(key)
                case AnswersSeen(tokens):
                    self.seen += tokens
                case SmppSessionEnded(_, keys, unseen):
                    self.settled += keys
                    self.seen += unseen
                case _:
                    pass

    def _read(self, delivered: MessageReceived) -> None:
        pdu = delivered.pdu
        message_text(pdu)
        receipt_of(pdu)
        if fragment := fragment_of(pdu):
            join_fragments([fragment])


def framed(data: atheris.FuzzedDataProvider) -> bytes:
    """PDUs with true lengths, whatever is in them."""
    stream = b""
    while data.remaining_bytes() and len(stream) < 20_000:
        command = data.PickValueInList(COMMANDS) | (data.ConsumeBool() << 31)
        status, sequence = data.ConsumeIntInRange(0, 300), data.ConsumeIntInRange(0, 8)
        body = data.ConsumeBytes(data.ConsumeIntInRange(0, 400))
        numbers = (16 + len(body), command, status, sequence)
        stream += b"".join(number.to_bytes(4, "big") for number in numbers) + body
    return stream


def read_alone(octets: bytes) -> None:
    """What can be read can be written, and is then read to the same."""
    try:
        frame = decode_pdu(octets)
    except MalformedPdu:
        return
    try:
        again = encode_pdu(frame.pdu, frame.sequence, frame.command_status)
    except ValueError:
        return  # read leniently, written strictly
    assert decode_pdu(again) == frame


def one_input(octets: bytes) -> None:
    data = atheris.FuzzedDataProvider(octets)
    kind = data.PickValueInList(list(BindKind))
    peer = Peer(kind, bound=data.ConsumeProbability() < 0.9, outbind=data.ConsumeBool())
    step = data.ConsumeIntInRange(1, 600)
    if data.ConsumeBool():
        stream = framed(data)
    else:
        stream = data.ConsumeBytes(data.remaining_bytes())
        read_alone(stream)
    for at in range(0, len(stream), step):
        peer.hear(stream[at : at + step])
    peer.end()


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
