"""A whole gateway in this process, bound to a simulated SMSC, and phones to talk to it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

from redis import Redis
from sqlalchemy import Select
from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.task import deferLater

from gateway.app import Gateway, gateway
from gateway.config.sample import people as sample_people
from gateway.config.sample.people import Persona
from gateway.model.hall_reactor import IHallReactor
from gateway.ops.log import Log
from gateway.store.sample.people import put_personas
from simulators.smsc.audit import WrittenText
from simulators.smsc.handset import ShownMessage
from simulators.smsc.smsc import Smsc
from tests.stories.deployment import Deployment, personas
from tests.stories.log_events import Events, Stream

SIGNATURE, ENGLISH = "【中国移动】", " (China Mobile)"
SIGNATURES = (SIGNATURE, ENGLISH)
SOON = 15.0  # seconds in which an answer must have come


@dataclass
class Clock:
    """The wall clock, which a story may set forward."""

    ahead: float = 0.0  # seconds

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass
class Hall:
    gateway: Gateway
    smsc: Smsc
    house: Deployment
    log: Events
    clock: Clock
    _places: list[int] = field(default_factory=lambda: [5_000])

    # -- subscribers -----------------------------------------------------------------------------

    def phone(self, number: str) -> Phone:
        """The handset of a persona, with nothing on its screen, and their record as new."""
        self.renew(personas()[number])
        return Phone(self, number)

    def somebody(self, language: str = "zh", **account: Any) -> Phone:
        """A sample subscriber who has not been here yet, with more than 50 yuan."""
        self._places[0] += 1
        one = sample_people.subscriber(self._places[0])
        changed = replace(one.account, language=language, **account)
        self.renew(replace(one, account=changed))
        return Phone(self, changed.msisdn, one.password.reveal())

    def renew(self, persona: Persona) -> None:
        put_personas(self.gateway.store, [persona], int(self.clock()))
        if self.house.sessions_url != "store":
            with Redis.from_url(self.house.sessions_url) as redis:
                for channel in ("sms", "ussd"):
                    redis.delete(f"hallgate:dialogue:{channel}:{persona.account.msisdn}")
        self.smsc.phone(persona.account.msisdn).skip()

    async def calm(self) -> None:
        """Nothing is owed on the line, and the turn in which the last of it was settled is over."""
        from twisted.internet import reactor

        await self.smsc.quiet()
        await deferLater(reactor, 0)

    # -- what is behind --------------------------------------------------------------------------

    def rows(self, query: Select[Any]) -> Sequence[Any]:
        with self.gateway.store.transaction() as connection:
            return connection.execute(query).all()


@dataclass
class Phone:
    """A subscriber's phone in a story."""

    hall: Hall
    number: str
    password: str = ""

    def sends(self, text: str, **how: Any) -> WrittenText:
        return self.hall.smsc.send(self.number, text, **how)

    async def reads(self) -> str:
        """What the next message says, without the signature that it must end with."""
        try:
            message = await self.next()
        except TimeoutError as silence:
            raise AssertionError(f"{silence}\n{self.hall.log.tail()}") from None
        assert message.text.endswith(SIGNATURES), message.text
        return message.text.removesuffix(SIGNATURE).removesuffix(ENGLISH)

    def next(self) -> Deferred[ShownMessage]:
        return self.hall.smsc.phone(self.number).next(SOON)

    async def asks(self, text: str, **how: Any) -> str:
        """Send, and read the answer."""
        self.sends(text, **how)
        return await self.reads()

    async def hears_nothing(self) -> None:
        """The next message on the screen is the answer to what is asked now."""
        assert "客户您好" in await self.asks("CD")

    async def hears_nothing_but(self, said: str) -> None:
        """Not before the answer to what is asked now; and that perhaps again and again."""
        self.sends("CD")
        while "客户您好" not in (more := await self.reads()):
            assert more == said


@asynccontextmanager
async def opened(
    house: Deployment,
    smsc: Smsc,
    lines: Sequence[str] = ("smsc-a",),
    clock: Clock | None = None,
    **how: Any,
) -> AsyncIterator[Hall]:
    """The gateway as the house configures it, once these lines serve; `how` it is to be opened."""
    from twisted.internet import reactor

    clock = clock or Clock()
    log = Events(reactor)
    stream = cast(Any, Stream(reactor, log))
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(
            gateway(house.settings, cast(IHallReactor, reactor), Log(stream), clock, **how)
        )
        for line in lines:
            await log.told("line", line=line, state="serving")
        yield Hall(running, smsc, house, log, clock)


async def shown(smsc: Smsc, count: int) -> None:
    """Returns once all phones together have shown so many messages."""
    from twisted.internet import reactor

    enough: Deferred[None] = Deferred()

    def look(*_: object) -> None:
        if not enough.called and sum(len(p.received) for p in smsc.phones.values()) >= count:
            enough.callback(None)

    stop = smsc.watch(look)
    look()
    enough.addTimeout(SOON, reactor)
    await enough
    stop()
