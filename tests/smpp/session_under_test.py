"""A session without a connection: bytes and time in, bytes and events out."""

from __future__ import annotations

from smpplib import consts

from smpp.pdu import BindKind, BindResp, DecodedPdu, DeliverSm, Outbind, Pdu, SubmitSm
from smpp.pdu_encoding import encode_pdu
from smpp.session import BindCredentials, SmppLimits, SmppSession, SmppSessionState
from smpp.session_events import SmppProtocolFault
from tests.smpp.connection_in_memory import frames

OK = consts.SMPP_ESME_ROK
MO = DeliverSm(source_addr="8613800138001", destination_addr="10086", short_message=b"YE")
MT = SubmitSm(source_addr="10086", destination_addr="8613800138001", short_message=b"56.80")
CREDENTIALS = BindCredentials("hallgate", "secret", "VMA", "^10086", 1, 2)
OUTBIND = Outbind("SMSC01", "secret08")


class SessionUnderTest:
    """A session under test, the SMSC's voice, and the time."""

    def __init__(
        self,
        kind: BindKind = BindKind.TRANSCEIVER,
        limits: SmppLimits | None = None,
        first_sequence: int = 1,
    ) -> None:
        self.session = SmppSession(kind, CREDENTIALS, limits or SmppLimits(), first_sequence)
        self.now = 100.0

    def connect(self, awaiting: Outbind | None = None) -> SessionUnderTest:
        self.session.connected(self.now, awaiting)
        return self

    def bind(self) -> SessionUnderTest:
        (asked,) = self.connect().sent()
        self.hear(BindResp(self.session.kind, "SMSC"), asked.sequence)
        assert self.session.state is SmppSessionState.BOUND
        return self

    def hear(self, pdu: Pdu, sequence: int = 1, status: int = OK):
        return self.session.receive(encode_pdu(pdu, sequence, status), self.now)

    def sent(self) -> list[DecodedPdu]:
        return frames(self.session.output())

    def after(self, seconds: float):
        self.now += seconds
        return self.session.tick(self.now)

    def submit(self, key: object) -> int:
        return self.session.submit(MT, key, self.now)


def faults(events) -> list[str]:
    return [event.description for event in events if isinstance(event, SmppProtocolFault)]
