"""How long somebody may take to say what they want, and how many connections they hold meanwhile.

Whoever connects and says nothing, or says it drop by drop, holds a place that others need: once all
are taken nobody is answered, and uvicorn has no time for who has not sent a request yet. Both are
needed: slow connections of two addresses take all places, and fast ones of a single address.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from starlette.types import Message, Receive
from uvicorn.protocols.http.h11_impl import H11Protocol

from gateway.api.context import is_of

HEAD_WITHIN: Final = 10.0  # seconds from the first octet, or from connecting, to a request's head
BODY_WITHIN: Final = 20.0  # seconds for a body
PIECE_WITHIN: Final = 30.0  # seconds for each piece of a file that is sent
MOST_EACH: Final = 400  # connections of one address; a proxy of ours has as many as there are


def patient_protocol(proxies: Sequence[str]) -> type[H11Protocol]:
    """What uvicorn speaks HTTP with. `proxies`: whose addresses are those of many."""
    held: Counter[str] = Counter()

    class PatientProtocol(H11Protocol):
        """Waits for a head so long, and no longer."""

        _waiting: asyncio.TimerHandle | None = None
        _peer: str = ""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            peer = self.client[0] if self.client else ""
            if not is_of(peer, proxies):
                self._peer = peer
                held[peer] += 1
                if held[peer] > MOST_EACH:
                    transport.abort()
                    return
            self._wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.cycle is not None and not self.cycle.response_complete:
                self._wait_no_more()  # the request is there, and is being answered
            elif self._waiting is None:
                self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._wait_no_more()
            if self._peer:
                held[self._peer] -= 1
                if not held[self._peer]:
                    del held[self._peer]
            super().connection_lost(exc)

        def _wait(self) -> None:
            self._waiting = self.loop.call_later(HEAD_WITHIN, self.transport.close)

        def _wait_no_more(self) -> None:
            if self._waiting is not None:
                self._waiting.cancel()
                self._waiting = None

    return PatientProtocol


def in_time(receive: Receive, *, file: bool) -> Receive:
    """The body of a request while it comes; one that does not come is one that was broken off."""
    loop = asyncio.get_running_loop()
    end, whole = loop.time() + BODY_WITHIN, False

    async def received() -> Message:
        nonlocal whole
        if whole:  # now only the end of the connection is waited for
            return await receive()
        try:
            left = PIECE_WITHIN if file else end - loop.time()
            message = await asyncio.wait_for(receive(), left)
        except TimeoutError:
            return {"type": "http.disconnect"}
        whole = not message.get("more_body", False)
        return message

    return received
