"""One story: a hall, its subscribers, what goes wrong, and then peace until all is settled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

from sqlalchemy import func, select
from twisted.internet.defer import Deferred
from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent, globalLogPublisher
from zope.interface import provider

from gateway.app import Gateway
from gateway.store.tables import outbox
from simulators.smsc.faults import SmscFaults
from simulators.smsc.handset import ShownMessage
from simulators.smsc.settings import SmscSettings
from simulators.smsc.smsc import Smsc
from tests.simulation.callers import CallingPerson
from tests.simulation.conversations import complaint, in_parts
from tests.simulation.diallers import Dialler
from tests.simulation.gateways import Place, place
from tests.simulation.network import Network, NetworkedProcess
from tests.simulation.people import Person
from tests.simulation.store import StoreTrouble
from tests.simulation.world import Process, Stuck, World, told
from tests.stories.calls.simulated_callers import Exchange

BEGINS_WITHIN: Final = 12.0  # seconds, until somebody writes
LONG: Final = 90  # characters: two parts
ON_ITS_WAY: Final = 0.02  # seconds for which a message is
PATIENCE: Final = 60.0  # seconds for which somebody waits for an answer
MOST_READ: Final = 50  # messages, by one person; more is a circle
LONGEST: Final = 600.0  # seconds more, for one without which he cannot go on


class Hall:
    """`people` write; whoever makes trouble finds here what it can be made with."""

    def __init__(
        self,
        world: World,
        store: Path,
        people: list[Person],
        diallers: list[Dialler],
        callers: list[CallingPerson],
        *,
        links: list[dict[str, Any]],
        terms: SmscSettings,
        gateways: int = 1,
    ) -> None:
        self.world = world
        self.people = people
        self.diallers = diallers
        self.callers = callers
        self.store = store
        self.network = Network(world)
        self.trouble = StoreTrouble(world.chance)
        self.faults = SmscFaults()
        self.smsc_process = NetworkedProcess(world, "SMSC", self.network)
        self.smsc = Smsc(
            self.smsc_process,
            {"hallgate": "secret"},
            self.faults,
            Random(world.seed),
            terms,
        )
        self.smsc.watch(self._shown)
        port = self.smsc.listen()
        self._binds = self.network.ports[port].clients
        linked = [{"port": port, "host": "127.0.0.1"} | link for link in links]
        self.exchange = Exchange(NetworkedProcess(world, "exchange", self.network))
        sections = (
            {"smpp": {"links": linked}, "ivr": self._ivr()}
            if callers
            else {"smpp": {"links": linked}}
        )
        self.places = [
            place(f"hall-{number}", self.network, store, self.trouble, sections)
            for number in range(1, gateways + 1)
        ]
        self.takes_its_time = False  # the SMSC, also where nothing goes wrong
        self.late = 0  # gateways that are not started at once
        self.hex_ids = terms.ids == "hex"
        self.all_receipts = all(link.get("receipts") == "all" for link in links)
        self.hindered: list[tuple[float, float]] = []
        """When what happened could not be noted at once: a slow store, a frozen process."""
        self.stood_still: list[tuple[float, float]] = []  # links, since when and until when
        self.when_somebody_writes: list[Callable[[], None]] = []
        """What happens a moment later: a message is on its way by then."""
        self.when_one_opens: list[Callable[[], None]] = []
        for each in self.places:
            each.opened = self._one_opens
        self.finished = 0  # people who have said all
        self._pausing: dict[Deferred[None], Person] = {}  # before they write
        self._crowd = Process(world, "people")
        self._readers: dict[str, Deferred[None]] = {}

    def _ivr(self) -> dict[str, Any]:
        pbx = {"name": "pbx-a", "host": "127.0.0.1", "port": self.exchange.listen()}
        sounds = self.store.with_name("sounds")
        return {
            "asterisk": [pbx | {"username": "hallgate", "secret": "secret"}],
            "make_missing": False,
            "sounds": str(sounds),
        }

    # -- its course ------------------------------------------------------------------------------

    def open(self) -> None:
        for one in self.places:
            if one in self.places[len(self.places) - self.late :]:
                self._crowd.callLater(self.world.chance.uniform(0.0, 20.0), one.start)
            else:
                one.start()
        for person in self.people:
            Deferred.fromCoroutine(self._live(person)).addErrback(self._stumbled)
        for caller in self.callers:
            Deferred.fromCoroutine(self._call(caller)).addErrback(self._stumbled)
        for dialler in self.diallers:
            Deferred.fromCoroutine(self._dial(dialler)).addErrback(self._stumbled)

    def later(self, within: tuple[float, float], happens: Callable[[], None]) -> None:
        """So many seconds from now."""
        self._crowd.callLater(self.world.chance.uniform(*within), happens)

    def settled(self) -> bool:
        """Everybody has said all, and nobody owes anybody anything."""
        everybody = len(self.people) + len(self.diallers) + len(self.callers)
        if self.finished < everybody or self.exchange.pbx.channels or not self.smsc_is_quiet():
            return False
        open_now = [one.gateway for one in self.places if one.gateway is not None]
        if not open_now or any(one.outbox.waiting or one.desk.unfinished for one in open_now):
            return False
        return not self._waiting(open_now[0])

    def smsc_is_quiet(self) -> bool:
        boxes = [self.smsc.mailbox("hallgate")]
        return all(box.empty for box in boxes) and not any(one.busy for one in self.smsc.links)

    def _waiting(self, gateway: Gateway) -> int:
        """Rows of the outbox that are due and not settled."""
        with gateway.store.engine.connect() as connection:
            due = (outbox.c.state == 0) & (outbox.c.after_ms <= self.world.wall() * 1000)
            query = select(func.count()).select_from(outbox).where(due)
            return int(connection.execute(query).scalar_one())

    def close(self) -> bool:
        """In order; whether all have ended in time."""
        for one in self.places:
            one.end()
        return self.world.run(lambda: not any(one.process.alive for one in self.places), 60.0)

    def leave(self) -> None:
        for one in self.places:
            one.leave()

    def hinders(self, seconds: float) -> None:
        self.hindered.append((self.world.now, self.world.now + seconds))

    def place_of(self, link: int) -> Place:
        """Whose connection to the SMSC that is, or was."""
        name = self._binds[link - 1].name
        return next(place for place in self.places if place.name == name)

    def was_doubtful(self, since: float, until: float) -> bool:
        """Whether the store kept something then that it said it had not."""
        return any(since <= at <= until for at in self.trouble.doubted)

    # -- its subscribers -------------------------------------------------------------------------

    async def _live(self, person: Person) -> None:
        await self._pause(person, self.world.chance.uniform(0.0, BEGINS_WITHIN))
        while person.written < len(person.turns):
            await self._pause(person, person.turns[person.written].pause)
            turn = person.turns[person.written]
            self.world.tell(person.number, f"writes {_short(turn.text)}")
            person.written += 1
            self._somebody_writes()
            self.smsc.send(person.number, turn.text, concat=turn.parts, reference=turn.reference)
            if turn.must or turn.waits:
                await self._answer(person, PATIENCE)
            if turn.must and not await self._has_it(person):
                break
        self.finished += 1

    def _pause(self, person: Person, seconds: float) -> Deferred[None]:
        over: Deferred[None] = Deferred()
        self._pausing[over] = person
        self._crowd.callLater(seconds, self._go_on, over)
        return over

    def _go_on(self, over: Deferred[None]) -> None:
        if over in self._pausing:
            del self._pausing[over]
            over.callback(None)

    def everybody_writes(self, within: float = 0.4) -> None:
        """Sooner than they would have: in so many seconds."""
        for over in self._pausing:
            self._crowd.callLater(self.world.chance.uniform(0.0, within), self._go_on, over)

    def everybody_complains(self) -> None:
        """At once, and at length, by phones that count their parts alike."""
        parts = in_parts(self.world.chance)
        for person in self._pausing.values():
            if person.written < len(person.turns) and not person.turns[person.written].anew:
                turn = complaint(self.world.chance, LONG, parts)
                person.turns.insert(person.written, turn)
        self.everybody_writes(ON_ITS_WAY)

    def _one_opens(self) -> None:
        waiting, self.when_one_opens = self.when_one_opens, []
        for happens in waiting:
            happens()

    def _somebody_writes(self) -> None:
        waiting, self.when_somebody_writes = self.when_somebody_writes, []
        for happens in waiting:
            self._crowd.callLater(self.world.chance.uniform(0.0, ON_ITS_WAY), happens)

    async def _call(self, caller: CallingPerson) -> None:
        await caller.live(self.exchange, self.world, self._crowd)
        self.finished += 1

    async def _dial(self, dialler: Dialler) -> None:
        await dialler.live(self.smsc, self.world, self._crowd)
        self.finished += 1

    async def _has_it(self, person: Person) -> bool:
        """He will not go on without an answer, unless he has been told as much before."""
        if person.says_again(person.written - 1):
            return True
        await self._answer(person, LONGEST)
        return person.answered == person.written

    async def _answer(self, person: Person, within: float) -> None:
        """To all that was written; or so many seconds."""
        until = self.world.now + within
        while person.answered < person.written and self.world.now < until:
            seen: Deferred[None] = Deferred()
            self._readers[person.number] = seen
            self._crowd.callLater(until - self.world.now, self._look, person.number)
            await seen

    def _look(self, number: str) -> None:
        """At the phone, or at the clock."""
        if any(len(person.shown) > MOST_READ for person in self.people):
            raise Stuck(f"{number} has read {MOST_READ} messages")
        if (reader := self._readers.pop(number, None)) is not None:
            reader.callback(None)

    def _shown(self, number: str, message: ShownMessage) -> None:
        self.world.tell(number, f"reads {_short(message.text)}")
        for person in self.people:
            if person.number == number:
                person.read(message.text, self.world.now)
        self._crowd.callLater(0.5, self._look, number)

    def _stumbled(self, failure: Any) -> None:
        self.world.errors.append(told("people", failure.value))


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:50]}… ({len(text)} characters)"


@contextmanager
def library_errors(world: World) -> Iterator[None]:
    """What Twisted says that nobody handled is an error of the story."""

    @provider(ILogObserver)
    def observe(event: LogEvent) -> None:
        if event.get("log_level", LogLevel.debug) >= LogLevel.error:
            failure = event.get("log_failure")
            world.errors.append(failure.getTraceback() if failure else str(formatEvent(event)))

    globalLogPublisher.addObserver(observe)
    try:
        yield
    finally:
        globalLogPublisher.removeObserver(observe)
