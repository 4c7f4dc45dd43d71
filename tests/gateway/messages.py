"""Messages as a channel hands them to the desk, and the moments at which they come."""

from __future__ import annotations

from hashlib import sha256

from gateway.model.address import Address
from gateway.model.message_id import MessageIds
from gateway.model.messages import ScreenAct, ShortMessage, UssdInput
from gateway.model.operators.audit import Actor
from smpp.messages.segmentation import Fragment

NOON = 1_795_233_600.0  # 21 November 2026, 12:00 in Shanghai
ZHANG, LI = "13800138001", "13800138002"

BY = Actor("cli:tester", "cli:tester").did("", NOON, reason="a test")  # who acts


class Mailbag:
    """Messages whose ids rise, at moments that a test sets. One `beside` another has its clock and
    the ids of another gateway."""

    def __init__(self, copy: int = 0, beside: Mailbag | None = None) -> None:
        self._beside = beside
        self._now = NOON
        self._ids = MessageIds(copy, lambda: self.now)

    @property
    def now(self) -> float:
        return self._beside.now if self._beside is not None else self._now

    @now.setter
    def now(self, seconds: float) -> None:
        if self._beside is not None:
            self._beside.now = seconds
        self._now = seconds

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
    ) -> ShortMessage:
        """Addresses as the store keeps them. Equal words of one sender to one port have equal
        fingerprints."""
        sender = source or f"1.1.{phone}"
        body = repr(fragment) if fragment else text
        return ShortMessage(
            self.id(),
            bind,
            link,
            sha256(f"{sender}|{port}|{body}".encode()).digest()[:12],
            phone,
            Address.parse(sender),
            Address.parse(port),
            "" if fragment else text,
            fragment,
            asserted=asserted,
        )

    def dialled(
        self,
        act: ScreenAct,
        session: str,
        text: str,
        phone: str = ZHANG,
        *,
        bind: int = 1,
        link: str = "smsc-a",
    ) -> UssdInput:
        """What a phone says in a dialogue."""
        sender, port = Address(1, 1, phone), Address.service("139")
        return UssdInput(
            self.id(),
            bind,
            link,
            sha256(f"{sender}|{port}|{text}".encode()).digest()[:12],
            phone,
            sender,
            port,
            act,
            session,
            text,
        )
