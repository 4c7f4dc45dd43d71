"""People who call the hall by a simulated exchange, and what they hear."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from twisted.internet.defer import Deferred

from simulators.pbx.channel import HeardSound, PbxChannel
from simulators.pbx.pbx import Pbx
from simulators.pbx.phone_verbs import CallListeners
from simulators.pbx.sound_texts import SoundTexts
from simulators.smsc.smsc import Smsc
from tariffs.catalogue import SHANGHAI
from tests.stories.calls.listening import CallListener
from tests.stories.deployment import Deployment, link


class Exchange:
    """A simulated exchange whose sounds take no time to speak of."""

    def __init__(self, reactor: Any, **more: Any) -> None:
        self.reactor = reactor
        self.texts = SoundTexts()
        self.callers: dict[str, Caller] = {}
        self.ears = CallListeners()
        """Of phones in terminals."""
        self.pbx = Pbx(
            reactor, {"hallgate": "secret"}, sounds=lambda sound: 0.004, hear=self._heard,
            over=self.ears.over, look=0.005, **more,
        )  # fmt: skip

    def listen(self, port: int = 0) -> int:
        return self.pbx.listen(self.reactor, port=port)

    def calls(self, number: str = "10086", caller: str = "13800138001") -> Caller:
        """Somebody calls."""
        channel = self.pbx.call(number, caller)
        placed = self.callers[channel.name] = Caller(self, channel)
        return placed

    def _heard(self, channel: PbxChannel, heard: HeardSound) -> None:
        self.ears.heard(channel, heard)
        if (caller := self.callers.get(channel.name)) is not None:
            caller.hears(heard.words or self.texts.of(heard.sound))

    async def stop(self) -> None:
        stopped = self.pbx.stop()
        if stopped is not None:
            await stopped


class Caller:
    """One call, from the caller's side."""

    def __init__(self, exchange: Exchange, channel: PbxChannel) -> None:
        self.channel = channel
        self._exchange = exchange
        self._attention = CallListener(exchange.reactor)

    def hears(self, text: str) -> None:
        self._attention.hears(text)

    def listens(self) -> None:
        """To what comes from now on."""
        self._attention.listens()

    def presses(self, keys: str) -> None:
        """And listens to what comes of it."""
        self.listens()
        self._exchange.pbx.press(self.channel, keys)

    async def heard(self, words: str) -> str:
        """Returns all that was heard since the last key, once these words are among it."""
        return await self._attention.heard(words)

    async def asks(self, keys: str, words: str) -> str:
        """Presses keys and waits for words."""
        self.presses(keys)
        return await self.heard(words)

    async def says(self, words: str) -> None:
        """After the tone."""
        await self.heard("[beep]")
        self._exchange.pbx.speak(self.channel, words)
        spoken: Deferred[None] = Deferred()
        self._exchange.reactor.callLater(1.0, spoken.callback, None)
        await spoken

    def hangs_up(self) -> None:
        self.channel.hang_up()

    @property
    def gone(self) -> bool:
        return self.channel.ended


def hour(hour: int, day: str = "2026-11-25") -> float:
    """How far the clock must be set for that hour in Shanghai; the day is a Wednesday."""
    there = datetime.fromisoformat(day).replace(tzinfo=SHANGHAI) + timedelta(hours=hour)
    return there.timestamp() - datetime.now(tz=SHANGHAI).timestamp()


@asynccontextmanager
async def listening(reactor: Any) -> AsyncIterator[Exchange]:
    """A simulated exchange that gateways can log in to."""
    exchange = Exchange(reactor)
    exchange.listen()
    yield exchange
    await exchange.stop()


def furnish(place: Deployment, smsc: Smsc, exchange: Exchange, **sections: Any) -> None:
    """A house between an SMSC and an exchange."""
    ivr = {"asterisk": [{"name": "pbx-a", "port": exchange.pbx.port}], "make_missing": False}
    place.configure(
        [link(smsc.listen(), ussd="off")],
        ivr=ivr | {"sounds": str(place.folder / "sounds")},
        **sections,
    )
