"""The smallest user of a line: answers each message and sends its text back."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory

from smpp.connection import SmppConnection
from smpp.messages.receipts import Receipt, receipt_of
from smpp.messages.segmentation import (
    Fragment,
    fragment_of,
    join_fragments,
    message_text,
    split_text,
)
from smpp.pdu import BindKind, Outbind, SubmitSm
from smpp.session import BindCredentials, SmppLimits, SmppSession
from smpp.session_events import (
    AnswersSeen,
    BindAccepted,
    MessageReceived,
    SmppSessionEnded,
    SmppSessionEvent,
    SubmitAnswered,
)
from smpp.statuses import Treatment, message_verdict
from smpp.tls_endpoints import client_endpoint

LIMITS = SmppLimits(window=4, response_timeout=2.0, enquire_interval=2.0, probe_delay=0.05)


class Echo:
    """One bind. Sends each part until it is accepted, in order."""

    def __init__(self, reactor: Any, kind: BindKind = BindKind.TRANSCEIVER) -> None:
        self._reactor = reactor
        self._kind = kind
        self.bound: Deferred[SmppConnection] = Deferred()
        self.receipts: list[Receipt] = []
        self.ids: list[str] = []
        self.unseen: set[object] = set()
        self._all_seen: Deferred[None] | None = None
        self.reference = 0
        self._parts: dict[object, dict[int, Fragment]] = {}
        self._waiting: list[SubmitSm] = []

    async def connect(self, port: int) -> SmppConnection:
        connection = self.connection()
        endpoint = client_endpoint(self._reactor, "127.0.0.1", port)
        await endpoint.connect(Factory.forProtocol(lambda: connection))
        return await self.bound.addTimeout(5, self._reactor)

    def connection(self, awaiting: Outbind | None = None) -> SmppConnection:
        session = SmppSession(self._kind, BindCredentials("hallgate", "secret"), LIMITS)
        return SmppConnection(session, self._reactor, self, awaiting)

    def all_seen(self) -> Deferred[None]:
        """Fires when the SMSC has certainly read every answer."""
        seen = self._all_seen = Deferred()
        self._tell_seen()
        return seen

    def _tell_seen(self) -> None:
        if self._all_seen and not self.unseen:
            seen, self._all_seen = self._all_seen, None
            seen.callback(None)

    def events(self, connection: SmppConnection, events: list[SmppSessionEvent]) -> None:
        for event in events:
            match event:
                case BindAccepted():
                    self.bound.callback(connection)
                case MessageReceived():
                    self._delivered(connection, event)
                case SubmitAnswered(SubmitSm() as pdu, status, message_id):
                    self._submitted(pdu, status, message_id)
                case AnswersSeen(tokens):
                    self.unseen.difference_update(tokens)
                    self._tell_seen()
                case SmppSessionEnded() if not self.bound.called:
                    self.bound.errback(ConnectionError(event.reason))
                case _:
                    pass
        while connection.free and self._waiting:
            pdu = self._waiting.pop(0)
            connection.submit(pdu, pdu)

    def _submitted(self, pdu: SubmitSm, status: int, message_id: str) -> None:
        if message_verdict(status).treatment is Treatment.ACCEPTED:
            self.ids.append(message_id)
        else:
            self._waiting.append(pdu)

    def _delivered(self, connection: SmppConnection, event: MessageReceived) -> None:
        token = object()
        self.unseen.add(token)
        connection.answer(event.sequence, 0, token)
        pdu = event.pdu
        if receipt := receipt_of(pdu):
            self.receipts.append(receipt)
        elif fragment := fragment_of(pdu):
            key = (pdu.source_addr, fragment.bits, fragment.reference, fragment.total)
            parts = self._parts.setdefault(key, {})
            parts[fragment.number] = fragment
            if len(parts) == fragment.total:
                self._send_back(pdu.source_addr, join_fragments(self._parts.pop(key).values()))
        else:
            self._send_back(pdu.source_addr, message_text(pdu))

    def _send_back(self, number: str, text: str) -> None:
        self.reference += 1
        self._waiting += [
            SubmitSm(
                source_addr="10086", destination_addr=number, registered_delivery=1,
                esm_class=segment.esm_class, data_coding=segment.data_coding,
                short_message=segment.short_message,
            )
            for segment in split_text(text, self.reference)
        ]  # fmt: skip
