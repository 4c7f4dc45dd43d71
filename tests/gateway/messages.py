"""Messages as a channel hands them to the desk, and the moments at which they come."""

from __future__ import annotations

from hashlib import sha256

from gateway.model.message_id import MessageIds
from gateway.model.messages import Arrival, UssdTurn
from smpp.messages.segmentation import Fragment

NOON = 1_795_233_600.0  # 21 November 2026, 12:00 in Shanghai
ZHANG, LI = "13800138001", "13800138002"


class Mailbag:
    """Messages whose ids rise, at moments that a test sets."""

    def __init__(self) -> None:
        self.now = NOON
        self._ids = MessageIds(0, lambda: self.now)

    def id(self) -> int:
        return self._ids.next()

    def arrived(
        self,
        text: str = "YE",
        phone: str = ZHANG,
        *,
        bind: int = 1,
        link: str = "smsc-a",
        port: str = "0.0.10086",
        source: str = "",
        fragment: Fragment | None = None,
        asserted: bool = True,
        turn: UssdTurn | None = None,
    ) -> Arrival:
        """Equal words of one sender to one port have equal fingerprints."""
        sender = source or f"1.1.{phone}"
        body = repr(fragment) if fragment else text
        return Arrival(
            self.id(),
            bind,
            link,
            sha256(f"{sender}|{port}|{body}".encode()).digest()[:12],
            phone,
            sender,
            port,
            "" if fragment else text,
            fragment,
            asserted=asserted,
            turn=turn,
        )
