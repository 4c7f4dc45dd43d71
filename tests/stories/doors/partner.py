"""A partner in a story: it asks at the door, beside a gateway that serves the same store."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from twisted.internet.threads import deferToThread

from commands.model.interfaces import DoorProof
from gateway.model.doors import DoorAnswer, DoorInput, DoorInterface, DoorRequest, DoorWord
from gateway.model.operators.audit import Actor
from gateway.serving.beside.doors import Doors
from gateway.store.doors.interfaces import SqlInterfaces
from gateway.store.doors.requests import SqlDoorRequests
from gateway.store.store import Store

_KEYS = count(1)


@dataclass
class Partner:
    """`interface` is registered when it is made."""

    store: Store
    doors: Doors
    interface: DoorInterface
    by: Actor = field(default_factory=lambda: Actor("interface:test", "127.0.0.1"))

    def __post_init__(self) -> None:
        with self.store.transaction() as connection:
            kept = SqlInterfaces(connection, self.store.seal)
            if kept.find(self.interface.number) is None:
                kept.add(self.interface)
            else:
                kept.put(self.interface)

    async def asks(
        self, number: str, action: str, key: str = "", *, by_sms: bool = False,
        send_code: bool = False, agreed: bool = False, **more: Any,
    ) -> DoorAnswer:  # fmt: skip
        """`more`: password, code, and the parameters of the action."""
        proof = DoorProof.PHONE if by_sms else DoorProof.CODE if send_code else DoorProof.GIVEN
        typed = {n: str(value) for n, value in more.items() if n in ("password", "code")}
        parameters = {n: value for n, value in more.items() if n not in typed}
        key = key or f"key {next(_KEYS)}"
        request = DoorRequest(
            self._message(number), "", action, parameters, typed, proof, agreed, key,
            json.dumps([number, action, parameters, typed, proof, agreed]), self.by,
        )  # fmt: skip
        return await deferToThread(lambda: self.doors.serve(request))

    async def says(self, asked: DoorAnswer, number: str, *, yes: bool) -> DoorAnswer:
        """The subscriber's word, given there."""
        word = DoorWord(self._message(number), asked.id, yes, self.by, "")
        return await deferToThread(lambda: self.doors.serve(word))

    async def looks(self, asked: DoorAnswer, now: float) -> str:
        """What has become of it."""

        def look() -> str:
            with self.store.reading() as connection:
                kept = SqlDoorRequests(connection, self.store.seal)
                found = kept.find(self.interface.number, asked.id, int(now))
            assert found is not None
            return found.answer.state

        return await deferToThread(look)

    def _message(self, number: str) -> DoorInput:
        return DoorInput(self.doors.next_id(), self.interface.number, number)


def fact(answer: DoorAnswer, name: str) -> Any:
    return answer.replies[0]["facts"][name]
