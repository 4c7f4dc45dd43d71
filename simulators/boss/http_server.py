"""The reference BOSS: the operator's own system as docs/boss.md describes it, and wrong in
every way that such a system can be."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from random import Random
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

from simulators.boss.records import BossRecords, BossVersionConflict
from simulators.boss.tickets import BossRefusal, JsonObject
from simulators.fault_timing import NEVER, FaultTiming, parse_fault_timing

KINDS = frozenset({"subscribers", "cards", "orders", "tickets"})  # first words of paths


@dataclass(slots=True)
class BossFaults:
    """All faults, none of them on."""

    slow: FaultTiming = NEVER  # answered after `slowness` seconds
    fail: FaultTiming = NEVER  # status 500, nothing done
    drop: FaultTiming = NEVER  # the connection ends, nothing done
    lose: FaultTiming = NEVER  # done, and the connection ends instead of an answer
    fail_after: FaultTiming = NEVER  # done, and status 500
    twice: FaultTiming = NEVER  # the answer is sent a second time, as if to the next question
    stray: FaultTiming = NEVER  # the answer to another question
    drip: FaultTiming = (
        NEVER  # the answer comes octet by octet, all of it within `slowness` seconds
    )
    nonsense: FaultTiming = NEVER  # 200, and something that is no answer
    slowness: float = 1.0

    def set(self, said: str) -> None:
        """One fault as people write it: `lose=1:orders`."""
        name, _, value = said.partition("=")
        if name not in {f.name for f in fields(self)}:
            raise ValueError(f"{name} is no fault")
        value = value or "always"
        setattr(
            self, name, float(value) if name == "slowness" else parse_fault_timing(value, KINDS)
        )

    def clear(self) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(BossFaults(), each.name))


class BossServer(Resource):
    """One resource for all addresses."""

    isLeaf = True

    def __init__(
        self,
        reactor: Any,
        book: BossRecords,
        *,
        token: str = "",
        faults: BossFaults | None = None,
        chance: Random | None = None,
    ) -> None:
        Resource.__init__(self)
        self.book = book
        self.faults = faults or BossFaults()
        self.calls: list[tuple[str, str]] = []  # method and path of everything that was asked
        self.watch: Callable[[str, str], None] = lambda method, path: None  # called before each
        self.port = 0  # once it listens
        self._reactor = reactor
        self._token = token
        self._chance = chance or Random(0)
        self._later: set[IDelayedCall] = set()
        self._port: Any = None

    # -- its life ----------------------------------------------------------------------------------

    def listen(self, port: int = 0, host: str = "127.0.0.1") -> int:
        """The port in use."""
        self._port = self._reactor.listenTCP(port, Site(self), interface=host)
        self.port = int(self._port.getHost().port)
        return self.port

    async def stop(self) -> None:
        for call in self._later:
            call.cancel()
        self._later.clear()
        if self._port is not None:
            await self._port.stopListening()
            self._port = None

    def asked(self, path: str) -> Deferred[None]:
        """Fires when something is asked at an address that begins so; or if it was."""
        asked: Deferred[None] = Deferred()

        def look(_method: str, now: str) -> None:
            if now.startswith(path) and not asked.called:
                asked.callback(None)

        self.watch = look
        for method, before in self.calls:
            look(method, before)
        return asked

    # -- a call ------------------------------------------------------------------------------------

    def render(self, request: Request) -> int:
        method, path = request.method.decode(), request.path.decode()
        self.calls.append((method, path))
        self.watch(method, path)
        kind = path.split("/")[1]
        if self._strikes("drop", kind):
            request.loseConnection()
            return NOT_DONE_YET
        if self._strikes("fail", kind):
            return self._answer(request, kind, 500, {"reason": "out of order"})
        status, said = self._said(request, method, path)
        if self._strikes("lose", kind):
            request.loseConnection()
            return NOT_DONE_YET
        if self._strikes("fail_after", kind):
            status, said = 500, {"reason": "out of order"}
        return self._answer(request, kind, status, said)

    def _strikes(self, fault: str, kind: str) -> bool:
        found: FaultTiming = getattr(self.faults, fault)
        return found.strikes(kind, self._chance)

    def _said(self, request: Request, method: str, path: str) -> tuple[int, JsonObject]:
        if self._token and request.getHeader("Authorization") != f"Bearer {self._token}":
            return 401, {"reason": "who are you?"}
        assert request.content is not None
        body = request.content.read()
        try:
            asked: JsonObject = json.loads(body) if body else {}
            return self._found(method, path, asked, request.getHeader("Idempotency-Key") or "")
        except (ValueError, KeyError, TypeError) as error:
            return 400, {"reason": f"not understood: {error!r}"}

    def _found(self, method: str, path: str, asked: JsonObject, key: str) -> tuple[int, JsonObject]:
        match method, path.strip("/").split("/"):
            case "GET", ["subscribers", number]:
                return _or_unknown(self.book.subscribers.get(number))
            case "GET", ["subscribers", number, "records", begins, ends]:
                return _or_unknown(self.book.detailed(number, int(begins), int(ends)))
            case "POST", ["cards", "find"]:
                return _or_unknown(self.book.card(asked))
            case "POST", ["orders"] if key:
                return self._ordered(key, asked)
            case "POST", ["tickets"] if key:
                return self._ticket(key, asked)
            case "GET", ["tickets", "answers", after]:
                return 200, {"answers": self.book.tickets.answers_after(int(after))}
            case "POST", ["tickets", number, "answer"]:  # what its own people would do
                return self._answered(number, asked)
            case _:
                return 400, {"reason": "no such call"}

    def _ordered(self, key: str, order: JsonObject) -> tuple[int, JsonObject]:
        again = key in self.book.done
        try:
            self.book.order(key, order)
        except BossVersionConflict:
            return 409, {"reason": "look again"}
        except BossRefusal as refused:
            return 422, {"reason": str(refused)}
        return 200, {"done": True, "again": again}

    def _ticket(self, key: str, ticket: JsonObject) -> tuple[int, JsonObject]:
        try:
            return 200, {"taken": True, "reference": self.book.tickets.take(key, ticket)}
        except BossRefusal as refused:
            return 422, {"reason": str(refused)}

    def _answered(self, number: str, answer: JsonObject) -> tuple[int, JsonObject]:
        if number not in self.book.tickets.by_number:
            return 404, {"reason": "no such ticket"}
        return 200, {"seq": self.book.tickets.answer(number, answer)}

    def _answer(self, request: Request, kind: str, status: int, said: Mapping[str, Any]) -> int:
        body = json.dumps(said).encode()
        if self._strikes("nonsense", kind):
            status, body = 200, b"<html>welcome</html>"
        echo = request.getHeader("Request-Id") or ""
        if self._strikes("stray", kind):
            echo = "another"
        if self._strikes("slow", kind):
            self._after(self.faults.slowness, request, status, body, echo)
        elif self._strikes("drip", kind):
            self._head(request, status, len(body), echo)
            self._drip(request, body)
        else:
            self._write(request, status, body, echo, twice=self._strikes("twice", kind))
        return NOT_DONE_YET

    def _after(self, seconds: float, request: Request, status: int, body: bytes, echo: str) -> None:
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)

        def due() -> None:
            self._later.discard(call)
            if not gone:
                self._write(request, status, body, echo)

        call: IDelayedCall = self._reactor.callLater(seconds, due)
        self._later.add(call)

    def _head(self, request: Request, status: int, length: int, echo: str) -> None:
        request.setResponseCode(status)
        request.setHeader("Content-Type", "application/json")
        request.setHeader("Request-Id", echo)
        request.setHeader("Content-Length", str(length))

    def _drip(self, request: Request, body: bytes) -> None:
        gone: list[object] = []
        request.notifyFinish().addErrback(gone.append)

        def drop(at: int) -> None:
            if gone:
                return
            request.write(body[at : at + 1])
            if at + 1 == len(body):
                request.finish()
                return
            call = self._reactor.callLater(self.faults.slowness / len(body), next_drop, at + 1)
            self._later.add(call)
            calls.append(call)

        def next_drop(at: int) -> None:
            self._later.discard(calls.pop())
            drop(at)

        calls: list[IDelayedCall] = []
        drop(0)

    def _write(
        self, request: Request, status: int, body: bytes, echo: str, *, twice: bool = False
    ) -> None:
        self._head(request, status, len(body), echo)
        wire = request.channel.transport
        request.write(body)
        request.finish()
        if twice and wire is not None:
            head = f"HTTP/1.1 {status} Again\r\nRequest-Id: {echo}\r\nContent-Length: {len(body)}"
            wire.write(head.encode() + b"\r\n\r\n" + body)


def _or_unknown(found: JsonObject | None) -> tuple[int, JsonObject]:
    return (200, found) if found is not None else (404, {"reason": "unknown"})
