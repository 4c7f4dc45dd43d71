"""A subscriber with a USSD dialogue on the screen, in a story."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.smsc.ussd_centre import PhoneDialogue, PhoneScreen
from tests.stories.hall import SOON, Phone

UCS2_UNITS, SEPTETS = 79, 182


@dataclass
class UssdPhone:
    """`phone` says whose it is; its short messages are read there."""

    phone: Phone
    call: PhoneDialogue | None = None

    async def dials(self, code: str = "*139#") -> str:
        """The first screen."""
        self.call = self.phone.hall.smsc.ussd.dial(self.phone.number, code)
        return await self.reads()

    async def types(self, *keys: str) -> str:
        """One after the other; the last screen."""
        shown = ""
        for key in keys:
            assert self.call is not None
            assert self.call.open, "the dialogue is over"
            self.call.answers(key)
            shown = await self.reads()
        return shown

    async def walks(self, *keys: str, code: str = "*139#") -> str:
        first = await self.dials(code)
        return await self.types(*keys) if keys else first

    async def reads(self) -> str:
        """The next screen, which fits a phone whatever it says."""
        assert self.call is not None
        try:
            screen = await self.call.next(SOON)
        except TimeoutError as silence:
            raise AssertionError(f"{silence}\n{self.phone.hall.log.tail()}") from None
        fits(screen)
        return screen.text

    @property
    def open(self) -> bool:
        return self.call is not None and self.call.open


def fits(screen: PhoneScreen) -> None:
    """The units of its alphabet, and no receipt asked for (nothing is stored for later)."""
    message = screen.message
    units, room = len(message.content), SEPTETS
    if message.data_coding == 8:
        units, room = units // 2, UCS2_UNITS
    assert units <= room, screen.text
    assert message.registered_delivery == 0
    assert message.service_type == "USSD"
