"""Every ESME that is bound: taking their binds, keeping their links, handing on their traffic."""

from __future__ import annotations

import select
import socket
from collections.abc import Callable
from typing import Protocol

from smpplib import consts

from simulators.load import packed_pdus
from simulators.load.esme_socket import EsmeDisconnected, EsmeSocket


class EsmeTraffic(Protocol):
    """Who wants to know what the ESMEs say."""

    def submitted(self, submit: packed_pdus.ReceivedSubmit, now: float) -> None: ...

    def responded(self, sequence: int, status: int, now: float) -> None: ...


class BoundEsmes:
    """A listening port of 127.0.0.1 and the links that came in by it."""

    def __init__(self, port: int, clock: Callable[[], float]) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self.busy = False  # while a load runs, no link may end
        self._clock = clock
        self._links: list[EsmeSocket] = []
        self._message_id = 0

    def close(self) -> None:
        for link in self._links:
            link.close()
        self._listener.close()

    def takers(self) -> list[EsmeSocket]:
        """The links that MOs can go out by: bound as receiver or transceiver."""
        return [link for link in self._links if link.takes_mo]

    def bound(self) -> int:
        return sum(link.takes_mo or link.gives_mt for link in self._links)

    def both_ways(self) -> bool:
        return bool(self.takers()) and any(link.gives_mt for link in self._links)

    def flush(self) -> None:
        for link in tuple(self._links):
            try:
                link.flush()
            except EsmeDisconnected:
                self._lose(link)

    def turn_over(self, timeout: float, traffic: EsmeTraffic) -> None:
        """Sleep until a socket or `timeout` wakes us; read what came, answer it."""
        watched: list[EsmeSocket | socket.socket] = [self._listener, *self._links]
        unwritten = [link for link in self._links if link.out]
        # select, for its microseconds: epoll sleeps whole milliseconds, which an open loop sees
        readable, _, _ = select.select(watched, unwritten, [], timeout)
        now = self._clock()
        for ready in readable:
            if not isinstance(ready, EsmeSocket):
                self._links.append(EsmeSocket(self._listener.accept()[0]))
                continue
            try:
                self._take(ready, traffic, now)
            except EsmeDisconnected:
                self._lose(ready)
        self.flush()

    def _lose(self, link: EsmeSocket) -> None:
        """Between phases an ESME may come and go; under load its figures are worth nothing."""
        self._links.remove(link)
        link.close()
        if self.busy:
            raise EsmeDisconnected("the ESME's connection ended under load")

    def _take(self, link: EsmeSocket, traffic: EsmeTraffic, now: float) -> None:
        for command, status, sequence, data, start, end in link.read():
            if command == packed_pdus.SUBMIT_SM:
                self._message_id += 1
                link.out += packed_pdus.pack_pdu(
                    packed_pdus.SUBMIT_SM_RESP, 0, sequence, b"%d\0" % self._message_id
                )
                traffic.submitted(packed_pdus.read_submit(data, start, end), now)
            elif command == packed_pdus.DELIVER_SM_RESP:
                traffic.responded(sequence, status, now)
            elif command == packed_pdus.GENERIC_NACK:
                traffic.responded(sequence, status or consts.SMPP_ESME_RUNKNOWNERR, now)
            elif not command & packed_pdus.RESPONSE:
                _keep_house(link, command, sequence)


def _keep_house(link: EsmeSocket, command: int, sequence: int) -> None:
    """Requests that are not traffic."""
    match command:
        case (
            packed_pdus.BIND_RECEIVER | packed_pdus.BIND_TRANSMITTER | packed_pdus.BIND_TRANSCEIVER
        ):
            link.takes_mo = command != packed_pdus.BIND_TRANSMITTER
            link.gives_mt = command != packed_pdus.BIND_RECEIVER
            link.out += packed_pdus.bind_resp(command, sequence)
        case packed_pdus.ENQUIRE_LINK:
            link.out += packed_pdus.pack_pdu(packed_pdus.RESPONSE | command, 0, sequence)
        case packed_pdus.UNBIND:
            link.out += packed_pdus.pack_pdu(packed_pdus.RESPONSE | command, 0, sequence)
            link.flush()
            raise EsmeDisconnected("the ESME unbound")
        case _:
            link.out += packed_pdus.pack_pdu(
                packed_pdus.GENERIC_NACK, consts.SMPP_ESME_RINVCMDID, sequence
            )
